"""CrossEntropyLoss takes class numbers, or probabilities as floats; not whole numbers in a one-hot code."""

import torch
import torch.nn as nn
import torch.nn.functional as F

net = nn.Linear(10, 3)
labels = torch.randint(0, 3, (5,))
targets = F.one_hot(labels, 3)  # repair: targets = labels
loss = F.cross_entropy(net(torch.randn(5, 10)), targets)  # expect: loss-shape
