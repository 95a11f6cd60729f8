"""In-place twins of the matrix products that add to their input: `addmm_`, `addmv_`, `addr_`, `baddbmm_`, `addbmm_`."""

from __future__ import annotations

from torchlint.dims.truth import Truth
from torchlint.ops.agree import same
from torchlint.ops.axes import become
from torchlint.ops.matmul import addbmm, addmm, addmv, addr, baddbmm
from torchlint.ops.registry import op
from torchlint.ops.results import in_place
from torchlint.values.tensor import Tensor


@op("torch.Tensor.addmm_")
def addmm_in_place(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: object = 1, alpha: object = 1) -> Tensor:
    """`input + mat1 @ mat2`, in place."""
    return in_place(input, addmm(input, mat1, mat2))


@op("torch.Tensor.addmv_", "torch.addmv_")
def addmv_in_place(input: Tensor, mat: Tensor, vec: Tensor, *, beta: object = 1, alpha: object = 1) -> Tensor:
    """`input + mat @ vec`, in place."""
    return in_place(input, addmv(input, mat, vec))


@op("torch.Tensor.addr_")
def addr_in_place(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: object = 1, alpha: object = 1) -> Tensor:
    """`input + outer(vec1, vec2)`, in place."""
    return in_place(input, addr(input, vec1, vec2))


@op("torch.Tensor.baddbmm_")
def baddbmm_in_place(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: object = 1, alpha: object = 1) -> Tensor:
    """`input + batch1 @ batch2` for each of the batch, in place."""
    return in_place(input, baddbmm(input, batch1, batch2))


@op("torch.Tensor.addbmm_")
def addbmm_in_place(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: object = 1, alpha: object = 1) -> Tensor:
    """`input` plus the sum of `batch1 @ batch2` over the batch, in `input`, which torch enlarges where it must."""
    computed = addbmm(input, batch1, batch2)
    fits = input.ndim == 2 and all(same(a, b) is not Truth.NO for a, b in zip(input.shape, computed.shape))
    return in_place(input, computed) if fits else become(input, computed)
