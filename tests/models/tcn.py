"""A temporal convolutional network with weight_norm, dilations and Chomp1d; a twin that does not chomp."""

import torch
import torch.nn as nn
from torch.nn.utils import weight_norm


# run: Chomp1d(2)(randn(2, 4, 9))
class Chomp1d(nn.Module):
    def __init__(self, chomp_size):
        super().__init__()
        self.chomp_size = chomp_size

    def forward(self, x):
        return x[:, :, : -self.chomp_size].contiguous()


# run: TemporalBlock(4, 8, 2, 1, 2, 2)(randn(2, 4, 9))
class TemporalBlock(nn.Module):
    def __init__(self, n_inputs, n_outputs, kernel_size, stride, dilation, padding, dropout=0.2):
        super().__init__()
        self.conv1 = weight_norm(nn.Conv1d(n_inputs, n_outputs, kernel_size, stride=stride, padding=padding, dilation=dilation))
        self.chomp1 = Chomp1d(padding)
        self.relu1 = nn.ReLU()
        self.dropout1 = nn.Dropout(dropout)
        self.conv2 = weight_norm(nn.Conv1d(n_outputs, n_outputs, kernel_size, stride=stride, padding=padding, dilation=dilation))
        self.chomp2 = Chomp1d(padding)
        self.net = nn.Sequential(self.conv1, self.chomp1, self.relu1, self.dropout1, self.conv2, self.chomp2)
        self.downsample = nn.Conv1d(n_inputs, n_outputs, 1) if n_inputs != n_outputs else None
        self.relu = nn.ReLU()
        self.init_weights()

    def init_weights(self):
        self.conv1.weight.data.normal_(0, 0.01)
        self.conv2.weight.data.normal_(0, 0.01)
        if self.downsample is not None:
            self.downsample.weight.data.normal_(0, 0.01)

    def forward(self, x):
        out = self.net(x)
        res = x if self.downsample is None else self.downsample(x)
        return self.relu(out + res)


# run: TCN()(randn(2, 16, 30))
class TCN(nn.Module):  # params: 32677
    def __init__(self, num_inputs=16, num_channels=(32, 32, 64), kernel_size=3, dropout=0.2, n_out=5):
        super().__init__()
        layers = []
        for i in range(len(num_channels)):
            dilation = 2**i
            n_in = num_inputs if i == 0 else num_channels[i - 1]
            layers += [
                TemporalBlock(
                    n_in, num_channels[i], kernel_size, stride=1, dilation=dilation, padding=(kernel_size - 1) * dilation, dropout=dropout
                )
            ]
        self.network = nn.Sequential(*layers)
        self.linear = nn.Linear(num_channels[-1], n_out)

    # torchlint: input x: [N, 16, T]
    def forward(self, x):
        y = self.network(x)  # shape: [N, 64, T]
        last = y[:, :, -1]  # shape: [N, 64]
        return self.linear(last)


# run: NoChomp()(randn(2, 16, 30))
class NoChomp(nn.Module):
    def __init__(self, channels=16, kernel_size=3):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, kernel_size, padding=kernel_size - 1)

    # torchlint: input x: [N, 16, T]
    def forward(self, x):
        return torch.relu(self.conv(x) + x)  # expect: broadcast-mismatch
