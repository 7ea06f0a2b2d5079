"""Checks that code that depends on the CPU, the byte order or the compiler is only in detail/compat.hpp (for the linker:
detail/export.hpp). Arguments: the root of the repository."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {"include/alertmap/detail/compat.hpp", "include/alertmap/detail/export.hpp"}
refused = [
    (r"^\s*#\s*(if|ifdef|ifndef|elif|elifdef|else)\b", "conditional compilation"),
    (r"\b__builtin_\w+|\b__asm__\b|\basm\b\s*[(v]|\b__attribute__\b|\b__declspec\b|\b__int128\b|\b_mm\w*_\w+\(|\b__m128i\b", "a builtin"),
    (r"\[\[[^\]]*\b(gnu|clang|msvc)::", "an attribute of one compiler"),
    (r"\bstd::endian\b", "the byte order"),
    (r'#\s*include\s*[<"](\w*intrin\.h|arm_neon\.h|arm_acle\.h|intrin\.h)', "intrinsics"),
]
# A library's version macro is allowed.
exceptions = {("include/alertmap/fmt.hpp", "#if FMT_VERSION < 90100")}


def found_in(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        for pattern, what in refused:
            if re.search(pattern, code) and (name, line.strip()) not in exceptions:
                yield f"{name}:{number}: {what}; detail/compat.hpp is the place for it: {line.strip()}"


problems = []
files = sorted([*(root / "include").rglob("*.hpp"), *(root / "src").iterdir()])
for path in files:
    name = path.relative_to(root).as_posix()
    if name not in allowed:
        problems.extend(found_in(name, path.read_text()))
# The patterns themselves are tested.
samples = ["#if defined(__SSE2__)", "#  ifdef X", "x = __builtin_ctz(m);", '__asm__("");', "[[nodiscard, gnu::always_inline]]",
           "std::endian::native", "#include <emmintrin.h>", "_mm_loadu_si128(p)"]
for sample in samples:
    if not any(found_in("a sample", sample)):
        problems.append(f"not found by this check: {sample}")

print("\n".join(problems) or f"{len(files)} files, all portable")
sys.exit(bool(problems))
