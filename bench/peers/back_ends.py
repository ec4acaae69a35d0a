"""Scores of clips by their embeddings: the paper's mixture of chunks, and Ledoit-Wolf's distance of clip means."""

import math

import numpy as np
from sklearn.covariance import LedoitWolf
from sklearn.mixture import GaussianMixture

#: A machine of fewer clips borrows the spread of the others.
MIN_CLIPS = 3


def aggregate(scores, method):
    """Eq. 8 and its alternatives: the chunk scores of a clip in one."""
    ordered = np.sort(scores)
    half = math.ceil(len(ordered) / 2)
    return {
        "upperHalfMean": lambda: ordered[-half:].mean(),
        "lowerHalfMean": lambda: ordered[:half].mean(),
        "mean": ordered.mean,
        "max": ordered.max,
        "median": lambda: np.median(ordered),
    }[method]()


def mixture_scorer(clips, config):
    """clips: embeddings [n_chunks, size] of one machine's normal clips. The score of a clip, higher is more anomalous."""
    detector = config["detector"]
    mixture = GaussianMixture(
        detector["nComponents"],
        covariance_type=detector["covarianceType"],
        reg_covar=detector["regCovar"],
        tol=detector["tol"],
        max_iter=detector["maxIter"],
        n_init=detector["nInit"],
        random_state=config["seed"],
    ).fit(np.concatenate(clips))
    return lambda clip: aggregate(-mixture.score_samples(clip), config["decision"]["aggregation"])


def spread_of(machines):
    """How clip means lie about those of their machines, scaled to the unbiased variance; a single clip tells nothing."""
    spread = []
    for clips in machines:
        means = np.stack([clip.mean(0) for clip in clips])
        if len(means) > 1:
            spread.extend(math.sqrt(len(means) / (len(means) - 1)) * (means - means.mean(0)))
    return spread


def ledoit_wolf_scorer(clips, spread):
    """As mixture_scorer; spread: what a machine of few clips borrows."""
    means = np.stack([clip.mean(0) for clip in clips])
    if len(means) < MIN_CLIPS:
        means = means.mean(0) + math.sqrt(1 + 1 / len(means)) * np.stack(spread)
    distance = LedoitWolf().fit(means)
    return lambda clip: 0.5 * math.log(max(distance.mahalanobis(clip.mean(0, keepdims=True))[0], 1e-12))
