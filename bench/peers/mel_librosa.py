"""Mel spectrograms of the 10 chunks of a clip by librosa. Counterpart of bench/ours/mel.mjs.

The steps of librosa.feature.melspectrogram, with the filters made once instead of at each call, as ours are.
"""

import librosa
import numpy as np

from front_end import F_MAX, F_MIN, HOP_LENGTH, N_FFT, N_MELS, SAMPLE_RATE, split_chunks, window_norm
from inputs import read_float32
from serving import serve

chunks = split_chunks(read_float32("clip.f32"))
filters = librosa.filters.mel(
    sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=F_MIN, fmax=F_MAX, htk=True, norm=None
)
norm = window_norm()


def run():
    magnitude = np.abs(librosa.stft(chunks, n_fft=N_FFT, hop_length=HOP_LENGTH, pad_mode="reflect")) / norm
    return np.matmul(filters, magnitude)


serve(check=float(run().sum(dtype=np.float64)), run=run, warm_up=20)
