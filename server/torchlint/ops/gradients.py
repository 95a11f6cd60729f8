"""`torch.nn.utils` on parameters as a whole: clipping of gradients, and one vector of all elements."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.ops.containers import elements
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import float32
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


@op("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm")
def clip_grad_norm_(
    parameters: object,
    max_norm: object,
    norm_type: object = 2.0,
    error_if_nonfinite: object = False,
    foreach: object = None,
) -> Tensor:
    """The norm of all gradients together, a scalar."""
    return Tensor((), float32)


@op("torch.nn.utils.clip_grad_value_")
def clip_grad_value_(parameters: object, clip_value: object, foreach: object = None) -> None:
    """Clips gradients in place."""


@op("torch.nn.utils.parameters_to_vector")
def parameters_to_vector(parameters: object) -> Tensor:
    """One vector of all elements."""
    total: Size = 0
    tensors: list[Tensor] = []
    for tensor in elements(parameters):
        if isinstance(tensor, Unknown):
            raise Undecided(tensor.reason)
        if not isinstance(tensor, Tensor):
            raise Undecided("a parameter that is not a tensor")
        tensors.append(tensor)
        total = total + tensor.numel()
    if not tensors:
        raise ShapeError(
            "cat-mismatch",
            "{callee} is given no parameters",
            blame="parameters",
            torch="torch.cat(): expected a non-empty list of Tensors",
        )
    return result((total,), tensors[0].dtype, *tensors)


@op("torch.nn.utils.vector_to_parameters")
def vector_to_parameters(vec: Tensor, parameters: object) -> None:
    """Writes the elements of a vector into parameters."""


@op("torch.nn.utils.get_total_norm")
def get_total_norm(
    tensors: object, norm_type: object = 2.0, error_if_nonfinite: object = False, foreach: object = None
) -> Tensor:
    """The norm of all tensors together, a scalar."""
    return Tensor((), float32)


@op("torch.nn.utils.clip_grads_with_norm_")
def clip_grads_with_norm_(parameters: object, max_norm: object, total_norm: object, foreach: object = None) -> None:
    """Clips gradients in place by a norm that is known already."""
