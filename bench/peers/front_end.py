"""Chunks and mel filters, as docs/method.md gives them."""

import numpy as np

SAMPLE_RATE, N_FFT, HOP_LENGTH, N_MELS = 16_000, 2048, 256, 224
F_MIN, F_MAX = 50.0, 7800.0
CHUNK_LENGTH, N_CHUNKS = 32_000, 10


def split_chunks(waveform, length=CHUNK_LENGTH, n_chunks=N_CHUNKS):
    """[n_samples] -> [n_chunks, length], n_chunks at least 2; the last chunk ends with the clip."""
    hop = (len(waveform) - length) // (n_chunks - 1)
    starts = [i * hop for i in range(n_chunks - 1)] + [len(waveform) - length]
    return np.stack([waveform[start : start + length] for start in starts])


def window_norm(length=N_FFT):
    """L2 norm of the periodic Hann window: torchaudio's normalized=True divides by it."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
    return float(np.sqrt(np.sum(window**2)))


def mel_filters(n_mels=N_MELS, n_fft=N_FFT, sample_rate=SAMPLE_RATE, f_min=F_MIN, f_max=F_MAX):
    """Triangles on the HTK scale without area normalisation, [n_bins, n_mels] float32."""
    frequencies = np.linspace(0, sample_rate / 2, n_fft // 2 + 1)
    mels = np.linspace(hz_to_mel(f_min), hz_to_mel(f_max), n_mels + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    rising = (frequencies[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - frequencies[:, None]) / np.diff(edges)[None, 1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def hz_to_mel(frequency):
    return 2595 * np.log10(1 + frequency / 700)
