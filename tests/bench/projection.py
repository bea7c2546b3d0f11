"""umap-learn or scikit-learn for bench_projection: projection.py umap|tsne ROWS.bin N D MAP.bin THREADS prints seconds."""

import sys
import time

import numpy


def main():
    kind, rows, count, size, target, threads = sys.argv[1:]
    data = numpy.fromfile(rows, numpy.float32).reshape(int(count), int(size))
    if kind == "umap":
        from umap import UMAP

        lay_out = lambda: UMAP(random_state=1).fit_transform(data)
        lay_out()  # compiles
    else:
        from sklearn.manifold import TSNE

        lay_out = lambda: TSNE(init="pca", learning_rate="auto", random_state=1, n_jobs=int(threads)).fit_transform(data)
    start = time.perf_counter()
    made = lay_out()
    print(time.perf_counter() - start)
    made.astype(numpy.float32).tofile(target)


main()
