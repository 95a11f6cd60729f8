"""Samples of lookup tables that torch's own databases lack."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

_IDS = torch.zeros(2, 3, dtype=torch.int64)
_FLAT = torch.zeros(6, dtype=torch.int64)
_TABLE = torch.rand(5, 4)

OPERATIONS = {
    "torch.nn.functional.embedding": [
        call(_IDS, _TABLE),
        call(_IDS.float(), _TABLE),
        call(_IDS.int(), _TABLE, padding_idx=-5),
        call(_IDS, _TABLE, padding_idx=5),
        call(_IDS.short(), _TABLE),
        call(_IDS, _TABLE[0]),
    ],
    "torch.nn.functional.embedding_bag": [
        call(_IDS, _TABLE),
        call(_IDS.float(), _TABLE),
        call(_IDS, _TABLE, torch.tensor([0, 1])),
        call(_FLAT, _TABLE),
        call(_FLAT, _TABLE, torch.tensor([0, 2, 4])),
        call(_FLAT, _TABLE, torch.tensor([0, 2, 6]), include_last_offset=True),
        call(_FLAT, _TABLE, torch.tensor([[0, 2, 6]])),
        call(_IDS[None], _TABLE),
        call(_IDS, _TABLE, mode="median"),
        call(_IDS, _TABLE, per_sample_weights=torch.rand(2, 3), mode="sum"),
        call(_IDS, _TABLE, per_sample_weights=torch.rand(2, 2), mode="sum"),
    ],
}

LAYERS = {
    "torch.nn.Embedding": [
        layer_call(call(5, 4, padding_idx=-1), call(_IDS)),
        layer_call(call(5, 4, padding_idx=5)),
        layer_call(call(5, 4, _weight=_TABLE)),
        layer_call(call(5, 3, _weight=_TABLE)),
        layer_call(call(5, 4, max_norm=1.0, norm_type=1.0, scale_grad_by_freq=True, sparse=True), call(_IDS)),
        layer_call(call(5, 4, dtype=torch.float64), call(_IDS.float())),
    ],
    "torch.nn.EmbeddingBag": [
        layer_call(call(5, 4), call(_IDS)),
        layer_call(call(5, 4, max_norm=1.0, norm_type=1.0, mode="sum", padding_idx=-1), call(_IDS)),
        layer_call(call(5, 4), call(_FLAT, torch.tensor([0, 3]))),
        layer_call(call(5, 4), call(_FLAT)),
    ],
}
