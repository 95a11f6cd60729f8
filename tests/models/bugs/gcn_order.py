"""The adjacency is multiplied from the wrong side."""

import torch
import torch.nn as nn


class GCNLayer(nn.Module):
    def __init__(self, cin, cout):
        super().__init__()
        self.lin = nn.Linear(cin, cout)

    def forward(self, x, adj):
        return torch.relu(self.lin(x) @ adj)  # expect: matmul-mismatch  # repair: return torch.relu(adj @ self.lin(x))


layer = GCNLayer(16, 32)
out = layer(torch.randn(50, 16), torch.eye(50))
