"""A ResNet-50 backbone with the head of a ResNet-18."""

import torch
import torch.nn as nn
from torchvision import models


class PetClassifier(nn.Module):
    def __init__(self, num_classes=37):
        super().__init__()
        backbone = models.resnet50(weights=None)
        self.backbone = nn.Sequential(*list(backbone.children())[:-1])
        self.head = nn.Linear(512, num_classes)  # repair: self.head = nn.Linear(2048, num_classes)

    def forward(self, x):
        x = self.backbone(x)
        x = torch.flatten(x, 1)
        return self.head(x)  # expect: linear-in-features "2048"


# run: PetClassifier()(randn(2, 3, 64, 64))
