"""Samples of pools that torch's own databases lack."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

_IMAGE = {d: torch.rand(2, 3, *(7, 6, 5)[:d]) for d in (1, 2, 3)}

OPERATIONS = {
    **{
        f"torch.nn.functional.max_pool{d}d_with_indices": [
            call(_IMAGE[d], 2),
            call(_IMAGE[d], 3, 2, 1, ceil_mode=True),
            call(_IMAGE[d], 8),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.functional.lp_pool{d}d": [
            call(_IMAGE[d], 2.0, 2),
            call(_IMAGE[d], 2.0, 3, 1),
            call(_IMAGE[d], 1.0, 2, ceil_mode=True),
            call(_IMAGE[d][0], 2.0, 2),
            call(_IMAGE[d], 2.0, 8),
        ]
        for d in (1, 2, 3)
    },
}

_MAXIMA = {d: (_IMAGE[d][..., ::2], torch.zeros(_IMAGE[d][..., ::2].shape, dtype=torch.int64)) for d in (1, 2, 3)}
_OPERATIONS = {
    **{
        f"torch.nn.functional.max_unpool{d}d": [
            call(*_MAXIMA[d], 2),
            call(*_MAXIMA[d], 2, output_size=tuple(2 * n + 1 for n in _MAXIMA[d][0].shape)),
            call(*_MAXIMA[d], 2, output_size=(20,) * d),
            call(_MAXIMA[d][0], _MAXIMA[d][1].int(), 2),
            call(_MAXIMA[d][0], _MAXIMA[d][1][:1], 2),
            call(_MAXIMA[d][0][0], _MAXIMA[d][1][0], 2),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.functional.fractional_max_pool{d}d": [
            call(_IMAGE[d], 2, output_size=2),
            call(_IMAGE[d], 2, output_ratio=(0.5,) * d),
            call(_IMAGE[d], 2, output_size=8),
            call(_IMAGE[d], 2, output_size=(2,) * d, return_indices=True),
        ]
        for d in (2, 3)
    },
    **{
        f"torch.nn.functional.adaptive_{kind}_pool{d}d": [
            call(_IMAGE[d], 3),
            call(_IMAGE[d], (None,) * d),
            call(_IMAGE[d], (3,) * (d + 1)),
            call(_IMAGE[d], -1),
            call(_IMAGE[d][0], 9),
            call(_IMAGE[d][0, 0], 2),
            call(_IMAGE[d][:, :0], 2),
            call(_IMAGE[d][..., :0], 2),
        ]
        for d in (1, 2, 3)
        for kind in ("max", "avg")
    },
}
OPERATIONS.update(_OPERATIONS)

LAYERS = {
    **{
        f"torch.nn.MaxUnpool{d}d": [
            layer_call(call(2), call(*_MAXIMA[d])),
            layer_call(call(3, 2, 1), call(*_MAXIMA[d])),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.FractionalMaxPool{d}d": [
            layer_call(call(2, output_ratio=0.5), call(_IMAGE[d])),
            layer_call(call(2, output_ratio=1.5)),
            layer_call(call(2)),
            layer_call(call(2, 2, return_indices=True), call(_IMAGE[d])),
        ]
        for d in (2, 3)
    },
    **{
        f"torch.nn.Adaptive{kind}Pool{d}d": [
            layer_call(call((2,) * d), call(_IMAGE[d])),
            layer_call(call(1), call(_IMAGE[d][0])),
        ]
        for d in (1, 2, 3)
        for kind in ("Max", "Avg")
    },
}
