# Reports a compiler that is too old, instead of the errors that would follow.
function(alertmap_require_compiler id floor hint)
    if(CMAKE_CXX_COMPILER_ID STREQUAL id AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS floor)
        message(FATAL_ERROR "alertmap needs ${id} ${floor} or newer (C++20); ${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_VERSION}. ${hint}")
    endif()
endfunction()

alertmap_require_compiler(GNU 12 "Install it (apt install g++-12) and configure a new build folder with -DCMAKE_CXX_COMPILER=g++-12.")
alertmap_require_compiler(Clang 14 "Install it (apt install clang-14) and configure a new build folder with -DCMAKE_CXX_COMPILER=clang++-14.")

# Flags for our own code: always PRIVATE, so that users of the library do not inherit them.
function(alertmap_compile_options target)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_features(${target} PRIVATE cxx_std_20)
    if(ALERTMAP_DEVELOPER_MODE AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wshadow -Wconversion -Wpedantic)
    endif()
    # g++ treats the sources of a unity build as headers, and warns about their anonymous namespaces.
    if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
    if(ALERTMAP_WARNINGS_AS_ERRORS)
        set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
    endif()
endfunction()
