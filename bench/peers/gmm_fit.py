"""EM from a given start by scikit-learn. Counterpart of bench/ours/gmm-fit.mjs."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from inputs import read_float64, read_json
from serving import serve

warnings.simplefilter("ignore", ConvergenceWarning)  # the number of iterations is fixed
setup = read_json("gmm.json")
x = read_float64("gmm.f64").reshape(setup["nRows"], setup["nCols"])
weights, means, precisions = (np.array(setup[name]) for name in ("weights", "means", "precisions"))


def run():
    """The lower bound after the last iteration."""
    mixture = GaussianMixture(
        n_components=len(weights),
        covariance_type="full",
        tol=0.0,
        max_iter=setup["nIterations"],
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
    )
    return float(mixture.fit(x).lower_bound_)


serve(check=run(), run=run, warm_up=1)
