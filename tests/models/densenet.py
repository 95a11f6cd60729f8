"""DenseNet: features are joined and grow by `growth_rate`; the transition of the broken twin halves too early."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class DenseLayer(nn.Module):
    def __init__(self, num_input_features, growth_rate, bn_size=4):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(num_input_features)
        self.conv1 = nn.Conv2d(num_input_features, bn_size * growth_rate, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(bn_size * growth_rate)
        self.conv2 = nn.Conv2d(bn_size * growth_rate, growth_rate, 3, padding=1, bias=False)

    def forward(self, features):
        x = torch.cat(features, 1) if isinstance(features, list) else features
        out = self.conv1(F.relu(self.norm1(x)))
        return self.conv2(F.relu(self.norm2(out)))


class DenseBlock(nn.ModuleDict):
    def __init__(self, num_layers, num_input_features, growth_rate):
        super().__init__()
        for i in range(num_layers):
            self.add_module("denselayer%d" % (i + 1), DenseLayer(num_input_features + i * growth_rate, growth_rate))

    def forward(self, init_features):
        features = [init_features]
        for name, layer in self.items():
            features.append(layer(features))
        return torch.cat(features, 1)


class Transition(nn.Sequential):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.add_module("norm", nn.BatchNorm2d(n_in))
        self.add_module("relu", nn.ReLU(inplace=True))
        self.add_module("conv", nn.Conv2d(n_in, n_out, kernel_size=1, bias=False))
        self.add_module("pool", nn.AvgPool2d(2, 2))


# run: DenseLayer(8, 4)(randn(2, 8, 16, 16))
# run: DenseBlock(3, 8, 4)(randn(2, 8, 16, 16))
# run: Transition(8, 4)(randn(2, 8, 16, 16))
# run: DenseNet()(randn(2, 3, 32, 32))
class DenseNet(nn.Module):  # params: 102730
    def __init__(self, growth_rate=12, blocks=(4, 4, 4), n=24, num_classes=10):
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv0", nn.Conv2d(3, n, 3, padding=1, bias=False))
        for i, layers in enumerate(blocks):
            self.features.add_module(f"block{i}", DenseBlock(layers, n, growth_rate))
            n += layers * growth_rate
            if i != len(blocks) - 1:
                self.features.add_module(f"transition{i}", Transition(n, n // 2))
                n = n // 2
        self.features.add_module("norm5", nn.BatchNorm2d(n))
        self.classifier = nn.Linear(n, num_classes)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        features = self.features(x)  # shape: [N, 90, 8, 8]
        out = F.relu(features, inplace=True)
        out = F.adaptive_avg_pool2d(out, (1, 1)).flatten(1)  # shape: [N, 90]
        return self.classifier(out)


# run: WrongDenseNet()(randn(2, 3, 32, 32))
class WrongDenseNet(nn.Module):
    """`n` is halved before the block's features are counted."""

    def __init__(self, growth_rate=12, layers=4, n=24):
        super().__init__()
        self.conv = nn.Conv2d(3, n, 3, padding=1)
        self.block = DenseBlock(layers, n, growth_rate)
        n = n // 2 + layers * growth_rate
        self.norm = nn.BatchNorm2d(n)

    def forward(self, x):
        x = self.block(self.conv(x))
        return F.relu(self.norm(x))  # expect: norm-size "60"
