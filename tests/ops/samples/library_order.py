"""Samples for functions with the arguments of torch's C++ library."""

from __future__ import annotations

import torch

from ops.calls import call

X, P, I = torch.rand(4, 3, 5), torch.rand(3), torch.tensor([0, 2])
A, B, SIGN = torch.rand(4, 3), torch.rand(4, 3), torch.tensor([1, -1, 1, 1])
LOGS = torch.rand(6, 2, 5).log_softmax(2)
CELL = (A, torch.rand(4, 2), torch.rand(6, 3), torch.rand(6, 2))

OPERATIONS = {
    "torch.batch_norm": [
        call(X, torch.rand(3), P, torch.rand(3), torch.rand(3), True, 0.1, 1e-5, False),
        call(X, None, None, torch.rand(3), P, False, 0.1, 1e-5, False),
        call(X, A[0, :2], None, torch.rand(3), P, True, 0.1, 1e-5, False),
    ],
    "torch.instance_norm": [
        call(X, torch.rand(3), P, None, None, True, 0.1, 1e-5, False),
        call(X, I * 1.0, None, torch.rand(3), P, True, 0.1, 1e-5, False),
    ],
    "torch.native_dropout": [call(X, 0.5, True)],
    "torch.native_channel_shuffle": [call(torch.rand(1, 4, 2, 2), 2), call(torch.rand(1, 4, 2, 2), 3)],
    "torch.embedding": [call(A, I), call(A, I * 1.0)],
    "torch.constant_pad_nd": [call(X, (1, 2), 0.5), call(X, (1, 2, 3)), call(X, (-9, 0))],
    "torch.grid_sampler": [
        call(torch.rand(1, 2, 3, 4), torch.rand(1, 5, 6, 2), 0, 0, False),
        call(torch.rand(1, 2, 3, 4), torch.rand(1, 5, 6, 3), 0, 0, True),
    ],
    "torch.affine_grid_generator": [call(torch.rand(1, 2, 3), (1, 1, 4, 5), False)],
    "torch.adaptive_max_pool1d": [call(X, 2), call(X, (2, 2)), call(P, 1)],
    "torch.nn.functional.adaptive_max_pool2d_with_indices": [call(X, 2), call(X[None], (2, 1)), call(P, 1)],
    "torch.nn.functional.adaptive_max_pool3d_with_indices": [call(X[None], 2), call(P, 1)],
    "torch.nn.functional.fractional_max_pool2d_with_indices": [call(torch.rand(1, 2, 6, 6), 3, 2), call(P, 3, 2)],
    "torch.nn.functional.fractional_max_pool3d_with_indices": [call(torch.rand(1, 2, 6, 6, 6), 3, 2), call(P, 3, 2)],
    "torch.bilinear": [call(A, X[..., 0], torch.rand(5, 3, 3)), call(A, X[..., 0], torch.rand(5, 3, 4))],
    "torch.fake_quantize_per_tensor_affine": [call(A, 0.1, 0, 0, 255), call(A.t(), 0.1, 0, 0, 255)],
    "torch.fake_quantize_per_channel_affine": [
        call(A, P, torch.zeros(3), 1, 0, 255), call(A, P, torch.zeros(3), 0, 0, 255), call(A, P[:2], torch.zeros(3), 1, 0, 255),
    ],
    "torch.frobenius_norm": [call(A, (0, 1), True), call(A, 1), call(A, 2)],
    "torch.nuclear_norm": [call(A), call(A, (0, 1), True), call(X), call(P)],
    "torch.norm_except_dim": [call(X, 2, 1), call(X, 2, -1), call(X, 2, 3), call(X.long())],
    "torch.poisson": [call(A), call(A.t())],
    "torch.binomial": [call(A, P), call(A, A), call(A, torch.rand(4))],
    "torch.range": [call(0, 5), call(1, 2, 0.5), call(5, 0), call(0, 5, dtype=torch.int64)],
    "torch.nn.utils.get_total_norm": [call([A, P])],
    "torch.Tensor.to_dense": [call(A), call(A, torch.float64)],
    "torch.Tensor.fill_diagonal_": [
        call(torch.rand(3, 4), 0), call(torch.rand(3), 0), call(X * 1, 0), call(torch.rand(2, 2, 2), 0),
    ],
    "torch.conv_tbc": [
        call(torch.rand(5, 2, 3), X[:3, :, :4], torch.rand(4), 1),
        call(torch.rand(5, 2, 4), X[:3, :, :4], P),
    ],
    "torch.ctc_loss": [
        call(LOGS, torch.tensor([[1, 2], [3, 4]]), torch.tensor([6, 6]), torch.tensor([2, 2])),
        call(LOGS, torch.tensor([[1, 2], [3, 4]]), torch.tensor([6, 6]), torch.tensor([2, 2]), 0, 0),
        call(LOGS, torch.tensor([[1, 2], [3, 4]]), torch.tensor([6]), torch.tensor([2, 2])),
    ],
    "torch.kl_div": [call(A, B), call(A, B, 0), call(A, B[:, :2])],
    "torch.poisson_nll_loss": [call(A, B, True, False, 1e-8, 1), call(A, B, True, False, 1e-8, 0)],
    "torch.hinge_embedding_loss": [call(A, B), call(A, B, 1.0, 0), call(A, B[:3])],
    "torch.margin_ranking_loss": [call(A[:, 0], B[:, 0], SIGN), call(A[:, 0], B[:, 0], SIGN, 0.0, 2), call(A, B[0], SIGN)],
    "torch.cosine_embedding_loss": [call(A, B, SIGN), call(A, B, SIGN, 0.0, 0), call(A, B, SIGN[:2])],
    "torch.triplet_margin_loss": [call(A, B, A), call(A, B, A, reduction=0), call(A, B, A[0])],
    "torch.binary_cross_entropy_with_logits": [call(A, B), call(A, B, None, P, 0), call(A, B[:3])],
    "torch.lstm_cell": [
        call(A, (torch.rand(4, 2), torch.rand(4, 2)), torch.rand(8, 3), torch.rand(8, 2)),
        call(A, (torch.rand(4, 2), torch.rand(4, 2)), torch.rand(8, 4), torch.rand(8, 2)),
    ],
    "torch.gru_cell": [call(*CELL), call(A, torch.rand(4, 3), torch.rand(6, 3), torch.rand(6, 2))],
    "torch.rnn_tanh_cell": [call(A, torch.rand(4, 2), torch.rand(2, 3), torch.rand(2, 2))],
    "torch.rnn_relu_cell": [call(A, torch.rand(4, 2), torch.rand(2, 3), torch.rand(2, 2))],
}  # fmt: skip
