"""Adam has no momentum."""

import torch
import torch.nn as nn

model = nn.Linear(4, 2)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, momentum=0.9)  # expect: bad-call "momentum"  # repair: optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
