"""Golden values for packages/report: scikit-learn's t-SNE (its neighbour probabilities, the trustworthiness and the
divergence that its map reaches) and matplotlib's colour maps.

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
N_ROWS, N_COLS, N_CLUSTERS = 150, 12, 6
SPREAD = 0.45
PERPLEXITIES = [5, 20, 40]
N_NEIGHBORS = 5
SEED = 20250102


def points():
    """Row i lies around centre i mod N_CLUSTERS; the clusters overlap a little."""
    centers = formula_values("report.tsne.centers", N_CLUSTERS * N_COLS).reshape(N_CLUSTERS, N_COLS)
    noise = formula_values("report.tsne.noise", N_ROWS * N_COLS).reshape(N_ROWS, N_COLS)
    return centers[np.arange(N_ROWS) % N_CLUSTERS] + SPREAD * noise


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


def colors(name):
    table = matplotlib.colormaps[name](np.arange(256))[:, :3]
    return np.round(255 * table).astype(int).reshape(-1).tolist()


data = points()
golden = {
    "generator": "tools/reference/report.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "matplotlib": matplotlib.__version__},
    "seed": SEED,
    "tsne": {
        "nRows": N_ROWS,
        "nCols": N_COLS,
        "nClusters": N_CLUSTERS,
        "spread": SPREAD,
        "nNeighbors": N_NEIGHBORS,
        "cases": [tsne_case(data, perplexity) for perplexity in PERPLEXITIES],
        # the entropy of each row is matched to 1e-5 nats by both; scikit-learn's distances are float32
        "tolerance": {"jointProbabilities": {"rtol": 1e-3, "atol": 1e-9}, "trustworthiness": 0.02, "klDivergence": 0.05},
    },
    "colormaps": {"viridis": colors("viridis"), "magma": colors("magma"), "tolerance": 1},
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(golden) + "\n")
