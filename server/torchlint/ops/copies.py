"""Views that are copied at once: `torch.expand_copy`, `torch.view_copy` and their kin give new row-major tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torchlint.ops.axes import permute, squeeze, t, transpose, unsqueeze
from torchlint.ops.casting import detach
from torchlint.ops.expanding import expanded
from torchlint.ops.registry import Operation, op
from torchlint.ops.shaping import inferred_shape, view, view_as_complex, view_as_real
from torchlint.ops.splitting import split_method, split_with_sizes, unbind
from torchlint.ops.strides import copy_of
from torchlint.ops.striding import as_strided, diagonal, select, unfold
from torchlint.values.dtype import DType
from torchlint.values.rounds import Series
from torchlint.values.tensor import Shape, Tensor


def _register(name: str, make_view: Callable[..., Any]) -> None:
    """The copying twin takes the arguments of the function that makes the view."""
    operation = Operation(name, make_view)

    @op(f"torch.{name}_copy")
    def function(input: Tensor, *args: object, out: object = None, **kwargs: object) -> Any:
        made = operation.run(operation.bind((input, *args), kwargs))
        if isinstance(made, Tensor):
            return _copied(made)
        if isinstance(made, Series):
            return Series([part.copied(_copied) for part in made.parts or ()], tuple)
        return tuple(map(_copied, made))

    function.__doc__ = f"What `{name}` views, copied."


def _copied(view: Tensor) -> Tensor:
    return copy_of(view, view.shape)


def _expand(input: Tensor, size: Shape, *, implicit: object = False) -> Tensor:
    return expanded(input, size)


def _view(input: Tensor, size: Shape | None = None, dtype: DType | None = None) -> Tensor:
    """Other than a view, a copy needs no fitting strides."""
    return view(input, dtype=dtype) if size is None else copy_of(input, inferred_shape(input, size))


_VIEWS: dict[str, Callable[..., Any]] = {
    "alias": detach, "as_strided": as_strided, "detach": detach, "diagonal": diagonal, "expand": _expand, "permute": permute,
    "select": select, "split": split_method, "split_with_sizes": split_with_sizes, "squeeze": squeeze, "t": t,
    "transpose": transpose, "unbind": unbind, "unfold": unfold, "unsqueeze": unsqueeze, "view": _view,
    "view_as_complex": view_as_complex, "view_as_real": view_as_real,
}  # fmt: skip
for _name, _view_of in _VIEWS.items():
    _register(_name, _view_of)
