"""The heads are not merged into the width of the model again."""

import math

import torch
import torch.nn as nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d=512, h=8):
        super().__init__()
        self.h, self.dk = h, d // h
        self.wq, self.wk, self.wv, self.wo = (nn.Linear(d, d) for _ in range(4))

    def forward(self, q, k, v, mask=None):
        B = q.size(0)
        q = self.wq(q).view(B, -1, self.h, self.dk).transpose(1, 2)
        k = self.wk(k).view(B, -1, self.h, self.dk).transpose(1, 2)
        v = self.wv(v).view(B, -1, self.h, self.dk).transpose(1, 2)
        s = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(self.dk)
        if mask is not None:
            s = s.masked_fill(mask == 0, -1e9)
        o = torch.matmul(s.softmax(-1), v)
        o = o.transpose(1, 2).contiguous().view(B, -1, self.dk)  # repair: o = o.transpose(1, 2).contiguous().view(B, -1, self.h * self.dk)
        return self.wo(o)  # expect: linear-in-features "512"


# run: MultiHeadAttention()(randn(2, 5, 512), randn(2, 5, 512), randn(2, 5, 512))
