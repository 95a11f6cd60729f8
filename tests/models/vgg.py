"""VGG from a cfg list, as torchvision writes it; and a head of the wrong size."""

from typing import Any, Dict, List, Union, cast

import torch
from torch import nn

cfgs: Dict[str, List[Union[str, int]]] = {
    "A": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "D": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
}


def make_layers(cfg: List[Union[str, int]], batch_norm: bool = False) -> nn.Sequential:
    layers: List[nn.Module] = []
    in_channels = 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        else:
            v = cast(int, v)
            conv2d = nn.Conv2d(in_channels, v, kernel_size=3, padding=1)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


# run: CifarVGG()(randn(2, 3, 32, 32))
class CifarVGG(nn.Module):  # params: 9494026
    def __init__(self, name: str = "A", num_classes: int = 10, **kwargs: Any) -> None:
        super().__init__()
        self.features = make_layers(cfgs[name], batch_norm=True)
        self.classifier = nn.Sequential(
            nn.Linear(512, 512 - 256),
            nn.ReLU(True),
            nn.Dropout(p=0.5),
            nn.Linear(256, 512),
            nn.ReLU(True),
            nn.Dropout(),
            nn.Linear(512, num_classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.features(x)  # shape: [N, 512, 1, 1]
        x = torch.flatten(x, 1)
        x = self.classifier(x)  # shape: [N, 10]
        return x


# run: WrongVGG()(randn(2, 3, 64, 64))
class WrongVGG(nn.Module):
    """512 channels never flatten to 500."""

    def __init__(self, name: str = "A") -> None:
        super().__init__()
        self.features = make_layers(cfgs[name])
        self.head = nn.Linear(500 * 2 * 2, 10)

    def forward(self, x):
        x = self.features(x)
        x = torch.flatten(x, 1)
        return self.head(x)  # expect: linear-in-features "2000"
