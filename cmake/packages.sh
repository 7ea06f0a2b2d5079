# Sourced by the scripts that may have to install something: need_packages <apt package>...
# Where the machine has no apt, or gives no right to install, it says what is missing and ends the script.

need_packages() {
    # For machines that have the dependencies from elsewhere (Fedora, vcpkg, Nix).
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

# The same for packages of servers, for the program alone: the service that such a package brings is not started.
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

# What configure, build and the examples need, and what the tests need beside it.
build_packages=(cmake ninja-build g++ libsimdjson-dev libfmt-dev libcli11-dev)
test_packages=("${build_packages[@]}" python3-jsonschema doctest-dev gdb pkg-config python3 dpkg-dev file "${docs_packages[@]}")
lint_packages=(clang clang-format clang-tidy)
libcxx_packages=(clang-19 libc++-19-dev libc++abi-19-dev)

# What the relay needs beside build_packages.
relay_packages=(dpkg-dev file libboost1.81-dev libcurl4-openssl-dev libre2-dev libsqlite3-dev libssl-dev libyaml-cpp-dev openssl pkg-config prometheus-cpp-dev python3)

# The sanitizers and libFuzzer of clang: its newest version's, as apt knows it (14 in Debian 12).
clang_runtime=libclang-rt-14-dev
if command -v apt-cache >/dev/null; then
    clang_version=$(apt-cache depends clang 2>/dev/null | sed -nE 's/^ *Depends: clang-([0-9]+)$/\1/p' | head -n 1) || true
    clang_runtime=libclang-rt-${clang_version:-14}-dev
fi

# A second build of the same sources is quick where ccache happens to be installed.
if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
fi
