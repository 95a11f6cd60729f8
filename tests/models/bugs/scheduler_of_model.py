"""A scheduler is made of an optimizer."""

import torch
import torch.nn as nn

model = nn.Linear(3, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(model, step_size=10)  # expect: contract-violated "not an Optimizer"  # repair: scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)
