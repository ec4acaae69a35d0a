"""Mel spectrograms of the 10 chunks of a clip by torchaudio. Counterpart of bench/ours/mel.mjs."""

import torch
from torchaudio.transforms import MelSpectrogram

from front_end import F_MAX, F_MIN, HOP_LENGTH, N_FFT, N_MELS, SAMPLE_RATE, split_chunks
from inputs import read_float32
from serving import serve

chunks = torch.from_numpy(split_chunks(read_float32("clip.f32")))
mel = MelSpectrogram(
    sample_rate=SAMPLE_RATE,
    n_fft=N_FFT,
    hop_length=HOP_LENGTH,
    f_min=F_MIN,
    f_max=F_MAX,
    n_mels=N_MELS,
    power=1.0,
    normalized=True,
)


def run():
    with torch.inference_mode():
        return mel(chunks)


serve(check=run().double().sum().item(), run=run, warm_up=20)
