// Any order of calls, any crash: see ledger_trial.hpp. The first byte chooses the kind of vendor. The bytes are also read as a state.
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
    // A state of anybody's: taken or refused, and what was taken can be written and read again.
    alertmap::Ledger ledger;
    if (!ledger.read({reinterpret_cast<const char*>(data), size}, 1)) return 0;
    alertmap::Buffer state;
    ledger.write(state);
    alertmap::Ledger again;
    if (!again.read(state, 1)) std::abort();
    return 0;
}
