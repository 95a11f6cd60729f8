"""Samples for products of tensors: mismatches, and what torch's op_db has no samples for."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

A, B, C = torch.rand(2, 3), torch.rand(3, 4), torch.rand(4, 5)
BATCH = torch.rand(6, 2, 3)

OPERATIONS = {
    "torch.chain_matmul": [call(A, B, C), call(A, C), call(A, B, torch.rand(4))],
    "torch.matmul": [
        call(A, A),
        call(BATCH, B),
        call(BATCH, torch.rand(5, 3, 2)),
        call(BATCH, torch.rand(1, 3, 7)),
        call(A, B.long()),
        call(torch.tensor(1.0), A),
        call(torch.rand(3), BATCH.transpose(1, 2)),
        call(torch.rand(0, 3), B),
    ],
    "torch.bmm": [call(BATCH, B), call(BATCH, torch.rand(5, 3, 2)), call(BATCH, torch.rand(6, 2, 3))],
    "torch.sparse.mm": [call(A, B), call(B.mT, A.mT), call(A, A)],
    "torch.mm": [call(A, A), call(BATCH, B), call(A, B.double())],
    "torch.mv": [call(A, torch.rand(3)), call(A, torch.rand(2)), call(A, B)],
    "torch.dot": [call(torch.rand(3), torch.rand(3)), call(torch.rand(3), torch.rand(4)), call(A, A)],
    "torch.addmm": [call(torch.rand(4), A, B), call(torch.rand(3), A, B), call(torch.rand(4).long(), A, B)],
    "torch.baddbmm": [call(torch.rand(6, 2, 2), BATCH, BATCH), call(torch.rand(1), BATCH, BATCH.mT)],
    "torch.tensordot": [
        call(A, B, 1),
        call(A, B, ([1], [0])),
        call(A, B, ([0], [0])),
        call(A, B, 2),
        call(A, B, 3),
        call(BATCH, torch.rand(3, 2, 5), ([1, 2], [1, 0])),
    ],
    "torch.linalg.multi_dot": [call([A, B, C]), call([A, C]), call([torch.rand(2), A, B])],
    "torch.cross": [call(torch.rand(4, 3), torch.rand(4, 3)), call(torch.rand(4), torch.rand(4))],
    "torch.einsum": [
        call("ij,jk->ik", A, B),
        call("ij,jk", A, B),
        call("ij,jk->ik", A, A),
        call("bij,jk->bik", BATCH, B),
        call("...ij,...jk->...ik", BATCH, torch.rand(1, 3, 7)),
        call("...ij,...jk->...ik", BATCH, torch.rand(5, 3, 7)),
        call("ii->i", torch.rand(3, 3)),
        call("ii", torch.rand(3, 4)),
        call("ij->", A),
        call("i,j->ij", torch.rand(2), torch.rand(3)),
        call("ijk->ij", A),
        call("ij->ik", A),
        call("ij,jk->iik", A, B),
        call("ij,jk->ik", A),
        call("ij", A, B),
        call("i j, j k -> i k", A, B),
        call("i$j->ij", A),
        call("bhid,bhjd->bhij", torch.rand(2, 3, 4, 5), torch.rand(2, 3, 6, 5)),
        call("ij,ij->j", A, A.long()),
        call(A, [0, 1], B, [1, 2], [0, 2]),
        call(A, [0, 1], B, [1, 2]),
        call(BATCH, [..., 0, 1], B, [1, 2], [..., 0, 2]),
        call("...", A),
        call("i...->...", BATCH),
        call("b...,b...->b...", torch.rand(2, 3), torch.rand(2)),
        call("ab,ab->ab", torch.rand(2, 1), torch.rand(2, 3)),
    ],
}

LAYERS = {
    "torch.nn.Bilinear": [
        layer_call(call(3, 4, 5), call(torch.rand(2, 3), torch.rand(2, 4))),
        layer_call(call(3, 4, 5), call(torch.rand(2, 4), torch.rand(2, 4))),
        layer_call(call(3, 4, 5), call(torch.rand(2, 3), torch.rand(3, 4))),
        layer_call(call(3, 4, 5, bias=False), call(torch.rand(2, 3), torch.rand(2, 6, 4))),
        layer_call(call(0, 4, 5)),
    ],
}
