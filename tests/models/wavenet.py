"""WaveNet-like gated convolutions with residual and skip connections; a twin that skips with the wrong channels."""

import torch
from torch import nn


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1):
        self.left = (kernel_size - 1) * dilation
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation)

    def forward(self, x):
        return super().forward(nn.functional.pad(x, (self.left, 0)))


class GatedBlock(nn.Module):
    def __init__(self, residual, skip, dilation):
        super().__init__()
        self.filter = CausalConv1d(residual, residual, 2, dilation)
        self.gate = CausalConv1d(residual, residual, 2, dilation)
        self.res = nn.Conv1d(residual, residual, 1)
        self.skip = nn.Conv1d(residual, skip, 1)

    def forward(self, x):
        z = torch.tanh(self.filter(x)) * torch.sigmoid(self.gate(x))
        return self.res(z) + x, self.skip(z)


# run: CausalConv1d(4, 8, 2, 2)(randn(2, 4, 20))
# run: GatedBlock(8, 16, 2)(randn(2, 8, 20))
# run: WaveNet()(randn(2, 1, 64))
class WaveNet(nn.Module):  # params: 79488
    def __init__(self, layers=4, blocks=2, residual=32, skip=64, classes=256):
        super().__init__()
        self.start = nn.Conv1d(1, residual, 1)
        self.blocks = nn.ModuleList(GatedBlock(residual, skip, 2**i) for _ in range(blocks) for i in range(layers))
        self.end = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, classes, 1))

    # torchlint: input x: [N, 1, T]
    def forward(self, x):
        x = self.start(x)
        skips = 0
        for block in self.blocks:
            x, s = block(x)  # shape: x [N, 32, T], s [N, 64, T]
            skips = skips + s
        out = self.end(skips)  # shape: [N, 256, T]
        return out


# run: WrongSkip()(randn(2, 32, 64))
class WrongSkip(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = GatedBlock(32, 64, 1)
        self.second = GatedBlock(32, 48, 2)

    # torchlint: input x: [N, 32, T]
    def forward(self, x):
        x, a = self.first(x)
        x, b = self.second(x)
        return a + b  # expect: broadcast-mismatch "64"
