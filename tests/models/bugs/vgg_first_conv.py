"""Grey images for a network that was made for colours: its first convolution is replaced by one with other filters."""

import torch
import torch.nn as nn
from torchvision.models import vgg11

model = vgg11(weights=None)
model.features[0] = nn.Conv2d(1, 32, kernel_size=3, padding=1)  # repair: model.features[0] = nn.Conv2d(1, 64, kernel_size=3, padding=1)
model.classifier[6] = nn.Linear(4096, 7)
x = torch.randn(1, 1, 64, 64)
out = model(x)  # expect: conv-in-channels "64"
