"""A Siamese network with a contrastive loss; one branch is fed the flattened image of another size."""

import torch
import torch.nn as nn
import torch.nn.functional as F


# run: SiameseNetwork()(randn(2, 1, 100, 100), randn(2, 1, 100, 100))
class SiameseNetwork(nn.Module):  # params: 4000665
    def __init__(self):
        super().__init__()
        self.cnn1 = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(1, 4, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(4),
            nn.ReflectionPad2d(1),
            nn.Conv2d(4, 8, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(8),
        )
        self.fc1 = nn.Sequential(nn.Linear(8 * 100 * 100, 50), nn.ReLU(inplace=True), nn.Linear(50, 5))

    def forward_once(self, x):
        output = self.cnn1(x)
        output = output.view(output.size()[0], -1)
        output = self.fc1(output)
        return output

    # torchlint: input input1: [N, 1, 100, 100]
    # torchlint: input input2: [N, 1, 100, 100]
    def forward(self, input1, input2):
        output1 = self.forward_once(input1)  # shape: [N, 5]
        output2 = self.forward_once(input2)  # shape: [N, 5]
        return output1, output2


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=2.0):
        super().__init__()
        self.margin = margin

    # torchlint: input output1: [N, 5]
    # torchlint: input output2: [N, 5]
    # torchlint: input label: [N]
    def forward(self, output1, output2, label):
        distance = F.pairwise_distance(output1, output2)  # shape: [N]
        loss = torch.mean((1 - label) * torch.pow(distance, 2) + label * torch.pow(torch.clamp(self.margin - distance, min=0.0), 2))
        return loss


# run: WrongSiamese()(randn(2, 1, 100, 100), randn(2, 1, 100, 100))
class WrongSiamese(nn.Module):
    """The embeddings of both are joined, the head was made for their difference."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 8, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten())
        self.head = nn.Linear(8 * 4 * 4, 1)

    def forward(self, a, b):
        joined = torch.cat([self.conv(a), self.conv(b)], dim=1)  # shape: [N, 256]
        return self.head(joined)  # expect: linear-in-features "takes 128 features, but `joined` has 256"
