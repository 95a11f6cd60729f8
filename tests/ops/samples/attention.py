"""Samples for attention: masks, grouped heads, other key sizes, and what does not fit."""

from __future__ import annotations

import torch
from torch import nn

from ops.calls import call, layer_call
from ops.translation import construct

rand = torch.rand
Q, K = rand(2, 4, 5, 8), rand(2, 4, 6, 8)
X, Y = rand(5, 2, 12), rand(6, 2, 12)
_PROJECTION = (rand(36, 12), rand(36), None, None, False, 0.0, rand(12, 12), rand(12))

OPERATIONS = {
    "torch.nn.functional.scaled_dot_product_attention": [
        call(Q, K, K),
        call(Q, K, rand(2, 4, 6, 9)),
        call(Q, rand(2, 1, 6, 8), rand(4, 6, 8)),
        call(rand(8), K, K),
        call(Q, rand(2, 4, 6, 7), K),
        call(Q, rand(2, 2, 6, 8), rand(2, 2, 6, 8), enable_gqa=True),
        call(Q, rand(2, 3, 6, 8), rand(2, 3, 6, 8), enable_gqa=True),
        call(Q, rand(2, 3, 6, 8), rand(2, 3, 6, 8)),
        call(rand(5, 8), rand(6, 8), rand(6, 8), enable_gqa=True),
        call(Q, K, K, attn_mask=rand(5, 6)),
        call(rand(4, 5, 8), rand(4, 6, 8), rand(4, 6, 8), attn_mask=rand(5, 6), is_causal=True),
        call(Q, K, K, attn_mask=rand(5, 7)),
        call(Q, K, K, attn_mask=rand(2, 5, 6)),
        call(Q, K, K, attn_mask=rand(2, 1, 1, 6) > 0.5),
        call(Q, K, K, attn_mask=torch.ones(5, 6).long()),
        call(Q, K.double(), K),
        call(Q.long(), K.long(), K.long()),
        call(rand(4, 5, 8), rand(4, 6, 8), rand(4, 7, 8)),
        call(Q, K, rand(2, 4, 7, 8)),  # the fused kernel of the CPU compares no lengths; others do
        call(Q, K, rand(2, 4, 7, 9)),
        call(Q, K, rand(2, 1, 7, 8)),
    ],
    "torch.nn.functional.multi_head_attention_forward": [
        call(X, Y, Y, 12, 3, *_PROJECTION),
        call(X, Y, Y, 12, 3, *_PROJECTION, need_weights=False),
        call(X, Y, Y, 12, 5, *_PROJECTION),
        call(X, Y, Y, 13, 3, *_PROJECTION),
        call(X, Y, rand(5, 2, 12), 12, 3, *_PROJECTION),
        call(X, Y, Y, 12, 3, *_PROJECTION, attn_mask=rand(5, 6)),
        call(X, Y, Y, 12, 3, *_PROJECTION, attn_mask=rand(6, 6)),
        call(X[:, 0], Y[:, 0], Y[:, 0], 12, 3, *_PROJECTION, average_attn_weights=False),
    ],
}

MASK = rand(5, 6) > 0.5
LAYERS = {
    "torch.nn.modules.linear.NonDynamicallyQuantizableLinear": [layer_call(call(3, 4), call(rand(2, 3)))],
    "torch.nn.MultiheadAttention": [
        layer_call(call(12, 3), call(X, Y, Y)),
        layer_call(call(12, 3), call(X, Y, rand(6, 2, 11))),
        layer_call(call(12, 3), call(X, rand(6, 3, 12), rand(6, 3, 12))),
        layer_call(call(12, 3), call(rand(5, 2, 11), Y, Y)),
        layer_call(call(12, 3), call(X, rand(2, 12), rand(2, 12))),
        layer_call(call(12, 3), call(rand(1, 5, 2, 12), Y, Y)),
        layer_call(call(12, 3), call(X.long(), Y, Y)),
        layer_call(call(12, 5)),
        layer_call(call(0, 1)),
        layer_call(call(12, 3, bias=False, kdim=7, vdim=9), call(X, rand(6, 2, 7), rand(6, 2, 9))),
        layer_call(call(12, 3, kdim=7, vdim=9), call(X, rand(6, 2, 7), rand(6, 2, 8))),
        layer_call(call(12, 3, add_bias_kv=True, add_zero_attn=True), call(X, Y, Y)),
        layer_call(call(12, 3, batch_first=True), call(rand(2, 5, 12), rand(2, 6, 12), rand(2, 6, 12))),
        layer_call(call(12, 3, batch_first=True), call(rand(2, 5, 12), rand(3, 6, 12), rand(3, 6, 12))),
        layer_call(call(12, 3), call(rand(5, 12), rand(6, 12), rand(6, 12), rand(6) > 0.5)),
        layer_call(call(12, 3), call(X, Y, Y, need_weights=False)),
        layer_call(call(12, 3), call(X, Y, Y, average_attn_weights=False)),
        layer_call(call(12, 3), call(X, Y, Y, attn_mask=MASK)),
        layer_call(call(12, 3), call(X, Y, Y, attn_mask=MASK.T)),
        layer_call(call(12, 3), call(X, Y, Y, attn_mask=rand(6, 5, 6) > 0.5)),
        layer_call(call(12, 3), call(X, Y, Y, attn_mask=rand(2, 5, 6) > 0.5)),
        layer_call(call(12, 3), call(X, Y, Y, attn_mask=MASK.long())),
        layer_call(call(12, 3), call(X, Y, Y, key_padding_mask=rand(2, 6) > 0.5)),
        layer_call(call(12, 3), call(X, Y, Y, key_padding_mask=rand(6, 2) > 0.5)),
        layer_call(call(12, 3), call(X, Y, Y, is_causal=True)),
    ],
}
UNKNOWN: dict[str, float] = {}

LAYERS.update(
    {
        "torch.nn.TransformerEncoderLayer": [
            layer_call(call(12, 3, 20), call(rand(5, 2, 12))),
            layer_call(call(12, 3, 20, norm_first=True, activation="gelu"), call(rand(5, 12))),
            layer_call(call(12, 3, 20, batch_first=True), call(rand(2, 5, 12), rand(5, 5))),
            layer_call(call(12, 3, 20, batch_first=True), call(rand(2, 5, 12), rand(2, 2))),
            layer_call(call(12, 3, 20), call(rand(5, 2, 13))),
            layer_call(call(12, 3, 20, activation="tanh")),
            layer_call(call(12, 5)),
        ],
        "torch.nn.TransformerDecoderLayer": [
            layer_call(call(12, 3, 20), call(rand(5, 2, 12), rand(6, 2, 12))),
            layer_call(call(12, 3, 20), call(rand(5, 2, 12), rand(6, 3, 12))),
            layer_call(call(12, 3, 20), call(rand(5, 2, 12), rand(6, 2, 11))),
            layer_call(call(12, 3, 20, bias=False), call(rand(5, 12), rand(6, 12))),
        ],
        "torch.nn.TransformerEncoder": [
            layer_call(call(construct(nn.TransformerEncoderLayer, call(12, 3, 20)), 3), call(rand(5, 2, 12))),
            layer_call(call(construct(nn.TransformerEncoderLayer, call(12, 3, 20)), 1), call(rand(5, 2, 13))),
        ],
        "torch.nn.TransformerDecoder": [
            layer_call(
                call(
                    construct(nn.TransformerDecoderLayer, call(12, 3, 20)),
                    2,
                    construct(nn.LayerNorm, call(12)),
                ),
                call(rand(5, 2, 12), rand(6, 2, 12)),
            ),
        ],
        "torch.nn.Transformer": [
            layer_call(call(12, 3, 2, 1, 20), call(rand(5, 2, 12), rand(6, 2, 12))),
            layer_call(call(12, 3, 1, 1, 20), call(rand(5, 2, 12), rand(6, 3, 12))),
            layer_call(call(12, 3, 1, 1, 20), call(rand(5, 2, 12), rand(6, 2, 11))),
            layer_call(call(12, 3, 1, 1, 20, batch_first=True), call(rand(2, 5, 12), rand(2, 6, 12))),
        ],
    }
)
