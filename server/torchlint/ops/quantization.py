"""What quantization puts into a model of floats: stubs, and operations as modules, which compute in float until then."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size
from torchlint.ops.elementwise import add
from torchlint.ops.flattening import Identity
from torchlint.ops.joining import cat
from torchlint.ops.matmul import matmul
from torchlint.ops.rectifiers import relu_function
from torchlint.ops.registry import OPERATIONS, layer
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


@layer("torch.quantization.QuantStub")
class QuantStub(Module):
    """Marks where numbers are quantized; returns its input."""

    def __init__(self, qconfig: object = None) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x


@layer("torch.quantization.DeQuantStub")
class DeQuantStub(QuantStub):
    """Marks where numbers are floats again; returns its input."""

    def forward(self, x: Tensor) -> Tensor:
        return x


@layer("torch.nn.quantized.FloatFunctional")
class FloatFunctional(Module):
    """Operations whose results quantization observes: called as `self.add.add(x, y)`, never as a module."""

    def __init__(self) -> None:
        super().__init__()
        self.activation_post_process = Identity()

    def forward(self, x: Tensor) -> Tensor:
        raise ShapeError(
            "bad-call",
            "{callee} is called, but only its operations can be, as `{callee}.add(x, y)`",
            torch="FloatFunctional is not intended to use the 'forward'. Please use the underlying operation",
        )

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        return add(x, y)

    def mul(self, x: Tensor, y: Tensor) -> Tensor:
        product: Tensor = OPERATIONS["torch.mul"](x, y)
        return product

    def cat(self, x: Sequence[Tensor], dim: Size = 0) -> Tensor:
        return cat(x, dim)

    def matmul(self, x: Tensor, y: Tensor) -> Tensor:
        return matmul(x, y)

    def add_relu(self, x: Tensor, y: Tensor) -> Tensor:
        return relu_function(add(x, y))
