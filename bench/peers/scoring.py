"""The scores of clips by PyTorch and scikit-learn, by the model that ours uses."""

import numpy as np
import torch
from sklearn.mixture import GaussianMixture

from front_end import split_chunks
from inputs import read_json, read_safetensors
from network import SerialOeNetwork, load_weights
from torch_mel import TorchMel


def array(value, tensors):
    """Long arrays of a bundle stand beside the weights, and the manifest names them."""
    return tensors[value["$tensor"]] if isinstance(value, dict) else np.array(value)


class Scorer:
    def __init__(self):
        manifest = read_json("model/manifest.json")
        self.amplitude = manifest["amplitude"]
        self.network = SerialOeNetwork(manifest["nHeadOutputs"])
        tensors = read_safetensors("model/weights.safetensors")
        load_weights(self.network, tensors)
        self.network.eval()
        self.mel = TorchMel()
        fitted = manifest["detectors"][manifest["machineIds"][0]]["detector"]
        self.mixture = GaussianMixture(n_components=fitted["nComponents"], covariance_type="full")
        self.mixture.weights_ = array(fitted["weights"], tensors)
        self.mixture.means_ = array(fitted["means"], tensors)
        self.mixture.precisions_cholesky_ = array(fitted["precisionsCholesky"], tensors)

    def __call__(self, clip):
        """[n_samples] -> score"""
        normalized = (clip - self.amplitude["mean"]) / self.amplitude["std"]
        chunks = torch.from_numpy(split_chunks(normalized).astype(np.float32))
        with torch.inference_mode():
            embeddings = self.network.embed(self.mel(chunks)[:, None]).numpy()
        scores = np.sort(-self.mixture.score_samples(embeddings))
        return float(scores[len(scores) // 2 :].mean())
