"""A Fourier neural operator's spectral convolution, a spectral-normalized critic, and a critic with a stale head."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm


class SpectralConv1d(nn.Module):
    def __init__(self, in_channels, out_channels, modes1):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.modes1 = modes1
        self.scale = 1 / (in_channels * out_channels)
        self.weights1 = nn.Parameter(self.scale * torch.rand(in_channels, out_channels, self.modes1, dtype=torch.cfloat))

    def compl_mul1d(self, input, weights):
        return torch.einsum("bix,iox->box", input, weights)

    def forward(self, x):
        batchsize = x.shape[0]
        x_ft = torch.fft.rfft(x)
        out_ft = torch.zeros(batchsize, self.out_channels, x.size(-1) // 2 + 1, device=x.device, dtype=torch.cfloat)
        out_ft[:, :, : self.modes1] = self.compl_mul1d(x_ft[:, :, : self.modes1], self.weights1)
        x = torch.fft.irfft(out_ft, n=x.size(-1))
        return x


# run: SpectralConv1d(4, 8, 6)(randn(2, 4, 64))
# run: FNO1d()(randn(2, 64, 2))
class FNO1d(nn.Module):  # params: 78337
    def __init__(self, modes=16, width=64):
        super().__init__()
        self.fc0 = nn.Linear(2, width)
        self.conv0 = SpectralConv1d(width, width, modes)
        self.w0 = nn.Conv1d(width, width, 1)
        self.fc1 = nn.Linear(width, 128)
        self.fc2 = nn.Linear(128, 1)

    # torchlint: input x: [N, 64, 2]
    def forward(self, x):
        x = self.fc0(x)  # shape: [N, 64, 64]
        x = x.permute(0, 2, 1)
        x1 = self.conv0(x)  # shape: [N, 64, 64]
        x2 = self.w0(x)
        x = F.gelu(x1 + x2)
        x = x.permute(0, 2, 1)
        x = F.gelu(self.fc1(x))
        return self.fc2(x)


# run: Critic()(randn(2, 3, 32, 32))
class Critic(nn.Module):  # params: 38497
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            spectral_norm(nn.Conv2d(3, 32, 4, 2, 1)), nn.LeakyReLU(0.1), spectral_norm(nn.Conv2d(32, 64, 4, 2, 1)), nn.LeakyReLU(0.1)
        )
        self.fc = spectral_norm(nn.Linear(64 * 8 * 8, 1))

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        out = self.net(x)  # shape: [N, 64, 8, 8]
        return self.fc(out.view(out.size(0), -1)).view(-1)


# run: WrongCritic()(randn(2, 3, 64, 64))
class WrongCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = spectral_norm(nn.Conv2d(3, 32, 4, 2, 1))
        self.fc = spectral_norm(nn.Linear(32 * 16 * 16, 1))

    # torchlint: input x: [N, 3, 64, 64]
    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))  # expect: linear-in-features "8192"
