"""The transform resizes to 64, the network was counted for 32."""

import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, random_split
from torchvision import transforms
from torchvision.datasets import FakeData

tf = transforms.Compose([transforms.Resize(72), transforms.CenterCrop(64), transforms.ToTensor()])
data = FakeData(size=100, image_size=(3, 80, 100), num_classes=5, transform=tf)
train_set, val_set = random_split(data, [80, 20])


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 8 * 8, 5)  # repair: self.fc = nn.Linear(16 * 16 * 16, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.view(x.size(0), -1))  # expect: linear-in-features "4096"


model = CNN()
for step, (x, y) in enumerate(DataLoader(train_set, batch_size=16)):
    loss = F.cross_entropy(model(x), y)
