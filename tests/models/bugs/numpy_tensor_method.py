"""An array is moved to the device as if it were a tensor."""

import numpy as np
import torch
import torch.nn as nn

device = torch.device("cpu")
embedding = nn.Embedding(10, 4)
batches = np.random.randint(0, 10, size=(6, 8))
for rows in batches:
    tokens = rows.to(device)  # expect: undefined-attribute "to"  # repair: tokens = torch.from_numpy(rows).to(device)
    vectors = embedding(tokens)
