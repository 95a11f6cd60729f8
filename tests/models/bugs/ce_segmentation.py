"""Masks of a segmentation keep their channel of one."""

import torch
import torch.nn as nn


class SegNet(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, classes, 1))

    def forward(self, x):
        return self.body(x)


criterion = nn.CrossEntropyLoss()
images, masks = torch.randn(2, 3, 16, 16), torch.randint(0, 5, (2, 1, 16, 16))
logits = SegNet()(images)
loss = criterion(logits, masks)  # expect: loss-shape  # repair: loss = criterion(logits, masks.squeeze(1))
