"""Four patches are merged, the reduction takes two."""

import torch
import torch.nn as nn


class PatchMerging(nn.Module):
    def __init__(self, dim=96):
        super().__init__()
        self.norm = nn.LayerNorm(4 * dim)
        self.reduction = nn.Linear(2 * dim, 2 * dim, bias=False)  # repair: self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)

    def forward(self, x):
        B, H, W, C = x.shape
        x0 = x[:, 0::2, 0::2]; x1 = x[:, 1::2, 0::2]; x2 = x[:, 0::2, 1::2]; x3 = x[:, 1::2, 1::2]
        x = torch.cat([x0, x1, x2, x3], -1)
        return self.reduction(self.norm(x))  # expect: linear-in-features "384"


# run: PatchMerging()(randn(2, 4, 4, 96))
