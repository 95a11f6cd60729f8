"""Models with symbolic sizes all the way: every parameter of the class is the caller's choice."""

import torch
from torch import nn


# run: Bilinear(3, 4, 5)(randn(2, 3), randn(2, 4))
class Bilinear(nn.Module):  # params: in1 * in2 * out + out
    def __init__(self, in1: int, in2: int, out: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out, in1, in2))
        self.bias = nn.Parameter(torch.zeros(out))

    def forward(self, x, y):
        z = torch.einsum("bi,oij,bj->bo", x, self.weight, y) + self.bias  # shape: [B, out]
        return z


# run: FeedForward(6, 12)(randn(2, 5, 6))
class FeedForward(nn.Module):  # params: 2 * dim * hidden + hidden + 3 * dim
    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.up = nn.Linear(dim, hidden)
        self.down = nn.Linear(hidden, dim)

    def forward(self, x):
        h = self.up(self.norm(x))  # shape: [B, L, hidden]
        return x + self.down(h.relu())


# run: Attention(12, 3)(randn(2, 5, 12))
class Attention(nn.Module):  # params: 4 * dim ** 2
    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)  # shape: q [B, L, dim], k [B, L, dim], v [B, L, dim]
        q, k, v = (t.reshape(b, n, self.heads, -1).transpose(1, 2) for t in (q, k, v))
        attn = (q @ k.transpose(-1, -2) * self.scale).softmax(dim=-1)  # shape: [B, heads, L, L]
        out = (attn @ v).transpose(1, 2).reshape(b, n, d)  # shape: [B, L, dim]
        return self.to_out(out)


# run: WrongFeedForward(6, 12)(randn(2, 5, 6))
class WrongFeedForward(nn.Module):
    """It only works for `hidden == dim`, and nobody says so: the residual is one of `hidden` features."""

    def __init__(self, dim: int = 64, hidden: int = 256):
        super().__init__()
        self.up = nn.Linear(dim, hidden)

    def forward(self, x):
        return x + self.up(x)  # expect: broadcast-mismatch "256"
