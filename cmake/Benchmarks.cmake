# bench/ is a separate project with its own flags; here it is only built and run once.
set(bench_build ${PROJECT_BINARY_DIR}/bench)
add_custom_target(alertmap_benchmarks ALL
    COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR}/bench -B ${bench_build} -G ${CMAKE_GENERATOR}
        -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH}"
    COMMAND ${CMAKE_COMMAND} --build ${bench_build}
    USES_TERMINAL VERBATIM)

# Runs each benchmark once, including the comparison of results before the timing.
add_test(NAME bench/smoke COMMAND ${bench_build}/bench --quick --benchmark_min_time=0.001)
set_tests_properties(bench/smoke PROPERTIES LABELS bench TIMEOUT 300 FAIL_REGULAR_EXPRESSION "ERROR OCCURRED")
