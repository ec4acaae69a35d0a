"""Golden values for the log-mel front ends of the compared systems (packages/baselines): librosa's mel bands and STFT.

    pip install -r tools/reference/requirements.txt
    python tools/reference/front_ends.py

10 log10 of power with amin 1e-10 and no top_db. torchaudio's HTK bands without norm are librosa's with htk=True, norm=None.
"""

import json
from pathlib import Path

import librosa
import numpy as np

from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "baselines" / "test" / "golden" / "front-ends.json"
N_SAMPLES, RATE, HOP, N_MELS = 4500, 16000, 512, 128
KEPT_BANDS = list(range(0, N_MELS, 9))
CASES = {
    "torchaudio": dict(n_fft=1024, htk=True, norm=None, pad_mode="reflect", window="hann"),
    "librosa": dict(n_fft=1024, htk=False, norm="slaney", pad_mode="reflect", window="hann"),
    "librosaZero": dict(n_fft=2048, htk=False, norm="slaney", pad_mode="constant", window="hann"),
    "librosaSymmetric": dict(n_fft=1024, htk=False, norm="slaney", pad_mode="reflect", window=np.hanning(1024)),
}


def log_mel(waveform, n_fft, htk, norm, pad_mode, window):
    power = np.abs(librosa.stft(waveform, n_fft=n_fft, hop_length=HOP, window=window, pad_mode=pad_mode)) ** 2
    bands = librosa.filters.mel(sr=RATE, n_fft=n_fft, n_mels=N_MELS, fmin=0, fmax=8000, htk=htk, norm=norm, dtype=np.float64)
    return 10 * np.log10(np.maximum(bands @ power, 1e-10))


def main():
    waveform = 0.3 * formula_values("front end", N_SAMPLES)
    values = {name: log_mel(waveform, **case)[KEPT_BANDS] for name, case in CASES.items()}
    golden = {
        "generator": "tools/reference/front_ends.py",
        "versions": {"librosa": librosa.__version__, "numpy": np.__version__},
        "seed": None,
        "tolerance": {"rtol": 1e-4, "atol": 1e-3},
        "sizes": {"nSamples": N_SAMPLES, "hopLength": HOP, "nMels": N_MELS},
        "bands": KEPT_BANDS,
        "cases": [
            {"name": name, "nFft": CASES[name]["n_fft"], "nFrames": x.shape[1], "values": x.round(6).flatten().tolist()}
            for name, x in values.items()
        ],
    }
    OUT.write_text(json.dumps(golden) + "\n")


main()
