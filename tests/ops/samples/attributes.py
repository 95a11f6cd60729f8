"""Samples for what is read from a tensor without a call, and why some of it is Unknown."""

from __future__ import annotations

import torch

from ops.calls import call
from torchlint.ops.registry import ATTRIBUTES

X = torch.rand(2, 3)
TENSORS = [
    X, X.t(), torch.rand(2, 3, 4).transpose(0, 1), torch.arange(3), torch.tensor(True), torch.rand(2, 0), torch.rand(2, 3) + 1j,
    torch.rand(2, 3, dtype=torch.float16),
]  # fmt: skip

OPERATIONS = {name: [call(tensor) for tensor in TENSORS] for name in ATTRIBUTES}
OPERATIONS |= {
    "torch.is_same_size": [call(X, X), call(X, X.t()), call(X, X[0])],
    "torch.is_nonzero": [call(torch.tensor(3)), call(torch.tensor([[0]])), call(X), call(torch.rand(0))],
    "torch.is_signed": [call(X), call(X > 0), call(X.to(torch.uint8))],
    "torch.is_conj": [call(X), call(X.long())],
    "torch.Tensor.dim_order": [call(X), call(X.t()), call(torch.rand(2, 3, 4).transpose(0, 1))],
}
_WHERE = (
    "data_ptr", "get_device", "is_inference", "is_pinned", "is_shared", "storage", "storage_offset", "untyped_storage",
)  # fmt: skip
OPERATIONS |= {f"torch.Tensor.{name}": [call(X)] for name in _WHERE} | {"torch.Tensor.is_set_to": [call(X, X)]}
_BY_THE_CALLER = (
    "device", "requires_grad", "is_leaf", "grad", "grad_fn", "is_cpu", "is_cuda", "is_ipu", "is_maia", "is_mps", "is_mtia",
    "is_xla", "is_xpu",
)  # fmt: skip
UNKNOWN = {
    f"torch.Tensor.{name}": 1.0 for name in (*_BY_THE_CALLER, *_WHERE, "is_set_to")
}  # a shape does not tell where a tensor is or how it was made
