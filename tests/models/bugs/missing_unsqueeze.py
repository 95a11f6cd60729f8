"""A single image has no channel axis either."""

import torch
import torch.nn as nn

model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))
image = torch.rand(28, 28)
output = model(image)  # expect: wrong-rank  # repair: output = model(image.unsqueeze(0).unsqueeze(0))
