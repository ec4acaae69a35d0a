"""Chunks and mel filters, as docs/method.md gives them."""

import numpy as np

SAMPLE_RATE, N_FFT, HOP_LENGTH, N_MELS = 16_000, 2048, 256, 224
F_MIN, F_MAX = 50.0, 7800.0
CHUNK_LENGTH, N_CHUNKS = 32_000, 10


def split_chunks(waveform):
    """[n_samples] -> [N_CHUNKS, CHUNK_LENGTH]; the last chunk ends with the clip."""
    hop = (len(waveform) - CHUNK_LENGTH) // (N_CHUNKS - 1)
    starts = [i * hop for i in range(N_CHUNKS - 1)] + [len(waveform) - CHUNK_LENGTH]
    return np.stack([waveform[start : start + CHUNK_LENGTH] for start in starts])


def window_norm():
    """L2 norm of the periodic Hann window: torchaudio's normalized=True divides by it."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)
    return float(np.sqrt(np.sum(window**2)))


def mel_filters():
    """Triangles on the HTK scale without area normalisation, [n_bins, N_MELS] float32."""
    frequencies = np.linspace(0, SAMPLE_RATE / 2, N_FFT // 2 + 1)
    mels = np.linspace(hz_to_mel(F_MIN), hz_to_mel(F_MAX), N_MELS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    rising = (frequencies[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - frequencies[:, None]) / np.diff(edges)[None, 1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def hz_to_mel(frequency):
    return 2595 * np.log10(1 + frequency / 700)
