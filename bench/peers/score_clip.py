"""The score of a clip by PyTorch and scikit-learn. Counterpart of bench/ours/score-clip.mjs, on the same model."""

import numpy as np
import torch
from sklearn.mixture import GaussianMixture

from front_end import split_chunks
from inputs import read_float32, read_json, read_safetensors
from network import SerialOeNetwork, load_weights
from serving import serve
from torch_mel import TorchMel

manifest = read_json("model/manifest.json")
amplitude = manifest["amplitude"]
clip = read_float32("clip.f32")

network = SerialOeNetwork(manifest["nHeadOutputs"])
load_weights(network, read_safetensors("model/weights.safetensors"))
network.eval()
mel = TorchMel()

fitted = manifest["detectors"][manifest["machineIds"][0]]["mixture"]
mixture = GaussianMixture(n_components=fitted["nComponents"], covariance_type="full")
mixture.weights_ = np.array(fitted["weights"])
mixture.means_ = np.array(fitted["means"])
mixture.precisions_cholesky_ = np.array(fitted["precisionsCholesky"])


def run():
    chunks = torch.from_numpy(split_chunks((clip - amplitude["mean"]) / amplitude["std"]).astype(np.float32))
    with torch.inference_mode():
        embeddings = network.embed(mel(chunks)[:, None]).numpy()
    scores = np.sort(-mixture.score_samples(embeddings))
    return float(scores[len(scores) // 2 :].mean())


serve(check=run(), run=run, warm_up=3)
