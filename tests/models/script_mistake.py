"""A script that feeds its model images of another size, and a regression loop that is right."""

import torch
from torch import nn

torch.manual_seed(0)


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4))
        self.fc = nn.Linear(8 * 8 * 8, 10)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.features(x).flatten(1)  # shape: [N, 512]
        return self.fc(x)


x = torch.linspace(-1, 1, 100).unsqueeze(1)  # shape: [100, 1]
y = x.pow(2) + 0.2 * torch.rand(x.size())  # shape: [100, 1]
net = nn.Sequential(nn.Linear(1, 20), nn.ReLU(), nn.Linear(20, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
loss_func = nn.MSELoss()
for t in range(3):
    prediction = net(x)  # shape: [100, 1]
    loss = loss_func(prediction, y)  # shape: []
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

wrong = net(torch.randn(5, 3))  # expect: linear-in-features "takes 1 feature"
