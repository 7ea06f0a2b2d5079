// Linked into a special relay: an SQLite file system that simulates power failure. At operation number ALERTMAP_POWER_CUT it writes, beside
// each file, the contents of a disk after the failure: all synced data, and each unsynced sector or not. Then the process ends.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t sector = 512;

std::uint64_t setting(const char* name) {
    const char* const text = std::getenv(name);
    return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}
const std::uint64_t cut_at = setting("ALERTMAP_POWER_CUT");
// For testing the test: a disk that reports "synced" without syncing.
const bool disk_lies = setting("ALERTMAP_POWER_CUT_DISK_LIES") != 0;

struct Operation {
    std::size_t offset = 0;  // of a write; or the new size of a truncation
    std::vector<char> bytes;
    bool truncates = false;
};

/// One file: its contents on disk, and unsynced operations.
struct Image {
    std::vector<char> durable;
    std::vector<Operation> pending;

    static void write(std::vector<char>& to, std::size_t offset, const char* bytes, std::size_t size) {
        if (to.size() < offset + size) to.resize(offset + size);
        std::copy_n(bytes, size, to.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    void sync() {
        for (const Operation& one : pending) {
            one.truncates ? durable.resize(one.offset) : write(durable, one.offset, one.bytes.data(), one.bytes.size());
        }
        pending.clear();
    }
};

struct Disk {
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Image>> images;
    std::uint64_t operations = 0;

    /// Counts one operation, and ends the process at the last one.
    void count() {
        if (++operations != cut_at) return;
        std::mt19937_64 random(cut_at);
        const std::uint64_t kept = random() % 3;  // no unsynced data, random sectors, or all of it
        for (const auto& [path, image] : images) {
            std::vector<char> content = image->durable;
            for (const Operation& one : image->pending) {
                if (one.truncates) {
                    if (kept == 2 || (kept == 1 && random() % 2 == 0)) content.resize(one.offset);
                    continue;
                }
                for (std::size_t at = 0; at < one.bytes.size(); at += sector) {
                    if (kept == 0 || (kept == 1 && random() % 2 == 0)) continue;
                    Image::write(content, one.offset + at, one.bytes.data() + at, std::min(sector, one.bytes.size() - at));
                }
            }
            std::ofstream file(path + ".cut", std::ios::binary);
            file.write(content.data(), static_cast<std::streamsize>(content.size()));
        }
        _exit(7);
    }
};
Disk& disk() {
    static Disk one;
    return one;
}

struct File {
    sqlite3_file base;
    Image* image;
    sqlite3_file* real;
};
File* as(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
const sqlite3_io_methods* real_methods(sqlite3_file* file) { return as(file)->real->pMethods; }

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const std::lock_guard guard(disk().mutex);
    disk().count();
    const char* const first = static_cast<const char*>(bytes);
    as(file)->image->pending.push_back({static_cast<std::size_t>(offset), std::vector<char>(first, first + size), false});
    return real_methods(file)->xWrite(as(file)->real, bytes, size, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const std::lock_guard guard(disk().mutex);
    disk().count();
    as(file)->image->pending.push_back({static_cast<std::size_t>(size), {}, true});
    return real_methods(file)->xTruncate(as(file)->real, size);
}
int sync(sqlite3_file* file, int) {
    const std::lock_guard guard(disk().mutex);
    disk().count();
    if (!disk_lies) as(file)->image->sync();
    return SQLITE_OK;  // the real machine has no power failure
}
int close(sqlite3_file* file) { return real_methods(file)->xClose(as(file)->real); }

const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods all = [] {
        sqlite3_io_methods made{};
        made.iVersion = 2;  // disables memory-mapped reads
        made.xClose = close;
        made.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return real_methods(f)->xRead(as(f)->real, to, n, at); };
        made.xWrite = write;
        made.xTruncate = truncate;
        made.xSync = sync;
        made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real_methods(f)->xFileSize(as(f)->real, size); };
        made.xLock = [](sqlite3_file* f, int level) { return real_methods(f)->xLock(as(f)->real, level); };
        made.xUnlock = [](sqlite3_file* f, int level) { return real_methods(f)->xUnlock(as(f)->real, level); };
        made.xCheckReservedLock = [](sqlite3_file* f, int* out) { return real_methods(f)->xCheckReservedLock(as(f)->real, out); };
        made.xFileControl = [](sqlite3_file* f, int what, void* with) { return real_methods(f)->xFileControl(as(f)->real, what, with); };
        made.xSectorSize = [](sqlite3_file* f) { return real_methods(f)->xSectorSize(as(f)->real); };
        made.xDeviceCharacteristics = [](sqlite3_file* f) { return real_methods(f)->xDeviceCharacteristics(as(f)->real); };
        made.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
            return real_methods(f)->xShmMap(as(f)->real, page, size, extend, out);
        };
        made.xShmLock = [](sqlite3_file* f, int at, int n, int flags) { return real_methods(f)->xShmLock(as(f)->real, at, n, flags); };
        made.xShmBarrier = [](sqlite3_file* f) { real_methods(f)->xShmBarrier(as(f)->real); };
        made.xShmUnmap = [](sqlite3_file* f, int remove) { return real_methods(f)->xShmUnmap(as(f)->real, remove); };
        return made;
    }();
    return all;
}

sqlite3_vfs* real_vfs() {
    static sqlite3_vfs* const found = sqlite3_vfs_find("unix");
    return found;
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out) {
    File* const made = as(file);
    made->base.pMethods = nullptr;
    made->real = reinterpret_cast<sqlite3_file*>(made + 1);
    const int code = real_vfs()->xOpen(real_vfs(), path, made->real, flags, out);
    if (code != SQLITE_OK) return code;
    const std::lock_guard guard(disk().mutex);
    std::shared_ptr<Image>& image = disk().images[path == nullptr ? std::string() : path];
    if (!image) {
        image = std::make_shared<Image>();
        if (path != nullptr) {
            std::ifstream content(path, std::ios::binary);
            image->durable.assign(std::istreambuf_iterator<char>(content), {});
        }
    }
    made->image = image.get();
    made->base.pMethods = &methods();
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int sync_folder) {
    const std::lock_guard guard(disk().mutex);
    disk().count();
    if (const auto image = disk().images.find(path); image != disk().images.end()) {
        image->second->pending.clear();
        image->second->durable.clear();
    }
    return real_vfs()->xDelete(real_vfs(), path, sync_folder);
}

[[maybe_unused]] const bool registered = [] {
    static sqlite3_vfs vfs = *real_vfs();
    vfs.zName = "power_cut";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs()->szOsFile;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    return cut_at != 0 && sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}();

}  // namespace
