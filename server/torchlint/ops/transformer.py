"""`Transformer` and its parts: encoder and decoder layers, and stacks of them.

An activation that is a function is called; whatever it does to the shape counts.
"""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.attention import MultiheadAttention, are_divided
from torchlint.ops.cloning import cloned
from torchlint.ops.containers import ModuleList, through
from torchlint.ops.creation import made
from torchlint.ops.dropout import Dropout
from torchlint.ops.elementwise import add
from torchlint.ops.linear import Linear
from torchlint.ops.registry import Operation, layer
from torchlint.ops.scaled_attention import attention_error
from torchlint.ops.stateless_norm_layers import LayerNorm
from torchlint.values.dtype import DType, float32
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module, settle
from torchlint.values.rounds import Rounds, is_at_least
from torchlint.values.runtime import call
from torchlint.values.tensor import Tensor, tensors_made
from torchlint.values.unknown import Unknown


def _tensor(value: Any) -> Tensor:
    """What a submodule returned, if it is a tensor."""
    if isinstance(value, Tensor):
        return value
    raise Undecided(value.reason if isinstance(value, Unknown) else "a submodule returned something else")


def _require_activation(activation: object) -> None:
    if isinstance(activation, str) and activation not in ("relu", "gelu"):
        raise ShapeError(
            "bad-call",
            f"`activation` must be relu or gelu, but is {activation}",
            blame="activation",
            torch=f"activation should be relu/gelu, not {activation}",
        )


class _Layer(Module):
    """What encoder and decoder layers share: the feed-forward block, and how residuals are added."""

    def _feed_forward_parts(self, d_model: Size, width: Size, dropout: object, bias: bool, dtype: DType | None) -> None:
        self.linear1 = Linear(d_model, width, bias, None, dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(width, d_model, bias, None, dtype)

    def _norms_and_dropouts(
        self, count: int, d_model: Size, eps: object, dropout: object, bias: bool, dtype: DType | None
    ) -> None:
        for index in range(1, count + 1):
            setattr(self, f"norm{index}", LayerNorm(d_model, eps, True, bias, None, dtype))
        for index in range(1, count + 1):
            setattr(self, f"dropout{index}", Dropout(dropout))

    def _activated(self, x: Tensor) -> Tensor:
        activation = self.activation
        # What is unknown is taken to be pointwise: `linear2` rejects any other width.
        if isinstance(activation, (str, Unknown)):
            return x
        return _tensor(activation(x) if isinstance(activation, Operation) else call(activation, x))

    def _feed_forward(self, x: Tensor) -> Tensor:
        hidden = _tensor(call(self.linear1, x))
        return _tensor(call(self.linear2, _tensor(call(self.dropout, self._activated(hidden)))))

    def _attend(self, attention: Any, x: Tensor, memory: Tensor, mask: object, padding: object) -> Tensor:
        output = call(attention, x, memory, memory, attn_mask=mask, key_padding_mask=padding, need_weights=False)
        if not isinstance(output, tuple):
            raise Undecided("the attention of a transformer layer could not be followed")
        return _tensor(output[0])

    def _residual(self, x: Tensor, index: int, block: Any) -> Tensor:
        """`x + dropout(block(norm(x)))`, or `norm(x + dropout(block(x)))`."""
        norm, dropout = getattr(self, f"norm{index}"), getattr(self, f"dropout{index}")
        if self.norm_first:
            return add(x, _tensor(call(dropout, block(_tensor(call(norm, x))))))
        return _tensor(call(norm, add(x, _tensor(call(dropout, block(x))))))


@layer("torch.nn.TransformerEncoderLayer", ranks=(3, 2))
class TransformerEncoderLayer(_Layer):
    """Self-attention and a feed-forward block: `[S, N, E]` stays."""

    def __init__(
        self,
        d_model: Size,
        nhead: Size,
        dim_feedforward: Size = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        layer_norm_eps: object = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype)
        self._feed_forward_parts(d_model, dim_feedforward, dropout, bias, dtype)
        self.norm_first = norm_first
        self._norms_and_dropouts(2, d_model, layer_norm_eps, dropout, bias, dtype)
        _require_activation(activation)
        self.activation = activation

    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: object = False,
    ) -> Tensor:
        _require_width("src", src, self.linear2.out_features, self.self_attn.num_heads)
        attended = self._residual(src, 1, lambda x: self._attend(self.self_attn, x, x, src_mask, src_key_padding_mask))
        return self._residual(attended, 2, self._feed_forward)


@layer("torch.nn.TransformerDecoderLayer", ranks=(3, 2))
class TransformerDecoderLayer(_Layer):
    """Self-attention, attention to the memory, and a feed-forward block: `[T, N, E]` stays."""

    def __init__(
        self,
        d_model: Size,
        nhead: Size,
        dim_feedforward: Size = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        layer_norm_eps: object = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype)
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first, dtype=dtype)
        self._feed_forward_parts(d_model, dim_feedforward, dropout, bias, dtype)
        self.norm_first = norm_first
        self._norms_and_dropouts(3, d_model, layer_norm_eps, dropout, bias, dtype)
        _require_activation(activation)
        self.activation = activation

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: object = False,
        memory_is_causal: object = False,
    ) -> Tensor:
        _require_width("tgt", tgt, self.linear2.out_features, self.self_attn.num_heads)
        _require_width("memory", memory, self.linear2.out_features, self.self_attn.num_heads)
        own = self._residual(tgt, 1, lambda x: self._attend(self.self_attn, x, x, tgt_mask, tgt_key_padding_mask))
        informed = self._residual(
            own,
            2,
            lambda x: self._attend(self.multihead_attn, x, memory, memory_mask, memory_key_padding_mask),
        )
        return self._residual(informed, 3, self._feed_forward)


def _stack(module: Module, count: Size) -> ModuleList:
    if isinstance(count, int):
        return ModuleList([cloned(module) for _ in range(count)])
    if not is_at_least(count, 0):
        raise Undecided("the number of layers is not known")
    since = tensors_made()
    rounds = Rounds(count, (cloned(module),))
    settle(rounds, since)
    stack = ModuleList()
    stack.append(rounds)
    return stack


@layer("torch.nn.TransformerEncoder", ranks=(3, 2))
class TransformerEncoder(Module):
    """Encoder layers one after the other, each with parameters of its own."""

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: Size,
        norm: Module | None = None,
        enable_nested_tensor: object = True,
        mask_check: object = True,
    ) -> None:
        super().__init__()
        self.layers = _stack(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor

    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: object = None,
    ) -> Tensor:
        def step(child: Any, value: Any) -> Tensor:
            return _tensor(call(child, _tensor(value), src_mask=mask, src_key_padding_mask=src_key_padding_mask))

        output = _tensor(through(self.layers, src, step))
        return output if self.norm is None else _tensor(call(self.norm, output))


@layer("torch.nn.TransformerDecoder", ranks=(3, 2))
class TransformerDecoder(Module):
    """Decoder layers one after the other, each with parameters of its own."""

    def __init__(self, decoder_layer: Module, num_layers: Size, norm: Module | None = None) -> None:
        super().__init__()
        self.layers = _stack(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Tensor:
        def step(child: Any, value: Any) -> Tensor:
            result = call(
                child,
                _tensor(value),
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
            )
            return _tensor(result)

        output = _tensor(through(self.layers, tgt, step))
        return output if self.norm is None else _tensor(call(self.norm, output))


@layer("torch.nn.Transformer", ranks=(3, 2))
class Transformer(Module):
    """An encoder of `[S, N, E]` and a decoder of `[T, N, E]` that attends to it."""

    def __init__(
        self,
        d_model: Size = 512,
        nhead: Size = 8,
        num_encoder_layers: Size = 6,
        num_decoder_layers: Size = 6,
        dim_feedforward: Size = 2048,
        dropout: object = 0.1,
        activation: object = "relu",
        custom_encoder: object = None,
        custom_decoder: object = None,
        layer_norm_eps: object = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        options = (
            dim_feedforward,
            dropout,
            activation,
            layer_norm_eps,
            batch_first,
            norm_first,
            bias,
            None,
            dtype,
        )
        if custom_encoder is not None:
            self.encoder: Any = custom_encoder
        else:
            norm = LayerNorm(d_model, layer_norm_eps, True, bias, None, dtype)
            encoder_layer = TransformerEncoderLayer(d_model, nhead, *options)
            self.encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        if custom_decoder is not None:
            self.decoder: Any = custom_decoder
        else:
            norm = LayerNorm(d_model, layer_norm_eps, True, bias, None, dtype)
            decoder_layer = TransformerDecoderLayer(d_model, nhead, *options)
            self.decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: object = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Tensor:
        self._require_fit(src, tgt)
        memory = _tensor(call(self.encoder, src, mask=src_mask, src_key_padding_mask=src_key_padding_mask))
        output = call(
            self.decoder,
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
        )
        return _tensor(output)

    @staticmethod
    def generate_square_subsequent_mask(sz: Size, device: object = None, dtype: DType | None = None) -> Tensor:
        """`[sz, sz]`: what may be attended to is 0, what comes later is -inf."""
        return made((sz, sz), dtype or float32, device)

    def _require_fit(self, src: Tensor, tgt: Tensor) -> None:
        for name, tensor in (("src", src), ("tgt", tgt)):
            if tensor.ndim not in (2, 3):
                raise ShapeError(
                    "wrong-rank",
                    f"{{callee}} takes 3 dimensions (or 2 without a batch), but {{{name}}} is {show_shape(tensor.shape)}",
                    blame=name,
                    torch="query should be unbatched 2D or batched 3D tensor",
                    label=show_shape(tensor.shape),
                )
            _require_width(name, tensor, self.d_model, self.nhead)
        if src.ndim == 3 and tgt.ndim == 3:
            axis = 0 if self.batch_first else 1
            require_same(
                src.shape[axis],
                tgt.shape[axis],
                lambda: attention_error(
                    f"{{src}} is a batch of {show(src.shape[axis])}, but {{tgt}} is one of {show(tgt.shape[axis])}",
                    "the batch number of src and tgt must be equal",
                    "tgt",
                    tgt,
                ),
            )


def _require_width(name: str, tensor: Tensor, d_model: Size, num_heads: Size) -> None:
    features = tensor.shape[-1]
    require_same(
        features,
        d_model,
        lambda: attention_error(
            f"{{callee}} takes {show(d_model)} features, but {{{name}}} has {show(features)}",
            "the feature number of src and tgt must be equal to d_model",
            name,
            tensor,
            repair={"d_model": features} if are_divided(features, num_heads) else None,
        ),
    )
