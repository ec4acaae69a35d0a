"""EfficientNet-B0 of timm with the neck and heads of Serial-OE in PyTorch, filled by formula_values."""

import timm
import torch
from torch import nn

from formula_values import formula_weight


class SerialOeExtractor(nn.Module):
    """Dropout is left out: golden runs are deterministic."""

    def __init__(self, n_machine_ids, embedding_size=128):
        super().__init__()
        self.backbone = timm.create_model("tf_efficientnet_b0", in_chans=1, num_classes=0, pretrained=False)
        self.neck = nn.ModuleDict(
            {
                "linear1": nn.Linear(1280, embedding_size),
                "bn": nn.BatchNorm1d(embedding_size),
                "prelu": nn.PReLU(),
                "linear2": nn.Linear(embedding_size, embedding_size),
            }
        )
        self.type_head = nn.Linear(1, 1)
        self.id_head = nn.Linear(embedding_size, n_machine_ids, bias=False)

    def forward(self, x):
        """x [batch, 1, n_mels, n_frames]; returns a dict of every depth, images as NHWC."""
        net = self.backbone
        out = {}
        h = net.bn1(net.conv_stem(x))
        out["stem"] = h
        for i, stage in enumerate(net.blocks):
            h = stage(h)
            out[f"stage{i}"] = h
        h = net.bn2(net.conv_head(h))
        out["head"] = h
        out["features"] = h.mean((2, 3))
        neck = self.neck
        f = neck["linear2"](neck["prelu"](neck["bn"](neck["linear1"](out["features"]))))
        out["embedding"] = f
        out["typeLogits"] = self.type_head((f * f).mean(1, keepdim=True))[:, 0]
        out["idLogits"] = self.id_head(f)
        return {k: v.permute(0, 2, 3, 1) if v.dim() == 4 else v for k, v in out.items()}


def our_name(name):
    """timm's names carry no prefix here."""
    return name.removeprefix("backbone.")


def our_shape(name, shape):
    """PyTorch's shape -> ours: OIHW -> HWIO, depthwise [C,1,k,k] -> [k,k,C,1], squeeze-excite and Linear -> [in,out]."""
    if len(shape) == 4:
        out_channels, in_channels, height, width = shape
        if "conv_dw" in name:
            return (height, width, out_channels, 1)
        if ".se." in name:
            return (in_channels, out_channels)
        return (height, width, in_channels, out_channels)
    if len(shape) == 2 and name != "type_head.weight":
        return (shape[1], shape[0])
    return (1,) if name == "type_head.weight" else tuple(shape)


def to_torch(name, ours, shape):
    """An array in our layout -> PyTorch's layout."""
    tensor = torch.from_numpy(ours)
    if len(shape) == 4:
        if ".se." in name:
            tensor = tensor.t()[:, :, None, None]
        else:
            tensor = tensor.permute(2, 3, 0, 1) if "conv_dw" in name else tensor.permute(3, 2, 0, 1)
    elif len(shape) == 2:
        tensor = tensor.reshape(shape) if name == "type_head.weight" else tensor.t()
    assert tuple(tensor.shape) == tuple(shape), (name, tensor.shape, shape)
    return tensor.contiguous()


def to_ours(name, tensor):
    """A PyTorch tensor -> our layout (used for gradients)."""
    if tensor.dim() == 4:
        if ".se." in name:
            return tensor[:, :, 0, 0].t()
        return tensor.permute(2, 3, 0, 1) if "conv_dw" in name else tensor.permute(2, 3, 1, 0)
    if tensor.dim() == 2:
        return tensor.reshape(1) if name == "type_head.weight" else tensor.t()
    return tensor


def fill_by_formula(model):
    """Sets every parameter and running statistic."""
    state = {}
    for key, value in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            state[key] = value
            continue
        name, shape = our_name(key), tuple(value.shape)
        state[key] = to_torch(name, formula_weight(name, our_shape(name, shape)), shape)
    model.load_state_dict(state)
    return model
