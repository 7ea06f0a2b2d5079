// Writes bodies to a file, one per line: generate OUTPUT ALERTS ESCAPES, or generate OUTPUT hostile NAME. For peers in other languages.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "generate.hpp"

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("usage: generate OUTPUT ALERTS ESCAPES | generate OUTPUT hostile NAME\n", stderr);
        return 2;
    }
    std::string text;
    if (std::string(argv[2]) == "hostile") {
        text = bench::generate_hostile(argv[3]);
    } else {
        for (const std::string& body :
             bench::generate_set(std::strtoul(argv[2], nullptr, 10), static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)))) {
            text += body;
        }
    }
    std::FILE* file = std::fopen(argv[1], "wb");
    if (file == nullptr || std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fclose(file) != 0) {
        std::perror(argv[1]);
        return 1;
    }
    return 0;
}
