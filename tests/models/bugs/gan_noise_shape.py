"""A DCGAN generator that is fed flat noise."""

import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self, nz=100, ngf=32):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 4, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 4),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 4, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.main(z)  # expect: wrong-rank


netG = Generator()
noise = torch.randn(8, 100)  # repair: noise = torch.randn(8, 100, 1, 1)
fake = netG(noise)
