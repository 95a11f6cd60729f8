"""A YOLO-like head: [N, A * (5 + C), S, S] seen as [N, A, S, S, 5 + C]; a twin that counts its channels wrong."""

import torch
from torch import nn


class CNNBlock(nn.Module):
    def __init__(self, in_channels, out_channels, bn_act=True, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=not bn_act, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels)
        self.leaky = nn.LeakyReLU(0.1)
        self.use_bn_act = bn_act

    def forward(self, x):
        if self.use_bn_act:
            return self.leaky(self.bn(self.conv(x)))
        else:
            return self.conv(x)


# run: CNNBlock(3, 8, kernel_size=3, padding=1)(randn(2, 3, 16, 16))
# run: ScalePrediction()(randn(2, 256, 13, 13))
class ScalePrediction(nn.Module):  # params: 1219297
    def __init__(self, in_channels=256, num_classes=20):
        super().__init__()
        self.pred = nn.Sequential(
            CNNBlock(in_channels, 2 * in_channels, kernel_size=3, padding=1),
            CNNBlock(2 * in_channels, (num_classes + 5) * 3, bn_act=False, kernel_size=1),
        )
        self.num_classes = num_classes

    def forward(self, x):
        p = self.pred(x).reshape(x.shape[0], 3, self.num_classes + 5, x.shape[2], x.shape[3])  # shape: [N, 3, 25, H, W]
        p = p.permute(0, 1, 3, 4, 2)  # shape: [N, 3, H, W, 25]
        return p


# run: YoloDecoder()(randn(2, 75, 13, 13))
class YoloDecoder(nn.Module):
    def __init__(self, anchors=((10, 13), (16, 30), (33, 23)), stride=32):
        super().__init__()
        self.stride = stride
        self.register_buffer("anchors", torch.tensor(anchors).float())

    # torchlint: input p: [N, 75, 13, 13]
    def forward(self, p):
        bs, _, ny, nx = p.shape
        p = p.view(bs, 3, 25, ny, nx).permute(0, 1, 3, 4, 2).contiguous()  # shape: [N, 3, 13, 13, 25]
        yv, xv = torch.meshgrid([torch.arange(ny), torch.arange(nx)], indexing="ij")  # shape: yv [13, 13], xv [13, 13]
        grid = torch.stack((xv, yv), 2).view((1, 1, ny, nx, 2)).float()  # shape: [1, 1, 13, 13, 2]
        io = p.clone()
        io[..., :2] = torch.sigmoid(io[..., :2]) + grid
        io[..., 2:4] = torch.exp(io[..., 2:4]) * self.anchors.view(1, 3, 1, 1, 2)
        io[..., :4] *= self.stride
        io[..., 4:].sigmoid_()
        out = io.view(bs, -1, 25)  # shape: [N, 507, 25]
        return out


# run: WrongChannels()(randn(2, 256, 13, 13))
class WrongChannels(nn.Module):
    def __init__(self, num_classes=20):
        super().__init__()
        self.conv = nn.Conv2d(256, 3 * (num_classes + 4), 1)

    # torchlint: input x: [N, 256, 13, 13]
    def forward(self, x):
        return self.conv(x).view(x.size(0), 3, 25, 13, 13)  # expect: reshape-size
