"""One training and its scores in PyTorch and scikit-learn. Counterpart of bench/ours/train-and-score.mjs.

    python train_and_score.py JOB RESULT

JOB: JSON { config, machineType, clips } with clips of { path, machineType, machineId, label, split }. RESULT: JSON
{ nSteps, seconds, cpuSeconds, loss, scores }, with the scores of the machine type's test clips in their order, by back end.
"""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch

from back_ends import ledoit_wolf_scorer, mixture_scorer, spread_of
from timm_network import TimmNetwork, total_loss
from training_clips import FrontEnd, epoch_batches, mix, mixup_probability, read_waveform, split_validation
from training_config import check_config

ALL = "all"


class Clips:
    """The clips of a job by their role, and their waveforms."""

    def __init__(self, job):
        self.config = job["config"]
        of_split = lambda split: [clip for clip in job["clips"] if clip["split"] == split]
        is_target = lambda clip: clip["machineType"] == job["machineType"]
        if any(is_target(clip) and clip["label"] != "normal" for clip in of_split("train")):
            raise ValueError("this peer trains without known anomalies; leave them out of the split train")
        normal = [clip for clip in of_split("train") if clip["label"] == "normal"]
        fraction = self.config["validation"]["fraction"]
        trained, held_out = split_validation(normal, fraction, np.random.default_rng(self.config["seed"]))
        self.normal = [clip for clip in trained if is_target(clip)]
        self.outliers = [clip for clip in trained if not is_target(clip)]
        self.fitted = self.normal + [clip for clip in held_out if is_target(clip)]
        self.test = [clip for clip in of_split("test") if is_target(clip)]
        self.machine_ids = sorted({clip["machineId"] for clip in self.normal}) if self.config["useMachineIds"] else []
        self.waveforms = {clip["path"]: self.read(clip) for clip in self.normal + self.outliers}
        self.front_end = FrontEnd(self.config["frontEnd"], [self.waveforms[clip["path"]] for clip in self.normal])

    def read(self, clip):
        return read_waveform(clip["path"], self.config["frontEnd"]["sampleRate"])

    def one_hot(self, clip):
        return np.array([float(clip["machineId"] == name) for name in self.machine_ids], dtype=np.float32)

    def waveform(self, clip):
        known = self.waveforms.get(clip["path"])
        return self.read(clip) if known is None else known


def prepared_batch(clips, drawn, mixup, rng):
    """Spectrograms, y and t' of a mini-batch; mixup: whether to."""
    normal = [clips.normal[i] for i in drawn[0]]
    chosen = normal + [clips.outliers[i] for i in drawn[1]]
    chunks = np.stack([clips.front_end.training_chunk(clips.waveforms[clip["path"]], rng) for clip in chosen])
    y = np.array([1.0] * len(normal) + [0.0] * len(drawn[1]), dtype=np.float32)
    targets = np.stack([clips.one_hot(clip) for clip in chosen]) * y[:, None]
    if mixup:
        chunks, y, targets = mix([chunks, y, targets], clips.config["mixup"]["beta"], rng)
    return clips.front_end.spectrograms(chunks), torch.from_numpy(y), torch.from_numpy(targets)


def schedule_steps(n_normal_clips, n_steps, config):
    """Updates that the schedule is made for: those of the training, or, as in the published code, of about twice as many."""
    if config["optimization"]["scheduleLength"] == "training":
        return n_steps
    n_groups = n_normal_clips // config["batch"]["nNormal"] + 1
    return config["optimization"]["nEpochs"] * n_groups * (1 if config["batch"]["skipEverySecondGroup"] else 2)


def optimizer_of(network, config, n_steps):
    """AdamW, and its one-cycle schedule over so many steps."""
    optimization = config["optimization"]
    rate = optimization["maxLearningRate"]
    optimizer = torch.optim.AdamW(
        network.parameters(),
        lr=rate,
        betas=(0.9, optimization["beta2"]),
        eps=optimization["epsilon"],
        weight_decay=optimization["weightDecay"],
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=rate,
        total_steps=n_steps,
        pct_start=optimization["pctStart"],
        div_factor=optimization["divFactor"],
        final_div_factor=optimization["finalDivFactor"],
        cycle_momentum=optimization["cycleMomentum"],
    )
    return optimizer, schedule


def train(clips):
    """The trained network, the number of its updates, and the mean loss terms of the last epoch."""
    config = clips.config
    loss_config, n_epochs = config["loss"], config["optimization"]["nEpochs"]
    torch.manual_seed(config["seed"])
    n_ids = len(clips.machine_ids) if loss_config["alpha"] > 0 else 0
    network = TimmNetwork(config["network"], n_ids)
    network.train()
    draw = lambda epoch: np.random.default_rng([config["seed"], epoch])
    epochs = lambda epoch, rng: epoch_batches(len(clips.normal), len(clips.outliers), config["batch"], rng)
    n_steps = n_epochs * len(epochs(0, draw(0)))
    optimizer, schedule = optimizer_of(network, config, schedule_steps(len(clips.normal), n_steps, config))
    step = 0
    for epoch in range(n_epochs):
        rng = draw(epoch)
        terms = []
        for drawn in epochs(epoch, rng):
            is_mixed = rng.random() < mixup_probability(step, n_steps, config["mixup"]["schedule"])
            x, y, targets = prepared_batch(clips, drawn, is_mixed, rng)
            loss, type_loss, id_loss = total_loss(network(x), y, targets, loss_config, is_mixed)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            step += 1
            if step < schedule.total_steps:
                schedule.step()
            terms.append([None if term is None else term.item() for term in (type_loss, id_loss)])
    means = [None if None in column else float(np.mean(column)) for column in zip(*terms)]
    return network, step, {"typeLoss": means[0], "idLoss": means[1]}


@torch.inference_mode()
def embeddings(network, clips, some):
    network.eval()
    front_end = clips.front_end
    spectrograms = (front_end.spectrograms(front_end.clip_chunks(clips.waveform(clip))) for clip in some)
    return [network.embed(x).numpy().astype(np.float64) for x in spectrograms]


def score(network, clips):
    """Back end -> the score of each test clip."""
    name_of = lambda clip: clip["machineId"] if clips.config["useMachineIds"] else ALL
    by_machine = {}
    for clip, embedded in zip(clips.fitted, embeddings(network, clips, clips.fitted)):
        by_machine.setdefault(clip["machineId"], []).append(embedded)
    spread = spread_of(by_machine.values())
    if not clips.config["useMachineIds"]:
        by_machine = {ALL: [clip for group in by_machine.values() for clip in group]}
    tested = embeddings(network, clips, clips.test)
    scorers = {
        "mixture": {name: mixture_scorer(group, clips.config) for name, group in by_machine.items()},
        "ledoitWolf": {name: ledoit_wolf_scorer(group, spread) for name, group in by_machine.items()},
    }
    return {
        back_end: [float(by_name[name_of(clip)](embedded)) for clip, embedded in zip(clips.test, tested)]
        for back_end, by_name in scorers.items()
    }


def main(job_file, result_file):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    job = json.loads(Path(job_file).read_text())
    check_config(job["config"])
    clocks = [read_clocks()]
    clips = Clips(job)
    network, n_steps, loss = train(clips)
    clocks.append(read_clocks())
    scores = score(network, clips)
    clocks.append(read_clocks())
    result = {"nSteps": n_steps, **times_of(*clocks), "loss": loss, "scores": scores}
    Path(result_file).write_text(json.dumps(result))


def read_clocks():
    """Seconds on the wall, and of processor time over all threads."""
    return {"seconds": time.perf_counter(), "cpuSeconds": time.process_time()}


def times_of(start, trained, end):
    return {name: {"train": trained[name] - start[name], "score": end[name] - trained[name]} for name in start}


if __name__ == "__main__":
    main(*sys.argv[1:])
