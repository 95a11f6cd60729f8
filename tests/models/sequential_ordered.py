"""Classifiers from nn.Sequential, named and unnamed, with a size that was not carried over."""

from collections import OrderedDict

from torch import nn


class DigitNet(nn.Module):  # params: 52180
    def __init__(self, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(1, 16, 3, padding=1),
                relu1=nn.ReLU(),
                pool1=nn.MaxPool2d(2),
                conv2=nn.Conv2d(16, 32, 3, padding=1),
                relu2=nn.ReLU(),
                pool2=nn.MaxPool2d(2),
                flatten=nn.Flatten(),
                fc=nn.Linear(32 * 7 * 7, 30),
                out=nn.Linear(30, num_classes),
            )
        )

    # torchlint: input x: [N, 1, 28, 28]
    def forward(self, x):
        logits = self.net(x)  # shape: [N, 10]
        return logits


class WrongDigitNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(inplace=True),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(32, num_classes)

    # torchlint: input x: [N, 1, 28, 28]
    def forward(self, x):
        x = self.features(x)  # expect: conv-in-channels "32 channels"
        x = self.pool(x).flatten(1)
        return self.fc(x)
