"""Writes packages/audio-features/test/golden/istft.json: the waveform whose STFT comes nearest to a spectrogram that no waveform has.

Not by overlap-add but by definition: the STFT is a linear map of the waveform, written out as a matrix, and numpy.linalg.lstsq solves
for the waveform. Run: python tools/reference/istft.py
"""

import json
import sys
from pathlib import Path

import numpy as np

SEED = 7
OUT = Path(__file__).parents[2] / "packages/audio-features/test/golden/istft.json"


def window(n_fft, win_length, normalized):
    w = np.zeros(n_fft)
    left = (n_fft - win_length) // 2
    hann = np.sin(np.pi * np.arange(win_length) / win_length) ** 2
    w[left : left + win_length] = hann / np.linalg.norm(hann) if normalized else hann
    return w


def frames_matrix(length, n_fft, hop, w):
    """Maps a waveform that needs no padding to all windowed frames' spectra; full complex spectra, so that every bin counts alike."""
    n_frames = 1 + (length - n_fft) // hop
    dft = np.fft.fft(np.eye(n_fft), axis=0)
    rows = np.zeros((n_frames * n_fft, length), dtype=complex)
    for t in range(n_frames):
        rows[t * n_fft : (t + 1) * n_fft, t * hop : t * hop + n_fft] = dft * w
    return rows, n_frames


def case(rng, n_fft, hop, win_length, center, normalized, length):
    w = window(n_fft, win_length, normalized)
    total = length + n_fft if center else length
    rows, n_frames = frames_matrix(total, n_fft, hop, w)
    n_bins = n_fft // 2 + 1
    half = rng.standard_normal((n_bins, n_frames)) + 1j * rng.standard_normal((n_bins, n_frames))
    half[0] = half[0].real
    half[-1] = half[-1].real
    half = np.round(half, 4)
    full = np.concatenate([half, np.conj(half[-2:0:-1])])
    target = full.T.reshape(-1)
    both = np.concatenate([rows.real, rows.imag])
    used = np.abs(both).max(axis=0) > 1e-9  # samples under no window are left out
    solution = np.zeros(total)
    solution[used] = np.linalg.lstsq(both[:, used], np.concatenate([target.real, target.imag]), rcond=None)[0]
    start = n_fft // 2 if center else 0
    return {
        "options": {"nFft": n_fft, "hopLength": hop, "winLength": win_length, "center": center, "normalized": normalized},
        "length": length,
        "nFrames": n_frames,
        "real": half.real.reshape(-1).tolist(),
        "imag": half.imag.reshape(-1).tolist(),
        "waveform": np.round(solution[start : start + length], 9).tolist(),
    }


rng = np.random.default_rng(SEED)
cases = [
    case(rng, 16, 4, 16, True, True, 40),
    case(rng, 16, 8, 16, True, False, 40),
    case(rng, 32, 8, 20, True, True, 64),
]
OUT.write_text(
    json.dumps(
        {
            "generator": "tools/reference/istft.py",
            "versions": {"python": sys.version.split()[0], "numpy": np.__version__},
            "seed": SEED,
            "tolerance": "rtol 1e-5, atol 1e-6",
            "cases": cases,
        }
    )
    + "\n"
)
