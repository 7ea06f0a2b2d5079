#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// Runs a fuzz target over the files of a directory; needs no fuzzer and no particular compiler.
int main(int argc, char** argv) {
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i) {
        std::error_code error;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i], error)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream file(entry.path(), std::ios::binary);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            // An allocation of exact size: the address sanitizer detects reads beyond it.
            const std::unique_ptr<std::uint8_t[]> bytes(new std::uint8_t[text.size()]);
            text.copy(reinterpret_cast<char*>(bytes.get()), text.size());
            LLVMFuzzerTestOneInput(bytes.get(), text.size());
            ++count;
        }
        if (error) std::fprintf(stderr, "%s: %s\n", argv[i], error.message().c_str());
    }
    std::printf("%zu inputs\n", count);
    return count == 0 ? 1 : 0;
}
