"""`scaled_dot_product_attention`, and how attention says what does not fit.

The memory layout of the result depends on the kernel that torch picks, so its strides are not known.
"""

from __future__ import annotations

from torchlint.dims.expr import product
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, require, require_same, same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import bool_, float32
from torchlint.values.errors import ShapeError
from torchlint.values.runtime import spend
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown


def attention_error(message: str, torch: str, blame: str, tensor: Tensor | None = None, **more: object) -> ShapeError:
    """TL110 attention-size."""
    label = None if tensor is None else show_shape(tensor.shape)
    return ShapeError("attention-size", message, torch=torch, blame=blame, label=label, **more)  # type: ignore[arg-type]


@op("torch.nn.functional.scaled_dot_product_attention", ranks=(4, 3))
def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: object = 0.0,
    is_causal: bool | Unknown = False,
    scale: object = None,
    enable_gqa: bool = False,
) -> Tensor:
    """`softmax(query @ key.T) @ value`: `[..., L, E]`, `[..., S, E]`, `[..., S, Ev]` to `[..., L, Ev]`."""
    _require_operands(query, key, value)
    if enable_gqa:
        key_batch, value_batch = (_grouped(query, t, name) for t, name in ((key, "key"), (value, "value")))
    else:
        key_batch, value_batch = key.shape[:-2], value.shape[:-2]
    batch = broadcast_shapes(query.shape[:-2], key_batch, value_batch, names=("query", "key", "value"))
    length, source = query.shape[-2], key.shape[-2]
    computed = result((*batch, length, value.shape[-1]), query.dtype, query, key, value, strides=None)
    require_same(
        query.shape[-1],
        key.shape[-1],
        lambda: attention_error(
            f"{{query}} has {show(query.shape[-1])} features, but {{key}} has {show(key.shape[-1])}",
            f"Expected size for first two dimensions of batch2 tensor to be: [.., {show(query.shape[-1])}] "
            f"but got: [.., {show(key.shape[-1])}].",
            "key",
            key,
            result=computed,
        ),
    )
    if not _may_be_flash(query, key, value):
        require_same(
            source,
            value.shape[-2],
            lambda: attention_error(
                f"{{key}} has {show(source)} positions, but {{value}} has {show(value.shape[-2])}",
                f"Expected size for first two dimensions of batch2 tensor to be: [.., {show(source)}] "
                f"but got: [.., {show(value.shape[-2])}].",
                "value",
                value,
                result=computed,
            ),
        )
    if attn_mask is not None:
        _require_mask(attn_mask, query, (*batch, length, source), computed)
        if is_causal is True and query.ndim != 4:
            raise attention_error(
                "{callee} takes a mask or `is_causal`, not both",
                "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
                "attn_mask",
                result=computed,
            )
    spend(product((*batch, length)) * source * (query.shape[-1] + value.shape[-1]))
    return computed


def _may_be_flash(query: Tensor, key: Tensor, value: Tensor) -> bool:
    """Whether torch may take its fused kernel on the CPU: it reads as many values as there are keys, and compares nothing.

    The kernel wants batch, heads and features to be the same in all three, and no dimension to be empty.
    """
    if query.ndim != 4 or key.ndim != 4 or value.ndim != 4:
        return False
    if any(same(size, 0) is Truth.YES for tensor in (query, key, value) for size in tensor.shape):
        return False
    return all(same(query.shape[dim], tensor.shape[dim]) is not Truth.NO for tensor in (key, value) for dim in (0, 1, 3))


def _require_operands(query: Tensor, key: Tensor, value: Tensor) -> None:
    for name, tensor in (("query", query), ("key", key), ("value", value)):
        if tensor.ndim < 2:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} needs at least 2 dimensions, but {{{name}}} is {show_shape(tensor.shape)}",
                blame=name,
                torch="Expected query, key, and value to all be  at least 2 dimensional",
                label=show_shape(tensor.shape),
            )
        if tensor.dtype is not query.dtype or not tensor.dtype.is_floating_point:
            spoken = f"{{{name}}} is {tensor.dtype.name}"
            raise ShapeError(
                "dtype-mismatch",
                f"{{query}} is {query.dtype.name}, but {spoken}"
                if tensor.dtype is not query.dtype
                else f"{{callee}} takes floats, but {spoken}",
                blame=name,
                torch="Expected query, key, and value to have the same dtype",
                label=tensor.dtype.name,
            )


def _grouped(query: Tensor, tensor: Tensor, name: str) -> Shape:
    """The batch sizes of keys or values whose heads are repeated for groups of query heads."""
    if query.ndim < 3 or tensor.ndim < 3:
        raise ShapeError(
            "wrong-rank",
            f"grouped heads need 3 dimensions, but {{query}} is {show_shape(query.shape)} and {{{name}}} is "
            f"{show_shape(tensor.shape)}",
            blame=name,
            torch="Dimension out of range (expected to be in range of [-2, 1], but got -3)",
        )
    heads, own = query.shape[-3], tensor.shape[-3]
    require(
        own,
        "divides",
        heads,
        lambda: attention_error(
            f"the {show(own)} heads of {{{name}}} do not divide the {show(heads)} heads of {{query}}",
            "Number of heads in key and value must divide the number of heads in query",
            name,
            tensor,
        ),
    )
    return (*tensor.shape[:-3], heads)


def _require_mask(mask: Tensor, query: Tensor, scores: Shape, computed: Tensor) -> None:
    """The mask broadcasts to the attention scores."""
    if mask.dtype is not bool_ and mask.dtype is not query.dtype and mask.dtype is not float32:
        raise ShapeError(
            "dtype-mismatch",
            f"{{attn_mask}} must be bool or {query.dtype.name}, but is {mask.dtype.name}",
            blame="attn_mask",
            torch="Expected attn_mask dtype to be bool or float or to match query dtype, but got "
            "attn_mask.dtype: "
            f"{mask.dtype.name} and  query.dtype: {query.dtype.name} instead.",
            label=mask.dtype.name,
            result=computed,
        )

    def unfit() -> ShapeError:
        return attention_error(
            f"{{attn_mask}} {show_shape(mask.shape)} does not broadcast to the attention scores {show_shape(scores)}",
            f"The size of the mask {show_shape(mask.shape)} must match {show_shape(scores)}",
            "attn_mask",
            mask,
            result=computed,
        )

    if mask.ndim > len(scores):
        raise unfit()
    for given, wanted in zip(reversed(mask.shape), reversed(scores)):
        if given != 1:
            require_same(given, wanted, unfit)
