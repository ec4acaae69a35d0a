"""Mel spectrograms of the 10 chunks of a clip by librosa, all in one call. Counterpart of bench/ours/mel.mjs."""

from librosa.feature import melspectrogram

from front_end import F_MAX, F_MIN, HOP_LENGTH, N_FFT, N_MELS, SAMPLE_RATE, split_chunks, window_norm
from inputs import read_float32
from serving import serve

chunks = split_chunks(read_float32("clip.f32"))
norm = window_norm()


def run():
    mel = melspectrogram(
        y=chunks,
        sr=SAMPLE_RATE,
        n_fft=N_FFT,
        hop_length=HOP_LENGTH,
        pad_mode="reflect",
        power=1.0,
        n_mels=N_MELS,
        fmin=F_MIN,
        fmax=F_MAX,
        htk=True,
        norm=None,
    )
    return mel / norm


serve(check=float(run().sum(dtype="float64")), run=run, warm_up=20)
