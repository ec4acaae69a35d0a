"""EfficientNet-B0 in timm's `tf_` flavour with the neck and heads of Serial-OE, for any PyTorch from 1.13 on.

The layers that timm's tf_efficientnet_b0 has (one input channel), under its names; timm itself does not run on every
PyTorch that is measured. Written as PyTorch users write it: no layer is fused. SERIAL_OE_BENCH_MEMORY_FORMAT names the
memory format of weights and images, PyTorch's default one where it is not set.
"""

import os

import torch
from torch import nn
from torch.nn import functional

MEMORY_FORMAT = getattr(torch, os.environ.get("SERIAL_OE_BENCH_MEMORY_FORMAT", "contiguous_format"))
BATCH_NORM = {"eps": 1e-3, "momentum": 0.1}
EMBEDDING_SIZE, N_FEATURES = 128, 1280
# expansion, output channels, blocks, stride, kernel size
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)


class SamePadConv2d(nn.Conv2d):
    """TensorFlow's SAME padding: the odd pixel goes to the bottom and the right. Only needed where the stride is not 1."""

    def forward(self, x):
        pads = []
        for size, kernel, stride in zip(reversed(x.shape[2:]), reversed(self.kernel_size), reversed(self.stride)):
            total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return functional.conv2d(functional.pad(x, pads), self.weight, self.bias, self.stride, 0, 1, self.groups)


def conv(in_channels, out_channels, kernel=1, stride=1, groups=1):
    if stride == 1:
        return nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2, groups=groups, bias=False)
    return SamePadConv2d(in_channels, out_channels, kernel, stride, groups=groups, bias=False)


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.conv_reduce = nn.Conv2d(channels, squeezed, 1)
        self.conv_expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        gate = functional.silu(self.conv_reduce(x.mean((2, 3), keepdim=True)), inplace=True)
        return x * self.conv_expand(gate).sigmoid()


class Block(nn.Module):
    """Expand (but in the first stage), depthwise, squeeze-excite, project, residual connection."""

    def __init__(self, in_channels, out_channels, expansion, stride, kernel):
        super().__init__()
        middle = in_channels * expansion
        names = ["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"]
        if expansion == 1:
            names = [None, None, "conv_dw", "bn1", "conv_pw", "bn2"]
        self.layer_names = names
        layers = [
            conv(in_channels, middle),
            nn.BatchNorm2d(middle, **BATCH_NORM),
            conv(middle, middle, kernel, stride, groups=middle),
            nn.BatchNorm2d(middle, **BATCH_NORM),
            conv(middle, out_channels),
            nn.BatchNorm2d(out_channels, **BATCH_NORM),
        ]
        for name, layer in zip(names, layers):
            if name:
                self.add_module(name, layer)
        self.se = SqueezeExcite(middle, in_channels // 4)
        self.has_residual = stride == 1 and in_channels == out_channels

    def forward(self, x):
        expand, expand_norm, depthwise, depthwise_norm, project, project_norm = (
            getattr(self, name) if name else None for name in self.layer_names
        )
        h = functional.silu(expand_norm(expand(x)), inplace=True) if expand else x
        h = self.se(functional.silu(depthwise_norm(depthwise(h)), inplace=True))
        h = project_norm(project(h))
        return h + x if self.has_residual else h


class SerialOeNetwork(nn.Module):
    """Dropout is left out: every contender shall have the same loss."""

    def __init__(self, n_machine_ids):
        super().__init__()
        self.conv_stem = conv(1, 32, 3, 2)
        self.bn1 = nn.BatchNorm2d(32, **BATCH_NORM)
        stages, channels = [], 32
        for expansion, out_channels, n_blocks, stride, kernel in STAGES:
            blocks = []
            for i in range(n_blocks):
                blocks.append(Block(channels, out_channels, expansion, stride if i == 0 else 1, kernel))
                channels = out_channels
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        self.conv_head = conv(channels, N_FEATURES)
        self.bn2 = nn.BatchNorm2d(N_FEATURES, **BATCH_NORM)
        self.neck = nn.ModuleDict(
            {
                "linear1": nn.Linear(N_FEATURES, EMBEDDING_SIZE),
                "bn": nn.BatchNorm1d(EMBEDDING_SIZE),
                "prelu": nn.PReLU(),
                "linear2": nn.Linear(EMBEDDING_SIZE, EMBEDDING_SIZE),
            }
        )
        self.type_head = nn.Linear(1, 1)
        self.id_head = nn.Linear(EMBEDDING_SIZE, n_machine_ids, bias=False)

    def embed(self, x):
        """[batch, 1, n_mels, n_frames] -> [batch, EMBEDDING_SIZE]"""
        x = x.contiguous(memory_format=MEMORY_FORMAT)
        h = functional.silu(self.bn1(self.conv_stem(x)), inplace=True)
        h = functional.silu(self.bn2(self.conv_head(self.blocks(h))), inplace=True)
        neck = self.neck
        return neck["linear2"](neck["prelu"](neck["bn"](neck["linear1"](h.mean((2, 3))))))

    def forward(self, x):
        """Type logits [batch] and ID logits [batch, n_machine_ids]."""
        embedding = self.embed(x)
        return self.type_head(embedding.square().mean(1, keepdim=True))[:, 0], self.id_head(embedding)


def load_weights(network, weights):
    """Fills the network with our weights, in the memory format: HWIO and [in, out] there, OIHW and [out, in] here."""
    state = network.state_dict()
    for name, target in state.items():
        if name.endswith("num_batches_tracked"):
            continue
        value = torch.from_numpy(weights[name])
        if target.dim() == 4 and ".se." in name:
            value = value.t()[:, :, None, None]
        elif target.dim() == 4:
            value = value.permute(2, 3, 0, 1) if "conv_dw" in name else value.permute(3, 2, 0, 1)
        elif target.dim() == 2 and name != "type_head.weight":
            value = value.t()
        target.copy_(value.reshape(target.shape))
    network.load_state_dict(state)
    network.to(memory_format=MEMORY_FORMAT)
