# Configures, builds and installs alertmap as a packager does: cmake -D... -P stage.cmake
#   SOURCE, BUILD, STAGE   folders; STAGE gets what belongs into /
#   SHARED                 ON: the shared library with the tool, and the packages; OFF: the static library
#   GENERATOR, COMPILER, PREFIX_PATH    of the build that tests
function(run)
    execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${STAGE})
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${COMPILER}
    -DCMAKE_PREFIX_PATH=${PREFIX_PATH}
    -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_UNITY_BUILD=ON
    -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
    -DCMAKE_INSTALL_PREFIX=/usr
    -DBUILD_SHARED_LIBS=${SHARED}
    -DALERTMAP_DEVELOPER_MODE=OFF
    -DALERTMAP_BUILD_TOOLS=${SHARED}
    -DALERTMAP_PACKAGING=${SHARED})
run(${CMAKE_COMMAND} --build ${BUILD})
run(${CMAKE_COMMAND} -E env DESTDIR=${STAGE} ${CMAKE_COMMAND} --install ${BUILD})
