"""Losses of pairs and triples of vectors: how near they should be, how far they are."""

from __future__ import annotations

from torchlint.dims.printing import show_shape
from torchlint.ops.dtypes import result_type
from torchlint.ops.losses import chosen_reduction, reduced, together
from torchlint.ops.registry import op
from torchlint.values.dtype import default_float_for, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.runtime import call
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _require_ranks(torch: str, **tensors: Tensor) -> None:
    ranks = {tensor.ndim for tensor in tensors.values()}
    if len(ranks) > 1:
        shown = ", ".join(f"{{{name}}} {show_shape(tensor.shape)}" for name, tensor in tensors.items())
        last = list(tensors)[-1]
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes tensors of one rank, but gets {shown}",
            blame=last,
            torch=torch,
            label=show_shape(tensors[last].shape),
        )


@op("torch.nn.functional.margin_ranking_loss")
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: object = 0,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """Whether the first of two scores is the larger by the margin: all of one rank, broadcast."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    words = "margin_ranking_loss : All input tensors should have same dimension"
    _require_ranks(words, input1=input1, input2=input2, target=target)
    shape = together(input1, input2, target, names=("input1", "input2", "target"))
    dtype = default_float_for(result_type(input1, input2, target))
    return reduced(shape, dtype, chosen, input1, input2, target)


@op("torch.nn.functional.cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: object = 0,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """How near the cosine of two vectors is to the target: inputs `[N, D]`, target `[N]`; or `[D]` and a scalar."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    if target.ndim > 1 or (input1.ndim, input2.ndim) != (target.ndim + 1, target.ndim + 1):
        raise ShapeError(
            "loss-shape",
            f"{{callee}} takes [N, D], [N, D] and [N], but gets {show_shape(input1.shape)}, "
            f"{show_shape(input2.shape)} and {show_shape(target.shape)}",
            blame="target",
            torch="1D target tensor expects 2D input tensors"
            if target.ndim <= 1
            else "0D or 1D target tensor expected, multi-target not supported",
            label=show_shape(target.shape),
        )
    pairs = together(input1, input2, names=("input1", "input2"))
    cosines = Tensor(pairs[:-1], default_float_for(result_type(input1, input2)))
    shape = together(cosines, target, names=("input1", "target"))
    return reduced(shape, cosines.dtype, chosen, input1, input2)


@op("torch.nn.functional.triplet_margin_loss")
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: object = 1.0,
    p: object = 2,
    eps: object = 1e-6,
    swap: object = False,
    size_average: object = None,
    reduce: object = None,
    reduction: object = "mean",
) -> Tensor:
    """Whether the positive is nearer to the anchor than the negative, by the margin: `[N, D]`, all of one rank."""
    chosen = chosen_reduction(reduction, size_average, reduce)
    return _triplet(anchor, positive, negative, margin, chosen)


def _triplet(anchor: Tensor, positive: Tensor, negative: Tensor, margin: object, reduction: object) -> Tensor:
    _require_margin(margin)
    words = (
        "The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: "
        f"anchor {anchor.ndim}D, positive {positive.ndim}D, and negative {negative.ndim}D inputs"
    )
    _require_ranks(words, anchor=anchor, positive=positive, negative=negative)
    shape = together(anchor, positive, negative, names=("anchor", "positive", "negative"))
    dtype = default_float_for(real_dtype(result_type(anchor, positive, negative)))
    return reduced(shape[:-1], dtype, reduction, anchor, positive, negative)


def _require_margin(margin: object) -> None:
    if isinstance(margin, (int, float)) and margin <= 0:
        raise ShapeError(
            "bad-call",
            f"`margin` of {{callee}} is {margin:g}, but must be above 0",
            blame="margin",
            torch=f"margin must be greater than 0, got {margin}",
        )


@op("torch.nn.functional.triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: object = None,
    margin: object = 1.0,
    swap: object = False,
    reduction: object = "mean",
) -> object:
    """The triplet loss with a distance of one's own, which is called for anchor and positive, anchor and negative."""
    chosen = chosen_reduction(reduction)
    if distance_function is None:
        return _triplet(anchor, positive, negative, margin, chosen)
    _require_margin(margin)
    _require_ranks("expected to have the same number of dimensions", anchor=anchor, positive=positive, negative=negative)
    near = call(distance_function, anchor, positive)
    far = call(distance_function, anchor, negative)
    if not isinstance(near, Tensor) or not isinstance(far, Tensor):
        return Unknown("the distance is not known")
    return reduced(together(near, far, names=("positive", "negative")), result_type(near, far), chosen, near, far)
