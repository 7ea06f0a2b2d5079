#!/usr/bin/env bash
# Makes the site in build/site/html: all pages with search, and the API reference. Needs Debian's mkdocs-material and doxygen.
#   docs/build.sh
#   docs/build.sh --check   also fails where a public name has no words
# To look at it: python3 -m http.server --bind 127.0.0.1 --directory build/site/html
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/packages.sh
need_packages "${docs_packages[@]}"
for program in mkdocs doxygen; do
    command -v "$program" >/dev/null || { echo "$program is missing: apt install ${docs_packages[*]}" >&2; exit 77; }
done

mkdir -p build/site
python3 -B docs/site/stage.py . build/site/pages
doxygen docs/site/Doxyfile 2>build/site/doxygen.log
mkdir -p build/site/pages/api
cp -R build/site/doxygen/html/. build/site/pages/api/
# Strict: a broken link is an error. The pages' time is that of the commit, if known.
mkdocs build --quiet --strict --clean --config-file build/site/mkdocs.yml
echo "build/site/html/index.html"
[ "${1:-}" != --check ] || python3 -B docs/site/undocumented.py build/site/doxygen.log
