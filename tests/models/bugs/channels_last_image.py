"""An image as Pillow and OpenCV have it: channels last."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x)  # expect: conv-in-channels "224"


frame = torch.rand(1, 224, 224, 3)
out = Net()(frame)  # repair: out = Net()(frame.permute(0, 3, 1, 2))
