#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What survives a crash: the rows of the ledgers in one SQLite file, and bodies that could not be read as files.
namespace relay {

/// A row to write; an empty value deletes it.
struct StoredRow {
    std::string destination;
    std::string key;
    std::string value;
};

/// One SQLite file in WAL mode with synchronous=FULL: what save() accepted survives a power loss. Used by one thread; checkpoints run
/// on a thread and a connection of their own, so that no commit waits for one.
class Store {
 public:
    /// Opens or makes the file (mode 0600) and takes its lock: one process at a time. Throws std::runtime_error.
    explicit Store(const std::string& path);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Calls `row` for each stored row. Once, before anything else. Throws std::runtime_error if the file cannot be read.
    void load(const std::function<void(const StoredRow&)>& row);

    /// The value of one row; empty: there is none, or it cannot be read.
    [[nodiscard]] std::string value(const std::string& destination, const std::string& key);

    /// Writes all rows in one transaction, durably. Empty: done; else why not, and nothing was written.
    [[nodiscard]] std::string save(const std::vector<StoredRow>& rows);

    [[nodiscard]] std::uint64_t wal_bytes() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Bodies that could not be read: files of mode 0600 in a directory, the oldest of which go when there are too many.
class DeadLetters {
 public:
    DeadLetters(std::string directory, std::size_t most);
    /// The name of the new file; empty: it could not be written.
    std::string keep(std::string_view body);

 private:
    std::string directory_;
    std::size_t most_;
    std::uint64_t number_ = 0;
    std::vector<std::string> names_;  // from the oldest on
};

}  // namespace relay
