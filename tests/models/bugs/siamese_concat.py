"""Two embeddings are joined, the head takes one."""

import torch
import torch.nn as nn


class Siamese(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch = nn.Sequential(nn.Linear(100, 64), nn.ReLU(), nn.Linear(64, 32))
        self.head = nn.Linear(32, 1)  # repair: self.head = nn.Linear(64, 1)

    def forward(self, a, b):
        a, b = self.branch(a), self.branch(b)
        return self.head(torch.cat([a, b], dim=1))  # expect: linear-in-features "64"


net = Siamese()
same = torch.sigmoid(net(torch.randn(8, 100), torch.randn(8, 100)))
