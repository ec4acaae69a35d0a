"""Golden values for packages/report: scikit-learn's t-SNE (its neighbour probabilities, the trustworthiness and the
divergence that its map reaches), its trustworthiness of given maps, and matplotlib's colour maps.

    pip install -r tools/reference/requirements.txt matplotlib==3.11.2
    python tools/reference/report.py
"""

import json
from pathlib import Path

import matplotlib
import numpy as np
import sklearn
from formula_values import formula_values
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities

OUT = Path(__file__).resolve().parents[2] / "packages" / "report" / "test" / "golden" / "report.json"
# name, rows, columns, clusters, spread, perplexities: a small set, and one of the size and dimension of embeddings
SETS = [("report.tsne", 150, 12, 6, 0.45, [5, 20, 40]), ("report.embeddings", 420, 128, 7, 0.8, [40])]
N_NEIGHBORS = 5
SEED = 20250102


def points(name, n_rows, n_cols, n_clusters, spread):
    """Row i lies around centre i mod n_clusters; the clusters overlap a little."""
    centers = formula_values(f"{name}.centers", n_clusters * n_cols).reshape(n_clusters, n_cols)
    noise = formula_values(f"{name}.noise", n_rows * n_cols).reshape(n_rows, n_cols)
    return centers[np.arange(n_rows) % n_clusters] + spread * noise


def tsne_case(data, perplexity):
    joint = _joint_probabilities(squareform(pdist(data, "sqeuclidean")).astype(np.float32), perplexity, 0)
    model = TSNE(perplexity=perplexity, method="exact", init="pca", random_state=SEED)
    embedding = model.fit_transform(data)
    return {
        "perplexity": perplexity,
        "jointProbabilities": joint[:: len(joint) // 200].tolist(),
        "stride": len(joint) // 200,
        "trustworthiness": trustworthiness(data, embedding, n_neighbors=N_NEIGHBORS),
        "klDivergence": model.kl_divergence_,
    }


def tsne_set(name, n_rows, n_cols, n_clusters, spread, perplexities):
    data = points(name, n_rows, n_cols, n_clusters, spread)
    return {
        "name": name,
        "nRows": n_rows,
        "nCols": n_cols,
        "nClusters": n_clusters,
        "spread": spread,
        # of the first two columns taken for a map, and of a map that has nothing to do with the points
        "trustworthiness": [
            {
                "nNeighbors": k,
                "ofColumns": trustworthiness(data, data[:, :2], n_neighbors=k),
                "ofNoise": trustworthiness(data, formula_values(f"{name}.map", 2 * n_rows).reshape(-1, 2), n_neighbors=k),
            }
            for k in (1, 5, n_rows // 2 - 1)
        ],
        "cases": [tsne_case(data, perplexity) for perplexity in perplexities],
    }


def colors(name):
    table = matplotlib.colormaps[name](np.arange(256))[:, :3]
    return np.round(255 * table).astype(int).reshape(-1).tolist()


golden = {
    "generator": "tools/reference/report.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "matplotlib": matplotlib.__version__},
    "seed": SEED,
    "tsne": {
        "nNeighbors": N_NEIGHBORS,
        "sets": [tsne_set(*parameters) for parameters in SETS],
        # the entropy of each row is matched to 1e-5 nats by both; scikit-learn's distances are float32
        "tolerance": {"jointProbabilities": {"rtol": 1e-3, "atol": 1e-9}, "trustworthiness": 0.02, "klDivergence": 0.05},
    },
    "colormaps": {"viridis": colors("viridis"), "magma": colors("magma"), "tolerance": 1},
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(golden) + "\n")
