"""The hidden state has the size of a whole batch; the last one is smaller."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

batch_size = 32


class RNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(8, 16, batch_first=True)
        self.fc = nn.Linear(16, 1)

    def forward(self, x):
        h0 = torch.zeros(1, batch_size, 16)  # repair: h0 = torch.zeros(1, x.size(0), 16)
        out, _ = self.rnn(x, h0)  # expect: recurrent-input-size
        return self.fc(out[:, -1])


dataset = TensorDataset(torch.randn(200, 12, 8), torch.randn(200, 1))
loader = DataLoader(dataset, batch_size=batch_size, shuffle=True)
model = RNN()
criterion = nn.MSELoss()
for x, y in loader:
    loss = criterion(model(x), y)
