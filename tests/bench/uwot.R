# uwot with its fast stochastic gradients for bench_projection: uwot.R ROWS.bin N D MAP.bin THREADS prints seconds.
suppressMessages(library(uwot))
given <- commandArgs(trailingOnly = TRUE)
count <- as.integer(given[2])
size <- as.integer(given[3])
data <- matrix(readBin(given[1], "numeric", count * size, size = 4), count, size, byrow = TRUE)
set.seed(1)
seconds <- system.time(
  made <- umap(data, n_neighbors = 15, min_dist = 0.1, fast_sgd = TRUE, n_threads = as.integer(given[5]))
)[["elapsed"]]
cat(seconds, "\n")
writeBin(as.vector(t(made)), given[4], size = 4)
