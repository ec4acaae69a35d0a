"""Golden outputs of the residual network with two heads of the DDCSAD-style system, built in PyTorch.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_resnet.py
Writes packages/baselines/test/golden/network_resnet.json.
"""

import torch
from torch import nn
from torch.nn import functional

from keras_layers import pad_same
from network_parity import formula_input, full_case, run_case, write_golden

STAGES = [32, 64, 128, 256]


def unit(n_in, n_out, kernel, stride):
    conv = nn.Conv2d(n_in, n_out, kernel, stride, kernel // 2, bias=False)
    return nn.ModuleDict({"conv": conv, "bn": nn.BatchNorm2d(n_out)})


def run(layers, x):
    return layers["bn"](layers["conv"](x))


class Block(nn.Module):
    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.add_module("0", unit(n_in, n_out, 3, stride))
        self.add_module("1", unit(n_out, n_out, 3, 1))
        if stride > 1 or n_in != n_out:
            self.shortcut = unit(n_in, n_out, 1, stride)

    def forward(self, x):
        y = run(self._modules["1"], torch.relu(run(self._modules["0"], x)))
        return torch.relu(y + (run(self.shortcut, x) if "shortcut" in self._modules else x))


class ResnetTwoHeads(nn.Module):
    def __init__(self, embedding_size=128):
        super().__init__()
        self.stem = nn.ModuleList([unit(1, 32, 3, 1), unit(32, 32, 3, 1)])
        before = [32, *STAGES]
        self.stages = nn.ModuleList(
            nn.ModuleList([Block(a, b, 2 if i > 0 else 1), Block(b, b, 1)])
            for i, (a, b) in enumerate(zip(before, STAGES))
        )
        self.embedding = nn.Linear(STAGES[-1], embedding_size)
        self.classifier = nn.Linear(embedding_size, 1)

    def forward(self, x):
        """x [batch, n_frames, n_mels, 1]"""
        x = x.permute(0, 3, 1, 2)
        for layer in self.stem:
            x = torch.relu(run(layer, x))
        x = functional.max_pool2d(pad_same(x, 2, 2, float("-inf")), 2)
        for stage in self.stages:
            for block in stage:
                x = block(x)
        course = x.mean(3)
        embedding = self.embedding(course.mean(2) + course.amax(2))
        return torch.cat((embedding, self.classifier(torch.relu(embedding))), 1)


def main():
    small, full = {"sgram": [3, 18, 10, 1]}, {"sgram": [1, 256, 64, 1]}
    model = ResnetTwoHeads()
    write_golden(
        "network_resnet",
        {
            "small": run_case(ResnetTwoHeads(), [formula_input("sgram", small["sgram"])], small),
            "full": full_case(model, [formula_input("sgram", full["sgram"])], full),
        },
    )


if __name__ == "__main__":
    main()
