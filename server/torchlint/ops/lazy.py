"""Parameters and buffers that get their shape at the first forward (`torch.nn.LazyLinear` and kin).

Until then such a tensor counts as empty. Materialising keeps the object, so that an optimizer made earlier
still holds it.
"""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.values.dtype import DType
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor, parameter


def uninitialized_parameter(dtype: DType | None = None) -> Tensor:
    """A `torch.nn.parameter.UninitializedParameter`."""
    return parameter(0, dtype=dtype)


def materialize(tensor: Tensor, *shape: Size) -> None:
    """Give the tensor its shape."""
    tensor.shape = shape


def become(module: Module, cls: type[Module]) -> None:
    """Turn a lazy layer into the layer that it stands for, as torch does after the first forward."""
    module.__class__ = cls
