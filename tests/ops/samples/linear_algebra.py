"""Samples for linear algebra, and why some results may stay Unknown."""

from __future__ import annotations

import torch

from ops.calls import call

A, B = torch.rand(2, 3, 3), torch.rand(2, 3, 4)
LU, PIVOTS = torch.linalg.lu_factor(A)
LD, LD_PIVOTS = torch.linalg.ldl_factor(A)
TALL = torch.rand(2, 4, 3)
REFLECTIONS, TAU = torch.geqrf(TALL)
SIGNAL = torch.rand(2, 9, 8)

OPERATIONS = {
    "torch.linalg.inv": [call(A), call(B), call(torch.rand(3)), call(A.long())],
    "torch.linalg.solve": [call(A, B), call(A, torch.rand(2, 4, 3)), call(A, torch.rand(3)), call(A, B.double())],
    "torch.linalg.qr": [call(B), call(B, "complete"), call(B, "full"), call(torch.rand(3))],
    "torch.linalg.matrix_norm": [call(A), call(A, dim=(0,)), call(torch.rand(3)), call(A.long())],
    "torch.linalg.norm": [call(A, 2), call(A, 2, dim=(0, 1, 2)), call(A.long()), call(A, dim=3)],
    "torch.linalg.lstsq": [call(B, A), call(B, torch.rand(2, 4, 3))],
    "torch.linalg.lu_solve": [
        call(LU, PIVOTS, B), call(LU, PIVOTS, B[0]), call(LU, PIVOTS, TALL, left=False), call(LU, PIVOTS, TALL),
        call(LU, PIVOTS, torch.rand(3)), call(LU, PIVOTS.long(), B), call(LU, PIVOTS[:1], B), call(LU, PIVOTS, B.double()),
    ],
    "torch.lu": [call(TALL), call(TALL, get_infos=True), call(torch.rand(3))],
    "torch.lu_solve": [call(B, LU, PIVOTS), call(B[0], LU, PIVOTS), call(TALL, LU, PIVOTS)],
    "torch.lu_unpack": [call(LU, PIVOTS), call(LU, PIVOTS, False), call(LU, PIVOTS, True, False), call(LU, PIVOTS.long())],
    "torch.linalg.ldl_factor": [call(A), call(B), call(A.long())],
    "torch.linalg.ldl_solve": [
        call(LD, LD_PIVOTS, B), call(LD, LD_PIVOTS, B[0]), call(LD, LD_PIVOTS, TALL), call(LD, LD_PIVOTS, torch.rand(3)),
        call(LD, LD_PIVOTS.float(), B),
    ],
    "torch.linalg.solve_ex": [call(A, B), call(A, torch.rand(2, 3)), call(A, torch.rand(2, 5))],
    "torch.triangular_solve": [call(B, A), call(B[0], A), call(TALL, A), call(torch.rand(3), A)],
    "torch.linalg.tensorinv": [
        call(torch.rand(4, 6, 8, 3)), call(torch.rand(4, 6, 8, 2)), call(torch.rand(24, 8, 3), 1),
        call(torch.rand(24, 8, 3), 0), call(torch.rand(24, 8, 3), 4),
    ],
    "torch.linalg.tensorsolve": [
        call(torch.rand(2, 3, 6), torch.rand(2, 3)), call(torch.rand(2, 3, 5), torch.rand(2, 3)),
        call(torch.rand(3, 4, 4, 3), torch.rand(3, 4), dims=(0, 2)),
    ],
    "torch.geqrf": [call(TALL), call(torch.rand(3))],
    "torch.linalg.householder_product": [
        call(REFLECTIONS, TAU), call(B, TAU), call(torch.rand(3, 4, 3), TAU), call(REFLECTIONS, torch.rand(2, 4)),
        call(REFLECTIONS, torch.rand(2, 2)), call(REFLECTIONS, TAU.double()), call(REFLECTIONS, torch.rand(3)),
    ],
    "torch.ormqr": [
        call(REFLECTIONS, TAU, TALL), call(REFLECTIONS, TAU, B, left=False), call(REFLECTIONS, TAU, torch.rand(2, 5, 4)),
    ],
    "torch.cholesky_inverse": [call(A), call(B)],
    "torch.svd_lowrank": [
        call(SIGNAL), call(SIGNAL[0], q=3), call(B), call(SIGNAL, M=torch.rand(1, 1, 8)), call(torch.rand(3)),
    ],
    "torch.pca_lowrank": [call(SIGNAL), call(B), call(B, q=4), call(B, q=2), call(B.long())],
    "torch.lobpcg": [call(torch.eye(9), k=2), call(torch.eye(9)), call(B)],
    "torch.linalg.vecdot": [
        call(B, torch.rand(4)), call(B, A), call(B, B, dim=1), call(B.long(), B.long()), call(B, B.double()), call(B, B, dim=3),
    ],
    "torch.linalg.vander": [call(B), call(B, N=5), call(torch.arange(3)), call(torch.tensor(1.0)), call(B, N=1)],
    "torch.vander": [call(torch.rand(3)), call(torch.rand(3), 5), call(torch.arange(3)), call(B)],
    "torch.renorm": [call(B, 2, 0, 1.0), call(B, 2, 3, 1.0), call(torch.rand(3), 2, 0, 1.0), call(B.long(), 2, 0, 1.0)],
}  # fmt: skip
UNKNOWN = {
    "torch.linalg.lstsq": 1.0,  # which results besides the solution are filled depends on the driver
    "torch.linalg.pinv": 0.2,  # a tolerance for each matrix
    "torch.linalg.matrix_rank": 0.2,
}
