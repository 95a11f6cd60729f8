"""`LazyLinear`: a `Linear` that reads `in_features` off its first input."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.ops.lazy import become, materialize, uninitialized_parameter
from torchlint.ops.linear import Linear
from torchlint.ops.registry import layer
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


@layer("torch.nn.LazyLinear", ranks=(2, 3, 4, 1))
class LazyLinear(Linear):
    """`[..., in_features]` to `[..., out_features]`."""

    def __init__(self, out_features: Size, bias: bool = True, device: object = None, dtype: DType | None = None) -> None:
        Module.__init__(self)
        self.in_features = 0
        self.out_features = out_features
        self.weight = uninitialized_parameter(dtype)
        self.bias = uninitialized_parameter(dtype) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == 0:
            raise ShapeError(
                "linear-in-features",
                "{callee} takes at least 1 dimension, but {input} has none",
                blame="input",
            )
        self.in_features = input.shape[-1]
        materialize(self.weight, self.out_features, self.in_features)
        if self.bias is not None:
            materialize(self.bias, self.out_features)
        become(self, Linear)
        return Linear.forward(self, input)
