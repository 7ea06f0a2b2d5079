"""Compares the symbols exported by the shared library with a list. Arguments: the library, the list.
Symbols of the standard library are ignored: instantiations of its templates are exported by any user."""

import pathlib
import re
import subprocess
import sys

library, list_file = sys.argv[1:]
text = subprocess.run(["nm", "-D", "-C", "--defined-only", library], check=True, stdout=subprocess.PIPE, text=True).stdout
found = {line.split(" ", 2)[2] for line in text.splitlines()}
foreign = re.compile(r"^((typeinfo|typeinfo name|vtable|guard variable) for |[\w ]*\b)?(std|__gnu_cxx|__cxxabiv1)::|^(_init|_fini|_edata|_end|__bss_start)$")
found = {symbol for symbol in found if not foreign.match(symbol)}
wanted = {line for line in pathlib.Path(list_file).read_text().splitlines() if line and not line.startswith("#")}
for symbol in sorted(found - wanted):
    print(f"exported, but not in {list_file}: {symbol}")
for symbol in sorted(wanted - found):
    print(f"in {list_file}, but not exported: {symbol}")
print(f"{len(found)} symbols")
sys.exit(found != wanted)
