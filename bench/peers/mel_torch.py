"""Mel spectrograms of the 10 chunks of a clip by torch.stft. Counterpart of bench/ours/mel.mjs."""

import torch

from front_end import split_chunks
from inputs import read_float32
from serving import serve
from torch_mel import TorchMel

chunks = torch.from_numpy(split_chunks(read_float32("clip.f32")))
mel = TorchMel()


def run():
    with torch.inference_mode():
        return mel(chunks)


serve(check=run().double().sum().item(), run=run, warm_up=20)
