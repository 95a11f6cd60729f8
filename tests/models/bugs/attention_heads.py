"""The heads are split off by a view that forgets what comes last."""

import math

import torch
import torch.nn as nn


class SelfAttention(nn.Module):
    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        B, T, C = x.shape
        q = self.q(x).view(B, T, self.heads, self.head_dim).transpose(1, 2)
        k = self.k(x).view(B, T, self.heads, self.head_dim).transpose(1, 2)
        v = self.v(x).view(B, T, self.heads, self.head_dim).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.head_dim)
        out = scores.softmax(-1) @ v
        out = out.transpose(1, 2).view(B, T, C)  # expect: view-noncontiguous  # repair: out = out.transpose(1, 2).reshape(B, T, C)
        return self.out(out)


# run: SelfAttention()(randn(2, 5, 64))
