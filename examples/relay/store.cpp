#include "store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

namespace relay {
namespace {

constexpr std::uint64_t checkpoint_above = 2u << 20;  // of the log not yet in the database file: start a checkpoint
constexpr std::uint64_t restart_above = 64u << 20;    // above: commits wait for the checkpoint
constexpr std::uint64_t truncate_above = 128u << 20;  // size of the log file
constexpr std::uint64_t page_bytes = 4096;            // SQLite's default
constexpr int busy_milliseconds = 2000;

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
struct FinishStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

Database open(const std::string& path) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(raw);
    if (code != SQLITE_OK) throw std::runtime_error(path + ": " + (raw != nullptr ? sqlite3_errmsg(raw) : "out of memory"));
    sqlite3_busy_timeout(raw, busy_milliseconds);
    return database;
}

void execute(const Database& database, const char* sql) {
    if (sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database.get()));
}

Statement prepare(const Database& database, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sqlite3_errmsg(database.get()));
    }
    return Statement(raw);
}

void bind_text(const Statement& statement, int index, std::string_view text) {
    sqlite3_bind_text64(statement.get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

std::string column(const Statement& statement, int index) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), index));
    return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), index)));
}

/// Key of a row in memory.
std::string id_of(const std::string& destination, const std::string& key) { return destination + '\0' + key; }

std::uint64_t size_of(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

struct Store::Impl {
    std::string path;
    int lock = -1;
    Database database;
    Statement insert;
    Statement update;
    Statement erase;
    Statement read;
    /// Rows are numbered in order of arrival, so that rows of one transaction are adjacent and it writes few pages. An index over keys
    /// would write one log page per alert.
    std::unordered_map<std::string, sqlite3_int64> numbers;
    sqlite3_int64 next_number = 1;

    std::mutex mutex;
    std::condition_variable wake;
    bool stopping = false;
    std::thread checkpoints;

    ~Impl() {
        {
            const std::lock_guard guard(mutex);
            stopping = true;
        }
        wake.notify_all();
        if (checkpoints.joinable()) checkpoints.join();
        insert.reset();
        update.reset();
        erase.reset();
        read.reset();
        database.reset();
        if (lock >= 0) ::close(lock);
    }

    /// A passive checkpoint does not block commits; after it copied everything, the next commit restarts the log. Commits wait only if
    /// there are so many that it never finishes.
    static void checkpoint(const Database& database, std::uint64_t log_bytes) {
        int frames = 0;
        int copied = 0;
        sqlite3_wal_checkpoint_v2(database.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
        const auto behind = static_cast<std::uint64_t>(std::max(0, frames - copied)) * page_bytes;
        if (behind > restart_above || (behind != 0 && log_bytes > truncate_above)) {
            sqlite3_wal_checkpoint_v2(database.get(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
        } else if (log_bytes > truncate_above) {
            sqlite3_wal_checkpoint_v2(database.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        }
    }

    void checkpoint_loop() {
        Database own;
        try {
            own = open(path);
            // A connection that has not read yet is unaware of the log, and its checkpoints have no effect.
            execute(own, "SELECT 1 FROM sqlite_schema");
        } catch (const std::runtime_error&) {
            return;  // the main connection reports problems of the file
        }
        std::unique_lock guard(mutex);
        while (!wake.wait_for(guard, std::chrono::milliseconds(100), [&] { return stopping; })) {
            guard.unlock();
            if (const std::uint64_t bytes = size_of(path + "-wal"); bytes >= checkpoint_above) checkpoint(own, bytes);
            guard.lock();
        }
    }
};

Store::Store(const std::string& path) : impl_(std::make_unique<Impl>()) {
    impl_->path = path;
    // The files contain alert texts: readable by the owner only.
    const mode_t before = ::umask(077);
    const std::string lock_path = path + ".lock";
    impl_->lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (impl_->lock < 0) {
        ::umask(before);
        throw std::runtime_error(lock_path + ": " + std::strerror(errno));
    }
    if (::flock(impl_->lock, LOCK_EX | LOCK_NB) != 0) {
        ::umask(before);
        throw std::runtime_error(path + " is in use by another relay");
    }
    try {
        impl_->database = open(path);
        execute(impl_->database, "PRAGMA journal_mode=WAL");
        execute(impl_->database, "PRAGMA synchronous=FULL");
        execute(impl_->database, "PRAGMA wal_autocheckpoint=0");
        execute(impl_->database, "PRAGMA cache_size=-65536");  // KiB
        execute(impl_->database,
                "CREATE TABLE IF NOT EXISTS ledger (number INTEGER PRIMARY KEY, destination TEXT NOT NULL, key TEXT NOT NULL,"
                " value TEXT NOT NULL)");
        impl_->insert = prepare(impl_->database, "INSERT INTO ledger VALUES (?1, ?2, ?3, ?4)");
        impl_->update = prepare(impl_->database, "UPDATE ledger SET value = ?2 WHERE number = ?1");
        impl_->erase = prepare(impl_->database, "DELETE FROM ledger WHERE number = ?1");
        impl_->read = prepare(impl_->database, "SELECT value FROM ledger WHERE number = ?1");
    } catch (const std::runtime_error&) {
        ::umask(before);
        throw;
    }
    ::chmod(path.c_str(), 0600);
    ::umask(before);
    impl_->checkpoints = std::thread([impl = impl_.get()] { impl->checkpoint_loop(); });
}

Store::~Store() = default;

void Store::load(const std::function<void(const StoredRow&)>& row) {
    const Statement select = prepare(impl_->database, "SELECT number, destination, key, value FROM ledger");
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(select.get())) == SQLITE_ROW) {
        const sqlite3_int64 number = sqlite3_column_int64(select.get(), 0);
        const StoredRow one{column(select, 1), column(select, 2), column(select, 3)};
        impl_->numbers[id_of(one.destination, one.key)] = number;
        impl_->next_number = std::max(impl_->next_number, number + 1);
        row(one);
    }
    if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(impl_->database.get()));
}

std::string Store::value(const std::string& destination, const std::string& key) {
    const auto number = impl_->numbers.find(id_of(destination, key));
    if (number == impl_->numbers.end()) return {};
    sqlite3_bind_int64(impl_->read.get(), 1, number->second);
    std::string value;
    if (sqlite3_step(impl_->read.get()) == SQLITE_ROW) value = column(impl_->read, 0);
    sqlite3_reset(impl_->read.get());
    return value;
}

std::string Store::save(const std::vector<StoredRow>& rows) {
    if (rows.empty()) return {};
    std::vector<std::string> inserted;
    try {
        execute(impl_->database, "BEGIN IMMEDIATE");
        for (const StoredRow& row : rows) {
            std::string id = id_of(row.destination, row.key);
            const auto known = impl_->numbers.find(id);
            const bool is_new = known == impl_->numbers.end();
            if (is_new && row.value.empty()) continue;
            const Statement& statement = is_new ? impl_->insert : row.value.empty() ? impl_->erase : impl_->update;
            const sqlite3_int64 number = is_new ? impl_->next_number++ : known->second;
            sqlite3_bind_int64(statement.get(), 1, number);
            if (is_new) {
                bind_text(statement, 2, row.destination);
                bind_text(statement, 3, row.key);
                bind_text(statement, 4, row.value);
                impl_->numbers.emplace(id, number);
                inserted.push_back(std::move(id));
            } else if (!row.value.empty()) {
                bind_text(statement, 2, row.value);
            }
            const int code = sqlite3_step(statement.get());
            sqlite3_reset(statement.get());
            if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(impl_->database.get()));
        }
        execute(impl_->database, "COMMIT");
        for (const StoredRow& row : rows) {
            if (row.value.empty()) impl_->numbers.erase(id_of(row.destination, row.key));
        }
        return {};
    } catch (const std::runtime_error& error) {
        std::string why = error.what();
        sqlite3_exec(impl_->database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        for (const std::string& id : inserted) impl_->numbers.erase(id);
        return why.empty() ? "unknown error" : why;
    }
}

std::uint64_t Store::wal_bytes() const { return size_of(impl_->path + "-wal"); }

DeadLetters::DeadLetters(std::string directory, std::size_t most) : directory_(std::move(directory)), most_(most) {
    std::error_code ignored;
    std::filesystem::create_directories(directory_, ignored);
    for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) names_.push_back(entry.path().filename().string());
    std::sort(names_.begin(), names_.end());
}

std::string DeadLetters::keep(std::string_view body) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    std::string name = std::string(stamp) + '-' + std::to_string(::getpid()) + '-' + std::to_string(++number_) + ".body";
    const std::string path = directory_ + '/' + name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return {};
    bool written = true;
    while (written && !body.empty()) {
        const ssize_t count = ::write(file, body.data(), body.size());
        written = count > 0;
        if (written) body.remove_prefix(static_cast<std::size_t>(count));
    }
    ::close(file);
    if (!written) {
        ::unlink(path.c_str());
        return {};
    }
    names_.push_back(name);
    while (names_.size() > most_) {
        ::unlink((directory_ + '/' + names_.front()).c_str());
        names_.erase(names_.begin());
    }
    return name;
}

}  // namespace relay
