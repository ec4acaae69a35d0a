"""Golden outputs of Keras' MobileNetV2 of width 0.5 with its classifier, built in PyTorch with Keras' padding and BatchNorm.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_mobilenetv2.py
Writes packages/baselines/test/golden/network_mobilenetv2.json.
"""

from torch import nn
from torch.nn import functional

from keras_layers import SameConv2d, batch_norm
from network_parity import formula_input, full_case, run_case, write_golden

STAGES = [(16, 1, 1, 1), (24, 2, 2, 6), (32, 3, 2, 6), (64, 4, 2, 6), (96, 3, 1, 6), (160, 3, 2, 6), (320, 1, 1, 6)]


def make_divisible(v, divisor=8):
    new = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * v else new


def unit(key, conv):
    return nn.ModuleDict({key: conv, "bn": batch_norm(conv.out_channels, 0.001)})


def run(layers, x, has_activation=True):
    for layer in layers.values():
        x = layer(x)
    return functional.relu6(x) if has_activation else x


class Block(nn.Module):
    def __init__(self, n_in, n_out, stride, expansion):
        super().__init__()
        n_mid = n_in * expansion
        self.has_skip = stride == 1 and n_in == n_out
        if expansion > 1:
            self.expand = unit("conv", nn.Conv2d(n_in, n_mid, 1, bias=False))
        self.depthwise = unit("conv_dw", SameConv2d(n_mid, n_mid, 3, stride, groups=n_mid, bias=False))
        self.project = unit("conv", nn.Conv2d(n_mid, n_out, 1, bias=False))

    def forward(self, x):
        y = run(self.expand, x) if hasattr(self, "expand") else x
        y = run(self.project, run(self.depthwise, y), has_activation=False)
        return x + y if self.has_skip else y


class MobileNetV2(nn.Module):
    def __init__(self, n_classes, width=0.5):
        super().__init__()
        n_in = make_divisible(32 * width)
        self.stem = unit("conv", SameConv2d(3, n_in, 3, 2, bias=False))
        stages = []
        for channels, repeats, stride, expansion in STAGES:
            n_out = make_divisible(int(channels * width))
            stages.append(nn.ModuleList())
            for i in range(repeats):
                stages[-1].append(Block(n_in, n_out, stride if i == 0 else 1, expansion))
                n_in = n_out
        self.blocks = nn.ModuleList(stages)
        self.last = unit("conv", nn.Conv2d(n_in, 1280, 1, bias=False))
        self.classifier = nn.Linear(1280, n_classes)

    def forward(self, x):
        """x [batch, n_frames, n_mels, 1]"""
        x = run(self.stem, x.permute(0, 3, 1, 2).repeat(1, 3, 1, 1))
        for stage in self.blocks:
            for block in stage:
                x = block(x)
        return self.classifier(run(self.last, x).mean((2, 3)))


def main():
    small, full = {"sgram": [4, 32, 48, 1]}, {"sgram": [2, 64, 128, 1]}
    model = MobileNetV2(7)
    write_golden(
        "network_mobilenetv2",
        {
            "small": run_case(MobileNetV2(7), [formula_input("sgram", small["sgram"])], small),
            "full": full_case(model, [formula_input("sgram", full["sgram"])], full),
        },
    )


if __name__ == "__main__":
    main()
