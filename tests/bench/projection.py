"""umap-learn and scikit-learn on the rows of $RNNSCOPE_BENCH_DATA, for bench_projection; second runs, where code is compiled."""

import os
import time
import warnings

warnings.filterwarnings("ignore")


def timed(make, runs):
    for _ in range(runs):
        start = time.perf_counter()
        made = make()
        seconds = time.perf_counter() - start
    return made, seconds


def main():
    try:
        import numpy
        from sklearn.manifold import TSNE, trustworthiness
    except ImportError as error:
        print(f"no comparison: {error} (Debian: python3-sklearn, umap-learn)")
        return
    data = numpy.load(os.environ["RNNSCOPE_BENCH_DATA"])
    try:
        from umap import UMAP

        made, seconds = timed(lambda: UMAP(random_state=1).fit_transform(data), 2)
        trust = trustworthiness(data, made, n_neighbors=15)
        print(f"{'umap-learn, seeded':<28} {seconds:7.3f} s  trustworthiness {trust:.4f}")
    except ImportError as error:
        print(f"no umap-learn: {error}")
    tsne = TSNE(init="pca", learning_rate="auto", random_state=1, n_jobs=os.cpu_count())
    made, seconds = timed(lambda: tsne.fit_transform(data), 1)
    trust = trustworthiness(data, made, n_neighbors=15)
    print(f"{'scikit-learn t-SNE':<28} {seconds:7.3f} s  trustworthiness {trust:.4f}  KL divergence {tsne.kl_divergence_:.4f}")


main()
