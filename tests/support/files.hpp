#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// Reads the test data.
namespace test {

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::filesystem::path data_file(std::string_view name) { return std::filesystem::path(ALERTMAP_TEST_DATA) / name; }

/// The files with this extension in a directory below tests/, sorted.
inline std::vector<std::filesystem::path> files(std::string_view folder, std::string_view extension = ".json") {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(data_file(folder))) {
        if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

/// A captured body by its name without ".json".
inline std::string webhook(std::string_view name) { return read_file(data_file("webhooks/" + std::string(name) + ".json")); }

struct Body {
    std::string name;
    std::string bytes;
};

/// All captured bodies that are alert groups.
inline std::vector<Body> webhooks() {
    std::vector<Body> bodies;
    for (const auto& path : files("webhooks")) {
        const std::string name = path.stem().string();
        if (!name.starts_with("not-an-alert-group")) bodies.push_back({name, read_file(path)});
    }
    return bodies;
}

}  // namespace test
