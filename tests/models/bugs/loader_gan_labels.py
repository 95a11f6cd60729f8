"""Labels of a GAN's loss have the size of a whole batch."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

batch_size = 16
real_data = TensorDataset(torch.rand(100, 64))
dataloader = DataLoader(real_data, batch_size=batch_size, shuffle=True)
D = nn.Sequential(nn.Linear(64, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1), nn.Sigmoid())
G = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 64))
adversarial_loss = nn.BCELoss()
valid = torch.ones(batch_size, 1)

for i, (imgs,) in enumerate(dataloader):
    real_loss = adversarial_loss(D(imgs), valid)  # expect: loss-shape  # repair: real_loss = adversarial_loss(D(imgs), valid[: imgs.size(0)])
    fake = G(torch.randn(imgs.size(0), 10))
    fake_loss = adversarial_loss(D(fake.detach()), torch.zeros(imgs.size(0), 1))
    d_loss = (real_loss + fake_loss) / 2
