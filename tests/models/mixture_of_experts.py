"""A mixture of experts, dispatched by mask in a loop; a twin whose gate weighs the wrong axis."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.w1 = nn.Linear(dim, hidden, bias=False)
        self.w2 = nn.Linear(hidden, dim, bias=False)
        self.w3 = nn.Linear(dim, hidden, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


# run: Expert(8, 16)(randn(2, 5, 8))
# run: MoE()(randn(2, 5, 64))
class MoE(nn.Module):  # params: 98560
    def __init__(self, dim=64, hidden=128, num_experts=4, top_k=2):
        super().__init__()
        self.experts = nn.ModuleList([Expert(dim, hidden) for _ in range(num_experts)])
        self.gate = nn.Linear(dim, num_experts, bias=False)
        self.top_k = top_k

    # torchlint: input x: [B, T, 64]
    def forward(self, x):
        orig_shape = x.shape
        x = x.view(-1, x.shape[-1])  # shape: [B * T, 64]
        scores = self.gate(x)  # shape: [B * T, 4]
        weights, indices = torch.topk(scores, self.top_k, dim=-1)  # shape: weights [B * T, 2], indices [B * T, 2]
        weights = weights.softmax(dim=-1)
        out = torch.zeros_like(x)
        for i, expert in enumerate(self.experts):
            batch_idx, nth = torch.where(indices == i)
            out[batch_idx] += weights[batch_idx, nth, None] * expert(x[batch_idx])
        y = out.view(*orig_shape)  # shape: [B, T, 64]
        return y


# run: SoftMoE()(randn(6, 64))
class SoftMoE(nn.Module):
    def __init__(self, dim=64, out=10, n=4):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(dim, out) for _ in range(n)])
        self.gate = nn.Linear(dim, n)

    # torchlint: input x: [N, 64]
    def forward(self, x):
        weights = torch.softmax(self.gate(x), dim=1)  # shape: [N, 4]
        outputs = torch.stack([e(x) for e in self.experts], dim=2)  # shape: [N, 10, 4]
        weights = weights.unsqueeze(1).expand_as(outputs)  # shape: [N, 10, 4]
        return torch.sum(outputs * weights, dim=2)


# run: WrongSoftMoE()(randn(6, 64))
class WrongSoftMoE(nn.Module):
    """The experts are stacked on axis 1, the weights stand on axis 2."""

    def __init__(self, dim=64, out=10, n=4):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(dim, out) for _ in range(n)])
        self.gate = nn.Linear(dim, n)

    # torchlint: input x: [N, 64]
    def forward(self, x):
        weights = torch.softmax(self.gate(x), dim=1)
        outputs = torch.stack([e(x) for e in self.experts], dim=1)
        return (outputs * weights.unsqueeze(1)).sum(1)  # expect: broadcast-mismatch "10"
