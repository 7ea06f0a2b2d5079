# As long as the major version is 0, a minor version may break the ABI.
set(abi_version ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(abi_version ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
endif()
string(REPLACE "." "_" abi_version_name ${abi_version})
configure_file(${PROJECT_SOURCE_DIR}/cmake/version.hpp.in ${PROJECT_BINARY_DIR}/include/alertmap/version.hpp @ONLY)

# Every file in include/ is public, so the list is complete. Separate are headers that do not compile everywhere: fmt.hpp needs another
# library, format.hpp a standard library with <format>.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/alertmap/*.hpp)
set(optional_headers ${PROJECT_SOURCE_DIR}/include/alertmap/fmt.hpp ${PROJECT_SOURCE_DIR}/include/alertmap/format.hpp)
list(REMOVE_ITEM headers ${optional_headers})

# alertmap::core: the headers only. Sufficient for everything but the parser.
add_library(alertmap_core INTERFACE)
add_library(alertmap::core ALIAS alertmap_core)
target_compile_features(alertmap_core INTERFACE cxx_std_20)
target_sources(alertmap_core INTERFACE
    FILE_SET HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include
        FILES ${headers} ${PROJECT_BINARY_DIR}/include/alertmap/version.hpp
    FILE_SET optional_headers TYPE HEADERS
        BASE_DIRS ${PROJECT_SOURCE_DIR}/include
        FILES ${optional_headers})
set_target_properties(alertmap_core PROPERTIES
    EXPORT_NAME core
    VERIFY_INTERFACE_HEADER_SETS ${ALERTMAP_BUILD_TESTS}
    INTERFACE_HEADER_SETS_TO_VERIFY HEADERS)

# alertmap::alertmap: static or shared by BUILD_SHARED_LIBS.
add_library(alertmap)
add_library(alertmap::alertmap ALIAS alertmap)
alertmap_compile_options(alertmap)
target_sources(alertmap PRIVATE
    src/callback.cpp
    src/collisions.cpp
    src/explain.cpp
    src/field_ref.cpp
    src/field_source.cpp
    src/forwards.cpp
    src/glob.cpp
    src/kit.cpp
    src/ledger.cpp
    src/ledger_json.cpp
    src/ledger_listings.cpp
    src/listing.cpp
    src/mapper.cpp
    src/mapping_json.cpp
    src/markup.cpp
    src/options.cpp
    src/owned_alert_group.cpp
    src/parser.cpp
    src/policies.cpp
    src/presets.cpp
    src/priority.cpp
    src/quiet.cpp
    src/recorder.cpp
    src/redact.cpp
    src/request.cpp
    src/stored_event.cpp
    src/targets.cpp
    src/template_target.cpp
    src/text_template.cpp)
target_link_libraries(alertmap PUBLIC alertmap::core PRIVATE simdjson::simdjson)

set_target_properties(alertmap PROPERTIES
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION}
    SOVERSION ${abi_version})

get_target_property(library_type alertmap TYPE)
if(library_type STREQUAL "SHARED_LIBRARY")
    target_compile_definitions(alertmap PUBLIC ALERTMAP_SHARED PRIVATE ALERTMAP_BUILDING)
endif()

# simdjson may be a static library. Its symbols would be exported, and crash a program with its own simdjson, because the loader binds
# equally named symbols to one of them.
if(library_type STREQUAL "SHARED_LIBRARY" AND UNIX AND NOT APPLE)
    set(exports ${PROJECT_SOURCE_DIR}/cmake/exports.map)
    target_link_options(alertmap PRIVATE "LINKER:--version-script=${exports}")
    set_target_properties(alertmap PROPERTIES LINK_DEPENDS ${exports})
endif()
