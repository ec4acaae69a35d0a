"""What libsndfile, SciPy and ffmpeg read in WAV files as recorders, pipes and broken copies leave them.

Run from the repository's root:
    pip install numpy scipy soundfile imageio-ffmpeg
    python tools/reference/wav_files.py
Writes packages/audio-features/test/golden/wav-files.json: each file as base64, and of each reader the sample rate, the
number of channels and frames, and the interleaved samples (full scale = 1), or null where it refuses the file.
"""

import base64
import io
import json
import struct
import subprocess
import warnings
from importlib.metadata import version
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soundfile
from scipy.io import wavfile

OUTPUT = Path("packages/audio-features/test/golden/wav-files.json")
RATE = 16000
N = 60
X = 0.5 * np.sin(np.arange(N) * 0.37 + 0.2)
GUID_TAIL = bytes([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71])
PCM_GUID = struct.pack("<H", 1) + GUID_TAIL


def pcm(x, bits):
    if bits == 8:
        return (np.round(x * 128) + 128).astype(np.uint8).tobytes()
    values = np.round(x * 2.0 ** (bits - 1)).astype("<i8")
    return b"".join(int(v).to_bytes(8, "little", signed=True)[: bits // 8] for v in values)


def fmt(tag=1, ch=1, rate=RATE, bits=16, align=None, extra=b"", byterate=None):
    align = ch * bits // 8 if align is None else align
    byterate = (rate * align) & 0xFFFFFFFF if byterate is None else byterate
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, ch, rate, byterate, align, bits) + extra)


def ext(valid, guid=PCM_GUID):
    return struct.pack("<HHI", 22, valid, 4) + guid


def chunk(name, body, pad=True, size=None):
    padding = b"\0" if pad and len(body) % 2 else b""
    return name + struct.pack("<I", len(body) if size is None else size) + body + padding


def riff(*chunks, size=None, tag=b"RIFF"):
    body = b"WAVE" + b"".join(chunks)
    return tag + struct.pack("<I", len(body) if size is None else size) + body


def data(body, **options):
    return chunk(b"data", body, **options)


def ds64(riff_size, data_size, frames):
    return chunk(b"ds64", struct.pack("<QQQI", riff_size, data_size, frames, 0))


D = pcm(X, 16)
F = fmt()
INFO = chunk(b"LIST", b"INFO" + chunk(b"ISFT", b"Lavf58.76.100\0"))
ODD_INFO = b"INFO" + b"ICMT" + struct.pack("<I", 5) + b"abcde"
STREAMED_SIZES = [0x7FFF0000, 0x7FFFF000, 0x7FFFF024, 0x7FFFFFDB, 0x7FFFFFFF, 0x80000000, 0xFFFFFF00, 0xFFFFFFDA, 0xFFFFFFFE]


def lengths():
    yield "whole", riff(F, data(D))
    yield "pipe_ffmpeg", riff(F, INFO, data(D, size=0xFFFFFFFF), size=0xFFFFFFFF)
    yield "pipe_zero", riff(F, data(D, size=0), size=0)
    yield "pipe_zero_riff36", riff(F, data(D, size=0), size=36)
    yield "pipe_zero_riff_unknown", riff(F, data(D, size=0), size=0xFFFFFFFF)
    yield "pipe_zero_riff_whole", riff(F, data(D, size=0))
    for size in STREAMED_SIZES:
        yield f"pipe_{size:08x}", riff(F, data(D, size=size), size=(size + 36) & 0xFFFFFFFF)
    yield "pipe_odd_byte", riff(F, data(D + b"\x11", size=0xFFFFFFFF, pad=False), size=0xFFFFFFFF)
    yield "riff_size_zero", riff(F, data(D), size=0)
    yield "riff_size_too_small", riff(F, data(D), size=len(D) // 3)
    yield "riff_size_too_large", riff(F, data(D), size=60_000_000)
    yield "riff_size_plus8", riff(F, data(D), size=len(D) + 44)
    yield "riff_size_without_list", riff(F, data(D), INFO, size=len(D) + 36)
    yield "one_byte_cut", riff(F, data(D))[:-1]
    yield "one_byte_cut_stereo", riff(fmt(ch=2), data(D))[:-1]
    yield "size_2_too_large", riff(F, data(D, size=len(D) + 2))
    yield "size_counts_header", riff(F, data(D, size=len(D) + 44))
    yield "size_counts_fmt", riff(F, data(D, size=len(D) + 36))
    yield "odd_last_byte", riff(F, data(D + b"\x11"))
    yield "odd_last_byte_unpadded", riff(F, data(D + b"\x11", pad=False))
    yield "half_cut", riff(F, data(pcm(np.tile(X, 20), 16)))[: -N * 20]
    yield "empty", riff(F, data(b""))
    yield "empty_list_behind", riff(F, data(b""), INFO)
    yield "empty_lists_behind", riff(F, data(b""), INFO, chunk(b"id3 ", b"ID3\x03" + b"\0" * 16))
    yield "empty_list_behind_riff_zero", riff(F, data(b""), INFO, size=0)


def chunks():
    yield "list_odd_padded", riff(F, chunk(b"LIST", ODD_INFO), data(D))
    yield "list_odd_unpadded", riff(F, chunk(b"LIST", ODD_INFO, pad=False), data(D))
    yield "junk_odd_unpadded", riff(chunk(b"JUNK", b"\0" * 27, pad=False), F, data(D))
    yield "data_odd_nopad_list", riff(fmt(bits=24), data(pcm(X[:-1], 24), pad=False), INFO)
    yield "bext_first", riff(chunk(b"bext", b"Machine 7".ljust(602, b"\0")), F, data(D))
    yield "cue_behind", riff(F, data(D), chunk(b"cue ", struct.pack("<I", 0)))
    yield "id3_in_front", b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 10 + riff(F, data(D))
    yield "id3_chunk_behind", riff(F, data(D), chunk(b"id3 ", b"ID3\x03" + b"\0" * 16))
    yield "trailing_garbage", riff(F, data(D)) + b"\0" * 512
    yield "data_before_fmt", riff(data(D), F)
    yield "two_data_first_empty", riff(F, data(b""), INFO, data(D))
    yield "fmt_nul", riff(b"fmt\0" + F[4:], data(D))
    yield "upper_DATA", riff(F, chunk(b"DATA", D))
    yield "junk_for_ds64", riff(chunk(b"JUNK", b"\0" * 28), F, data(D))
    yield "rf64", riff(ds64(72 + len(D), len(D), N), F, data(D, size=0xFFFFFFFF), size=0xFFFFFFFF, tag=b"RF64")
    yield "bw64", riff(ds64(72 + len(D), len(D), N), F, data(D, size=0xFFFFFFFF), size=0xFFFFFFFF, tag=b"BW64")
    yield "rf64_streamed", riff(ds64(0, 0, 0), F, data(D, size=0xFFFFFFFF), size=0xFFFFFFFF, tag=b"RF64")
    most = 2**64 - 1
    yield "rf64_unknown", riff(ds64(most, most, most), F, data(D, size=0xFFFFFFFF), size=0xFFFFFFFF, tag=b"RF64")
    big = D_BIG
    yield "rifx", (b"RIFX" + struct.pack(">I", 36 + len(big)) + b"WAVEfmt " + struct.pack(">IHHIIHH", 16, 1, 1, RATE, RATE * 2, 2, 16)
                   + b"data" + struct.pack(">I", len(big)) + big)


D_BIG = np.frombuffer(D, "<i2").astype(">i2").tobytes()


def formats():
    in32 = (np.round(X * 2**23).astype("<i4") << 8).astype("<i4").tobytes()
    in24 = pcm(np.round(X * 2**19) / 2**19, 24)
    in16 = pcm(np.round(X * 2**11) / 2**11, 16)
    yield "fmt18", riff(fmt(extra=b"\0\0"), data(D))
    yield "fmt40_pcm_tag", riff(fmt(extra=ext(16)), data(D))
    yield "ext16", riff(fmt(0xFFFE, extra=ext(16)), data(D))
    yield "ext_zero_valid", riff(fmt(0xFFFE, extra=ext(0)), data(D))
    yield "ext_fmt18", riff(fmt(0xFFFE, extra=b"\0\0"), data(D))
    yield "ext_guid_zero_tail", riff(fmt(0xFFFE, extra=ext(16, struct.pack("<H", 1) + b"\0" * 14)), data(D))
    yield "ext_24in32", riff(fmt(0xFFFE, bits=32, extra=ext(24)), data(in32))
    yield "ext_20in24", riff(fmt(0xFFFE, bits=24, extra=ext(20)), data(in24))
    yield "ext_24_align4", riff(fmt(0xFFFE, bits=24, align=4, extra=ext(24)), data(in32))
    yield "ext_20_align3", riff(fmt(0xFFFE, bits=20, align=3, extra=ext(20)), data(in24))
    yield "ext_12_align2", riff(fmt(0xFFFE, bits=12, align=2, extra=ext(12)), data(in16))
    for bits, align, body in ((24, 4, in32), (20, 3, in24), (18, 3, in24), (12, 2, in16), (10, 2, in16), (20, 4, in32)):
        yield f"pcm_{bits}_align{align}", riff(fmt(bits=bits, align=align), data(body))
        stereo = len(body) // (2 * align) * 2 * align
        yield f"pcm_{bits}_align{align}_stereo", riff(fmt(ch=2, bits=bits, align=2 * align), data(body[:stereo]))
    yield "pcm_12_align0", riff(fmt(bits=12, align=0), data(in16))
    yield "pcm_20_align0", riff(fmt(bits=20, align=0), data(in24))
    for align in (0, 1, 3, 4, 8):
        yield f"align{align}_mono16", riff(fmt(align=align, byterate=RATE * 2), data(D))
        yield f"align{align}_stereo16", riff(fmt(ch=2, align=align, byterate=RATE * 4), data(D))
        yield f"align{align}_mono24", riff(fmt(bits=24, align=align, byterate=RATE * 3), data(pcm(X, 24)))
        yield f"align{align}_float32", riff(fmt(3, bits=32, align=align, byterate=RATE * 4), data(X.astype("<f4").tobytes()))
    for align in (0, 1, 2, 4):
        yield f"align{align}_mono8", riff(fmt(bits=8, align=align, byterate=RATE), data(pcm(X, 8)))
    yield "byterate0", riff(fmt(byterate=0), data(D))
    yield "channels0", riff(fmt(ch=0, align=2), data(D))
    for bits in (8, 16, 24, 32):
        yield f"s{bits}", riff(fmt(bits=bits), data(pcm(X, bits)))
    yield "f32", riff(fmt(3, bits=32), data(X.astype("<f4").tobytes()))
    yield "f64", riff(fmt(3, bits=64), data(X.astype("<f8").tobytes()))
    yield "f16", riff(fmt(3, bits=16), data(X.astype("<f2").tobytes()))
    for rate in (0, 1, 500, 999, 1000, 8000, 192000, 1_000_000, 1_000_001, 100_000_000, 0x7FFFFFFF, 0xFFFFFFFF):
        yield f"rate_{rate}", riff(fmt(rate=rate, byterate=0 if rate > 2e9 else None), data(D))


def strangers():
    yield "no_bytes", b""
    yield "html", b"<!DOCTYPE html><html><body>404 Not Found</body></html>"
    yield "lfs", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 320044\n"
    yield "avi", b"RIFF" + struct.pack("<I", 100) + b"AVI " + b"\0" * 96


def from_libsndfile(content):
    samples, rate = soundfile.read(io.BytesIO(content), always_2d=True, dtype="float64")
    return {"sampleRate": rate, "nChannels": samples.shape[1], "samples": samples.ravel().tolist()}


def from_scipy(content):
    rate, samples = wavfile.read(io.BytesIO(content))
    if samples.dtype == np.uint8:
        samples = (samples.astype(float) - 128) / 128
    elif samples.dtype.kind == "i":
        samples = samples / 2.0 ** (8 * samples.dtype.itemsize - 1)
    n_channels = 1 if samples.ndim == 1 else samples.shape[1]
    return {"sampleRate": rate, "nChannels": n_channels, "samples": samples.astype(float).ravel().tolist()}


def from_ffmpeg(content):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "wav", "-i", "pipe:0", "-f", "f64le", "-c:a", "pcm_f64le", "pipe:1"]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    return {"samples": np.frombuffer(done.stdout, "<f8").tolist()}


def read_with(reader, content):
    try:
        found = reader(content)
    except Exception:  # whatever a reader has against a file
        return None
    values = [float(f"{value:.17g}") for value in found["samples"]]
    if not np.all(np.isfinite(values)):
        return None
    return {**found, "samples": values}


def main():
    warnings.simplefilter("ignore")
    readers = {"libsndfile": from_libsndfile, "scipy": from_scipy, "ffmpeg": from_ffmpeg}
    files = []
    readings = []
    index = {}
    for name, content in [*lengths(), *chunks(), *formats(), *strangers()]:
        entry = {"name": name, "base64": base64.b64encode(content).decode()}
        for reader, read in readers.items():
            reading = read_with(read, content)
            if reading is None:
                entry[reader] = None
                continue
            key = json.dumps(reading)
            if key not in index:  # most files hold the same sound: each reading is written once
                index[key] = len(readings)
                readings.append(reading)
            entry[reader] = index[key]
        files.append(entry)
    golden = {
        "generator": "tools/reference/wav_files.py",
        "versions": {
            "soundfile": version("soundfile"),
            "libsndfile": soundfile.__libsndfile_version__,
            "scipy": version("scipy"),
            "ffmpeg": imageio_ffmpeg.get_ffmpeg_version(),
        },
        "seed": "none",
        "tolerance": "exact in float32",
        "readings": readings,
        "files": files,
    }
    lines = json.dumps(golden, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"')
    OUTPUT.write_text(lines + "\n")


if __name__ == "__main__":
    main()
