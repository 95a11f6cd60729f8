"""Gradients as code asks for them: `loss.backward()`, `torch.autograd.grad`, hooks. What a gradient holds is not modelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import require_same, same
from torchlint.ops.registry import op
from torchlint.ops.results import like
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _listed(tensors: object) -> list[object]:
    return list(tensors) if isinstance(tensors, (list, tuple)) else [tensors]


def _check_gradients(outputs: Iterable[object], gradients: object, name: str, is_batched: bool = False) -> None:
    """A gradient that is not given is 1, which only a scalar can have; one that is given has the shape of its output."""
    given = _listed(gradients)
    for index, output in enumerate(outputs):
        gradient = given[index] if index < len(given) else None
        if not isinstance(output, Tensor) or isinstance(gradient, Unknown):
            continue
        if gradient is None and same(output.numel(), 1) is Truth.NO:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} starts from one number, but {{{name}}} is {show_shape(output.shape)}",
                blame=name,
                torch="grad can be implicitly created only for scalar outputs",
                notes=("reduce the loss with `.mean()` or `.sum()`",),
                label=show_shape(output.shape),
            )
        if isinstance(gradient, Tensor):
            _require_gradient(output, gradient, name, is_batched)


def _require_gradient(output: Tensor, gradient: Tensor, name: str, is_batched: bool) -> None:
    shape = gradient.shape[1:] if is_batched else gradient.shape

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"the gradient {show_shape(shape)} has not the shape of {{{name}}} {show_shape(output.shape)}",
            blame=name,
            torch=f"Mismatch in shape: grad_output[0] has a shape of {show_shape(gradient.shape)} and output[0] has a shape "
            f"of {show_shape(output.shape)}.",
            label=show_shape(output.shape),
        )

    if len(shape) != output.ndim:
        raise unfit()
    for mine, wanted in zip(shape, output.shape):
        require_same(mine, wanted, unfit)


@op("torch.Tensor.backward")
def backward(
    input: Tensor, gradient: object = None, retain_graph: object = None, create_graph: object = False, inputs: object = None
) -> None:
    """Computes the gradients of whatever the tensor was computed from; the tensor must be one number."""
    _check_gradients([input], gradient, "input")


@op("torch.autograd.backward")
def backward_of(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: object = None,
    retain_graph: object = None,
    create_graph: object = False,
    grad_variables: object = None,
    inputs: object = None,
) -> None:
    """Computes the gradients of whatever the tensors were computed from."""
    _check_gradients(_listed(tensors), grad_tensors, "tensors")


@op("torch.autograd.grad")
def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: object = None,
    retain_graph: object = None,
    create_graph: object = False,
    only_inputs: object = True,
    allow_unused: object = None,
    is_grads_batched: bool = False,
    materialize_grads: object = False,
) -> tuple[Tensor | Unknown, ...]:
    """One gradient for each input, of its shape."""
    _check_gradients(_listed(outputs), grad_outputs, "outputs", is_grads_batched)
    if is_grads_batched:
        raise Undecided("batched gradients are not modelled")
    if allow_unused not in (None, False):
        return tuple(Unknown("an unused input has no gradient") for _ in _listed(inputs))
    return tuple(like(each) for each in _listed(inputs) if isinstance(each, Tensor))


@op("torch.Tensor.retain_grad")
def retain_grad(input: Tensor) -> None:
    """Changes nothing that is modelled."""


@op("torch.Tensor.register_hook")
def register_hook(input: Tensor, hook: object) -> Unknown:
    """A handle; the hook sees gradients only."""
    return Unknown("the handle of a hook")
