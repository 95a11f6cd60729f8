"""Losses that compare a prediction with a target element by element, and what all losses share.

Losses of class indices are in `classification_losses.py`, those of pairs and triples in `embedding_losses.py`.
"""

from __future__ import annotations

from torchlint.dims.printing import show_shape
from torchlint.ops.agree import broadcast_shapes, require_same
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, bool_, default_float_for, real_dtype
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor
from torchlint.values.unknown import Unknown

REDUCTIONS = ("none", "mean", "sum")


def chosen_reduction(
    reduction: object, size_average: object = None, reduce: object = None, allowed: tuple[str, ...] = REDUCTIONS
) -> object:
    """The reduction that counts, the two deprecated arguments included; Unknown stays so."""
    if size_average is not None or reduce is not None:
        if isinstance(size_average, Unknown) or isinstance(reduce, Unknown):
            return Unknown("the reduction is not known")
        return "none" if reduce is False else "sum" if size_average is False else "mean"
    if isinstance(reduction, Unknown):
        return reduction
    if reduction not in allowed:
        raise ShapeError(
            "bad-call",
            f"`reduction` of {{callee}} is one of {', '.join(map(repr, allowed))}, not {reduction!r}",
            blame="reduction",
            torch=f"{reduction} is not a valid value for reduction",
        )
    return reduction


def reduced(shape: Shape, dtype: DType, reduction: object, *operands: Tensor) -> Tensor:
    """The loss: a scalar, or one value for each place of `shape` where nothing is reduced."""
    if isinstance(reduction, Unknown):
        raise Undecided(reduction.reason)
    if reduction == "none":
        row_major = all(o.is_contiguous_by_construction for o in operands)
        return result(shape, dtype, *operands, strides=CONTIGUOUS if row_major else None)
    return result((), dtype, *operands)


def together(*tensors: Tensor, names: tuple[str, ...] = ("input", "target")) -> Shape:
    """The shape of prediction and target broadcast, or TL116 loss-shape."""
    try:
        return broadcast_shapes(*(t.shape for t in tensors), names=names)
    except ShapeError as error:
        error.rule = "loss-shape"
        raise


def require_same_shape(input: Tensor, target: Tensor, torch: str) -> None:
    """Prediction and target have one shape, or TL116 loss-shape."""

    def failure() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"{{callee}} takes a target of the input's shape, but {{input}} is {show_shape(input.shape)} "
            f"and {{target}} is {show_shape(target.shape)}",
            blame="target",
            torch=torch,
            label=show_shape(target.shape),
        )

    if input.ndim != target.ndim:
        raise failure()
    for mine, other in zip(input.shape, target.shape):
        require_same(mine, other, failure)


def require_float_loss(dtype: DType, blame: str = "input") -> None:
    """Losses are computed of floats."""
    if dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but gets {dtype.name}",
            blame=blame,
            torch=f"not implemented for '{dtype.name}'",
            label=dtype.name,
        )


def _compared(input: Tensor, target: Tensor, reduction: object) -> Tensor:
    dtype = result_type(input, target)
    require_float_loss(dtype)
    return reduced(together(input, target), real_dtype(dtype), reduction, input, target)


def _require_weight(input: Tensor, weight: Tensor | None) -> None:
    if weight is not None:
        require_same_shape(input, weight, "Weights and input must have the same size.")


@op("torch.nn.functional.mse_loss", "torch.nn.functional.l1_loss")
def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """The squared (or absolute) difference, broadcast."""
    _require_weight(input, weight)
    chosen = chosen_reduction(reduction, size_average, reduce)
    if weight is None:
        return _compared(input, target, chosen)
    return reduced(together(input, target), result_type(input, target, weight), chosen, input, target, weight)


@op("torch.nn.functional.smooth_l1_loss")
def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
    beta: object = 1.0,
) -> Tensor:
    """The squared difference near 0, the absolute one beyond, broadcast."""
    return _compared(input, target, chosen_reduction(reduction, size_average, reduce))


@op("torch.nn.functional.huber_loss")
def huber_loss(
    input: Tensor, target: Tensor, reduction: object = "mean", delta: object = 1.0, weight: Tensor | None = None
) -> Tensor:
    """The squared difference near 0, the absolute one beyond, broadcast."""
    if isinstance(delta, (int, float)) and delta <= 0:
        raise ShapeError(
            "bad-call",
            f"`delta` of {{callee}} must be more than 0, but is {delta:g}",
            blame="delta",
            torch="huber_loss does not support non-positive values for delta.",
        )
    return mse_loss(input, target, reduction=reduction, weight=weight)


@op("torch.nn.functional.soft_margin_loss")
def soft_margin_loss(
    input: Tensor, target: Tensor, size_average: object = None, reduce: object = None, reduction: object = "mean"
) -> Tensor:
    """`log(1 + exp(-target * input))`, broadcast."""
    return _compared(input, target, chosen_reduction(reduction, size_average, reduce))


@op("torch.nn.functional.hinge_embedding_loss")
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: object = 1.0,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """The distance for targets of 1, what is missing to the margin for -1, broadcast."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    require_float_loss(default_float_for(input.dtype))
    return reduced(together(input, target), input.dtype, chosen, input, target)


@op("torch.nn.functional.poisson_nll_loss")
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: object = True,
    full: object = False,
    size_average: object = None,
    eps: object = 1e-8,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """The negative log-likelihood of counts, broadcast."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    dtype = result_type(default_float_of(input), target)
    return reduced(together(input, target), dtype, chosen, input, target)


def default_float_of(input: Tensor) -> Tensor:
    """A tensor like the input, of floats."""
    return input if not input.dtype.is_integral else Tensor(input.shape, default_float_for(input.dtype))


@op("torch.nn.functional.kl_div")
def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
    log_target: object = False,
) -> Tensor:
    """The Kullback-Leibler divergence of log-probabilities from probabilities, broadcast."""
    chosen = chosen_reduction(reduction, size_average, reduce, (*REDUCTIONS, "batchmean"))
    require_float_loss(input.dtype)
    require_float_loss(target.dtype, "target")
    return reduced(together(input, target), result_type(input, target), chosen, input, target)


@op("torch.nn.functional.gaussian_nll_loss")
def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor | Number,
    full: object = False,
    eps: object = 1e-6,
    reduction: object = "mean",
) -> Tensor:
    """The negative log-likelihood of normal distributions; `var` of the input's shape, or one for each row."""
    shape = together(input, target)
    if isinstance(var, Tensor) and var.shape not in (input.shape, input.shape[:-1]):
        _require_var(input, var)
        shape = together(input, target, var, names=("input", "target", "var"))
    return reduced(shape, result_type(input, target, var), chosen_reduction(reduction), input, target)


def _require_var(input: Tensor, var: Tensor) -> None:
    def failure() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"`var` of {{callee}} has the input's shape, with 1 in one dimension or without the last, "
            f"but {{input}} is {show_shape(input.shape)} and {{var}} is {show_shape(var.shape)}",
            blame="var",
            torch="var is of incorrect size",
            label=show_shape(var.shape),
        )

    if var.ndim == input.ndim - 1:
        for mine, other in zip(input.shape, var.shape):
            require_same(mine, other, failure)
    elif var.ndim != input.ndim:
        raise failure()
    elif sum(size == 1 and mine != 1 for mine, size in zip(input.shape, var.shape)) != 1:
        for mine, other in zip(input.shape, var.shape):
            require_same(mine, other, failure)


def _require_within(input: Tensor, name: str, weight: Tensor | None) -> None:
    """A weight that multiplies the losses in place broadcasts to the input's shape, and does not make it larger."""
    if weight is None:
        return
    shape = broadcast_shapes(input.shape, weight.shape, names=("input", name))

    def unfit() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"`{name}` of {{callee}} broadcasts to {show_shape(input.shape)}, but is {show_shape(weight.shape)}",
            blame="input",
            torch=f"output with shape {show_shape(input.shape)} doesn't match the broadcast shape {show_shape(shape)}",
            label=show_shape(input.shape),
        )

    if len(shape) != input.ndim:
        raise unfit()
    for mine, both in zip(input.shape, shape):
        require_same(mine, both, unfit)


@op("torch.nn.functional.binary_cross_entropy")
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """The cross entropy of probabilities; target of the input's shape and dtype."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    require_same_shape(
        input,
        target,
        f"Using a target size ({show_shape(target.shape)}) that is different to the input size "
        f"({show_shape(input.shape)}) is deprecated. Please ensure they have the same size.",
    )
    _require_within(input, "weight", weight)
    require_float_loss(input.dtype)
    if target.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {input.dtype.name}, but {{target}} is {target.dtype.name}",
            blame="target",
            torch=f"Found dtype {target.dtype.name} but expected {input.dtype.name}",
            label=target.dtype.name,
            result=reduced(input.shape, input.dtype, chosen, input),
        )
    return reduced(input.shape, input.dtype, chosen, input, target)


@op("torch.nn.functional.binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """The cross entropy of logits; target of the input's shape."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    require_same_shape(
        input,
        target,
        f"Target size ({show_shape(target.shape)}) must be the same as input size ({show_shape(input.shape)})",
    )
    _require_within(input, "weight", weight)
    _require_within(input, "pos_weight", pos_weight)
    require_float_loss(input.dtype)
    if target.dtype.is_integral:  # it is computed in the target's dtype, in place
        said = f"result type {input.dtype.scalar_name} can't be cast to the desired output type {target.dtype.scalar_name}"
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes a target of floats, but {{target}} is {target.dtype.name}",
            blame="target",
            torch="Subtraction, the `-` operator, with a bool tensor is not supported." if target.dtype is bool_ else said,
            label=target.dtype.name,
            result=reduced(input.shape, input.dtype, chosen, input),
        )
    return reduced(input.shape, target.dtype, chosen, input, target)
