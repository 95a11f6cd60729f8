"""Layers of one's own: RMSNorm, GLU, Swish, rotary embeddings, parameters only."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn import init


class Swish(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(x)


class RMSNorm(nn.Module):
    def __init__(self, dim: int, eps: float = 1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        output = self._norm(x.float()).type_as(x)
        return output * self.weight


class MyLinear(nn.Module):
    __constants__ = ["in_features", "out_features"]

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty((out_features, in_features)))
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self, input: Tensor) -> Tensor:
        return F.linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={self.weight.shape[1]}, bias={self.bias is not None}"


class GEGLU(nn.Module):
    def __init__(self, dim: int, mult: int = 4):
        super().__init__()
        self.proj = MyLinear(dim, dim * mult * 2)
        self.out = MyLinear(dim * mult, dim, bias=False)

    def forward(self, x):
        x, gate = self.proj(x).chunk(2, dim=-1)
        return self.out(F.gelu(gate) * x)


class Rotary(nn.Module):
    def __init__(self, dim, base=10000):
        super().__init__()
        inv_freq = 1.0 / (base ** (torch.arange(0, dim, 2).float() / dim))
        self.register_buffer("inv_freq", inv_freq)

    def rotate_half(self, x):
        x1, x2 = x.chunk(2, dim=-1)
        return torch.cat((-x2, x1), dim=-1)

    def forward(self, x):
        t = torch.arange(x.shape[1], device=x.device).type_as(self.inv_freq)
        freqs = torch.einsum("i,j->ij", t, self.inv_freq)
        emb = torch.cat((freqs, freqs), dim=-1)
        return x * emb.cos() + self.rotate_half(x) * emb.sin()


# run: Swish()(randn(2, 5))
# run: RMSNorm(5)(randn(2, 5))
# run: MyLinear(5, 3)(randn(2, 5))
# run: GEGLU(8)(randn(2, 8))
# run: Rotary(8)(randn(2, 5, 8))
# run: Stack()(randn(2, 5, 32))
class Stack(nn.Module):  # params: 12576
    def __init__(self, dim=32):
        super().__init__()
        self.norm = RMSNorm(dim)
        self.rotary = Rotary(dim)
        self.ff = GEGLU(dim)
        self.act = Swish()

    # torchlint: input x: [N, T, 32]
    def forward(self, x):
        x = self.rotary(self.norm(x))  # shape: [N, T, 32]
        x = self.act(x + self.ff(x))  # shape: [N, T, 32]
        return x


# run: WrongRotary()(randn(2, 5, 32))
class WrongRotary(nn.Module):
    """Half of the angles are missing."""

    def __init__(self, dim=32):
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / (10000 ** (torch.arange(0, dim, 2).float() / dim)))

    # torchlint: input x: [N, T, 32]
    def forward(self, x):
        t = torch.arange(x.shape[1]).float()
        freqs = torch.outer(t, self.inv_freq)  # shape: [T, 16]
        return x * freqs.cos()  # expect: broadcast-mismatch "16"
