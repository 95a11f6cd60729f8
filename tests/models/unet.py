"""U-Net with transposed convolutions and with interpolation to the skip's size; and a twin that forgets the join."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=True):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.conv = DoubleConv(in_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        diffY = x2.size()[2] - x1.size()[2]
        diffX = x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [diffX // 2, diffX - diffX // 2, diffY // 2, diffY - diffY // 2])
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)


# run: DoubleConv(3, 8)(randn(2, 3, 16, 16))
# run: Down(3, 8)(randn(2, 3, 16, 16))
# run: Up(16, 8)(randn(2, 8, 8, 8), randn(2, 8, 16, 17))
# run: UNet()(randn(2, 3, 64, 64))
class UNet(nn.Module):  # params: 17263042
    def __init__(self, n_channels=3, n_classes=2, bilinear=True):
        super().__init__()
        self.inc = DoubleConv(n_channels, 64)
        self.down1 = Down(64, 128)
        self.down2 = Down(128, 256)
        self.down3 = Down(256, 512)
        factor = 2 if bilinear else 1
        self.down4 = Down(512, 1024 // factor)
        self.up1 = Up(1024, 512 // factor, bilinear)
        self.up2 = Up(512, 256 // factor, bilinear)
        self.up3 = Up(256, 128 // factor, bilinear)
        self.up4 = Up(128, 64, bilinear)
        self.outc = nn.Conv2d(64, n_classes, 1)

    def forward(self, x):
        x1 = self.inc(x)  # shape: [N, 64, H, W]
        x2 = self.down1(x1)  # shape: [N, 128, H // 2, W // 2]
        x3 = self.down2(x2)  # shape: [N, 256, H // 4, W // 4]
        x4 = self.down3(x3)
        x5 = self.down4(x4)  # shape: [N, 512, H // 16, W // 16]
        x = self.up1(x5, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)  # shape: [N, 64, H, W]
        logits = self.outc(x)  # shape: [N, 2, H, W]
        return logits


# run: SkipInterpolated()(randn(2, 3, 33, 47))
class SkipInterpolated(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.enc = DoubleConv(3, width)
        self.bottom = DoubleConv(width, 2 * width)
        self.dec = DoubleConv(3 * width, width)

    def forward(self, x):
        skip = self.enc(x)
        y = self.bottom(F.max_pool2d(skip, 2))  # shape: [N, 32, H // 2, W // 2]
        y = F.interpolate(y, size=skip.shape[2:], mode="bilinear", align_corners=False)  # shape: [N, 32, H, W]
        y = self.dec(torch.cat([y, skip], dim=1))  # shape: [N, 16, H, W]
        return y


# run: SkipForgotten()(randn(2, 3, 32, 32))
class SkipForgotten(nn.Module):
    """The decoder still expects the skip's channels."""

    def __init__(self, width=16):
        super().__init__()
        self.enc = DoubleConv(3, width)
        self.bottom = DoubleConv(width, 2 * width)
        self.dec = nn.Conv2d(3 * width, width, 3, padding=1)

    def forward(self, x):
        skip = self.enc(x)
        y = self.bottom(F.max_pool2d(skip, 2))
        y = F.interpolate(y, size=skip.shape[2:])
        return self.dec(y)  # expect: conv-in-channels "48"
