"""Losses of class indices and of sets of labels: cross entropy, negative log-likelihood, margins, CTC."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.dtypes import result_type
from torchlint.ops.losses import chosen_reduction, reduced, require_float_loss, require_same_shape, together
from torchlint.ops.registry import op
from torchlint.values.dtype import int64, uint8
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def _class_dim(input: Tensor) -> int:
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} takes [C], [N, C] or [N, C, ...], but {input} has no dimensions",
            blame="input",
            torch="Expected input with at least 1 dimension",
        )
    return 0 if input.ndim == 1 else 1


def _without(shape: Shape, dim: int) -> Shape:
    return (*shape[:dim], *shape[dim + 1 :])


def _require_indices(input: Tensor, target: Tensor) -> Shape:
    """Targets are class indices, one for each place of the input: its shape without the classes."""
    expected = _without(input.shape, _class_dim(input))

    def failure() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"{{callee}} takes a target of {show_shape(expected)} for {{input}} of {show_shape(input.shape)}, "
            f"but {{target}} is {show_shape(target.shape)}",
            blame="target",
            torch=_torch_words(input, target, expected),
            label=show_shape(target.shape),
        )

    if input.ndim == target.ndim == 1:  # one row of classes takes one index, be it in a list
        require_same(target.shape[0], 1, failure)
        return ()
    if target.ndim != len(expected):
        raise failure()
    for mine, other in zip(expected, target.shape):
        require_same(mine, other, failure)
    return target.shape


def _torch_words(input: Tensor, target: Tensor, expected: Shape) -> str:
    if input.ndim == 2 and target.ndim == 1:
        return f"Expected input batch_size ({show(input.shape[0])}) to match target batch_size ({show(target.shape[0])})."
    if input.ndim <= 2 and target.ndim > 1:
        return "0D or 1D target tensor expected, multi-target not supported"
    return f"Expected target size {show_shape(expected)}, got {show_shape(target.shape)}"


def _require_index_dtype(target: Tensor) -> None:
    if target.dtype not in (int64, uint8):
        raise ShapeError(
            "dtype-mismatch",
            f"the class indices of {{callee}} must be int64, but {{target}} is {target.dtype.name}",
            blame="target",
            torch=f"expected scalar type Long but found {target.dtype.scalar_name}",
            label=target.dtype.name,
        )


def require_class_weight(weight: Tensor | None, classes: Size) -> None:
    """One weight for each class."""
    if weight is None:
        return

    def failure() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"`weight` of {{callee}} has one value for each of {show(classes)} classes, but it is {show_shape(weight.shape)}",
            torch=f"weight tensor should be defined either for all {show(classes)} classes or no classes but got "
            f"weight tensor of shape: {show_shape(weight.shape)}",
        )

    if weight.ndim != 1:
        raise failure()
    require_same(weight.shape[0], classes, failure)


def require_smoothing(label_smoothing: object) -> None:
    """The part of the target that is spread over all classes is a part."""
    if isinstance(label_smoothing, (int, float)) and not 0 <= label_smoothing <= 1:
        raise ShapeError(
            "bad-call",
            f"`label_smoothing` of {{callee}} is {label_smoothing:g}, not between 0 and 1",
            blame="label_smoothing",
            torch=f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}",
        )


@op("torch.nn.functional.nll_loss")
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: object = None,
    ignore_index: object = -100,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """The negative log-likelihood of class indices: input `[N, C, ...]`, target `[N, ...]`."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    shape = _require_indices(input, target)
    require_class_weight(weight, input.shape[_class_dim(input)])
    _require_index_dtype(target)
    require_float_loss(input.dtype)
    if weight is not None and weight.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"`weight` of {{callee}} is {weight.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"expected scalar type {input.dtype.scalar_name} but found {weight.dtype.scalar_name}",
            label=input.dtype.name,
        )
    return reduced(shape, input.dtype, chosen, input, target)


@op("torch.nn.functional.cross_entropy")
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: object = None,
    ignore_index: object = -100,
    reduce: object = None,
    reduction: object = "mean",
    label_smoothing: object = 0.0,
) -> Tensor:
    """The cross entropy of logits `[N, C, ...]` with class indices `[N, ...]` or probabilities `[N, C, ...]`."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    dim = _class_dim(input)
    require_smoothing(label_smoothing)
    in_list = target.ndim == 1 and target.dtype.is_integral and input.shape != target.shape
    if target.ndim != input.ndim or in_list:
        return nll_loss(input, target, weight, reduction=chosen)
    if target.dtype.is_integral and target.ndim > 1:
        expected = _without(input.shape, dim)
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes class indices of {show_shape(expected)} for {{input}} of {show_shape(input.shape)}, "
            f"but {{target}} is {show_shape(target.shape)}",
            blame="target",
            torch=f"Expected floating point type for target with class probabilities, got {target.dtype.name}"
            if target.shape == input.shape
            else _torch_words(input, target, expected),
            label=show_shape(target.shape),
            result=reduced(expected, input.dtype, chosen, input),
        )
    require_same_shape(input, target, _torch_words(input, target, _without(input.shape, dim)))
    require_class_weight(weight, input.shape[dim])
    if target.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes probabilities as floats, but {{target}} is {target.dtype.name}",
            blame="target",
            torch=f"Expected floating point type for target with class probabilities, got {target.dtype.name}",
            label=target.dtype.name,
        )
    require_float_loss(input.dtype)
    return reduced(_without(input.shape, dim), result_type(input, target), chosen, input, target)


def _require_rows(input: Tensor) -> None:
    if input.ndim > 2:
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes [C] or [N, C], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
    if input.ndim and input.shape[-1] == 0:
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes at least one class, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )


@op("torch.nn.functional.multi_margin_loss")
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: object = 1,
    margin: object = 1.0,
    weight: Tensor | None = None,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """How far wrong classes come near the right one: input `[N, C]`, target `[N]`."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    if isinstance(p, int) and p not in (1, 2):
        raise ShapeError(
            "bad-call", f"`p` of {{callee}} is 1 or 2, not {p}", blame="p", torch="only p == 1 and p == 2 supported"
        )
    _require_rows(input)
    rows = input.shape[0] if input.ndim == 2 else 1

    def failure() -> ShapeError:
        return ShapeError(
            "loss-shape",
            f"{{callee}} takes one class for each of {show(rows)} rows, but {{target}} is {show_shape(target.shape)}",
            blame="target",
            torch=f"inconsistent target size, expected {show(rows)} but got {show_shape(target.shape)}",
            label=show_shape(target.shape),
        )

    if target.ndim > 1:
        raise failure()
    require_same(target.numel(), rows, failure)
    require_class_weight(weight, input.shape[-1] if input.ndim else 1)
    if target.dtype is not int64:
        _require_index_dtype(target)
    return reduced(target.shape, input.dtype, chosen, input, target)


@op("torch.nn.functional.multilabel_margin_loss")
def multilabel_margin_loss(
    input: Tensor, target: Tensor, size_average: object = None, reduce: object = None, reduction: object = "mean"
) -> Tensor:
    """How far wrong labels come near right ones; target of the input's shape."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    _require_rows(input)
    words = f"inconsistent target size: {show_shape(target.shape)} for input of size: {show_shape(input.shape)}"
    if input.ndim == 2 or target.ndim:
        require_same_shape(input, target, words)
    _require_index_dtype(target)
    return reduced(input.shape[:-1], input.dtype, chosen, input, target)


@op("torch.nn.functional.multilabel_soft_margin_loss")
def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """The mean of binary cross entropies over the classes, the last dimension."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    tensors = [input, target] + ([weight] if weight is not None else [])
    shape = together(*tensors, names=("input", "target", "weight"))
    dtype = result_type(*tensors)
    require_float_loss(input.dtype)
    return reduced(shape[:-1], dtype, chosen, *tensors)


@op("torch.nn.functional.ctc_loss")
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: object,
    target_lengths: object,
    blank: object = 0,
    reduction: object = "mean",
    zero_infinity: object = False,
) -> Tensor:
    """The connectionist temporal classification loss: log-probabilities `[T, N, C]` or `[T, C]`."""
    chosen = chosen_reduction(reduction)
    if log_probs.ndim not in (2, 3):
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes [T, N, C] or [T, C], but {{log_probs}} is {show_shape(log_probs.shape)}",
            blame="log_probs",
            torch=f"log_probs must have 2 or 3 dimensions, but got {log_probs.ndim}",
            label=show_shape(log_probs.shape),
        )
    batch = log_probs.shape[1:-1]
    for name, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
        if isinstance(lengths, (Tensor, list, tuple)) and batch:
            _require_lengths(lengths, name, batch[0])
    return reduced(batch, log_probs.dtype, chosen, log_probs)


def _require_lengths(lengths: Tensor | Sequence[object], name: str, batch: Size) -> None:
    count, shape = (lengths.numel(), lengths.shape) if isinstance(lengths, Tensor) else (len(lengths), (len(lengths),))
    require_same(
        count,
        batch,
        lambda: ShapeError(
            "loss-shape",
            f"{{callee}} takes one length for each of {show(batch)} sequences, but {{{name}}} is {show_shape(shape)}",
            blame=name,
            torch=f"{name} must be of size batch_size",
            label=show_shape(shape),
        ),
    )
