# Sourced by scripts that may install packages: need_packages <apt package>...
# Without apt, or without permission to install, prints what is missing and exits.

need_packages() {
    # For machines whose dependencies come from elsewhere (Fedora, vcpkg, Nix).
    [ -z "${ALERTMAP_SKIP_PACKAGES:-}" ] || return 0
    local package missing=() as_root=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "This script installs with apt, and there is none here. Needed: $*" >&2
        echo "With these (or what they contain) in place, run it again with ALERTMAP_SKIP_PACKAGES=1." >&2
        exit 1
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
            as_root=(sudo)
        else
            echo "Not root and no sudo, so nothing can be installed. Needed: apt-get install ${missing[*]}" >&2
            exit 1
        fi
    fi
    echo "Installing: ${missing[*]}"
    if ! { "${as_root[@]}" apt-get update -qq &&
           "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } </dev/null; then
        echo "apt-get failed. Needed: apt-get install ${missing[*]}" >&2
        exit 1
    fi
}

# The site: docs/build.sh.
docs_packages=(mkdocs mkdocs-material doxygen python3)

# The same for server packages, without starting their services.
need_server_packages() {
    local policy=/usr/sbin/policy-rc.d made="" status=0
    if [ "$(id -u)" -eq 0 ] && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        made=1
    fi
    (need_packages "$@") || status=$?
    [ -z "$made" ] || rm -f "$policy"
    return "$status"
}

# For configuring, building and the examples; and in addition for the tests.
build_packages=(cmake ninja-build g++ libsimdjson-dev libfmt-dev libcli11-dev)
test_packages=("${build_packages[@]}" python3-jsonschema doctest-dev gdb pkg-config python3 dpkg-dev file "${docs_packages[@]}")
lint_packages=(clang clang-format clang-tidy)
libcxx_packages=(clang-19 libc++-19-dev libc++abi-19-dev)

# For the relay, in addition to build_packages.
relay_packages=(dpkg-dev file libboost1.81-dev libcurl4-openssl-dev libre2-dev libsqlite3-dev libssl-dev libyaml-cpp-dev openssl pkg-config prometheus-cpp-dev python3)

# clang's sanitizers and libFuzzer, of the default version in apt (14 in Debian 12).
clang_runtime=libclang-rt-14-dev
if command -v apt-cache >/dev/null; then
    clang_version=$(apt-cache depends clang 2>/dev/null | sed -nE 's/^ *Depends: clang-([0-9]+)$/\1/p' | head -n 1) || true
    clang_runtime=libclang-rt-${clang_version:-14}-dev
fi

# Uses ccache if installed.
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
fi
