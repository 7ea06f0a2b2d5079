include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(ALERTMAP_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/alertmap CACHE PATH "Where the CMake package goes, relative to the prefix")
mark_as_advanced(ALERTMAP_INSTALL_CMAKEDIR)

# Two export sets: the component core needs neither the library nor its dependency.
install(TARGETS alertmap_core EXPORT alertmap-core
    FILE_SET HEADERS COMPONENT alertmap_Development
    FILE_SET optional_headers COMPONENT alertmap_Development)
install(TARGETS alertmap EXPORT alertmap-library
    RUNTIME COMPONENT alertmap_Runtime
    LIBRARY COMPONENT alertmap_Runtime NAMELINK_COMPONENT alertmap_Development
    ARCHIVE COMPONENT alertmap_Development)
foreach(part IN ITEMS core library)
    install(EXPORT alertmap-${part}
        DESTINATION ${ALERTMAP_INSTALL_CMAKEDIR}
        NAMESPACE alertmap::
        FILE alertmap-${part}-targets.cmake
        COMPONENT alertmap_Development)
endforeach()

configure_package_config_file(cmake/alertmap-config.cmake.in alertmap-config.cmake
    INSTALL_DESTINATION ${ALERTMAP_INSTALL_CMAKEDIR}
    NO_SET_AND_CHECK_MACRO)
# As long as the major version is 0, a minor version may break.
set(compatibility SameMajorVersion)
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatibility SameMinorVersion)
endif()
write_basic_package_version_file(alertmap-config-version.cmake COMPATIBILITY ${compatibility})
install(FILES
        ${CMAKE_CURRENT_BINARY_DIR}/alertmap-config.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/alertmap-config-version.cmake
        ${CMAKE_CURRENT_LIST_DIR}/alertmap-simdjson.cmake
    DESTINATION ${ALERTMAP_INSTALL_CMAKEDIR}
    COMPONENT alertmap_Development)

# pkg-config: relative to the .pc file, so that the prefix is relocatable.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
    set(pc_libdir ${CMAKE_INSTALL_FULL_LIBDIR})
    set(pc_includedir ${CMAKE_INSTALL_FULL_INCLUDEDIR})
else()
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(pc_prefix "\${pcfiledir}/${up}")
    set(pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
    set(pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
# The static library must be linked with the simdjson that it was compiled with: public, so that --libs without --static includes it. The
# shared library contains it.
set(pc_requires "Requires: simdjson >= ${alertmap_simdjson_minimum}\n")
if(alertmap_simdjson_compatible)
    set(pc_requires "Requires: simdjson >= ${alertmap_simdjson_compatible}, simdjson < ${alertmap_simdjson_next}\n")
endif()
set(pc_define "")
if(library_type STREQUAL "SHARED_LIBRARY")
    set(pc_requires "")
    set(pc_define " -DALERTMAP_SHARED")
endif()
configure_file(cmake/alertmap.pc.in alertmap.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/alertmap.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT alertmap_Development)

install(FILES share/alertmap/gdb/alertmap.py
    DESTINATION ${CMAKE_INSTALL_DATADIR}/alertmap/gdb
    COMPONENT alertmap_Development)

# Target files. With the tool they are in its package.
if(NOT ALERTMAP_BUILD_TOOLS)
    install(DIRECTORY share/alertmap/targets
        DESTINATION ${CMAKE_INSTALL_DATADIR}/alertmap
        COMPONENT alertmap_Development)
endif()
