#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Persistent state: the ledgers' rows in an SQLite file, and unreadable bodies as files.
namespace relay {

/// A row to write; an empty value deletes it.
struct StoredRow {
    std::string destination;
    std::string key;
    std::string value;
};

/// An SQLite file in WAL mode with synchronous=FULL: data accepted by save() survives a power failure. Not thread-safe. Checkpoints use
/// their own thread and connection, so that commits do not wait for them.
class Store {
 public:
    /// Opens or creates the file (mode 0600) and locks it for this process. Throws std::runtime_error.
    explicit Store(const std::string& path);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Calls `row` for each stored row. Call it once, first. Throws std::runtime_error if the file cannot be read.
    void load(const std::function<void(const StoredRow&)>& row);

    /// The value of a row; empty: missing or unreadable.
    [[nodiscard]] std::string value(const std::string& destination, const std::string& key);

    /// Writes all rows durably in one transaction. Returns an empty string, or the reason for the failure; then nothing was written.
    [[nodiscard]] std::string save(const std::vector<StoredRow>& rows);

    [[nodiscard]] std::uint64_t wal_bytes() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Unreadable bodies: files with mode 0600 in a directory; the oldest are deleted if there are too many.
class DeadLetters {
 public:
    DeadLetters(std::string directory, std::size_t most);
    /// Returns the new file's name; empty if it could not be written.
    std::string keep(std::string_view body);

 private:
    std::string directory_;
    std::size_t most_;
    std::uint64_t number_ = 0;
    std::vector<std::string> names_;  // oldest first
};

}  // namespace relay
