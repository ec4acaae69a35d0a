"""Numbers that look random and that Python and TypeScript both compute exactly, so that golden files hold outputs
alone. The same formula as tooling/test-support/formula-values.ts; shapes are the ones of our layout (HWIO, [in, out])."""

import numpy as np

MASK = np.uint64(0xFFFFFFFF)


def _fnv1a(text):
    value = 0x811C9DC5
    for character in text:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value


def formula_values(name, length):
    """`length` values in [-1, 1)."""
    h = (np.arange(length, dtype=np.uint64) * np.uint64(0x9E3779B1) + np.uint64(_fnv1a(name))) & MASK
    h = ((h ^ (h >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & MASK
    h = ((h ^ (h >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & MASK
    h = h ^ (h >> np.uint64(16))
    return h.astype(np.float64) / 2**31 - 1


def formula_weight(name, shape):
    u = formula_values(name, int(np.prod(shape)))
    return _transform(name, shape, u).astype(np.float32).reshape(shape)


def _transform(name, shape, u):
    if name.endswith("running_var"):
        return 1 + 0.5 * u
    if name.endswith("running_mean"):
        return 0.2 * u
    if name.endswith("bias"):
        return 0.1 * u
    if name.endswith("prelu.weight"):
        return 0.25 + 0.05 * u
    if len(shape) == 1:
        return 1 + 0.2 * u
    is_depthwise = "conv_dw" in name
    fan_in = shape[0] * shape[1] if is_depthwise else np.prod(shape) / shape[-1]
    return np.sqrt(3.0) * np.sqrt(2.0 / fan_in) * u
