module alertmap/bench

go 1.19
