#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

// Finds target files (share/alertmap/targets/NAME.json) by name. The library itself reads no files.
namespace target_files {

/// Directories to search: those in ALERTMAP_TARGETS, separated by ':'; share/alertmap/targets in the program's prefix, which is one or two
/// levels above its directory; the source tree, for programs that are not installed.
inline std::vector<std::filesystem::path> folders() {
    std::vector<std::filesystem::path> found;
    const char* const variable = std::getenv("ALERTMAP_TARGETS");
    for (std::string_view rest = variable == nullptr ? "" : variable; !rest.empty();) {
        const std::size_t colon = rest.find(':');
        if (colon != 0) found.emplace_back(rest.substr(0, colon));
        rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
    }
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::filesystem::path prefix = program.parent_path();
    for (int i = 0; !error && i < 2; ++i) {
        prefix = prefix.parent_path();
        found.push_back(prefix / "share/alertmap/targets");
    }
    constexpr std::string_view source_tree = ALERTMAP_TARGET_FOLDER;
    if (!source_tree.empty()) found.emplace_back(source_tree);
    return found;
}

inline std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The text of the first file with this name; empty for a name with other characters than letters, digits, - and _.
inline std::optional<std::string> find(std::string_view name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), plain)) return {};
    for (const std::filesystem::path& folder : folders()) {
        std::error_code error;
        const std::filesystem::path path = folder / (std::string(name) + ".json");
        if (std::filesystem::is_regular_file(path, error)) return text_of(path);
    }
    return {};
}

/// All names, sorted, without duplicates.
inline std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const std::filesystem::path& folder : folders()) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
            if (entry.path().extension() == ".json") found.push_back(entry.path().stem().string());
        }
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace target_files
