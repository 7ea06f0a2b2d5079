# Uses alertmap as its users do: installed once per linkage, then built against in every supported way. Label: consume.
set(consume ${CMAKE_CURRENT_SOURCE_DIR}/consume)
set(consume_build ${CMAKE_CURRENT_BINARY_DIR}/consume)

function(consume_properties name fixture)
    set_tests_properties(consume/${name} PROPERTIES LABELS consume FIXTURES_REQUIRED "${fixture}" TIMEOUT 600)
endfunction()

# Configures a project in tests/consume/ with the given options, builds and runs it.
function(consume_project name fixture)
    add_test(NAME consume/${name} COMMAND ${CMAKE_CTEST_COMMAND}
        --build-and-test ${consume} ${consume_build}/${name}
        --build-generator ${CMAKE_GENERATOR}
        --build-options -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH} ${ARGN}
        --test-command ${CMAKE_CTEST_COMMAND} --output-on-failure --no-tests=error)
    consume_properties(${name} "${fixture}")
endfunction()

# Compiled without optimization, as speed does not matter.
set(quick -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12)
set(no_simdjson -DCMAKE_DISABLE_FIND_PACKAGE_simdjson=ON)
foreach(linkage IN ITEMS static shared)
    set(shared OFF)
    if(linkage STREQUAL "shared")
        set(shared ON)
    endif()
    set(stage ${consume_build}/stage/${linkage})
    add_test(NAME consume/stage_${linkage} COMMAND ${CMAKE_COMMAND}
        -DSOURCE=${PROJECT_SOURCE_DIR} -DBUILD=${consume_build}/build/${linkage} -DSTAGE=${stage} -DSHARED=${shared}
        -DGENERATOR=${CMAKE_GENERATOR} -DCOMPILER=${CMAKE_CXX_COMPILER} -DPREFIX_PATH=${CMAKE_PREFIX_PATH} -P ${consume}/stage.cmake)
    set_tests_properties(consume/stage_${linkage} PROPERTIES LABELS consume FIXTURES_SETUP ${linkage} TIMEOUT 1200)
    foreach(way IN ITEMS pkg-config bare)
        alertmap_check(consume/${way}_${linkage} consume ${consume}/plain.py
            ${way} ${linkage} ${stage}/usr ${consume_build}/plain ${consume} ${CMAKE_CXX_COMPILER} ${CMAKE_PREFIX_PATH})
        consume_properties(${way}_${linkage} ${linkage})
    endforeach()
endforeach()

consume_project(find_package_static static -Dalertmap_ROOT=${consume_build}/stage/static/usr)
consume_project(find_package_shared shared -Dalertmap_ROOT=${consume_build}/stage/shared/usr ${no_simdjson})
consume_project(core static -DCONSUME_CORE=ON -Dalertmap_ROOT=${consume_build}/stage/static/usr ${no_simdjson})
consume_project(subdirectory "" -DCONSUME_SUBDIRECTORY=${PROJECT_SOURCE_DIR} ${quick})

alertmap_check(consume/symbols consume ${checks}/symbols.py
    ${consume_build}/build/shared/libalertmap.so ${checks}/exported_symbols.txt)
consume_properties(symbols shared)

# The same with simdjson as a static library.
add_test(NAME consume/symbols_static_simdjson COMMAND ${CMAKE_CTEST_COMMAND}
    --build-and-test ${consume}/static_simdjson ${consume_build}/static_simdjson
    --build-generator ${CMAKE_GENERATOR}
    --build-options -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_PREFIX_PATH=${CMAKE_PREFIX_PATH} -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON
        -DALERTMAP=${PROJECT_SOURCE_DIR} -DPYTHON=${Python3_EXECUTABLE}
        -DCHECK=${checks}/symbols.py -DLIST=${checks}/exported_symbols.txt
    --test-command ${CMAKE_CTEST_COMMAND} --output-on-failure --no-tests=error)
consume_properties(symbols_static_simdjson "")

alertmap_check(consume/refused consume ${consume}/refused.py
    ${CMAKE_COMMAND} ${PROJECT_SOURCE_DIR} ${consume_build}/stage/static/usr ${consume_build}/refused ${CMAKE_GENERATOR} ${CMAKE_CXX_COMPILER} ${CMAKE_PREFIX_PATH})
consume_properties(refused static)

alertmap_check(consume/packages consume ${checks}/packages.py
    ${CMAKE_CPACK_COMMAND} ${consume_build}/build/shared ${consume_build}/stage/deb ${consume_build}/stage/tgz)
consume_properties(packages shared)
set_tests_properties(consume/packages PROPERTIES FIXTURES_SETUP packages)
consume_project(packages_deb packages -Dalertmap_ROOT=${consume_build}/stage/deb/usr ${no_simdjson})
consume_project(packages_tgz packages -Dalertmap_ROOT=${consume_build}/stage/tgz ${no_simdjson})

# The contents of a release.
alertmap_check(consume/two_files consume ${consume}/two_files.py
    ${PROJECT_SOURCE_DIR} ${consume_build}/two_files ${CMAKE_CXX_COMPILER} ${CMAKE_PREFIX_PATH})
set_tests_properties(consume/two_files PROPERTIES TIMEOUT 1200)
alertmap_check(consume/release consume ${consume}/release.py ${PROJECT_SOURCE_DIR} ${consume_build}/release)
set_tests_properties(consume/release PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77)
