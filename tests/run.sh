#!/usr/bin/env bash
# Installs missing packages (Debian, Ubuntu), builds with warnings as errors, runs tests.
#   tests/run.sh            with g++ (preset dev)
#   tests/run.sh asan       with another preset of CMakePresets.json; aarch64, i386 and s390x are built for that CPU and run by qemu
#   tests/run.sh cross      all three of them
#   tests/run.sh lint       includes, formatting and clang-tidy (version 14 of both); the workflows, where npx can get the validator
#   tests/run.sh coverage   lines of include/ and src/ that the tests run: at least 95 %
#   tests/run.sh package    the .deb and .tar.gz files, in build/package
#   tests/run.sh kernels    the parser's tests and one fuzzer with each of simdjson's kernels that the CPU has
#   tests/run.sh simdjson   the whole suite on another simdjson: npm's 3.9, or the one in the folder that is the second argument (with
#                           simdjson.h and simdjson.cpp, or a prefix with its CMake package)
#   tests/run.sh end-to-end the relay between real Alertmanagers and vendors that misbehave: all scenarios, with a table; power cuts
#   tests/run.sh full       what belongs before a release: .ci/run, release, i386, s390x, another simdjson, the scenarios of end-to-end and the
#                           relay with sanitizers, more histories against the real Alertmanager, ten minutes of each fuzzer
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/packages.sh

preset=${1:-dev}

run_preset() {
    cmake --preset "$1"
    cmake --build --preset "$1"
    ctest --preset "$1"
}

run_other_cpu() {
    local triplet
    case $1 in
        aarch64) triplet=aarch64-linux-gnu ;;
        i386) triplet=i686-linux-gnu ;;
        s390x) triplet=s390x-linux-gnu ;;
    esac
    need_packages "${test_packages[@]}" qemu-user-static "g++-${triplet//_/-}"
    tests/cross/sysroot.sh "$triplet" "build/sysroot/$triplet"
    # This machine's output, for comparison.
    cmake --preset dev
    cmake --build --preset dev --target payloads
    cmake --preset "$1" -DALERTMAP_OTHER_PAYLOADS="$PWD/build/dev/tests/payloads"
    cmake --build --preset "$1"
    ctest --preset "$1"
}

run_kernels() {
    need_packages "${test_packages[@]}" clang "$clang_runtime"
    cmake --preset asan
    cmake --build --preset asan --target alertmap_tests payloads
    cmake --preset fuzz
    cmake --build --preset fuzz --target fuzz_parse
    local kernel kernels
    kernels=$(build/asan/tests/payloads --kernels)
    for kernel in $kernels; do
        echo "--- kernel $kernel"
        SIMDJSON_FORCE_IMPLEMENTATION=$kernel ctest --preset asan -L unit -R '^(parser|pipeline)' -E '^parser_differential$'
        SIMDJSON_FORCE_IMPLEMENTATION=$kernel ctest --preset fuzz -R '^fuzz/parse$'
    done
    echo "kernels: ${kernels//$'\n'/ }"
}

# Without a second argument, npm's registry is used: it has the sources of 3.9.
run_other_simdjson() {
    local prefix=$1
    need_packages "${test_packages[@]}"
    if [ "$prefix" = npm ] || [ -f "$prefix/simdjson.cpp" ]; then
        [ "$prefix" != npm ] || command -v npm >/dev/null || need_packages npm
        prefix=$(tests/simdjson/prefix.sh "$prefix")
    fi
    cmake --preset dev -B build/other-simdjson -DCMAKE_PREFIX_PATH="$prefix"
    cmake --build build/other-simdjson
    ctest --test-dir build/other-simdjson --output-on-failure --no-tests=error -j 2
}

run_end_to_end() {
    need_packages "${build_packages[@]}" "${relay_packages[@]}"
    need_server_packages prometheus-alertmanager prometheus
    cmake --preset relay
    cmake --build --preset relay
    local relay=build/relay/examples/relay
    python3 -B tests/end_to_end/relay.py "$relay/alertmap-relay" tests/webhooks all "$relay/alertmap_relay_power_cut"
    python3 -B tests/end_to_end/relay_scenarios.py "$relay/alertmap-relay" tests/webhooks all "$relay/libalertmap_machine_shim.so"
}

# The relay with sanitizers: address and undefined with g++, because of its coroutines; threads with clang.
run_relay_sanitizers() {
    need_packages "${build_packages[@]}" "${relay_packages[@]}" clang "$clang_runtime"
    need_server_packages prometheus-alertmanager prometheus
    local kind flags
    for kind in asan tsan; do
        flags="-O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -Wno-maybe-uninitialized"
        [ "$kind" = asan ] || flags="-O1 -fno-omit-frame-pointer -fsanitize=thread"
        cmake --preset relay -B "build/relay-$kind" -DCMAKE_BUILD_TYPE=Debug -DALERTMAP_PACKAGING=OFF -DCMAKE_CXX_FLAGS="$flags" \
            -DCMAKE_CXX_COMPILER="$([ "$kind" = asan ] && echo g++ || echo clang++)"
        cmake --build "build/relay-$kind" --target alertmap_relay alertmap_relay_power_cut
        # Not with the shim, which is loaded before the sanitizer.
        python3 -B tests/end_to_end/relay.py "build/relay-$kind/examples/relay/alertmap-relay" tests/webhooks quick
        python3 -B tests/end_to_end/relay_scenarios.py "build/relay-$kind/examples/relay/alertmap-relay" tests/webhooks quick
    done
}

run_lint() {
    need_packages "${build_packages[@]}" "${lint_packages[@]}" python3
    cmake --preset dev
    python3 -B tests/checks/used_includes.py .
    python3 -B tests/checks/lint.py . build/lint build/dev/include
    local file npx=(npx --yes --package=@action-validator/core@0.6.0 --package=@action-validator/cli@0.6.0)
    if timeout 60 "${npx[@]}" -c true >/dev/null 2>&1; then
        for file in .github/workflows/*.yml; do "${npx[@]}" action-validator "$file"; done
    else
        echo "The workflows were not checked: that needs npx and npm's registry."
    fi
}

run_coverage() {
    need_packages "${test_packages[@]}"
    # Counts of an earlier build would be added.
    find build/coverage -name '*.gcda' -delete 2>/dev/null || true
    run_preset coverage
    python3 -B tests/checks/coverage.py . build/coverage 95
}

case $preset in
    lint) run_lint ;;
    coverage) run_coverage ;;
    package)
        need_packages "${build_packages[@]}" dpkg-dev file
        cmake --workflow --preset package
        ;;
    simdjson) run_other_simdjson "${2:-npm}" ;;
    aarch64 | i386 | s390x) run_other_cpu "$preset" ;;
    cross) for cpu in aarch64 i386 s390x; do run_other_cpu "$cpu"; done ;;
    kernels) run_kernels ;;
    end-to-end) run_end_to_end ;;
    full)
        bash .ci/run
        bash .ci/run release i386 s390x
        tests/run.sh simdjson
        run_end_to_end
        run_relay_sanitizers
        python3 tests/simulation/replay.py build/dev/tests/simulation/alertmap_simulation 200
        # Ten minutes for each fuzzer.
        for fuzzer in build/fuzz/tests/fuzz/fuzz_*; do
            [ -x "$fuzzer" ] && [ ! -d "$fuzzer" ] || continue
            name=${fuzzer##*/fuzz_}
            "$fuzzer" -max_total_time=600 -max_len=8192 -print_final_stats=1 "build/fuzz/tests/fuzz/found/$name" "tests/fuzz/corpus/$name"
        done
        ;;
    *)
        packages=("${test_packages[@]}")
        case $preset in
            clang) packages+=(clang) ;;
            libcxx) packages+=("${libcxx_packages[@]}") ;;
            asan | portable | fuzz) packages+=(clang "$clang_runtime") ;;
            bench) packages+=(libbenchmark-dev) ;;
            relay) packages+=("${relay_packages[@]}") ;;
        esac
        need_packages "${packages[@]}"
        [ "$preset" != relay ] || need_server_packages prometheus-alertmanager prometheus
        run_preset "$preset"
        ;;
esac
