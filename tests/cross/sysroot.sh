#!/usr/bin/env bash
# Unpacks Debian's libraries for another CPU into a directory: tests/cross/sysroot.sh aarch64-linux-gnu build/sysroot/aarch64-linux-gnu
# apt's lists are kept beside it, so that the machine's own configuration is unchanged and no root is needed.
set -euo pipefail

triplet=$1
sysroot=$2
case $triplet in
    aarch64-linux-gnu) architecture=arm64 ;;
    i686-linux-gnu) architecture=i386 ;;
    s390x-linux-gnu) architecture=s390x ;;
    *) echo "no architecture of Debian is known for $triplet" >&2; exit 1 ;;
esac
[ ! -e "$sysroot/complete" ] || exit 0

rm -rf "$sysroot"
mkdir -p "$sysroot/apt/state/lists/partial" "$sysroot/apt/cache/archives/partial" "$sysroot/apt/packages"
sysroot=$(cd "$sysroot" && pwd)
options=(-o "APT::Architecture=$architecture" -o "APT::Architectures=$architecture" -o "APT::Sandbox::User=$(id -un)"
    -o "Dir::State=$sysroot/apt/state" -o Dir::State::status=/dev/null -o "Dir::Cache=$sysroot/apt/cache")
# A missing list is ignored if the packages are in another: the download will tell.
apt-get "${options[@]}" update -qq || true
# A -dev package depends on its library with the same version.
libraries=$(apt-cache "${options[@]}" depends libsimdjson-dev libfmt-dev | sed -nE 's/^ *Depends: (libsimdjson[0-9]+|libfmt[0-9]+)$/\1/p')
# shellcheck disable=SC2086
(cd "$sysroot/apt/packages" && apt-get "${options[@]}" download -qq libsimdjson-dev libfmt-dev doctest-dev $libraries)
for package in "$sysroot"/apt/packages/*.deb; do dpkg-deb -x "$package" "$sysroot"; done
rm -rf "$sysroot/apt"
touch "$sysroot/complete"
