"""`Flatten`, `Unflatten` and `Identity` as layers."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.ops.registry import layer
from torchlint.ops.representation import joined
from torchlint.ops.shaping import flatten, unflatten
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


@layer("torch.nn.Flatten", ranks=(4, 3, 2))
class Flatten(Module):
    """The dimensions from `start_dim` to `end_dim` become one."""

    def __init__(self, start_dim: Size = 1, end_dim: Size = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return joined({"start_dim": self.start_dim, "end_dim": self.end_dim})


@layer("torch.nn.Unflatten", ranks=(2, 3))
class Unflatten(Module):
    """Dimension `dim` becomes `unflattened_size`."""

    def __init__(self, dim: Size, unflattened_size: Shape) -> None:
        super().__init__()
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return unflatten(input, self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return joined({"dim": self.dim, "unflattened_size": self.unflattened_size})


@layer("torch.nn.Identity")
class Identity(Module):
    """Returns its input, whatever it is."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()

    def forward(self, input: object) -> Any:
        return input
