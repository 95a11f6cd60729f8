"""Statistics of several variables, whose rows are variables and whose columns are observations: `cov`, `corrcoef`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import bool_, default_float_for, promote_types
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


@op("torch.corrcoef", "torch.Tensor.corrcoef")
def corrcoef(input: Tensor) -> Tensor:
    """The correlations of the variables: `[variables, variables]`, a number for one variable."""
    if input.ndim > 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [variables, observations], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"cov(): expected input to have two or fewer dimensions but got an input with {input.ndim} dimensions",
            label=show_shape(input.shape),
        )
    if input.dtype is bool_:
        raise ShapeError(
            "dtype-mismatch",
            "{callee} takes numbers, but {input} is bool",
            blame="input",
            torch="cov(): bool dtype is not supported for input",
            label="bool",
        )
    shape: Shape = (input.shape[0],) * 2 if input.ndim == 2 and input.shape[0] != 1 else ()
    return result(shape, default_float_for(input.dtype), input, strides=None)


@op("torch.cov", "torch.Tensor.cov")
def cov(input: Tensor, *, correction: object = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
    """The covariances of the variables; `fweights` and `aweights` have one number per observation."""
    computed = corrcoef(input)
    observations = input.shape[-1] if input.ndim else 1
    if fweights is not None:
        _require_weights(observations, fweights, "fweights")
    if aweights is not None:
        _require_weights(observations, aweights, "aweights")
        computed.dtype = default_float_for(promote_types(input.dtype, aweights.dtype))
    return computed


def _require_weights(observations: Size, weights: Tensor, name: str) -> None:
    if weights.ndim > 1:
        raise ShapeError(
            "wrong-rank",
            f"`{name}` of {{callee}} is a vector, but {{{name}}} is {show_shape(weights.shape)}",
            blame=name,
            torch=f"cov(): expected {name} to have one or fewer dimensions but got {name} with {weights.ndim} dimensions",
            label=show_shape(weights.shape),
        )
    counts = name == "fweights"
    if weights.dtype.is_integral != counts or weights.dtype is bool_:
        raise ShapeError(
            "dtype-mismatch",
            f"`{name}` of {{callee}} are {'integers' if counts else 'floats'}, but {{{name}}} is {weights.dtype.name}",
            blame=name,
            torch=f"cov(): expected {name} to have {'integral' if counts else 'floating point'} dtype but got {name} with "
            f"{weights.dtype.scalar_name} dtype",
            label=weights.dtype.name,
        )
    require_same(
        weights.numel(),
        observations,
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{{{name}}} has {show(weights.numel())} numbers, but {{input}} has {show(observations)} observations",
            blame=name,
            torch=f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{show(weights.numel())} != {show(observations)}",
            label=show_shape(weights.shape),
        ),
    )
