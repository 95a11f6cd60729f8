"""Normalizing flows: affine coupling layers with masks and halves; a twin that splits a third."""

import math

import torch
from torch import nn


# run: AffineCoupling(4)(randn(8, 4))
class AffineCoupling(nn.Module):
    def __init__(self, dim: int, hidden: int = 64, flip: bool = False):
        super().__init__()
        self.flip = flip
        self.net = nn.Sequential(nn.Linear(dim // 2, hidden), nn.Tanh(), nn.Linear(hidden, dim // 2 * 2))

    def forward(self, x):
        a, b = x.chunk(2, dim=-1)
        if self.flip:
            a, b = b, a
        log_s, t = self.net(a).chunk(2, dim=-1)
        log_s = torch.tanh(log_s)
        b = b * log_s.exp() + t
        y = torch.cat([b, a] if self.flip else [a, b], dim=-1)
        return y, log_s.sum(-1)


# run: RealNVP()(randn(8, 6))
class RealNVP(nn.Module):  # params: 2584
    def __init__(self, dim=6, layers=4):
        super().__init__()
        self.dim = dim
        self.flows = nn.ModuleList([AffineCoupling(dim, flip=i % 2 == 1) for i in range(layers)])

    # torchlint: input x: [B, 6]
    def forward(self, x):
        log_det = x.new_zeros(x.shape[0])
        for flow in self.flows:
            x, ld = flow(x)  # shape: x [B, 6], ld [B]
            log_det = log_det + ld
        log_prob = -0.5 * (x**2 + math.log(2 * math.pi)).sum(dim=1)  # shape: [B]
        return log_prob + log_det


# run: MaskedCoupling()(randn(8, 6))
class MaskedCoupling(nn.Module):
    def __init__(self, dim=6):
        super().__init__()
        mask = torch.arange(dim) % 2
        self.register_buffer("mask", mask.float())
        self.s = nn.Linear(dim, dim)
        self.t = nn.Linear(dim, dim)

    # torchlint: input x: [B, 6]
    def forward(self, x):
        x_ = x * self.mask  # shape: [B, 6]
        s = self.s(x_) * (1 - self.mask)
        return x_ + (1 - self.mask) * (x * torch.exp(s) + self.t(x_)), s.sum(dim=1)


# run: WrongCoupling()(randn(8, 6))
class WrongCoupling(nn.Module):
    def __init__(self, dim=6):
        super().__init__()
        self.dim = dim
        self.net = nn.Linear(dim // 2, dim)

    # torchlint: input x: [N, 6]
    def forward(self, x):
        a, b = x[:, : self.dim // 3], x[:, self.dim // 3 :]  # shape: a [N, 2], b [N, 4]
        s, t = self.net(a).chunk(2, dim=1)  # expect: linear-in-features "3"
        return torch.cat([a, b], dim=1)
