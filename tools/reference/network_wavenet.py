"""Golden outputs of SW-WaveNet's two WaveNets, built in PyTorch.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_wavenet.py
Writes packages/baselines/test/golden/network_wavenet.json.
"""

import torch
from torch import nn
from torch.nn import functional

from network_parity import formula_input, full_case, run_case, write_golden


class CausalConv1d(nn.Conv1d):
    def forward(self, x):
        before = (self.kernel_size[0] - 1) * self.dilation[0]
        return super().forward(functional.pad(x, (before, 0)))


class ResidualLayer(nn.Module):
    def __init__(self, n, dilation):
        super().__init__()

        def branch():
            conv = CausalConv1d(n, n, 3, dilation=dilation, bias=False)
            return nn.ModuleDict({"conv": conv, "bn": nn.BatchNorm1d(n)})

        self.signal, self.gate = branch(), branch()
        self.residual, self.skip = nn.Conv1d(n, n, 1), nn.Conv1d(n, n, 1)

    def forward(self, x):
        a, b = (branch["bn"](branch["conv"](x)) for branch in (self.signal, self.gate))
        f = self.residual(torch.tanh(a) * torch.sigmoid(b))
        return f + x, self.skip(f)


class WaveNet(nn.Module):
    def __init__(self, n_in, n_frames, n_hidden, n_out, n_cycles):
        super().__init__()
        self.causal = CausalConv1d(n_in, n_hidden, 2, bias=False)
        self.layers = nn.ModuleList(ResidualLayer(n_hidden, d) for d in n_cycles * [1, 2, 4, 8])
        self.skip_bn = nn.BatchNorm1d(n_hidden)
        whole = nn.Conv1d(n_hidden, n_hidden, n_frames, groups=n_hidden, bias=False)
        self.time = nn.ModuleDict({"conv_dw": whole, "bn": nn.BatchNorm1d(n_hidden)})
        self.feature = nn.Conv1d(n_hidden, n_out, 1, bias=False)

    def forward(self, x):
        x, total = self.causal(x), 0
        for layer in self.layers:
            x, skip = layer(x)
            total = total + skip
        y = torch.relu(self.skip_bn(total))
        return self.feature(self.time["bn"](self.time["conv_dw"](y)))[..., 0]


class WaveNetPair(nn.Module):
    def __init__(self, n_samples, n_mels, n_hidden=512, n_out=128, n_cycles=2):
        super().__init__()
        self.wavegram = nn.ModuleDict({"conv_blocks": nn.Conv1d(1, n_mels, 1024, 512, 512, bias=False)})
        sizes = (n_mels, n_samples // 512 + 1, n_hidden, n_out, n_cycles)
        self.wave, self.spec = WaveNet(*sizes), WaveNet(*sizes)

    def forward(self, waveform, sgram):
        """sgram [batch, n_mels, n_frames, 1]"""
        wavegram = self.wavegram["conv_blocks"](waveform[:, None])
        return torch.cat((self.wave(wavegram), self.spec(sgram[..., 0])), 1)


def shapes_of(batch, n_samples, n_mels):
    return {"waveform": [batch, n_samples], "sgram": [batch, n_mels, n_samples // 512 + 1, 1]}


def main():
    small, full = shapes_of(4, 9000, 12), shapes_of(1, 160000, 128)
    model = WaveNetPair(160000, 128)
    inputs = [[formula_input(name, shape) for name, shape in shapes.items()] for shapes in (small, full)]
    write_golden(
        "network_wavenet",
        {
            "small": run_case(WaveNetPair(9000, 12, 24, 8, 1), inputs[0], small),
            "full": full_case(model, inputs[1], full),
        },
    )


if __name__ == "__main__":
    main()
