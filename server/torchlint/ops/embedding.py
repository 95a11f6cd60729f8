"""Lookup tables: `Embedding`, `EmbeddingBag` and their functions. Whether an index is in the table is left
open."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_chosen, require_same
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import show_value
from torchlint.ops.results import result
from torchlint.ops.spatial import is_known_below
from torchlint.values.dtype import DType, int32, int64
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor, parameter


@op("torch.nn.functional.embedding", ranks=(2, 1, 3))
def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: Size | None = None,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Tensor:
    """`[...]` of ids to `[..., embedding_dim]`."""
    if weight.ndim != 2:
        raise ShapeError(
            "wrong-rank",
            f"the table of {{callee}} is [num_embeddings, embedding_dim], but {{weight}} is {show_shape(weight.shape)}",
            blame="weight",
            torch="'weight' must be 2-D",
            label=show_shape(weight.shape),
        )
    table = result((*input.shape, weight.shape[1]), weight.dtype, weight)
    _require_padding_index(padding_idx, weight.shape[0])
    _require_ids(input, "embedding", table)
    return table


def _require_ids(input: Tensor, function: str, looked_up: Tensor) -> None:
    if input.dtype not in (int64, int32):
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} looks up int64 or int32 ids, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="Expected tensor for argument #1 'indices' to have one of the following scalar types: "
            "Long, Int; but got "
            f"torch.{input.dtype.scalar_name}Tensor instead (while checking arguments for {function})",
            result=looked_up,
            label=input.dtype.name,
        )


def _require_padding_index(padding_idx: Size | None, rows: Size) -> None:
    if isinstance(padding_idx, int) and isinstance(rows, int) and not -rows <= padding_idx < rows:
        raise ShapeError(
            "dim-out-of-range",
            f"`padding_idx` {padding_idx} of {{callee}} is not one of its {rows} rows",
            blame="padding_idx",
            torch="Padding_idx must be within num_embeddings",
        )


def _normalized_padding_index(padding_idx: Size | None, rows: Size) -> Size | None:
    _require_padding_index(padding_idx, rows)
    return padding_idx + rows if isinstance(padding_idx, int) and padding_idx < 0 else padding_idx


@op("torch.nn.functional.embedding_bag", ranks=(2, 1))
def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: object = None,
    norm_type: object = 2,
    scale_grad_by_freq: object = False,
    mode: str = "mean",
    sparse: object = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: Size | None = None,
) -> Tensor:
    """`[bags, ids]`, or `[ids]` with the `offsets` of the bags, to `[bags, embedding_dim]`."""
    if weight.dtype is int64 and input.dtype.is_floating_point:  # torch still takes the order of its first releases
        input, weight = weight, input
    if per_sample_weights is not None:
        _require_sample_weights(input, per_sample_weights, mode)
    if mode not in ("sum", "mean", "max"):
        raise ShapeError(
            "bad-call",
            f"`mode` of {{callee}} is one of sum, mean, max, not '{mode}'",
            blame="mode",
            torch="mode has to be one of sum, mean or max",
        )
    bags = _bags(input, offsets, include_last_offset)
    pooled = result((bags, weight.shape[-1]), weight.dtype, weight, per_sample_weights)
    _require_padding_index(padding_idx, weight.shape[0])
    _require_ids(input, "embedding_bag", pooled)
    return pooled


def _bags(input: Tensor, offsets: Tensor | None, include_last_offset: bool) -> Size:
    if input.ndim == 2:
        if offsets is not None:
            raise ShapeError(
                "bad-call",
                f"{{callee}} takes no `offsets` beside {{input}} {show_shape(input.shape)}, whose rows are the bags",
                blame="offsets",
                torch="if input is 2D, then offsets has to be None, as input is treated is a mini-batch of "
                "fixed length "
                "sequences.",
            )
        return input.shape[0]
    if input.ndim != 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [bags, ids] or [ids], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.ndim}",
            label=show_shape(input.shape),
        )
    if offsets is None or offsets.ndim != 1:
        given = "None" if offsets is None else f"{offsets.ndim}-D"
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} needs a 1-D tensor of `offsets` beside [ids], but gets {given}",
            blame="input" if offsets is None else "offsets",
            torch=f"offsets has to be a 1D Tensor but got {given}",
        )
    if offsets.dtype not in (int64, int32):
        raise ShapeError(
            "dtype-mismatch",
            f"`offsets` of {{callee}} are int64 or int32, but {{offsets}} is {offsets.dtype.name}",
            blame="offsets",
            torch=f"expected scalar type Long but found {offsets.dtype.scalar_name}",
        )
    return offsets.shape[0] - 1 if include_last_offset else offsets.shape[0]


def _require_sample_weights(input: Tensor, weights: Tensor, mode: str) -> None:
    error = ShapeError(
        "broadcast-mismatch",
        f"`per_sample_weights` of {{callee}} are {show_shape(weights.shape)}, but {{input}} is {show_shape(input.shape)}",
        blame="per_sample_weights",
        torch=f"embedding_bag: If per_sample_weights ({show_shape(weights.shape)}) is not None, then it "
        "must have the same "
        f"shape as the input ({show_shape(input.shape)})",
    )
    if weights.ndim != input.ndim:
        raise error
    for size, want in zip(weights.shape, input.shape):
        require_same(size, want, lambda: error)
    if mode != "sum":
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes `per_sample_weights` with mode 'sum' only, not '{mode}'",
            blame="per_sample_weights",
            torch="embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for "
            "mode='sum' "
            f"(got mode='{mode}')",
        )


class _Table(Module):
    """A table of `num_embeddings` rows."""

    def _make_weight(
        self,
        num_embeddings: Size,
        embedding_dim: Size,
        given: Tensor | None,
        freeze: bool,
        dtype: DType | None,
    ) -> None:
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        if is_known_below(num_embeddings, 0) or is_known_below(embedding_dim, 0):
            require_chosen()
            raise ShapeError(
                "bad-call",
                f"the table of {{callee}} would be {show_shape((num_embeddings, embedding_dim))}",
                torch=f"Trying to create tensor with negative dimension: {show_shape((num_embeddings, embedding_dim))}",
            )
        if given is None:
            self.weight = parameter(num_embeddings, embedding_dim, dtype=dtype, requires_grad=not freeze)
            return
        error = ShapeError(
            "bad-call",
            f"the weight of {{callee}} is {show_shape(given.shape)} instead of {show_shape((num_embeddings, embedding_dim))}",
            torch="Shape of weight does not match num_embeddings and embedding_dim",
        )
        if given.ndim != 2:
            raise error
        require_same(given.shape[0], num_embeddings, lambda: error)
        require_same(given.shape[1], embedding_dim, lambda: error)
        self.weight = parameter(*given.shape, dtype=given.dtype, requires_grad=not freeze)

    max_norm: object = None
    norm_type: object = 2.0
    scale_grad_by_freq: object = False

    def _shared_repr(self) -> list[str]:
        parts = [show(self.num_embeddings), show(self.embedding_dim)]
        if self.max_norm is not None:
            parts.append(f"max_norm={show_value(self.max_norm)}")
        if self.norm_type != 2:
            parts.append(f"norm_type={show_value(self.norm_type)}")
        if self.scale_grad_by_freq is not False:
            parts.append(f"scale_grad_by_freq={show_value(self.scale_grad_by_freq)}")
        return parts


@layer("torch.nn.Embedding", ranks=(2, 1, 3))
class Embedding(_Table):
    """`[...]` of ids to `[..., embedding_dim]`."""

    def __init__(
        self,
        num_embeddings: Size,
        embedding_dim: Size,
        padding_idx: Size | None = None,
        max_norm: object = None,
        norm_type: object = 2.0,
        scale_grad_by_freq: object = False,
        sparse: object = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.padding_idx = _normalized_padding_index(padding_idx, num_embeddings)
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        self._make_weight(num_embeddings, embedding_dim, _weight, _freeze, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return embedding(input, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        parts = self._shared_repr()
        if self.padding_idx is not None:
            parts.insert(2, f"padding_idx={show(self.padding_idx)}")
        if self.sparse is not False:
            parts.append("sparse=True")
        return ", ".join(parts)


@layer("torch.nn.EmbeddingBag", ranks=(2, 1))
class EmbeddingBag(_Table):
    """`[bags, ids]`, or `[ids]` and `[bags]` offsets, to `[bags, embedding_dim]`."""

    def __init__(
        self,
        num_embeddings: Size,
        embedding_dim: Size,
        max_norm: object = None,
        norm_type: object = 2.0,
        scale_grad_by_freq: object = False,
        mode: str = "mean",
        sparse: object = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: Size | None = None,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.mode = mode
        self.sparse = sparse
        self.include_last_offset = include_last_offset
        self.padding_idx = _normalized_padding_index(padding_idx, num_embeddings)
        self._make_weight(num_embeddings, embedding_dim, _weight, False, dtype)

    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Tensor:
        return embedding_bag(
            input,
            self.weight,
            offsets,
            mode=self.mode,
            per_sample_weights=per_sample_weights,
            include_last_offset=self.include_last_offset,
            padding_idx=self.padding_idx,
        )

    def extra_repr(self) -> str:
        parts = [*self._shared_repr(), f"mode={show_value(self.mode)}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={show(self.padding_idx)}")
        return ", ".join(parts)


def _table_sizes(embeddings: Tensor) -> Shape:
    if embeddings.ndim != 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [num_embeddings, embedding_dim], but {{embeddings}} is {show_shape(embeddings.shape)}",
            blame="embeddings",
            torch="Embeddings parameter is expected to be 2-dimensional",
            label=show_shape(embeddings.shape),
        )
    return embeddings.shape


@op("torch.nn.Embedding.from_pretrained")
def embedding_from_pretrained(
    embeddings: Tensor,
    freeze: bool = True,
    padding_idx: Size | None = None,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Embedding:
    """An `Embedding` with these rows."""
    rows, columns = _table_sizes(embeddings)
    return Embedding(rows, columns, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, embeddings, freeze)


@op("torch.nn.EmbeddingBag.from_pretrained")
def embedding_bag_from_pretrained(
    embeddings: Tensor,
    freeze: bool = True,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    mode: str = "mean",
    sparse: object = False,
    include_last_offset: bool = False,
    padding_idx: Size | None = None,
) -> EmbeddingBag:
    """An `EmbeddingBag` with these rows."""
    rows, columns = _table_sizes(embeddings)
    made = EmbeddingBag(
        rows,
        columns,
        max_norm,
        norm_type,
        scale_grad_by_freq,
        mode,
        sparse,
        embeddings,
        include_last_offset,
        padding_idx,
    )
    made.weight.requires_grad = not freeze
    return made
