"""A hypernetwork that makes weights for F.linear and F.conv2d; a twin that makes too few."""

import torch
from torch import nn
import torch.nn.functional as F


# run: HyperLinear()(randn(5, 16), randn(8))
class HyperLinear(nn.Module):  # params: 612
    def __init__(self, in_features=16, out_features=4, z_dim=8):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = nn.Linear(z_dim, in_features * out_features)
        self.bias = nn.Linear(z_dim, out_features)

    # torchlint: input x: [N, 16]
    # torchlint: input z: [8]
    def forward(self, x, z):
        w = self.weight(z).view(self.out_features, self.in_features)  # shape: [4, 16]
        y = F.linear(x, w, self.bias(z))  # shape: [N, 4]
        return y


# run: HyperConv()(randn(2, 3, 16, 16), randn(8))
class HyperConv(nn.Module):
    def __init__(self, c_in=3, c_out=6, k=3, z_dim=8):
        super().__init__()
        self.shape = (c_out, c_in, k, k)
        self.gen = nn.Linear(z_dim, c_out * c_in * k * k)

    # torchlint: input x: [N, 3, H, W]
    # torchlint: input z: [8]
    def forward(self, x, z):
        kernel = self.gen(z).view(self.shape)  # shape: [6, 3, 3, 3]
        y = F.conv2d(x, kernel, padding=1)  # shape: [N, 6, H, W]
        return y


# run: TransposedHyper()(randn(5, 16), randn(8))
class TransposedHyper(nn.Module):
    """F.linear wants [out, in]."""

    def __init__(self, in_features=16, out_features=4, z_dim=8):
        super().__init__()
        self.shape = in_features, out_features
        self.weight = nn.Linear(z_dim, in_features * out_features)

    # torchlint: input x: [N, 16]
    # torchlint: input z: [8]
    def forward(self, x, z):
        w = self.weight(z).view(*self.shape)  # shape: [16, 4]
        return F.linear(x, w)  # expect: linear-in-features "16"
