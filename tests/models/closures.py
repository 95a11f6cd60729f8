"""Layers from closures, partials, lambdas and registries; a twin whose factory swaps its arguments."""

from functools import partial

import torch
from torch import nn

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU, "leaky": partial(nn.LeakyReLU, 0.2)}
BLOCKS = {}


def register(name):
    def decorator(cls):
        BLOCKS[name] = cls
        return cls

    return decorator


class Lambda(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x):
        return self.fn(x)


@register("double")
class DoubleBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv2d(c, 2 * c, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


def make_conv(norm):
    def block(c_in, c_out, act="relu"):
        return nn.Sequential(nn.Conv2d(c_in, c_out, 3, padding=1), norm(c_out), ACTIVATIONS[act]())

    return block


# run: Lambda(torch.relu)(randn(2, 3))
# run: DoubleBlock(4)(randn(2, 4, 8, 8))
# run: Factory()(randn(2, 3, 16, 16))
class Factory(nn.Module):  # params: 24330
    def __init__(self, width=16):
        super().__init__()
        conv = make_conv(partial(nn.GroupNorm, 4))
        self.features = nn.Sequential(conv(3, width), conv(width, 2 * width, act="leaky"), BLOCKS["double"](2 * width))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), Lambda(lambda x: x.view(x.size(0), -1)), nn.Linear(4 * width, 10))

    def forward(self, x):
        x = self.features(x)  # shape: [N, 64, H, W]
        x = self.head(x)  # shape: [N, 10]
        return x


# run: WrongFactory()(randn(2, 3, 16, 16))
class WrongFactory(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        linear = lambda n_out, n_in: nn.Linear(n_in, n_out)  # noqa: E731
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = linear(3, 10)

    # torchlint: input x: [N, 3, 16, 16]
    def forward(self, x):
        return self.head(self.pool(x).flatten(1))  # expect: linear-in-features "takes 10 features"
