# Uses an existing target (a parent project's), else find_package. Never downloads anything.
#   alertmap_dependency(<package> TARGET <name> [MINIMUM <version>] FOR <purpose> APT <name> VCPKG <name> CONAN <name>)
function(alertmap_dependency package)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;MINIMUM;FOR;APT;VCPKG;CONAN" "")
    if(TARGET ${arg_TARGET})
        return()
    endif()
    # No version is passed to find_package: simdjson's version file accepts the same minor version only, and would silently skip a newer
    # installation in favour of an older one. GLOBAL: a parent project links the static library, and with it this target.
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

include(${CMAKE_CURRENT_LIST_DIR}/alertmap-simdjson.cmake)

# Some versions define only the unqualified name as a subproject.
if(TARGET simdjson AND NOT TARGET simdjson::simdjson)
    add_library(simdjson::simdjson ALIAS simdjson)
endif()
set(alertmap_simdjson_minimum 3.0)
alertmap_dependency(simdjson TARGET simdjson::simdjson MINIMUM ${alertmap_simdjson_minimum} FOR "the parser"
    APT libsimdjson-dev VCPKG simdjson CONAN simdjson)
alertmap_simdjson_version(alertmap_simdjson_built_with)
if(alertmap_simdjson_built_with AND alertmap_simdjson_built_with VERSION_LESS alertmap_simdjson_minimum)
    message(FATAL_ERROR "the target simdjson::simdjson of this project is simdjson ${alertmap_simdjson_built_with}, which is too old; "
        "alertmap needs ${alertmap_simdjson_minimum} or newer for the parser.")
endif()

# simdjson's classes may change with each minor version, and its symbols are not versioned: code compiled with one version's headers and
# linked with another crashes. Installed packages therefore require the same minor version.
set(alertmap_simdjson_compatible "")
set(alertmap_simdjson_next "")
if(alertmap_simdjson_built_with MATCHES "^([0-9]+)\\.([0-9]+)\\.")
    set(alertmap_simdjson_compatible ${CMAKE_MATCH_1}.${CMAKE_MATCH_2})
    math(EXPR next "${CMAKE_MATCH_2} + 1")
    set(alertmap_simdjson_next ${CMAKE_MATCH_1}.${next})
endif()

# If a parent adds its own simdjson after alertmap found another one, both would be linked.
function(alertmap_one_simdjson)
    get_target_property(aliased simdjson::simdjson ALIASED_TARGET)
    get_target_property(imported simdjson::simdjson IMPORTED)
    if(TARGET simdjson AND imported AND NOT aliased)
        message(FATAL_ERROR "this project has two simdjsons: alertmap was configured with ${simdjson_DIR}, and afterwards the project "
            "made a target simdjson of its own. Put add_subdirectory(simdjson), or FetchContent_MakeAvailable(simdjson), in front of "
            "alertmap: it takes the target that exists.")
    endif()
endfunction()
if(NOT PROJECT_IS_TOP_LEVEL)
    cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL alertmap_one_simdjson)
endif()
if(ALERTMAP_BUILD_TESTS)
    alertmap_dependency(doctest TARGET doctest::doctest FOR "the tests" APT doctest-dev VCPKG doctest CONAN doctest)
endif()
if(ALERTMAP_BUILD_TESTS OR ALERTMAP_BUILD_EXAMPLES OR ALERTMAP_BUILD_TOOLS OR ALERTMAP_BUILD_RELAY)
    alertmap_dependency(fmt TARGET fmt::fmt MINIMUM 9.1 FOR "tests and examples" APT libfmt-dev VCPKG fmt CONAN fmt)
endif()
if(ALERTMAP_BUILD_EXAMPLES OR ALERTMAP_BUILD_TOOLS OR ALERTMAP_BUILD_RELAY)
    alertmap_dependency(CLI11 TARGET CLI11::CLI11 FOR "convert and the relay" APT libcli11-dev VCPKG cli11 CONAN cli11)
endif()
if(ALERTMAP_BUILD_BENCHMARKS)
    alertmap_dependency(benchmark TARGET benchmark::benchmark FOR "the benchmarks" APT libbenchmark-dev VCPKG benchmark CONAN benchmark)
endif()
