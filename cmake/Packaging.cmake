# CPack: one .tar.gz, and .deb packages of the library, the development files, the tool and the service.
include(GNUInstallDirs)

# Without it CPack only warns, and makes packages without dependencies.
find_program(ALERTMAP_DPKG_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(ALERTMAP_DPKG_SHLIBDEPS)
if(NOT ALERTMAP_DPKG_SHLIBDEPS)
    message(FATAL_ERROR "the Debian packages need dpkg-shlibdeps to know what they depend on: apt install dpkg-dev")
endif()

set(CPACK_PACKAGE_VENDOR "The alertmap authors")
set(CPACK_PACKAGE_CONTACT "The alertmap authors")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR TGZ DEB)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(CPACK_COMPONENTS_ALL alertmap_Development)
set(CPACK_DEBIAN_ALERTMAP_DEVELOPMENT_PACKAGE_NAME libalertmap-dev)
set(CPACK_DEBIAN_ALERTMAP_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_ALERTMAP_DEVELOPMENT_DESCRIPTION "${PROJECT_DESCRIPTION} (development files)")
if(library_type STREQUAL "SHARED_LIBRARY")
    list(APPEND CPACK_COMPONENTS_ALL alertmap_Runtime)
    set(CPACK_DEBIAN_ALERTMAP_RUNTIME_PACKAGE_NAME libalertmap${abi_version})
    set(CPACK_DEBIAN_ALERTMAP_RUNTIME_PACKAGE_SECTION libs)
    set(CPACK_DEBIAN_ALERTMAP_RUNTIME_PACKAGE_CONTROL_EXTRA "")
    set(CPACK_COMPONENT_ALERTMAP_RUNTIME_DESCRIPTION "${PROJECT_DESCRIPTION} (shared library)")
    set(CPACK_COMPONENT_ALERTMAP_DEVELOPMENT_DEPENDS alertmap_Runtime)
    set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
else()
    set(CPACK_DEBIAN_ALERTMAP_DEVELOPMENT_PACKAGE_DEPENDS "libsimdjson-dev (>= ${alertmap_simdjson_minimum})")
    if(alertmap_simdjson_compatible)
        set(CPACK_DEBIAN_ALERTMAP_DEVELOPMENT_PACKAGE_DEPENDS
            "libsimdjson-dev (>= ${alertmap_simdjson_compatible}), libsimdjson-dev (<< ${alertmap_simdjson_next})")
    endif()
endif()
if(ALERTMAP_BUILD_TOOLS)
    list(APPEND CPACK_COMPONENTS_ALL alertmap_Tools)
    set(CPACK_DEBIAN_ALERTMAP_TOOLS_PACKAGE_NAME alertmap-tools)
    set(CPACK_DEBIAN_ALERTMAP_TOOLS_PACKAGE_SECTION utils)
    set(CPACK_COMPONENT_ALERTMAP_TOOLS_DESCRIPTION "${PROJECT_DESCRIPTION} (alertmap-convert)")
    if(library_type STREQUAL "SHARED_LIBRARY")
        set(CPACK_COMPONENT_ALERTMAP_TOOLS_DEPENDS alertmap_Runtime)
    endif()
endif()
if(ALERTMAP_BUILD_RELAY)
    list(APPEND CPACK_COMPONENTS_ALL alertmap_Relay)
    set(CPACK_DEBIAN_ALERTMAP_RELAY_PACKAGE_NAME alertmap-relay)
    set(CPACK_DEBIAN_ALERTMAP_RELAY_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_ALERTMAP_RELAY_PACKAGE_RECOMMENDS "alertmap-tools, ca-certificates")  # the tools have the vendors that are files
    set(CPACK_COMPONENT_ALERTMAP_RELAY_DESCRIPTION "${PROJECT_DESCRIPTION} (the service alertmap-relay)")
    set(relay_package ${PROJECT_SOURCE_DIR}/examples/relay/package)
    set(CPACK_DEBIAN_ALERTMAP_RELAY_PACKAGE_CONTROL_EXTRA ${relay_package}/postinst ${relay_package}/prerm ${relay_package}/postrm)
    if(library_type STREQUAL "SHARED_LIBRARY")
        set(CPACK_COMPONENT_ALERTMAP_RELAY_DEPENDS alertmap_Runtime)
    endif()
endif()

# Each package contains the licence in Debian's location.
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
    string(TOUPPER ${component} upper)
    install(FILES LICENSE
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}
        RENAME copyright
        COMPONENT ${component})
endforeach()

include(CPack)
