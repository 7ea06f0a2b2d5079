#!/usr/bin/env bash
# Installs what is missing (Debian, Ubuntu), builds with warnings as errors, runs all tests.
#   tests/run.sh            with g++ (preset dev)
#   tests/run.sh asan       with another preset of CMakePresets.json
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/packages.sh

preset=${1:-dev}
packages=("${test_packages[@]}")
case $preset in
    clang) packages+=(clang) ;;
    asan | portable | fuzz) packages+=(clang "$clang_runtime") ;;
    bench) packages+=(libbenchmark-dev) ;;
esac
need_packages "${packages[@]}"

cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset"
