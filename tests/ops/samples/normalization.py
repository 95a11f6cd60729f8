"""Samples of norms that torch's own databases lack."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

_IMAGE = {d: torch.rand(2, 3, *(7, 6, 5)[:d]) for d in (1, 2, 3)}

LAYERS = {
    "torch.nn.SyncBatchNorm": [
        layer_call(call(3)),
        layer_call(call(3, affine=False, track_running_stats=False)),
    ],
    **{
        f"torch.nn.LazyBatchNorm{d}d": [
            layer_call(call(), call(_IMAGE[d])),
            layer_call(call(), call(torch.rand(3))),
            layer_call(call(eps=1e-3, affine=False), call(_IMAGE[d])),
            layer_call(call(bias=False, track_running_stats=False), call(_IMAGE[d])),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.LazyInstanceNorm{d}d": [
            layer_call(call(), call(_IMAGE[d])),
            layer_call(call(), call(torch.rand(3))),
            layer_call(call(affine=False), call(_IMAGE[d][0])),
            layer_call(call(track_running_stats=False), call(_IMAGE[d])),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.BatchNorm{d}d": [
            layer_call(call(3), call(_IMAGE[d])),
            layer_call(call(4), call(_IMAGE[d])),
            layer_call(call(3, momentum=None, bias=False), call(_IMAGE[d].double())),
            layer_call(call(3), call(_IMAGE[d].long())),
            layer_call(call(3), call(torch.rand(3, 7))),
            layer_call(call(7), call(_IMAGE[d].movedim(1, -1))),
        ]
        for d in (1, 2, 3)
    },
    **{
        f"torch.nn.InstanceNorm{d}d": [
            layer_call(call(4, affine=True), call(_IMAGE[d])),
            layer_call(call(4), call(_IMAGE[d])),
            layer_call(call(3, track_running_stats=True), call(_IMAGE[d][0])),
            layer_call(call(3), call(torch.rand(2, 3, *[1] * d))),
            layer_call(call(3), call(torch.rand(3))),
        ]
        for d in (1, 2, 3)
    },
    "torch.nn.LayerNorm": [
        layer_call(call(5), call(torch.rand(2, 4))),
        layer_call(call((3, 4)), call(torch.rand(4))),
        layer_call(call((3, 4), bias=False), call(torch.rand(2, 3, 4))),
        layer_call(call(4), call(torch.rand(2, 3, 4).transpose(0, 1))),
        layer_call(call(()), call(torch.rand(4))),
        layer_call(call(4), call(torch.rand(4).double())),
    ],
    "torch.nn.GroupNorm": [
        layer_call(call(3, 4)),
        layer_call(call(2, 4), call(torch.rand(2, 6, 5))),
        layer_call(call(2, 4, affine=False), call(torch.rand(2, 6, 5))),
        layer_call(call(4, 4, affine=False), call(torch.rand(2, 6, 5))),
        layer_call(call(4, 4), call(torch.rand(1, 4))),
        layer_call(call(2, 4, bias=False), call(torch.rand(4))),
    ],
    "torch.nn.CrossMapLRN2d": [
        layer_call(call(2), call(torch.rand(2, 3, 4, 5))),
        layer_call(call(2, 1e-3), call(torch.rand(3, 4, 5))),
    ],
}

UNKNOWN = {  # whether eps is allowed to be 0 depends on the mode of the module
    f"torch.nn.BatchNorm{d}d": 0.2 for d in (1, 2, 3)
}
