# Another CPU, selected by ALERTMAP_CROSS_TRIPLET, with Debian's cross compiler and the libraries unpacked by sysroot.sh.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ALERTMAP_CROSS_TRIPLET)
string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR ${ALERTMAP_CROSS_TRIPLET})
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_CXX_COMPILER ${ALERTMAP_CROSS_TRIPLET}-g++)
set(CMAKE_C_COMPILER ${ALERTMAP_CROSS_TRIPLET}-gcc)

set(sysroot ${CMAKE_CURRENT_LIST_DIR}/../../build/sysroot/${ALERTMAP_CROSS_TRIPLET})
cmake_path(NORMAL_PATH sysroot)
set(CMAKE_FIND_ROOT_PATH ${sysroot})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Debian names the i686 libraries after i386.
string(REPLACE "i686" "i386" library_folder ${ALERTMAP_CROSS_TRIPLET})
set(CMAKE_LIBRARY_ARCHITECTURE ${library_folder})
set(libraries ${sysroot}/usr/lib/${library_folder})
set(system /usr/${ALERTMAP_CROSS_TRIPLET})
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "i686" AND CMAKE_HOST_SYSTEM_PROCESSOR MATCHES "x86_64|i.86")
    # This CPU can run it: only the loader's path differs.
    set(CMAKE_CROSSCOMPILING_EMULATOR ${system}/lib/ld-linux.so.2 --library-path ${libraries}:${system}/lib)
else()
    set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${CMAKE_SYSTEM_PROCESSOR}-static -L ${system} -E LD_LIBRARY_PATH=${libraries}:${system}/lib)
endif()
