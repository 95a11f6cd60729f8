"""The axes of an einops pattern are those of another layout."""

import torch.nn as nn
from einops import rearrange


class Attention(nn.Module):
    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.to_out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = (rearrange(t, "b n (h d) -> b h n d", h=self.heads) for t in (q, k, v))
        attn = (q @ k.transpose(-1, -2) * d**-0.5).softmax(dim=-1)
        out = rearrange(attn @ v, "b h n -> b n h")  # expect: einops-mismatch  # repair: out = rearrange(attn @ v, "b h n d -> b n (h d)")
        return self.to_out(out)


# run: Attention()(randn(2, 5, 64))
