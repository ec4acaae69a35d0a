"""Keras' layers in PyTorch: SAME padding, and BatchNorm of images (epsilon 1e-3; the running variance takes the unbiased one,
as TensorFlow's fused kernel does, which PyTorch's also is)."""

from torch import nn
from torch.nn import functional


def same_padding(size, kernel, stride):
    """TensorFlow's SAME: out = ceil(in / stride), the odd pixel behind."""
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2


def pad_same(x, kernel, stride, value=0.0):
    rows = same_padding(x.shape[2], kernel, stride)
    columns = same_padding(x.shape[3], kernel, stride)
    return functional.pad(x, (*columns, *rows), value=value)


class SameConv2d(nn.Conv2d):
    def forward(self, x):
        return super().forward(pad_same(x, self.kernel_size[0], self.stride[0]))


class SameMaxPool2d(nn.MaxPool2d):
    def forward(self, x):
        return super().forward(pad_same(x, self.kernel_size, self.stride, value=float("-inf")))


def batch_norm(n, momentum=0.01):
    """Keras' momentum is 1 minus this one."""
    return nn.BatchNorm2d(n, eps=1e-3, momentum=momentum)
