"""Samples for losses: the shapes and dtypes that people get wrong."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

X = torch.rand(4, 3)
I = torch.randint(3, (4,))
IMAGES = torch.rand(2, 3, 5, 5)
MASKS = torch.randint(3, (2, 5, 5))

OPERATIONS = {
    "torch.nn.functional.cross_entropy": [
        call(X, I), call(X, I[:3]), call(X, I[:, None]), call(X, I.float()), call(X, I.int()), call(X, X), call(X, X.long()),
        call(X, X[:, :2]), call(IMAGES, MASKS), call(IMAGES, MASKS[:, None]), call(IMAGES, MASKS[:1]), call(IMAGES, MASKS,
        reduction="none"),
        call(X[0], I[0]), call(X[0], I[:1]), call(X, I, torch.rand(3)), call(X, I, torch.rand(4)), call(X[..., None], I[:,
        None]),
        call(X, I, reduction="average"), call(X.long(), I), call(X, I[0]), call(IMAGES, MASKS.float()), call(X, I,
        label_smoothing=0.1),
    ],
    "torch.nn.functional.nll_loss": [call(X, I), call(X, X), call(X, I[:2]), call(IMAGES, MASKS, reduction="none")],
    "torch.nn.functional.mse_loss": [call(X, X[0]), call(X, X[:2]), call(X, I), call(X[:, 0], X[:, :1]), call(I, I)],
    "torch.nn.functional.binary_cross_entropy": [call(X, X), call(X, X[0]), call(X, X.long()), call(X, X.double()), call(X[:,
    :1], X[:, 0]), call(X, X, X[0]), call(X, X, X[None]), call(X[:, :1], X[:, :1], X)],
    "torch.nn.functional.binary_cross_entropy_with_logits": [
        call(X, X), call(X, X[0]), call(X, X.long()), call(X[:, :1], X[:, 0]), call(X, X, pos_weight=torch.rand(3)),
        call(X, X, pos_weight=torch.rand(4)), call(X, X, torch.rand(4, 1), reduction="none"), call(X, X > 0),
        call(X, X.half()), call(X.half(), X), call(X, X.double()), call(X, X, X.double()), call(X, X, pos_weight=I[:3]),
        call(X, X, torch.rand(2, 4, 3)), call(X[:, :1], X[:, :1], X), call(X[:, :1], X[:, :1], pos_weight=X[0]),
    ],
    "torch.nn.functional.kl_div": [call(X, X, reduction="batchmean"), call(X, X[:, :2])],
    "torch.nn.functional.gaussian_nll_loss": [call(X, X, X), call(X, X, X[:, 0]), call(X, X, X[:, :1]), call(X, X, X[:2]),
    call(X, X, 0.5)],
    "torch.nn.functional.triplet_margin_with_distance_loss": [call(X, X, X), call(X, X, X[0])],
    "torch.nn.functional.cosine_embedding_loss": [call(X, X, I), call(X, X[:, :2], I), call(X[0], X[0], I), call(X, X, X)],
    "torch.nn.functional.ctc_loss": [
        call(torch.rand(7, 2, 5).log_softmax(-1), torch.ones(2, 3, dtype=torch.int64), torch.tensor([7, 7]), torch.tensor([3,
        3])),
        call(torch.rand(7, 2, 5), torch.rand(2, 3), torch.tensor([7, 7]), torch.tensor([3, 3])),
        call(torch.rand(7, 2, 5), torch.ones(2, 3, dtype=torch.int64), torch.tensor([7]), torch.tensor([3, 3])),
        call(torch.rand(7, 2, 5), torch.ones(2, 3, dtype=torch.int64), [7, 7], [3, 3]),
        call(torch.rand(7, 2, 5), torch.ones(2, 3, dtype=torch.int64), [7], [3, 3]),
        call(torch.rand(7, 2, 5), torch.ones(2, 3, dtype=torch.int64), [7, 7], (3, 3, 3)),
    ],
}  # fmt: skip
LAYERS = {
    "torch.nn.CrossEntropyLoss": [
        layer_call(call(weight=torch.rand(3)), call(X, I)),
        layer_call(call(reduction="none"), call(X, I)),
        layer_call(call(reduce=False), call(X, I)),
        layer_call(call(), call(X, I[:2])),
        layer_call(call(), call(X, I.float())),
    ],
    "torch.nn.NLLLoss2d": [layer_call(call(), call(IMAGES, MASKS)), layer_call(call(), call(IMAGES, IMAGES))],
    "torch.nn.TripletMarginLoss": [layer_call(call(), call(X, X, X)), layer_call(call(), call(X, X, X[0]))],
    "torch.nn.TripletMarginWithDistanceLoss": [layer_call(call(), call(X, X, X))],
    "torch.nn.MultiMarginLoss": [layer_call(call(weight=X)), layer_call(call(p=3))],
}
UNKNOWN = {"torch.nn.LinearCrossEntropyLoss": 0.8}  # options of its computation are not modelled
