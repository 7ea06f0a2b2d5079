// A custom target (custom_target.hpp), used like a built-in one: filled from options, held by AnyTarget.
//
//   custom_target body.json [key=value]...    prints the request for each alert of the body
#include <alertmap/alertmap.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "custom_target.hpp"

using namespace alertmap;
using custom::Squadcast;

namespace {

int fail(const Error& error) {
    std::cerr << to_string(error) << '\n';
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string_view> words(arguments + 1, arguments + count);
    if (words.empty()) {
        for (const OptionInfo& option : option_infos<Squadcast>()) std::cout << option.key << ": " << option.doc << '\n';
        return 2;
    }
    const auto options = parse_options(std::vector<std::string_view>(words.begin() + 1, words.end()));
    if (!options) return fail(options.error());
    const Result<AnyTarget> target = kind_of<AnyTarget, Squadcast>().make(*options);
    if (!target) return fail(target.error());

    std::ifstream file{std::string(words[0]), std::ios::binary};
    const std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    if (!group) return fail(group.error());

    const Mapper map(preset::recommended());
    Arena arena;
    for (const Subject subject : subjects(*group, map.per())) {
        const Result<Request> request = target->request(map(subject, arena));
        if (!request) return fail(request.error());
        std::cout << to_string(*request) << "\n\n";
    }
}
