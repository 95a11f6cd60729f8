"""Three means for images of one channel."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

transform = transforms.Compose(
    [
        transforms.Grayscale(),
        transforms.ToTensor(),
        transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),  # repair: transforms.Normalize((0.5,), (0.5,)),
    ]
)
train_loader = DataLoader(datasets.FakeData(64, (3, 28, 28), transform=transform), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 10))
for images, labels in train_loader:  # expect: contract-violated "1 channel"
    loss = nn.functional.cross_entropy(model(images), labels)
