# cmake -P cmake/vcpkg/port.cmake [-DOUT=folder]: writes build/vcpkg/ports/alertmap (or OUT), the port with a copy of the sources. vcpkg
# hashes only the port's files, so it rebuilds exactly if a source changed.
cmake_minimum_required(VERSION 3.25)
cmake_path(SET root NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../..")
cmake_path(ABSOLUTE_PATH root)
if(NOT DEFINED OUT)
    set(OUT ${root}/build/vcpkg/ports)
endif()
file(REMOVE_RECURSE ${OUT}/alertmap)
file(COPY ${root}/cmake/vcpkg/ports/alertmap DESTINATION ${OUT})
file(COPY ${root}/CMakeLists.txt ${root}/LICENSE ${root}/cmake ${root}/include ${root}/src ${root}/share ${root}/examples
    DESTINATION ${OUT}/alertmap/source
    PATTERN vcpkg EXCLUDE)
message(STATUS "vcpkg install alertmap --classic --overlay-ports=${OUT}")
