"""A module with its test functions, as libraries keep them; one test builds what cannot work."""

import torch
from torch import nn


class ResidualMLP(nn.Module):
    def __init__(self, dim, depth=2):
        super().__init__()
        self.layers = nn.ModuleList([nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim), nn.GELU()) for _ in range(depth)])

    def forward(self, x):
        for layer in self.layers:
            x = x + layer(x)
        return x


# run: ResidualMLP(8)(randn(2, 8))
class Pooler(nn.Module):
    def __init__(self, dim, out):
        super().__init__()
        self.mlp = ResidualMLP(dim)
        self.out = nn.Linear(dim, out)

    def forward(self, x, mask=None):
        x = self.mlp(x)
        if mask is not None:
            x = x * mask.unsqueeze(-1)
            x = x.sum(1) / mask.sum(1, keepdim=True)
        else:
            x = x.mean(1)
        return self.out(x)


# run: Pooler(8, 3)(randn(2, 5, 8))
def test_shapes():
    model = Pooler(16, 4)
    out = model(torch.randn(2, 7, 16))  # shape: [2, 4]
    assert out.shape == (2, 4)


def test_mask():
    model = Pooler(16, 4)
    out = model(torch.randn(2, 7, 16), torch.ones(2, 7))  # shape: [2, 4]
    assert out.shape == torch.Size([2, 4])


if __name__ == "__main__":
    test_shapes()
    test_mask()
