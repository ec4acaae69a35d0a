"""Mel spectrograms by torch.stft: what torchaudio's MelSpectrogram does, for a PyTorch without torchaudio."""

import torch

from front_end import HOP_LENGTH, N_FFT, mel_filters, window_norm


class TorchMel:
    def __init__(self):
        self.window = torch.hann_window(N_FFT)
        self.filters = torch.from_numpy(mel_filters())
        self.norm = window_norm()

    def __call__(self, chunks):
        """[n, n_samples] -> [n, n_mels, n_frames]"""
        spectrum = torch.stft(
            chunks, N_FFT, HOP_LENGTH, N_FFT, self.window, center=True, pad_mode="reflect", return_complex=True
        )
        magnitude = (spectrum / self.norm).abs()
        return torch.matmul(magnitude.transpose(-1, -2), self.filters).transpose(-1, -2)
