"""The extractor with its heads on timm's EfficientNet-B0, from random weights, and the loss of Eq. 1-4."""

import timm
import torch
from torch import nn
from torch.nn import functional


class TimmNetwork(nn.Module):
    def __init__(self, config, n_machine_ids):
        super().__init__()
        embedding_size = config["embeddingSize"]
        self.backbone = timm.create_model(
            "tf_efficientnet_b0", pretrained=False, in_chans=1, num_classes=0, global_pool="avg", drop_rate=0.0, drop_path_rate=0.0
        )
        self.neck = nn.Sequential(
            nn.Dropout(config["dropoutRate"]),
            nn.Linear(self.backbone.num_features, embedding_size),
            nn.BatchNorm1d(embedding_size),
            nn.PReLU(),
            nn.Linear(embedding_size, embedding_size),
        )
        self.type_head = nn.Linear(1, 1)
        if config["typeHeadStart"] != "random":
            nn.init.constant_(self.type_head.weight, config["typeHeadStart"])
            nn.init.constant_(self.type_head.bias, -config["typeHeadStart"])
        self.id_head = nn.Linear(embedding_size, n_machine_ids, bias=False) if n_machine_ids else None

    def embed(self, x):
        """[batch, 1, n_mels, n_frames] -> [batch, embedding_size]"""
        return self.neck(self.backbone(x))

    def forward(self, x):
        """Type logits [batch], and ID logits [batch, n_machine_ids] or None."""
        embedding = self.embed(x)
        type_logits = self.type_head(embedding.square().mean(1, keepdim=True))[:, 0]
        return type_logits, self.id_head(embedding) if self.id_head else None


def id_loss(logits, targets, normalization, is_mixed):
    """Eq. 2-3 in one of its readings: which rows count, and what their sum is divided by."""
    if normalization == "reference":
        normalization = "all" if is_mixed else "normals"
    rows = functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(1)
    if normalization == "all":
        return rows.mean()
    shares = targets.sum(1)
    weights = {"normals": shares, "text": (shares > 0).float(), "printed": torch.ones_like(shares)}[normalization]
    divisor = shares.sum() if normalization == "printed" else weights.sum()
    return (weights * rows).sum() / divisor if divisor > 0 else 0.0 * rows.sum()


def total_loss(outputs, y, targets, loss, is_mixed):
    """Eq. 4; the loss and its terms, None for one that takes no part."""
    type_logits, id_logits = outputs
    type_term = functional.binary_cross_entropy_with_logits(type_logits, y) if loss["useTypeLoss"] else None
    id_term = None if id_logits is None else id_loss(id_logits, targets, loss["normalization"], is_mixed)
    terms = [(type_term, 1.0), (id_term, loss["alpha"])]
    return sum(weight * term for term, weight in terms if term is not None), type_term, id_term
