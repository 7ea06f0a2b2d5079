# cmake/vcpkg/port.cmake copies this port with the sources, so that vcpkg hashes them and rebuilds after changes. In a registry, replace
# SOURCE_PATH with vcpkg_from_github() and the release's tag.
set(SOURCE_PATH "${CURRENT_PORT_DIR}/source")
if(NOT EXISTS "${SOURCE_PATH}")
    message(WARNING "vcpkg does not see when the sources of this checkout change, and may install an older build. "
        "Make the port with its sources first: cmake -P cmake/vcpkg/port.cmake; then --overlay-ports=build/vcpkg/ports")
    get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../../../.." ABSOLUTE)
endif()

vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
    FEATURES
        tools ALERTMAP_BUILD_TOOLS
)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DALERTMAP_DEVELOPER_MODE=OFF
        ${FEATURE_OPTIONS}
)
vcpkg_cmake_install()
vcpkg_copy_pdbs()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/alertmap)
vcpkg_fixup_pkgconfig()
if("tools" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES alertmap-convert AUTO_CLEAN)
endif()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")

file(INSTALL "${CURRENT_PORT_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
