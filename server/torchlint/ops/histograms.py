"""Counts of elements by interval: `histc`, `histogram`, `histogramdd`."""

from __future__ import annotations

from collections import namedtuple

from torchlint.dims.expr import Expr, Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor

Histogram = namedtuple("Histogram", ("hist", "bin_edges"))


@op("torch.histc", "torch.Tensor.histc")
def histc(input: Tensor, bins: Size = 100, min: object = 0, max: object = 0, *, out: object = None) -> Tensor:
    """How many elements fall into each of `bins` equal intervals."""
    return result((bins,), input.dtype, input)


def _bins(bins: object) -> Size:
    """How many intervals a number, or the edges between them, stand for."""
    if isinstance(bins, (int, Expr)):
        return bins
    if not isinstance(bins, Tensor):
        raise Undecided("the number of bins is not known")
    if bins.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"the edges of {{callee}} have 1 dimension, but {{bins}} is {show_shape(bins.shape)}",
            blame="bins",
            torch=f"bins tensor should have one dimension, but got {bins.ndim} dimensions in the bins tensor for dimension 0",
            label=show_shape(bins.shape),
        )
    return bins.shape[0] - 1


def _require_weight(input: Tensor, weight: Tensor | None, shape: tuple[Size, ...]) -> None:
    if weight is None:
        return

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{callee}} takes one weight for each point of {{input}} {show_shape(input.shape)}, but {{weight}} is "
            f"{show_shape(weight.shape)}",
            blame="weight",
            torch="if weight tensor is provided it should have the same shape as the input tensor",
            label=show_shape(weight.shape),
        )

    if weight.ndim != len(shape):
        raise unfit()
    for given, wanted in zip(weight.shape, shape):
        require_same(given, wanted, unfit)
    if weight.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{input}} is {input.dtype.name}, but {{weight}} is {weight.dtype.name}",
            blame="weight",
            torch="if weight tensor is provided, input tensor and weight tensor should have the same dtype",
            label=weight.dtype.name,
        )


@op("torch.histogram", "torch.Tensor.histogram")
def histogram(
    input: Tensor,
    bins: Tensor | Size,
    *,
    range: object = None,
    weight: Tensor | None = None,
    density: object = False,
    out: object = None,
) -> Histogram:
    """How many elements fall into each interval, and the edges between the intervals."""
    count = _bins(bins)
    _require_weight(input, weight, input.shape)
    return Histogram(result((count,), input.dtype, input), result((count + 1,), input.dtype, input))


@op("torch.histogramdd")
def histogramdd(
    input: Tensor, bins: object, *, range: object = None, weight: Tensor | None = None, density: object = False
) -> Histogram:
    """How many points `[.., d]` fall into each cell of a grid of `d` dimensions, and the edges along each."""
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [.., d], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="torch.histogramdd: input tensor should have at least 2 dimensions",
            label=show_shape(input.shape),
        )
    each = bins if isinstance(bins, (list, tuple)) else None
    if each is None:
        if not isinstance(bins, int) or not isinstance(input.shape[-1], int):
            raise Undecided("how many dimensions the histogram has is not known")
        each = (bins,) * input.shape[-1]
    require_same(
        len(each),
        input.shape[-1],
        lambda: ShapeError(
            "bad-call",
            f"{{callee}} has bins for {len(each)} dimensions, but the points of {{input}} have {show(input.shape[-1])}",
            blame="bins",
            torch="histogramdd: The size of bins must be equal to the innermost dimension of the input.",
        ),
    )
    _require_weight(input, weight, input.shape[:-1])
    counts = tuple(_bins(b) for b in each)
    edges = tuple(result((count + 1,), input.dtype, input) for count in counts)
    return Histogram(result(counts, input.dtype, input), edges)
