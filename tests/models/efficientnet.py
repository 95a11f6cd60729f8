"""EfficientNet-like: blocks from a list of dataclasses, widths scaled, SiLU, squeeze-and-excitation, drop path."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Optional

import torch
from torch import nn


@dataclass(frozen=True)
class BlockArgs:
    expand: int
    kernel: int
    stride: int
    c_in: int
    c_out: int
    repeats: int


CONFIG = [
    BlockArgs(1, 3, 1, 32, 16, 1),
    BlockArgs(6, 3, 2, 16, 24, 2),
    BlockArgs(6, 5, 2, 24, 40, 2),
]


def scaled(c: int, width: float) -> int:
    return int(math.ceil(c * width / 8) * 8)


class ConvNormAct(nn.Sequential):
    def __init__(self, c_in: int, c_out: int, kernel: int = 3, stride: int = 1, groups: int = 1, norm=None, act=nn.SiLU):
        layers = [nn.Conv2d(c_in, c_out, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False), (norm or nn.BatchNorm2d)(c_out)]
        if act is not None:
            layers.append(act(inplace=True))
        super().__init__(*layers)
        self.out_channels = c_out


class SqueezeExcite(nn.Module):
    def __init__(self, c: int, squeeze: int):
        super().__init__()
        self.fc1 = nn.Conv2d(c, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, c, 1)

    def forward(self, x):
        scale = x.mean((2, 3), keepdim=True)
        return torch.sigmoid(self.fc2(nn.functional.silu(self.fc1(scale)))) * x


class MBConv(nn.Module):
    def __init__(self, args: BlockArgs, c_in: int, c_out: int, stride: int, norm_layer=nn.BatchNorm2d, drop: float = 0.0):
        super().__init__()
        self.use_res = stride == 1 and c_in == c_out
        c = c_in * args.expand
        layers = []
        if c != c_in:
            layers.append(ConvNormAct(c_in, c, 1, norm=norm_layer))
        layers.append(ConvNormAct(c, c, args.kernel, stride, groups=c, norm=norm_layer))
        layers.append(SqueezeExcite(c, max(1, c_in // 4)))
        layers.append(ConvNormAct(c, c_out, 1, norm=norm_layer, act=None))
        self.block = nn.Sequential(*layers)
        self.drop = drop

    def forward(self, x):
        y = self.block(x)
        if self.use_res:
            if self.training and self.drop > 0:
                keep = 1 - self.drop
                y = y * (torch.rand(x.shape[0], 1, 1, 1, device=x.device) < keep) / keep
            y = y + x
        return y


# run: ConvNormAct(3, 8)(randn(2, 3, 16, 16))
# run: SqueezeExcite(8, 2)(randn(2, 8, 16, 16))
# run: MBConv(CONFIG[1], 16, 24, 2)(randn(2, 16, 16, 16))
# run: EfficientNet()(randn(2, 3, 32, 32))
class EfficientNet(nn.Module):  # params: 74060
    def __init__(self, width: float = 1.0, depth: float = 1.0, num_classes: int = 10, norm_layer: Optional[nn.Module] = None):
        super().__init__()
        norm_layer = norm_layer or partial(nn.BatchNorm2d, eps=1e-3, momentum=0.01)
        blocks = []
        total = sum(b.repeats for b in CONFIG)
        for b in CONFIG:
            for i in range(int(math.ceil(b.repeats * depth))):
                c_in = scaled(b.c_in if i == 0 else b.c_out, width)
                stride = b.stride if i == 0 else 1
                blocks.append(MBConv(b, c_in, scaled(b.c_out, width), stride, norm_layer, 0.2 * len(blocks) / total))
        self.stem = ConvNormAct(3, scaled(32, width), stride=2, norm=norm_layer)
        self.blocks = nn.Sequential(*blocks)
        self.head = ConvNormAct(scaled(40, width), 160, 1, norm=norm_layer)
        self.classifier = nn.Linear(self.head.out_channels, num_classes)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.stem(x)  # shape: [N, 32, 16, 16]
        x = self.blocks(x)  # shape: [N, 40, 4, 4]
        x = self.head(x).mean((2, 3))  # shape: [N, 160]
        return self.classifier(x)


# run: WrongSqueeze()(randn(2, 32, 16, 16))
class WrongSqueeze(nn.Module):
    """`fc2` gives back the squeezed channels."""

    def __init__(self, c: int = 32):
        super().__init__()
        self.fc1 = nn.Conv2d(c, c // 4, 1)
        self.fc2 = nn.Conv2d(c // 4, c // 2, 1)

    def forward(self, x):
        scale = torch.sigmoid(self.fc2(self.fc1(x.mean((2, 3), keepdim=True))))  # shape: [B, 16, 1, 1]
        return scale * x  # expect: broadcast-mismatch "16"
