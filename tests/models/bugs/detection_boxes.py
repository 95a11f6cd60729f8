"""The head gives four numbers for each of two anchors; the boxes are read as if it were three anchors."""

import torch
import torch.nn as nn


class DetHead(nn.Module):
    def __init__(self, channels=64, anchors=2, classes=3):
        super().__init__()
        self.anchors, self.classes = 3, classes  # repair: self.anchors, self.classes = anchors, classes
        self.pred = nn.Conv2d(channels, anchors * (5 + classes), 1)

    def forward(self, x):
        b, _, h, w = x.shape
        y = self.pred(x)
        return y.view(b, self.anchors, 5 + self.classes, h, w).permute(0, 1, 3, 4, 2)  # expect: reshape-size


# run: DetHead()(randn(2, 64, 8, 8))
