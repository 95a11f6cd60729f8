"""A segmentation head with ASPP and interpolation to the input's size; and a loss of the wrong shape."""

import torch
from torch import nn
from torch.nn import functional as F


class ASPPConv(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int, dilation: int) -> None:
        modules = [
            nn.Conv2d(in_channels, out_channels, 3, padding=dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        ]
        super().__init__(*modules)


class ASPPPooling(nn.Sequential):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(nn.AdaptiveAvgPool2d(1), nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size = x.shape[-2:]
        for mod in self:
            x = mod(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


# run: ASPPConv(8, 4, 2)(randn(2, 8, 16, 16))
# run: ASPPPooling(8, 4)(randn(2, 8, 16, 16))
# run: ASPP(8, [2, 4], 4)(randn(2, 8, 16, 16))
class ASPP(nn.Module):
    def __init__(self, in_channels: int, atrous_rates, out_channels: int = 256) -> None:
        super().__init__()
        modules = [nn.Sequential(nn.Conv2d(in_channels, out_channels, 1, bias=False), nn.ReLU())]
        for rate in tuple(atrous_rates):
            modules.append(ASPPConv(in_channels, out_channels, rate))
        modules.append(ASPPPooling(in_channels, out_channels))
        self.convs = nn.ModuleList(modules)
        self.project = nn.Conv2d(len(self.convs) * out_channels, out_channels, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _res = []
        for conv in self.convs:
            _res.append(conv(x))
        res = torch.cat(_res, dim=1)
        return self.project(res)


# run: Segmenter()(randn(2, 3, 64, 64))
class Segmenter(nn.Module):  # params: 335445
    def __init__(self, num_classes=21):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 64, 3, 2, 1), nn.ReLU(), nn.Conv2d(64, 128, 3, 2, 1), nn.ReLU())
        self.aspp = ASPP(128, [2, 4, 6], 64)
        self.classifier = nn.Conv2d(64, num_classes, 1)

    def forward(self, x):
        input_shape = x.shape[-2:]
        features = self.backbone(x)
        out = self.classifier(self.aspp(features))
        out = F.interpolate(out, size=input_shape, mode="bilinear", align_corners=False)  # shape: [B, 21, H, W]
        return {"out": out}


class WrongLoss(nn.Module):
    """The logits are an eighth of the mask's size."""

    def __init__(self):
        super().__init__()
        self.net = nn.Conv2d(3, 21, 3, stride=4, padding=1)

    # torchlint: input x: [N, 3, 64, 64]
    def forward(self, x):
        logits = self.net(x)  # shape: [N, 21, 16, 16]
        mask = torch.zeros(x.shape[0], 64, 64, dtype=torch.long)
        return F.cross_entropy(logits, mask)  # expect: loss-shape


# run: WrongLoss()(randn(2, 3, 64, 64))
if __name__ == "__main__":
    model = Segmenter()
    out = model(torch.rand(2, 3, 64, 64))["out"]  # shape: [2, 21, 64, 64]
    loss = F.cross_entropy(out, torch.randint(0, 21, (2, 64, 64)))  # shape: []
