"""One image is tried on a model that is still in training."""

import torch
import torch.nn as nn

model = nn.Sequential(
    nn.Conv2d(3, 8, 3),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.BatchNorm1d(8),
    nn.Linear(8, 2),
)
image = torch.randn(1, 3, 16, 16)  # repair: image = torch.randn(1, 3, 16, 16)\nmodel.eval()
print(model(image).softmax(dim=1))  # expect: norm-size "more than one value"
