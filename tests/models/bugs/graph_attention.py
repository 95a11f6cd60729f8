"""The second half of the attention vector is cut off behind its end."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class GraphAttention(nn.Module):
    def __init__(self, i=16, o=8):
        super().__init__()
        self.W = nn.Parameter(torch.empty(i, o))
        self.a = nn.Parameter(torch.empty(2 * o, 1))

    def forward(self, h, adj):
        Wh = torch.mm(h, self.W)
        e1 = Wh @ self.a[:8]
        e2 = Wh @ self.a[16:]  # expect: matmul-mismatch "8 against 0"  # repair: e2 = Wh @ self.a[8:]
        e = F.leaky_relu(e1 + e2.T)
        att = torch.where(adj > 0, e, -9e15 * torch.ones_like(e)).softmax(1)
        return att @ Wh


# run: GraphAttention()(randn(5, 16), eye(5))
