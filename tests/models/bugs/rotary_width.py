"""The frequencies are those of the whole width, not of one head."""

import torch
import torch.nn as nn
from einops import rearrange


class RotaryAttention(nn.Module):
    def __init__(self, d=64, h=4):
        super().__init__()
        self.h = h
        self.qkv = nn.Linear(d, 3 * d)
        inv = 1.0 / (10000 ** (torch.arange(0, d, 2).float() / d))  # repair: inv = 1.0 / (10000 ** (torch.arange(0, d // h, 2).float() / (d // h)))
        self.register_buffer("inv", inv)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = rearrange(self.qkv(x), "b n (three h d) -> three b h n d", three=3, h=self.h)
        ang = torch.outer(torch.arange(n, device=x.device).float(), self.inv)
        cos, sin = ang.cos(), ang.sin()
        q1, q2 = q[..., ::2], q[..., 1::2]
        return q1 * cos - q2 * sin  # expect: broadcast-mismatch "8 against 32"


# run: RotaryAttention()(randn(2, 5, 64))
