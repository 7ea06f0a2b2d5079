// Calls in any order, crashes at any point: see ledger_trial.hpp. The first byte selects the kind of vendor. The bytes are also read as a
// state.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/ledger_trial.hpp"

using test::LedgerTrial;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string wrong = LedgerTrial(static_cast<LedgerTrial::Kind>(data[0] % 4), data + 1, size - 1).run();
    if (!wrong.empty()) {
        std::fprintf(stderr, "%s\n", wrong.c_str());
        std::abort();
    }
    // Arbitrary state: accepted or rejected; an accepted one can be written and read again.
    alertmap::Ledger ledger;
    if (!ledger.read({reinterpret_cast<const char*>(data), size}, 1)) return 0;
    alertmap::Buffer state;
    ledger.write(state);
    alertmap::Ledger again;
    if (!again.read(state, 1)) std::abort();
    return 0;
}
