"""One letter too few in an einsum."""

import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, embed_size=64, heads=8):
        super().__init__()
        self.heads = heads
        self.head_dim = embed_size // heads
        self.queries = nn.Linear(embed_size, embed_size)
        self.keys = nn.Linear(embed_size, embed_size)

    def forward(self, x):
        N, L, _ = x.shape
        q = self.queries(x).reshape(N, L, self.heads, self.head_dim)
        k = self.keys(x).reshape(N, L, self.heads, self.head_dim)
        energy = torch.einsum("nqhd,nkd->nhqk", q, k)  # expect: wrong-rank  # repair: energy = torch.einsum("nqhd,nkhd->nhqk", q, k)
        return torch.softmax(energy / self.head_dim**0.5, dim=3)


attention = Attention()
weights = attention(torch.randn(2, 10, 64))
