# A target that exists already (a parent project's) comes first, then find_package. Nothing is ever downloaded.
#   alertmap_dependency(<package> TARGET <name> [MINIMUM <version>] FOR <purpose> APT <name> VCPKG <name> CONAN <name>)
function(alertmap_dependency package)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;MINIMUM;FOR;APT;VCPKG;CONAN" "")
    if(TARGET ${arg_TARGET})
        return()
    endif()
    # No version is passed on: simdjson's version file answers "same minor version" only, and would pass over a newer one in
    # silence for an older one elsewhere. GLOBAL: a parent project links the static library, and with it this target.
    find_package(${package} CONFIG QUIET GLOBAL)
    set(install "Install it with one of: apt install ${arg_APT}, vcpkg install ${arg_VCPKG}, conan install --requires=\"${arg_CONAN}/[*]\"; \
or set CMAKE_PREFIX_PATH to where it is; or define the target ${arg_TARGET} before alertmap.")
    if(NOT TARGET ${arg_TARGET})
        message(FATAL_ERROR "${package} was not found; alertmap needs it for ${arg_FOR}. ${install}")
    endif()
    if(DEFINED arg_MINIMUM AND DEFINED ${package}_VERSION AND ${package}_VERSION VERSION_LESS arg_MINIMUM)
        message(FATAL_ERROR "${package} ${${package}_VERSION} in ${${package}_DIR} is too old; "
            "alertmap needs ${arg_MINIMUM} or newer for ${arg_FOR}. ${install}")
    endif()
endfunction()

# The oldest simdjson that works; the installed package checks it again.
set(ALERTMAP_SIMDJSON_MINIMUM 3.0)

alertmap_dependency(simdjson TARGET simdjson::simdjson MINIMUM ${ALERTMAP_SIMDJSON_MINIMUM} FOR "the parser"
    APT libsimdjson-dev VCPKG simdjson CONAN simdjson)
if(ALERTMAP_BUILD_TESTS)
    alertmap_dependency(doctest TARGET doctest::doctest FOR "the tests" APT doctest-dev VCPKG doctest CONAN doctest)
endif()
if(ALERTMAP_BUILD_TESTS OR ALERTMAP_BUILD_EXAMPLES OR ALERTMAP_BUILD_TOOLS)
    alertmap_dependency(fmt TARGET fmt::fmt MINIMUM 9.1 FOR "tests and examples" APT libfmt-dev VCPKG fmt CONAN fmt)
endif()
if(ALERTMAP_BUILD_EXAMPLES OR ALERTMAP_BUILD_TOOLS)
    alertmap_dependency(CLI11 TARGET CLI11::CLI11 FOR "the examples convert and relay" APT libcli11-dev VCPKG cli11 CONAN cli11)
endif()
if(ALERTMAP_BUILD_BENCHMARKS)
    alertmap_dependency(benchmark TARGET benchmark::benchmark FOR "the benchmarks" APT libbenchmark-dev VCPKG benchmark CONAN benchmark)
endif()
