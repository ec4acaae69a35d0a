"""Golden outputs of STgram-MFN (both bottleneck tables) and of Noisy-ArcMix's network, built in PyTorch.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_stgram.py
Writes packages/baselines/test/golden/network_stgram_head.json, network_stgram_paper.json and network_tastgram.json.
"""

import torch
from torch import nn
from torch.nn import functional

from network_parity import formula_input, full_case, run_case, write_golden

TABLES = {  # expansion, channels, repeats, stride of the first
    "head": [(2, 128, 2, 2), (4, 128, 2, 2), (4, 128, 2, 2)],
    "paper": [(2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1)],
}


class Tgram(nn.Module):
    def __init__(self, n_filters, n_frames):
        super().__init__()
        self.conv_blocks = nn.Conv1d(1, n_filters, 1024, 512, 512, bias=False)
        self.encoder = nn.ModuleList(
            nn.ModuleDict(
                {"norm": nn.LayerNorm(n_frames), "conv": nn.Conv1d(n_filters, n_filters, 3, 1, 1, bias=False)}
            )
            for _ in range(3)
        )

    def forward(self, waveform):
        x = self.conv_blocks(waveform[:, None])
        for layer in self.encoder:
            x = layer["conv"](functional.leaky_relu(layer["norm"](x), 0.2))
        return x


def unit(key, conv, has_prelu=True):
    layers = {key: conv, "bn": nn.BatchNorm2d(conv.out_channels)}
    if has_prelu:
        layers["prelu"] = nn.PReLU(conv.out_channels)
    return nn.ModuleDict(layers)


def run(layers, x):
    for layer in layers.values():
        x = layer(x)
    return x


def depthwise(n, stride):
    return unit("conv_dw", nn.Conv2d(n, n, 3, stride, 1, groups=n, bias=False))


class Bottleneck(nn.Module):
    def __init__(self, n_in, n_out, expansion, stride):
        super().__init__()
        n_mid = n_in * expansion
        self.has_skip = stride == 1 and n_in == n_out
        self.expand = unit("conv", nn.Conv2d(n_in, n_mid, 1, bias=False))
        self.depthwise = depthwise(n_mid, stride)
        self.project = unit("conv", nn.Conv2d(n_mid, n_out, 1, bias=False), has_prelu=False)

    def forward(self, x):
        y = run(self.project, run(self.depthwise, run(self.expand, x)))
        return x + y if self.has_skip else y


class MobileFaceNet(nn.Module):
    def __init__(self, table, in_channels, image_shape):
        super().__init__()
        self.conv1 = unit("conv", nn.Conv2d(in_channels, 64, 3, 2, 1, bias=False))
        self.conv2 = depthwise(64, 1)
        n_in, blocks, size = 64, [], [-(-s // 2) for s in image_shape]
        for expansion, n_out, repeats, first_stride in TABLES[table]:
            for i in range(repeats):
                stride = first_stride if i == 0 else 1
                blocks.append(Bottleneck(n_in, n_out, expansion, stride))
                size = [-(-s // stride) for s in size]
                n_in = n_out
        self.blocks = nn.ModuleList(blocks)
        self.conv3 = unit("conv", nn.Conv2d(n_in, 512, 1, bias=False))
        whole = nn.Conv2d(512, 512, size, groups=512, bias=False)
        self.add_module("global", unit("conv_dw", whole, has_prelu=False))
        self.feature = unit("conv", nn.Conv2d(512, 128, 1, bias=False), has_prelu=False)

    def forward(self, x):
        x = run(self.conv2, run(self.conv1, x))
        for block in self.blocks:
            x = block(x)
        return run(self.feature, run(getattr(self, "global"), run(self.conv3, x))).flatten(1)


class Stgram(nn.Module):
    """`has_attention`: Noisy-ArcMix's channels (Tgram, Sgram, TAgram) instead of STgram's (Sgram, Tgram)."""

    def __init__(self, table, n_samples, n_mels, has_attention=False):
        super().__init__()
        n_frames = n_samples // 512 + 1
        self.has_attention = has_attention
        self.tgram = Tgram(n_mels, n_frames)
        self.mfn = MobileFaceNet(table, 3 if has_attention else 2, (n_mels, n_frames))

    def forward(self, waveform, sgram):
        """sgram [batch, n_mels, n_frames, 1]"""
        sgram = sgram[..., 0]
        tgram = self.tgram(waveform)
        if not self.has_attention:
            return self.mfn(torch.stack((sgram, tgram), 1))
        gate = torch.sigmoid(sgram.amax(1, keepdim=True) + sgram.mean(1, keepdim=True))
        return self.mfn(torch.stack((tgram, sgram, sgram * gate), 1))


def inputs_of(shapes):
    return [formula_input(name, shape) for name, shape in shapes.items()]


def shapes_of(batch, n_samples, n_mels):
    return {"waveform": [batch, n_samples], "sgram": [batch, n_mels, n_samples // 512 + 1, 1]}


def write(script, table, has_attention):
    small, full = shapes_of(4, 9000, 32), shapes_of(1, 160000, 128)
    model = Stgram(table, 160000, 128, has_attention)
    write_golden(
        script,
        {
            "small": run_case(Stgram(table, 9000, 32, has_attention), inputs_of(small), small),
            "full": full_case(model, inputs_of(full), full),
        },
    )


if __name__ == "__main__":
    write("network_stgram_head", "head", False)
    write("network_stgram_paper", "paper", False)
    write("network_tastgram", "head", True)
