"""Samples of what rearranges, resamples and compares that torch's own databases lack."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

z = torch.zeros
_IMAGE = z(2, 3, 4, 5)
_BLOCKS = z(2, 12, 12)

OPERATIONS = {
    "torch.nn.functional.fold": [
        call(_BLOCKS, (4, 5), 2),
        call(_BLOCKS[0], (4, 5), 2),
        call(_BLOCKS[..., :11], (4, 5), 2),
        call(_BLOCKS[:, :11], (4, 5), 2),
        call(_BLOCKS[0, 0], (4, 5), 2),
        call(_BLOCKS, (1, 1), 2),
        call(_BLOCKS[:0], (4, 5), 2),
        call(_BLOCKS[:, :0], (4, 5), 2),
        call(_BLOCKS, (4, 5, 5), 2),
    ],
    "torch.nn.functional.unfold": [
        call(_IMAGE, 2),
        call(_IMAGE[0], (2, 3), 2, 1, 2),
        call(_IMAGE[0, 0], 2),
        call(_IMAGE, 5),
        call(_IMAGE[:, :0], 2),
        call(_IMAGE, (2, 2, 2)),
        call(_IMAGE, 2, stride=0),
        call(_IMAGE, 2, padding=-1),
    ],
    "torch.nn.functional.upsample": [call(_IMAGE, scale_factor=2), call(_IMAGE, 7, mode="bilinear"), call(_IMAGE)],
    "torch.nn.functional.interpolate": [
        *(
            call(z(2, *[3] * rank), scale_factor=2, mode=mode)
            for rank in (1, 2, 3, 4)
            for mode in ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "x")
        ),
        call(_IMAGE),
        call(_IMAGE, size=2, scale_factor=2),
        call(_IMAGE, size=(2,)),
        call(_IMAGE, scale_factor=(2,)),
        call(_IMAGE, scale_factor=(2, 1.5)),
        call(_IMAGE, scale_factor=2, align_corners=False),
        call(_IMAGE, size=0),
        call(_IMAGE, scale_factor=0.1),
        call(_IMAGE, scale_factor=0.1, mode="area"),
        call(_IMAGE, scale_factor=0.5),
        call(_IMAGE, scale_factor=0.7, recompute_scale_factor=True),
        call(_IMAGE, size=2, recompute_scale_factor=True),
        call(_IMAGE, size=2, antialias=True),
        call(_IMAGE[:0], size=2),
        call(_IMAGE[:, :0], size=2),
        call(_IMAGE[:, :, :0], size=2),
        call(_IMAGE, size=2.0),
    ],
    "torch.nn.functional.grid_sample": [
        call(_IMAGE, z(2, 6, 7, 2)),
        call(_IMAGE, z(1, 6, 7, 2)),
        call(_IMAGE, z(2, 6, 7, 3)),
        call(_IMAGE, z(2, 6, 7)),
        call(_IMAGE, z(2, 6, 7, 2).double()),
        call(_IMAGE, z(2, 6, 7, 2), mode="x"),
        call(_IMAGE, z(2, 6, 7, 2), padding_mode="x"),
        call(_IMAGE[..., :0], z(2, 6, 7, 2)),
        call(_IMAGE[0], z(2, 6, 2)),
        call(_IMAGE[..., None], z(2, 6, 7, 8, 3)),
        call(_IMAGE[..., None], z(2, 6, 7, 8, 3), mode="bicubic"),
    ],
    "torch.nn.functional.affine_grid": [
        call(z(2, 2, 3), (2, 3, 4, 5)),
        call(z(2, 3, 4), (2, 3, 4, 5, 6)),
        call(z(2, 3, 4), (2, 3, 4, 5)),
        call(z(2, 2, 3), (3, 3, 4, 5)),
        call(z(2, 2, 3), (2, 3, 4)),
        call(z(2, 2, 3, dtype=torch.int64), (2, 3, 4, 5)),
        call(z(2, 2, 3), (2, 3, 0, 5)),
    ],
    "torch.cdist": [
        call(z(5, 2, 3), z(6, 4, 3)),
        call(z(2, 3), z(4, 4)),
        call(z(3), z(4, 3)),
        call(z(2, 3).double(), z(4, 3)),
        call(z(2, 3, dtype=torch.int64), z(4, 3)),
        call(z(2, 3), z(4, 3), p=-1),
    ],
    "torch.nn.functional.pdist": [call(z(4)), call(z(4, 3, dtype=torch.int64)), call(z(1, 3))],
    "torch.nn.functional.pixel_shuffle": [
        call(z(2, 8, 4, 4), 3),
        call(z(4, 4), 3),
        call(z(9, 4, 4), 0),
        call(z(1, 1, 9, 4, 4), 3),
    ],
    "torch.nn.functional.pixel_unshuffle": [call(z(2, 1, 6, 7), 3), call(z(6, 6), 3), call(z(1, 6, 6), 0)],
    "torch.nn.functional.channel_shuffle": [call(z(2, 4, 6), 3), call(z(2, 4), 2), call(z(2, 4, 6), 0)],
}

LAYERS = {
    "torch.nn.CosineSimilarity": [
        layer_call(call(), call(z(2, 3), z(1, 3))),
        layer_call(call(0), call(z(2, 3), z(2, 4))),
        layer_call(call(), call(z(3), z(3))),
    ],
    "torch.nn.PairwiseDistance": [
        layer_call(call(), call(z(2, 3), z(3))),
        layer_call(call(1.0, keepdim=True), call(z(2, 3), z(2, 3))),
        layer_call(call(), call(z(2, 3), z(2, 4))),
    ],
    "torch.nn.PixelShuffle": [layer_call(call(3), call(z(2, 9, 4, 4))), layer_call(call(3), call(z(2, 8, 4, 4)))],
    "torch.nn.PixelUnshuffle": [layer_call(call(3), call(z(2, 1, 6, 6))), layer_call(call(3), call(z(2, 1, 6, 7)))],
    "torch.nn.ChannelShuffle": [layer_call(call(2), call(z(2, 4, 6))), layer_call(call(3), call(z(2, 4, 6)))],
    "torch.nn.Unfold": [layer_call(call(2), call(_IMAGE)), layer_call(call((2, 3), 1, 1, 2), call(_IMAGE))],
    "torch.nn.Fold": [layer_call(call((4, 5), 2), call(_BLOCKS)), layer_call(call(4, 2), call(_BLOCKS))],
    "torch.nn.Upsample": [
        layer_call(call(2), call(_IMAGE)),
        layer_call(call(scale_factor=2, mode="bilinear"), call(_IMAGE)),
        layer_call(call(scale_factor=(2, 3)), call(_IMAGE)),
        layer_call(call(), call(_IMAGE)),
    ],
    "torch.nn.UpsamplingNearest2d": [layer_call(call(2), call(_IMAGE)), layer_call(call(scale_factor=3), call(_IMAGE))],
    "torch.nn.UpsamplingBilinear2d": [layer_call(call(2), call(_IMAGE)), layer_call(call(scale_factor=3), call(z(2, 3, 4)))],
}
