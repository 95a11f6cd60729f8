"""Affine maps: `Linear`, `Bilinear`, `Identity` and their functional forms."""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.dtypes import require_same_dtype
from torchlint.ops.registry import layer, op
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.runtime import spend
from torchlint.values.tensor import Tensor, parameter


@op("torch.nn.functional.linear", ranks=(2, 3, 4, 1))
def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input @ weight.T + bias`: `[..., in_features]` to `[..., out_features]`."""
    out_features, in_features = weight.shape[0] if weight.ndim == 2 else 1, weight.shape[-1]
    result = Tensor((*input.shape[:-1], *weight.shape[:-1]), input.dtype)
    if input.ndim == 0:
        raise ShapeError("linear-in-features", "{callee} takes at least 1 dimension, but {input} has none", blame="input")
    features = input.shape[-1]
    rows = product(input.shape[:-1])
    require_same(
        features,
        in_features,
        lambda: ShapeError(
            "linear-in-features",
            f"{{callee}} takes {show(in_features)} features, but {{input}} has {show(features)}",
            blame="input",
            torch=f"mat1 and mat2 shapes cannot be multiplied ({show(rows)}x{show(features)} and "
            f"{show(in_features)}x{show(out_features)})",
            repair={"in_features": features},
            result=result,
            label=show_shape(input.shape),
        ),
    )
    require_same_dtype(input, weight, "weight")
    if bias is not None:
        require_same_dtype(input, bias, "bias")
        if bias.ndim and bias.shape[-1] != 1 and weight.ndim == 2:
            require_same(
                bias.shape[-1],
                out_features,
                lambda: ShapeError(
                    "linear-in-features",
                    f"{{bias}} has {show(bias.shape[-1])} elements, but {{callee}} has {show(out_features)} outputs",
                    blame="bias",
                    torch=f"The expanded size of the tensor ({show(out_features)}) must match the existing size "
                    f"({show(bias.shape[-1])})",
                    result=result,
                    label=show_shape(bias.shape),
                ),
            )
    spend(result.numel() * in_features)
    return result


@layer("torch.nn.Linear", ranks=(2, 3, 4, 1))
class Linear(Module):
    """`[..., in_features]` to `[..., out_features]`."""

    def __init__(
        self, in_features: Size, out_features: Size, bias: bool = True, device: object = None, dtype: DType | None = None
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = parameter(out_features, in_features, dtype=dtype)
        self.bias = parameter(out_features, dtype=dtype) if bias else None

    def forward(self, input: Tensor) -> Tensor:
        return linear(input, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"in_features={show(self.in_features)}, out_features={show(self.out_features)}, bias={self.bias is not None}"
