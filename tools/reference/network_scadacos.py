"""Golden outputs of the network of sub-cluster AdaCos, built in PyTorch with Keras' padding and BatchNorm.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_scadacos.py
Writes packages/baselines/test/golden/network_scadacos.json.
"""

import torch
from torch import nn
from torch.nn import functional

from keras_layers import SameConv2d, SameMaxPool2d, batch_norm
from network_parity import formula_input, full_case, run_case, write_golden

STAGES = [16, 32, 64, 128]


def leaky(x):
    return functional.leaky_relu(x, 0.1)


class Block(nn.Module):
    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1 = SameConv2d(n_in, n_out, 3, stride)
        self.bn1 = batch_norm(n_out)
        self.conv2 = SameConv2d(n_out, n_out, 3)
        if stride == 2:
            self.shortcut = nn.Conv2d(n_in, n_out, 1)
            self.pool = SameMaxPool2d(2)
        self.bn2 = batch_norm(n_out)

    def forward(self, x):
        y = self.conv2(self.bn1(leaky(self.conv1(leaky(x)))))
        if hasattr(self, "shortcut"):
            x = self.shortcut(self.pool(x))
        return self.bn2(x + y)


class Scadacos(nn.Module):
    def __init__(self, n_columns, embedding_size=128):
        super().__init__()
        self.stem = nn.ModuleDict({"conv": SameConv2d(1, 16, 7, 2), "bn": batch_norm(16)})
        widths = [None, *STAGES]
        self.stages = nn.ModuleList(
            nn.ModuleList([Block(a or b, b, 1 if a is None else 2), Block(b, b, 1)])
            for a, b in zip(widths, widths[1:])
        )
        self.embedding = nn.Linear(n_columns * STAGES[-1], embedding_size)

    def forward(self, x):
        """x [batch, n_frames, n_mels, 1]"""
        x = self.stem["bn"](leaky(self.stem["conv"](x.permute(0, 3, 1, 2))))
        x = functional.max_pool2d(x, 3, 2)
        for stage in self.stages:
            for block in stage:
                x = block(x)
        x = functional.max_pool2d(x, (x.shape[2], 1))
        return self.embedding(x.permute(0, 2, 3, 1).flatten(1))  # as Keras flattens: channels last


def main():
    small, full = {"sgram": [3, 70, 36, 1]}, {"sgram": [2, 313, 128, 1]}
    model = Scadacos(4)
    write_golden(
        "network_scadacos",
        {
            "small": run_case(Scadacos(1), [formula_input("sgram", small["sgram"])], small),
            "full": full_case(model, [formula_input("sgram", full["sgram"])], full),
        },
    )


if __name__ == "__main__":
    torch.manual_seed(0)
    main()
