"""PixelCNN: masked convolutions whose mask is a buffer; a twin with a mask of another kernel."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class MaskedConv2d(nn.Conv2d):
    def __init__(self, mask_type, *args, **kwargs):
        super().__init__(*args, **kwargs)
        assert mask_type in {"A", "B"}
        self.register_buffer("mask", self.weight.data.clone())
        _, _, kH, kW = self.weight.size()
        self.mask.fill_(1)
        self.mask[:, :, kH // 2, kW // 2 + (mask_type == "B") :] = 0
        self.mask[:, :, kH // 2 + 1 :] = 0

    def forward(self, x):
        self.weight.data *= self.mask
        return super().forward(x)


# run: MaskedConv2d("A", 1, 8, 7, padding=3)(randn(2, 1, 16, 16))
# run: PixelCNN()(randn(2, 1, 28, 28))
class PixelCNN(nn.Module):  # params: 622272
    def __init__(self, fm=64, layers=3):
        super().__init__()
        self.first = MaskedConv2d("A", 1, fm, 7, 1, 3, bias=False)
        self.body = nn.Sequential(
            *[nn.Sequential(MaskedConv2d("B", fm, fm, 7, 1, 3, bias=False), nn.BatchNorm2d(fm), nn.ReLU(True)) for _ in range(layers)]
        )
        self.out = nn.Conv2d(fm, 256, 1)

    def forward(self, x):
        x = self.body(self.first(x))  # shape: [N, 64, H, W]
        logits = self.out(x)  # shape: [N, 256, H, W]
        return logits


# run: WrongMask()(randn(2, 8, 16, 16))
class WrongMask(nn.Conv2d):
    def __init__(self, channels=8):
        super().__init__(channels, channels, 5, padding=2)
        self.register_buffer("mask", torch.ones(channels, channels, 3, 3))

    def forward(self, x):
        weight = self.weight * self.mask  # expect: broadcast-mismatch "5"
        return F.conv2d(x, weight, self.bias, padding=self.padding)
