"""Autoencoders: dense, and convolutional with transposed convolutions; one that decodes from the wrong code."""

import torch
from torch import nn
from torch.nn import functional as F


class DenseAE(nn.Module):  # params: 222384
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(28 * 28, 128), nn.ReLU(True), nn.Linear(128, 64), nn.ReLU(True), nn.Linear(64, 32))
        self.decoder = nn.Sequential(nn.Linear(32, 64), nn.ReLU(True), nn.Linear(64, 128), nn.ReLU(True), nn.Linear(128, 28 * 28), nn.Sigmoid())

    def forward(self, img):
        z = self.encoder(img.view(-1, 28 * 28))
        out = self.decoder(z)
        return out.view(-1, 1, 28, 28)


# run: ConvAE()(randn(2, 1, 28, 28))
class ConvAE(nn.Module):  # params: 7440
    def __init__(self):
        super().__init__()
        self.enc1 = nn.Conv2d(1, 16, 3, stride=2, padding=1)
        self.enc2 = nn.Conv2d(16, 4, 3, stride=2, padding=1)
        self.dec1 = nn.ConvTranspose2d(4, 32, 3, stride=2, padding=1, output_padding=1)
        self.mid = nn.Conv2d(32, 16, 3, padding="same")
        self.dec2 = nn.ConvTranspose2d(16, 1, 2, stride=2, padding=0)
        self.norm = nn.GroupNorm(4, 16)
        self.refine = nn.Conv2d(1, 1, 3, padding=1)
        self.scale = nn.Parameter(torch.ones(1))
        self.offset = nn.Parameter(torch.zeros(1, 1, 28, 28))

    # torchlint: input x: [N, 1, 28, 28]
    def forward(self, x):
        h = F.relu(self.enc1(x))  # shape: [N, 16, 14, 14]
        h = F.relu(self.enc2(h))  # shape: [N, 4, 7, 7]
        y = F.relu(self.dec1(h))  # shape: [N, 32, 14, 14]
        y = self.norm(self.mid(y))
        y = self.refine(self.dec2(y))  # shape: [N, 1, 28, 28]
        return torch.sigmoid(self.scale * y + self.offset)


# run: WrongAE()(randn(2, 784))
class WrongAE(nn.Module):
    """The code has 32 features, the decoder was written for 64."""

    def __init__(self, n=784):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(n, 128), nn.ReLU(), nn.Linear(128, 32))
        self.decoder = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, n))

    def forward(self, x):
        code = self.encoder(x.flatten(1))
        return self.decoder(code)  # expect: linear-in-features "64"
