#!/usr/bin/env bash
# From nothing to payloads: installs what is missing (Debian, Ubuntu), builds a release, converts a real webhook body for each target.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/packages.sh

need_packages "${build_packages[@]}"

echo "Building into build/release ..."
cmake --preset release -DALERTMAP_BUILD_TESTS=OFF >/dev/null
cmake --build --preset release
