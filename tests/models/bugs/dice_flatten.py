"""Logits of one class against a mask of the image's own size, after a network that shrinks it."""

import torch
import torch.nn as nn


class Seg(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.head = nn.Conv2d(16, 1, 1)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear")

    def forward(self, x):
        x = torch.relu(self.down(x))
        return self.head(x)  # repair: return self.up(self.head(x))


def dice_loss(logits, target, eps=1.0):
    probs = torch.sigmoid(logits).flatten(1)
    target = target.flatten(1)
    inter = (probs * target).sum(1)  # expect: broadcast-mismatch "1024"
    return 1 - ((2 * inter + eps) / (probs.sum(1) + target.sum(1) + eps)).mean()


loss = dice_loss(Seg()(torch.randn(2, 3, 64, 64)), torch.ones(2, 1, 64, 64))
