#include "../src/bytes.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "alertmap/detail/compat.hpp"

using namespace alertmap;

TEST_CASE("bytes: characters that only Go escapes are found at each position") {
    bool all = true;
    for (std::size_t size = 0; size < 70; ++size) {
        const std::vector<char> plain(size, 'a');
        all = all && !detail::may_differ_in_go_by<detail::Block>({plain.data(), size}) &&
              !detail::may_differ_in_go_by<detail::WordBlock>({plain.data(), size});
        for (std::size_t place = 0; place < size; ++place) {
            for (const char c : {'<', '>', '&', '\xe2'}) {
                std::vector<char> text = plain;  // exact size: the address sanitizer detects reads beyond it
                text[place] = c;
                all = all && detail::may_differ_in_go_by<detail::Block>({text.data(), size}) &&
                      detail::may_differ_in_go_by<detail::WordBlock>({text.data(), size});
            }
            for (const char c : {'"', '\'', '=', ';', '%', '\xe1', '\xe3', '\x62'}) {
                std::vector<char> text = plain;
                text[place] = c;
                all = all && !detail::may_differ_in_go_by<detail::Block>({text.data(), size});
            }
        }
    }
    CHECK(all);
}
