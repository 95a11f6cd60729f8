"""The fc of the backbone is the identity now; the new head still takes its thousand classes."""

import torch
import torch.nn as nn
import torchvision


class Embedder(nn.Module):
    def __init__(self, dim=128):
        super().__init__()
        self.encoder = torchvision.models.resnet18(weights=None)
        self.encoder.fc = nn.Identity()
        self.projector = nn.Sequential(
            nn.Linear(1000, 512),  # repair: nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, dim),
        )

    def forward(self, x):
        h = self.encoder(x)
        return self.projector(h)  # expect: linear-in-features "1000"


model = Embedder()
z = model(torch.randn(2, 3, 64, 64))
