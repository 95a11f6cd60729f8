"""`MultiheadAttention` and its functional form; strides as in `scaled_attention.py` are not known."""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.linear import Linear, linear
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.ops.scaled_attention import attention_error
from torchlint.values.dtype import DType, bool_
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import spend
from torchlint.values.tensor import Shape, Tensor, parameter
from torchlint.values.unknown import Unknown


@layer("torch.nn.modules.linear.NonDynamicallyQuantizableLinear")
class NonDynamicallyQuantizableLinear(Linear):
    """The output projection of attention."""


@layer("torch.nn.MultiheadAttention", ranks=(3, 2))
class MultiheadAttention(Module):
    """Query `[L, N, E]`, key `[S, N, kdim]`, value `[S, N, vdim]` to `[L, N, E]` and weights `[N, L, S]`."""

    def __init__(
        self,
        embed_dim: Size,
        num_heads: Size,
        dropout: object = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: Size | None = None,
        vdim: Size | None = None,
        batch_first: bool = False,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        _require_heads(embed_dim, num_heads)
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self._qkv_same_embed_dim:
            self.in_proj_weight = parameter(3 * embed_dim, embed_dim, dtype=dtype)
            for name in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
                self.register_parameter(name, None)
        else:
            self.q_proj_weight = parameter(embed_dim, embed_dim, dtype=dtype)
            self.k_proj_weight = parameter(embed_dim, self.kdim, dtype=dtype)
            self.v_proj_weight = parameter(embed_dim, self.vdim, dtype=dtype)
            self.register_parameter("in_proj_weight", None)
        self.register_parameter("in_proj_bias", parameter(3 * embed_dim, dtype=dtype) if bias else None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, device, dtype)
        self.bias_k = parameter(1, 1, embed_dim, dtype=dtype) if add_bias_kv else None
        self.bias_v = parameter(1, 1, embed_dim, dtype=dtype) if add_bias_kv else None
        self.add_zero_attn = add_zero_attn

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool | Unknown = False,
    ) -> tuple[Tensor, Tensor | None]:
        _require_ranks(query, key, value)
        batched = query.ndim == 3
        length, batch, features = _laid_out(query, self.batch_first)
        source, key_batch, _ = _laid_out(key, self.batch_first)
        computed = result((*query.shape[:-1], self.embed_dim), query.dtype, query, self.out_proj.weight, strides=None)
        _require_embedding(self, features, query, computed)
        self._require_pair(key, value, computed)
        if batched:
            _require_equal_batches(query, key, batch, key_batch, computed)
        if is_causal is True and attn_mask is None:
            raise attention_error(
                "{callee} needs `attn_mask` when `is_causal` is set",
                "Need attn_mask if specifying the is_causal hint.",
                "is_causal",
                result=(computed, None),
            )
        scores: Shape = (batch * self.num_heads, length, source)
        if attn_mask is not None:
            _require_attention_mask(attn_mask, scores, computed)
        if key_padding_mask is not None:
            wanted = (batch, source) if batched else (source,)
            _require_padding_mask(key_padding_mask, wanted, computed)
        extra = (self.bias_k is not None) + bool(self.add_zero_attn)
        self._project(query, key, value)
        spend(batch * length * (source + extra) * self.embed_dim * 2)
        linear(computed, self.out_proj.weight, self.out_proj.bias)
        if not need_weights:
            return computed, None
        heads: Shape = () if average_attn_weights else (self.num_heads,)
        lead: Shape = (batch,) if batched else ()
        return computed, result((*lead, *heads, length, source + extra), query.dtype, query, strides=None)

    def _require_pair(self, key: Tensor, value: Tensor, computed: Tensor) -> None:
        same = self._qkv_same_embed_dim
        for dim in range(key.ndim if same else key.ndim - 1):
            require_same(
                key.shape[dim],
                value.shape[dim],
                lambda: attention_error(
                    f"{{key}} {show_shape(key.shape)} and {{value}} {show_shape(value.shape)} differ",
                    f"key shape {show_shape(key.shape)} does not match value shape {show_shape(value.shape)}",
                    "value",
                    value,
                    result=(computed, None),
                ),
            )
        for name, tensor, wanted in (("key", key, self.kdim), ("value", value, self.vdim)):
            _require_features(name, tensor, wanted, computed, None if same else f"{name[0]}dim")

    def _project(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        """What the input projections cost."""
        embed = self.embed_dim
        spend(query.numel() * embed + key.numel() * embed + value.numel() * embed)


@op("torch.nn.functional.multi_head_attention_forward", ranks=(3, 2))
def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: Size,
    num_heads: Size,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: object,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: object = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool | Unknown = False,
) -> tuple[Tensor, Tensor | None]:
    """What a `MultiheadAttention` of these weights does, positions first; `static_k` and `static_v` are not modelled."""
    if static_k is not None or static_v is not None:
        raise Undecided("`static_k` and `static_v` are not modelled")
    separate = use_separate_proj_weight and k_proj_weight is not None and v_proj_weight is not None
    attention = MultiheadAttention(
        embed_dim_to_check,
        num_heads,
        kdim=k_proj_weight.shape[-1] if separate and k_proj_weight is not None else None,
        vdim=v_proj_weight.shape[-1] if separate and v_proj_weight is not None else None,
    )
    attention.bias_k, attention.bias_v, attention.add_zero_attn = bias_k, bias_v, add_zero_attn
    attention.out_proj.weight, attention.out_proj.bias = out_proj_weight, out_proj_bias
    if in_proj_weight is not None and not use_separate_proj_weight:
        linear(query, in_proj_weight, in_proj_bias)
    return attention.forward(query, key, value, key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal)


def are_divided(features: Size, num_heads: Size) -> bool:
    """Whether the heads are known to divide the features, so that an attention can be made for them."""
    return isinstance(features, int) and isinstance(num_heads, int) and features % num_heads == 0


def _require_heads(embed_dim: Size, num_heads: Size) -> None:
    for name, size in (("embed_dim", embed_dim), ("num_heads", num_heads)):
        if isinstance(size, int) and size <= 0:
            raise attention_error(
                f"`{name}` must be more than 0, but is {size}",
                f"embed_dim and num_heads must be greater than 0, got embed_dim={show(embed_dim)} and "
                f"num_heads={show(num_heads)} instead",
                name,
            )
    require(
        num_heads,
        "divides",
        embed_dim,
        lambda: attention_error(
            f"{show(num_heads)} heads do not divide `embed_dim` {show(embed_dim)}",
            "embed_dim must be divisible by num_heads",
            "num_heads",
        ),
    )


def _laid_out(tensor: Tensor, batch_first: bool) -> tuple[Size, Size, Size]:
    """(positions, batch, features)."""
    if tensor.ndim == 2:
        return tensor.shape[0], 1, tensor.shape[1]
    first, second, features = tensor.shape
    return (second, first, features) if batch_first else (first, second, features)


def _require_ranks(query: Tensor, key: Tensor, value: Tensor) -> None:
    if query.ndim not in (2, 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes 3 dimensions (or 2 without a batch), but {{query}} is {show_shape(query.shape)}",
            blame="query",
            torch=f"query should be unbatched 2D or batched 3D tensor but received {query.ndim}-D query tensor",
            label=show_shape(query.shape),
        )
    for name, tensor in (("key", key), ("value", value)):
        if tensor.ndim != query.ndim:
            raise ShapeError(
                "wrong-rank",
                f"{{query}} is {show_shape(query.shape)}, but {{{name}}} is {show_shape(tensor.shape)}",
                blame=name,
                torch=f"For {'batched (3-D)' if query.ndim == 3 else 'unbatched (2-D)'} `query`, expected "
                "`key` and "
                f"`value` to be {query.ndim}-D",
                label=show_shape(tensor.shape),
            )


def _require_embedding(module: MultiheadAttention, features: Size, query: Tensor, computed: Tensor) -> None:
    require_same(
        features,
        module.embed_dim,
        lambda: attention_error(
            f"{{callee}} takes {show(module.embed_dim)} features, but {{query}} has {show(features)}",
            f"was expecting embedding dimension of {show(module.embed_dim)}, but got {show(features)}",
            "query",
            query,
            repair={"embed_dim": features} if are_divided(features, module.num_heads) else None,
            result=(computed, None),
        ),
    )
    weight = module.out_proj.weight
    if query.dtype is not weight.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {weight.dtype.name}, but {{query}} is {query.dtype.name}",
            blame="query",
            torch="mat1 and mat2 must have the same dtype",
            label=query.dtype.name,
            result=(computed, None),
        )


def _require_features(name: str, tensor: Tensor, wanted: Size, computed: Tensor, argument: str | None) -> None:
    features = tensor.shape[-1]
    require_same(
        features,
        wanted,
        lambda: attention_error(
            f"{{callee}} takes {show(wanted)} features, but {{{name}}} has {show(features)}",
            "mat1 and mat2 shapes cannot be multiplied "
            f"({show(product(tensor.shape[:-1]))}x{show(features)} and "
            f"{show(wanted)}x{show(computed.shape[-1])})",
            name,
            tensor,
            repair={argument: features} if argument else None,
            result=(computed, None),
        ),
    )


def _require_equal_batches(query: Tensor, key: Tensor, batch: Size, other: Size, computed: Tensor) -> None:
    require_same(
        batch,
        other,
        lambda: attention_error(
            f"{{query}} {show_shape(query.shape)} is a batch of {show(batch)}, but {{key}} "
            f"{show_shape(key.shape)} is one "
            f"of {show(other)}",
            "shape is invalid for input: the batches of query and key differ",
            "key",
            key,
            result=(computed, None),
        ),
    )


def _require_attention_mask(mask: Tensor, scores: Shape, computed: Tensor) -> None:
    _require_mask_dtype(mask, "attn_mask", computed)
    wanted = scores[1:] if mask.ndim == 2 else scores

    def unfit() -> ShapeError:
        return attention_error(
            f"{{attn_mask}} must be {show_shape(wanted)}, but is {show_shape(mask.shape)}",
            f"The shape of the {len(wanted)}D attn_mask is {show_shape(mask.shape)}, but should be {show_shape(wanted)}.",
            "attn_mask",
            mask,
            result=(computed, None),
        )

    if mask.ndim not in (2, 3):
        raise unfit()
    for given, size in zip(mask.shape, wanted):
        require_same(given, size, unfit)


def _require_padding_mask(mask: Tensor, wanted: Shape, computed: Tensor) -> None:
    _require_mask_dtype(mask, "key_padding_mask", computed)

    def unfit() -> ShapeError:
        return attention_error(
            f"{{key_padding_mask}} must be {show_shape(wanted)}, but is {show_shape(mask.shape)}",
            f"expecting key_padding_mask shape of {show_shape(wanted)}, but got {show_shape(mask.shape)}",
            "key_padding_mask",
            mask,
            result=(computed, None),
        )

    if mask.ndim != len(wanted):
        raise unfit()
    for given, size in zip(mask.shape, wanted):
        require_same(given, size, unfit)


def _require_mask_dtype(mask: Tensor, name: str, computed: Tensor) -> None:
    if mask.dtype is not bool_ and not mask.dtype.is_floating_point:
        raise ShapeError(
            "dtype-mismatch",
            f"{{{name}}} must be bool or float, but is {mask.dtype.name}",
            blame=name,
            torch=f"only bool and floating types of {name} are supported",
            label=mask.dtype.name,
            result=(computed, None),
        )
