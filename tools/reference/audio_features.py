"""Golden values for packages/audio-features: torchaudio's mel spectrograms and filter banks, torch's STFT.

    pip install torch==2.9.1 torchaudio==2.9.1     (an environment of its own: torchaudio wants this torch)
    python tools/reference/audio_features.py
"""

import itertools
import json
from pathlib import Path

import numpy as np
import torch
import torchaudio
from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "audio-features" / "test" / "golden" / "audio-features.json"
SIGNAL = "audio-features.signal"
PAD_MODES = ["reflect", "constant", "replicate", "circular"]


def signal(length):
    """Noise of half of full scale on a small offset, as the test makes it."""
    return torch.from_numpy((0.5 * formula_values(SIGNAL, length) + 0.01).astype(np.float32))


def digits(values):
    return [float(f"{value:.8g}") for value in values]


def filterbank(options):
    """Band x bin, as packages/audio-features has it; torchaudio's is the transpose."""
    range_ = [options["nFft"] // 2 + 1, options["fMin"], options["fMax"], options["nMels"], options["sampleRate"]]
    if options["melScale"] == "linear":
        return torchaudio.functional.linear_fbanks(*range_).T
    return torchaudio.functional.melscale_fbanks(*range_, norm=options["norm"], mel_scale=options["melScale"]).T


def mel_spectrogram(options, waveform):
    spectrogram = {
        "n_fft": options["nFft"],
        "win_length": options["winLength"],
        "hop_length": options["hopLength"],
        "power": options["power"],
        "normalized": options["normalized"],
        "center": options["center"],
        "pad_mode": options["padMode"],
    }
    if options["melScale"] == "linear":
        mel = filterbank(options) @ torchaudio.transforms.Spectrogram(**spectrogram)(waveform)
    else:
        bands = {
            "sample_rate": options["sampleRate"],
            "f_min": options["fMin"],
            "f_max": options["fMax"],
            "n_mels": options["nMels"],
            "mel_scale": options["melScale"],
            "norm": options["norm"],
        }
        mel = torchaudio.transforms.MelSpectrogram(**spectrogram, **bands)(waveform)
    floor = options.get("logFloor", 1e-10)
    if options.get("log") == "natural":
        return torch.log(mel.clamp(min=floor))
    if options.get("log") == "log10":
        return torch.log10(mel.clamp(min=floor))
    if options.get("log") == "dB":
        kind = "magnitude" if options["power"] == 1 else "power"
        to_db = torchaudio.transforms.AmplitudeToDB(kind, top_db=None)
        to_db.amin = floor
        return to_db(mel)
    return mel


SMALL = {
    "sampleRate": 16000,
    "nFft": 512,
    "winLength": 512,
    "hopLength": 256,
    "fMin": 50.0,
    "fMax": 7800.0,
    "nMels": 8,
    "power": 1.0,
    "normalized": True,
    "center": True,
    "padMode": "reflect",
    "melScale": "htk",
    "norm": None,
}


def grid():
    """Every combination of the switches; pad mode, window and hop take turns."""
    switches = itertools.product(["htk", "slaney"], [None, "slaney"], [1.0, 2.0], [True, False], [True, False], [2048, 2011])
    for i, (mel_scale, norm, power, center, normalized, length) in enumerate(switches):
        options = {"melScale": mel_scale, "norm": norm, "power": power, "center": center, "normalized": normalized}
        turns = {
            "padMode": PAD_MODES[(i // 4) % 4],
            "winLength": [512, 400, 401, 511][(i // 2 + i // 8) % 4],
            "hopLength": [256, 129, 200][i % 3],
        }
        yield length, {**SMALL, **options, **turns}


def special():
    for pad_mode in PAD_MODES:
        yield 1001, {**SMALL, "padMode": pad_mode}
        yield 257, {**SMALL, "padMode": pad_mode}  # the shortest clip that reflects
    yield 60, {**SMALL, "padMode": "replicate"}
    yield 60, {**SMALL, "padMode": "constant"}
    yield 1500, {**SMALL, "power": 0.5}
    yield 1500, {**SMALL, "power": 3.0}
    yield 1500, {**SMALL, "nFft": 4, "winLength": 4, "hopLength": 100, "nMels": 1, "fMin": 0.0, "fMax": 8000.0}
    yield 1500, {**SMALL, "nFft": 8, "winLength": 5, "hopLength": 100, "nMels": 1, "fMin": 0.0, "fMax": 8000.0}
    yield 1500, {**SMALL, "nFft": 1024, "winLength": 1, "hopLength": 300}
    yield 5000, {**SMALL, "nFft": 4096, "winLength": 2500, "hopLength": 777, "fMin": 1000.0, "fMax": 2000.0}
    yield 3000, {**SMALL, "sampleRate": 44100, "fMin": 0.0, "fMax": 22050.0, "nMels": 20}
    yield 3000, {**SMALL, "sampleRate": 8000, "fMax": 4000.0, "nMels": 60}  # some bands hold no bin
    for log, power in itertools.product(["natural", "log10", "dB"], [1.0, 2.0]):
        yield 1200, {**SMALL, "log": log, "power": power}
    yield 1200, {**SMALL, "log": "dB", "logFloor": 0.3}
    for power, n_mels in [(1.0, 8), (2.0, 40)]:
        yield 2011, {**SMALL, "melScale": "linear", "power": power, "nMels": n_mels, "fMin": 0.0, "fMax": 8000.0}
    yield 9000, {**SMALL, "melScale": "linear", "log": "natural", "nMels": 3}  # frames enough for WebAssembly


def full_size():
    """The front end of Serial-OE on a 2 s chunk: too many values to keep, so some of them."""
    options = {**SMALL, "nFft": 2048, "winLength": 2048, "nMels": 224}
    mel = mel_spectrogram(options, signal(32000)).double().numpy()
    indices = list(range(0, mel.size, 97))
    return {
        "length": 32000,
        "shape": list(mel.shape),
        "mean": float(mel.mean()),
        "max": float(mel.max()),
        "indices": indices,
        "values": digits(mel.reshape(-1)[indices]),
    }


def filterbanks():
    cases = [
        {"sampleRate": 16000, "nFft": 128, "nMels": nMels, "fMin": f_min, "fMax": f_max, "melScale": mel_scale, "norm": norm}
        for mel_scale, norm in [("htk", None), ("htk", "slaney"), ("slaney", None), ("slaney", "slaney"), ("linear", None)]
        for nMels, f_min, f_max in [(6, 0.0, 8000.0), (9, 300.0, 5000.0)]
    ]
    for options in cases:
        yield {"options": options, "values": digits(filterbank(options).reshape(-1).tolist())}


def stfts():
    for length, n_fft, win_length, hop_length, center, pad_mode in [
        (300, 64, 64, 50, True, "reflect"),
        (301, 64, 41, 33, True, "circular"),
        (200, 32, 32, 16, False, "reflect"),
        (100, 4, 4, 20, True, "constant"),
    ]:
        spectrum = torch.stft(
            signal(length),
            n_fft,
            hop_length,
            win_length,
            torch.hann_window(win_length),
            center=center,
            pad_mode=pad_mode,
            return_complex=True,
        )
        yield {
            "length": length,
            "options": {
                "nFft": n_fft,
                "winLength": win_length,
                "hopLength": hop_length,
                "center": center,
                "padMode": pad_mode,
                "normalized": False,
            },
            "shape": list(spectrum.shape),
            "real": digits(spectrum.real.reshape(-1).tolist()),
            "imag": digits(spectrum.imag.reshape(-1).tolist()),
        }


def mel_case(length, options):
    mel = mel_spectrogram(options, signal(length))
    return {"length": length, "options": options, "shape": list(mel.shape), "values": digits(mel.reshape(-1).tolist())}


if __name__ == "__main__":
    golden = {
        "generator": "tools/reference/audio_features.py",
        "versions": {"torch": torch.__version__, "torchaudio": torchaudio.__version__},
        "seed": SIGNAL,
        "tolerance": {"rtol": 1e-4, "atolOfMax": 1e-5},
        "melSpectrograms": [mel_case(*case) for case in [*grid(), *special()]],
        "fullSize": full_size(),
        "filterbanks": list(filterbanks()),
        "stfts": list(stfts()),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB, {len(golden['melSpectrograms'])} mel spectrograms)")
