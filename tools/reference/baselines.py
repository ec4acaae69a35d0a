"""Golden values for packages/baselines: statistics, modulation spectra and ranked pooling by NumPy, distances and likelihoods by scikit-learn.

    pip install -r tools/reference/requirements.txt
    python tools/reference/baselines.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.covariance import LedoitWolf
from sklearn.mixture import GaussianMixture

from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "baselines" / "test" / "golden" / "baselines.json"
N_CLIPS, N_MELS, N_FRAMES = 14, 6, 40
RANKS = [0, 0.5, 0.9, 0.99, 1]
VARIANCE_FLOOR = 0.1
FRAME_RATE = 62.5


def spectrograms(name):
    """`[N_CLIPS, N_MELS, N_FRAMES]`, dB; float32 as the front end gives it."""
    values = formula_values(name, N_CLIPS * N_MELS * N_FRAMES).reshape(N_CLIPS, N_MELS, N_FRAMES)
    return (-40 + 20 * values).astype(np.float32).astype(np.float64)


def statistics(x):
    roughness = np.diff(x, axis=-1).std(-1)
    return np.concatenate([x.mean(-1), x.std(-1), roughness], axis=-1)


def pool(x, rank):
    weights = np.power(float(rank), np.arange(N_FRAMES))
    return -np.sort(-x, axis=-1) @ (weights / weights.sum())


def modulation(x, frame_rate, size=256):
    """Log mean power of each octave of modulation from 0.5 Hz, octave by octave; `x` is `[N_MELS, N_FRAMES]`, dB."""
    window = np.hanning(x.shape[1])
    course = window * (x - x.mean(1, keepdims=True))
    power = np.abs(np.fft.rfft(course, size, axis=1)) ** 2 / (window**2).sum()
    frequencies = np.fft.rfftfreq(size, 1 / frame_rate)
    edges = [0.5]
    while 2 * edges[-1] <= frame_rate / 2:
        edges.append(2 * edges[-1])
    octaves = [(frequencies >= low) & (frequencies < high) for low, high in zip(edges, edges[1:])]
    return np.concatenate([np.log(power[:, octave].mean(1) + 1e-6) for octave in octaves])


def main():
    normal, test = spectrograms("normal"), spectrograms("test") + 3
    vectors, queries = statistics(normal)[:, : 2 * N_MELS], statistics(test)[:, : 2 * N_MELS]
    pooled, pooled_queries = pool(normal, 0.9), pool(test, 0.9)
    mixture = GaussianMixture(1, reg_covar=VARIANCE_FLOOR * pooled.var(0).mean()).fit(pooled)
    golden = {
        "generator": "tools/reference/baselines.py",
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "statistics": statistics(normal[0]).tolist(),
        "frameRate": FRAME_RATE,
        "modulation": modulation(normal[0], FRAME_RATE).tolist(),
        "ranks": RANKS,
        "pooled": [pool(normal[0], rank).tolist() for rank in RANKS],
        "logDistances": (np.log(LedoitWolf().fit(vectors).mahalanobis(queries)) / 2).tolist(),
        "negativeLogLikelihoods": (-mixture.score_samples(pooled_queries)).tolist(),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"wrote {OUT}")


if __name__ == "__main__":
    main()
