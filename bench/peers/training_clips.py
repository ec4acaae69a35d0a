"""Recordings, and the mini-batches and chunks that are cut from them."""

import math

import numpy as np
import soundfile
import torch

from front_end import mel_filters, split_chunks, window_norm


def read_waveform(path, sample_rate):
    """[n_samples] float32, full scale = 1."""
    waveform, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != sample_rate or waveform.shape[1] != 1:
        raise ValueError(f"{path} must be mono at {sample_rate} Hz for this peer")
    return waveform[:, 0]


class FrontEnd:
    """Waveforms -> amplitude-normalised chunks -> mel spectrograms."""

    def __init__(self, config, normal_waveforms):
        """The amplitude is that of all samples of the target type's normal clips."""
        self.config = config
        self.length = round(config["chunkSeconds"] * config["sampleRate"])
        samples = np.concatenate(normal_waveforms).astype(np.float64)
        self.mean, self.std = samples.mean(), samples.std()
        self.window = torch.hann_window(config["winLength"])
        self.norm = window_norm(config["winLength"])
        self.filters = torch.from_numpy(
            mel_filters(config["nMels"], config["nFft"], config["sampleRate"], config["fMin"], config["fMax"])
        )

    def training_chunk(self, waveform, rng):
        start = rng.integers(len(waveform) - self.length + 1)
        return self.normalized(waveform[start : start + self.length])

    def clip_chunks(self, waveform):
        """[n_chunks, length]: ceil(2 L / S) of them, equally spaced."""
        n_chunks = self.config["nChunks"]
        if n_chunks == "auto":
            n_chunks = math.ceil(2 * len(waveform) / self.length)
        return self.normalized(split_chunks(waveform, self.length, n_chunks))

    def normalized(self, waveform):
        return ((waveform - self.mean) / self.std).astype(np.float32)

    def spectrograms(self, chunks):
        """[n, length] -> [n, 1, n_mels, n_frames]"""
        n_fft, hop, window = self.config["nFft"], self.config["hopLength"], self.config["winLength"]
        spectrum = torch.stft(
            torch.as_tensor(chunks), n_fft, hop, window, self.window, center=True, pad_mode="reflect", return_complex=True
        )
        magnitude = (spectrum / self.norm).abs() ** self.config["power"]
        bands = torch.matmul(magnitude.transpose(-1, -2), self.filters).transpose(-1, -2)
        return self.logarithm(bands)[:, None]

    def logarithm(self, bands):
        kind = self.config["log"]
        if kind is None:
            return bands
        factor = {"natural": 1, "log10": 1 / math.log(10), "dB": 20 / self.config["power"] / math.log(10)}[kind]
        return factor * torch.log(bands.clamp(min=self.config["logFloor"]))


def split_validation(clips, fraction, rng):
    """(trained, held out): of the n clips of each machine round(fraction n) are held out, at least 1 of 2, never all."""
    machines = {}
    for clip in clips:
        machines.setdefault((clip["machineType"], clip["machineId"]), []).append(clip["path"])
    held_out = set()
    for paths in machines.values():
        n = min(len(paths) - 1, max(1, math.floor(fraction * len(paths) + 0.5))) if fraction > 0 else 0
        held_out.update(paths[i] for i in rng.permutation(len(paths))[:n])
    return [clip for clip in clips if clip["path"] not in held_out], [clip for clip in clips if clip["path"] in held_out]


def endless_shuffle(n, rng):
    """All indices below n in random order, then again in a new one."""
    while True:
        yield from rng.permutation(n)


def epoch_batches(n_normal_clips, n_outlier_clips, batch, rng):
    """Pairs of indices, of normal clips and of outliers. Each normal clip comes once; the last group is filled up with others."""
    size = batch["nNormal"]
    order = rng.permutation(n_normal_clips)
    groups = [list(order[i : i + size]) for i in range(0, n_normal_clips, size)]
    rest = endless_shuffle(n_normal_clips, rng)
    while len(groups[-1]) < size:
        clip = next(rest)
        if clip not in groups[-1] or len(groups[-1]) >= n_normal_clips:
            groups[-1].append(clip)
    if batch["skipEverySecondGroup"]:
        groups = groups[::2]
    outliers = endless_shuffle(n_outlier_clips, rng)
    return [(group, [next(outliers) for _ in range(batch["nOutliers"])]) for group in groups]


def mixup_probability(step, n_steps, schedule):
    if schedule == "cosine":
        return 0.5 * (1 - math.cos(min(math.pi, 2 * math.pi * step / n_steps)))
    return {"always": 1.0, "never": 0.0}[schedule]


def mix(arrays, beta, rng):
    """Eq. 5-7: each row of each array with that of a partner, by one lambda a row."""
    n = len(arrays[0])
    share = rng.beta(beta, beta, n).astype(np.float32)
    partner = rng.permutation(n)

    def mixed(rows):
        lam = share.reshape(-1, *[1] * (rows.ndim - 1))
        return lam * rows + (1 - lam) * rows[partner]

    return [mixed(rows) for rows in arrays]
