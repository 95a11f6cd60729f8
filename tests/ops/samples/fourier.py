"""Samples for Fourier transforms."""

from __future__ import annotations

import torch

from ops.calls import call

X, Z = torch.rand(2, 400), torch.rand(2, 9, 5, dtype=torch.complex64)

OPERATIONS = {
    "torch.fft.fftfreq": [call(5), call(4, d=0.5)],
    "torch.fft.rfftfreq": [call(5), call(4, d=0.5)],
    "torch.fft.rfft2": [call(torch.rand(2, 3, 5)), call(torch.rand(3)), call(X + 0j), call(X, dim=(0, 0))],
    "torch.fft.irfft": [call(Z), call(Z, 7), call(Z, dim=3), call(torch.rand(2, 1))],
    "torch.stft": [
        call(X, 16, return_complex=True),
        call(X, 16, 5, 10, torch.rand(10), return_complex=True),
        call(X, 16, 5, 10, torch.rand(11), return_complex=True),
        call(X, 16, 5, 20, return_complex=True),
        call(X, 15, center=False, return_complex=False),
        call(X, 15, onesided=False, return_complex=True),
        call(X, 16),
        call(X, 500, center=False, return_complex=True),
        call(X, 1000, return_complex=True),
        call(torch.rand(1, 2, 400), 16, return_complex=True),
    ],
    "torch.istft": [
        call(Z, 16, window=torch.ones(16)),
        call(Z, 16, window=torch.ones(16), length=20),
        call(Z, 20, window=torch.ones(20)),
        call(Z.real, 16, window=torch.ones(16)),
    ],
}
