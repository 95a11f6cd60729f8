"""A feature pyramid: lateral 1x1 convolutions and additions from the top down; a twin that adds before it aligns."""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn


class Backbone(nn.Module):
    def __init__(self, widths=(32, 64, 128)):
        super().__init__()
        c = 3
        self.stages = nn.ModuleList()
        for w in widths:
            self.stages.append(nn.Sequential(nn.Conv2d(c, w, 3, stride=2, padding=1), nn.ReLU()))
            c = w

    def forward(self, x):
        out = OrderedDict()
        for i, stage in enumerate(self.stages):
            x = stage(x)
            out[f"feat{i}"] = x
        return out


# run: Backbone()(randn(2, 3, 64, 64))
# run: FPN()(randn(2, 3, 64, 96))
class FPN(nn.Module):  # params: 218560
    def __init__(self, widths=(32, 64, 128), out_channels=64):
        super().__init__()
        self.body = Backbone(widths)
        self.inner_blocks = nn.ModuleList([nn.Conv2d(w, out_channels, 1) for w in widths])
        self.layer_blocks = nn.ModuleList([nn.Conv2d(out_channels, out_channels, 3, padding=1) for _ in widths])

    # torchlint: input x: [N, 3, 64, 96]
    def forward(self, x):
        x = self.body(x)
        names = list(x.keys())
        x = list(x.values())
        last_inner = self.inner_blocks[-1](x[-1])  # shape: [N, 64, 8, 12]
        results = [self.layer_blocks[-1](last_inner)]
        for idx in range(len(x) - 2, -1, -1):
            inner_lateral = self.inner_blocks[idx](x[idx])
            feat_shape = inner_lateral.shape[-2:]
            inner_top_down = F.interpolate(last_inner, size=feat_shape, mode="nearest")
            last_inner = inner_lateral + inner_top_down  # shape: [N, 64, 32, 48]
            results.insert(0, self.layer_blocks[idx](last_inner))
        out = OrderedDict([(k, v) for k, v in zip(names, results)])
        first = out["feat0"]  # shape: [N, 64, 32, 48]
        return out


# run: UnalignedFPN()(randn(2, 3, 64, 96))
class UnalignedFPN(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Backbone()
        self.top = nn.Conv2d(128, 64, 1)

    # torchlint: input x: [N, 3, 64, 96]
    def forward(self, x):
        features = self.body(x)
        top = F.interpolate(features["feat2"], scale_factor=2)  # shape: [N, 128, 16, 24]
        return features["feat1"] + top  # expect: broadcast-mismatch "64"
