"""Small FLAC, MP3, Ogg Vorbis and Opus files, and what libsndfile and ffmpeg read in them.

Run from the repository's root:
    pip install numpy soundfile imageio-ffmpeg
    python tools/reference/compressed_files.py
Writes packages/audio-features/test/golden/compressed-files.json: each file as base64 with the sample rate, the numbers of
channels and samples, and a stretch of each channel; of FLAC all integers. MP3, Vorbis and Opus by ffmpeg; FLAC is lossless,
so its integers are those that went in, which libsndfile confirms.
"""

import base64
import io
import json
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile

OUTPUT = Path("packages/audio-features/test/golden/compressed-files.json")
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
STRETCH = slice(600, 700)


def sound(n, rate, bits):
    random = np.random.default_rng(0)
    x = 0.3 * np.sin(2 * np.pi * 440 * np.arange(n) / rate) + 0.01 * random.standard_normal(n)
    x[[5, 6]] = [1, -1]  # both ends of the range
    return np.clip(np.round(x * 2 ** (bits - 1)), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1).astype(np.int64)


def as_wav(values, rate, bits):
    buffer = io.BytesIO()
    subtype = {8: "PCM_U8", 16: "PCM_16", 24: "PCM_24"}[bits]
    soundfile.write(buffer, (values << (32 - bits)).astype(np.int32), rate, subtype=subtype, format="WAV")
    return buffer.getvalue()


def encode(wav, name, *options):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.wav"), Path(folder, name)
        source.write_bytes(wav)
        run(["-i", str(source), "-bitexact", *options, str(target)])
        return target.read_bytes()


def run(arguments, **options):
    return subprocess.run([FFMPEG, "-v", "error", *arguments], check=True, capture_output=True, **options).stdout


def flac_files():
    for bits, channels, rate in ((8, 1, 8000), (16, 1, 16000), (16, 2, 44100), (24, 1, 48000), (24, 2, 96000)):
        values = np.stack([sound(700, rate, bits) >> c for c in range(channels)], 1)
        buffer = io.BytesIO()
        subtype = f"PCM_{'S8' if bits == 8 else bits}"
        soundfile.write(buffer, (values << (32 - bits)).astype(np.int32), rate, subtype=subtype, format="FLAC")
        content = buffer.getvalue()
        read, _ = soundfile.read(io.BytesIO(content), always_2d=True, dtype="int32")
        assert np.array_equal(read >> (32 - bits), values)
        entry = {"bits": bits, "integers": values.T.tolist()}
        yield f"flac_{bits}_{channels}ch", content, rate, channels, len(values), entry
    values = sound(2500, 16000, 16)[:, None]
    wav = as_wav(values, 16000, 16)
    entry = {"bits": 16, "integers": values.T.tolist()}
    yield "flac_ffmpeg", encode(wav, "a.flac", "-frame_size", "1000"), 16000, 1, 2500, entry
    ogg = encode(wav, "a.oga", "-c:a", "flac")
    yield "flac_ogg", ogg, 16000, 1, 2500, entry
    command = ["-f", "wav", "-i", "pipe:0", "-f", "flac", "pipe:1"]  # neither length nor MD5
    yield "flac_pipe", run(command, input=as_wav(values[:700], 16000, 16)), 16000, 1, 700, {"bits": 16, "integers": values[:700].T.tolist()}


def lossy_files():
    kinds = (
        ("mp3", "a.mp3", 16000, ["-c:a", "libmp3lame", "-b:a", "48k"]),
        ("mp3_no_header", "a.mp3", 16000, ["-c:a", "libmp3lame", "-b:a", "48k", "-write_xing", "0"]),
        ("mp3_id3", "a.mp3", 44100, ["-c:a", "libmp3lame", "-q:a", "8", "-metadata", "title=hall 3", "-id3v2_version", "3"]),
        ("mp3_8k", "a.mp3", 8000, ["-c:a", "libmp3lame", "-b:a", "16k"]),
        ("mp2", "a.mp2", 16000, ["-c:a", "mp2", "-b:a", "48k"]),
        ("vorbis", "a.ogg", 16000, ["-c:a", "libvorbis", "-q:a", "0"]),
        ("opus", "a.opus", 48000, ["-c:a", "libopus", "-b:a", "32k"]),
    )
    for kind, name, rate, options in kinds:
        for channels in (1, 2):
            values = np.stack([sound(4000, rate, 16) >> c for c in range(channels)], 1)
            content = encode(as_wav(values, rate, 16), name, *options)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, name)
                path.write_bytes(content)
                raw = run(["-i", str(path), "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"])
            read = np.frombuffer(raw, "<f4").reshape(-1, channels)
            stretch = [[float(f"{v:.6g}") for v in column] for column in read[STRETCH].T.astype(float)]
            # ffmpeg does not cut Vorbis where its last page says that it ends; libsndfile does.
            n_samples = soundfile.info(io.BytesIO(content)).frames if kind == "vorbis" else len(read)
            yield f"{kind}_{channels}ch", content, rate, channels, n_samples, {"stretch": stretch}


def main():
    files = []
    for name, content, rate, channels, n_samples, entry in [*flac_files(), *lossy_files()]:
        files.append({
            "name": name,
            "base64": base64.b64encode(content).decode(),
            "sampleRate": rate,
            "nChannels": channels,
            "nSamples": n_samples,
            **entry,
        })
        print(name, len(content), n_samples)
    golden = {
        "generator": "tools/reference/compressed_files.py",
        "versions": {
            "soundfile": version("soundfile"),
            "libsndfile": soundfile.__libsndfile_version__,
            "ffmpeg": imageio_ffmpeg.get_ffmpeg_version(),
        },
        "seed": 0,
        "tolerance": "FLAC exact; the others 1e-3 of full scale",
        "stretchStart": STRETCH.start,
        "files": files,
    }
    OUTPUT.write_text(json.dumps(golden, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


if __name__ == "__main__":
    main()
