"""Colour images from the loader, a network for grey ones."""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)  # repair: self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(16 * 16 * 16, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))  # expect: conv-in-channels "3"
        return self.fc(torch.flatten(x, 1))


def train(model, loader, criterion, optimizer, epochs=1):
    model.train()
    for epoch in range(epochs):
        running_loss = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item() * images.size(0)
        print(f"{epoch}: {running_loss / len(loader.dataset):.3f}")


if __name__ == "__main__":
    transform = transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()])
    train_set = datasets.FakeData(100, (3, 36, 36), 10, transform)
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
    net = Net()
    train(net, train_loader, nn.CrossEntropyLoss(), optim.Adam(net.parameters(), lr=1e-3))
