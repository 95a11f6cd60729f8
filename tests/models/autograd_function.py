"""Functions with gradients of their own, in both styles of torch.autograd.Function; a layer behind one does not fit."""

import torch
from torch import nn
from torch.autograd import Function


class Swish(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return grad_output * s * (1 + x * (1 - s))


class Halves(torch.autograd.Function):
    @staticmethod
    def forward(x, scale):
        first, second = x.chunk(2, dim=-1)
        return scale * first, second

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.scale = inputs[1]

    @staticmethod
    def backward(ctx, first, second):
        return torch.cat([ctx.scale * first, second], -1), None


swish = Swish.apply


# run: Gate()(randn(5, 16))
class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(16, 32)
        self.down = nn.Linear(16, 16)

    # torchlint: input x: [N, 16]
    def forward(self, x):
        x = swish(self.up(x))  # shape: [N, 32]
        value, gate = Halves.apply(x, 0.5)
        y = self.down(value * gate)  # shape: [N, 16]
        return y


# run: WideGate()(randn(5, 16))
class WideGate(Gate):
    def __init__(self):
        super().__init__()
        self.down = nn.Linear(32, 16)

    # torchlint: input x: [N, 16]
    def forward(self, x):
        value, gate = Halves.apply(swish(self.up(x)), 0.5)
        return self.down(value * gate)  # expect: linear-in-features "takes 32 features"
