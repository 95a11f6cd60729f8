"""Tensors as the dummy forward pass sees them: shape, dtype and strides, no elements (but small known integer values)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from torchlint.dims.expr import Size, product
from torchlint.values.dtype import DType, float32
from torchlint.values.runtime import runtime

Shape = tuple[Size, ...]


class TorchSize(tuple[Size, ...]):
    """`torch.Size`: what `tensor.shape` and `tensor.size()` return to the checked program."""

    __slots__ = ()


class _Contiguous:
    def __repr__(self) -> str:
        return "CONTIGUOUS"


CONTIGUOUS = _Contiguous()
Strides = tuple[Size, ...]


class Origin:
    """Where a tensor came from: the operation, the tensors that went in, and a place that only the interpreter reads."""

    __slots__ = ("inputs", "op", "place")

    def __init__(self, op: str, inputs: tuple[Tensor, ...], place: object) -> None:
        self.op = op
        self.inputs = inputs
        self.place = place


_serial = itertools.count()


def tensors_made() -> int:
    """A number that is larger than the serial of every tensor so far, and at most that of the next one."""
    return next(_serial)


class Storage:
    """The memory that a tensor shares with its views; `version` counts what was written to it."""

    __slots__ = ("version",)

    def __init__(self) -> None:
        self.version = 0


class Tensor:
    """A tensor without elements; compared by identity.

    Invariant: `strides` has one size per dimension, or is None where torch's choice is not modelled. `values` are the elements
    in row-major order where they are known (small tensors of numbers that code computes sizes from), else None: `written` is
    what every in-place operation calls, so that no view goes on with elements that are no more. `serial` counts tensors in the
    order of their making.
    """

    __slots__ = (
        "_known",
        "_known_at",
        "_strides",
        "device",
        "dtype",
        "extras",
        "is_buffer",
        "is_parameter",
        "origin",
        "requires_grad",
        "serial",
        "shape",
        "storage",
    )  # fmt: skip

    shape: Shape

    def __init__(
        self,
        shape: Shape,
        dtype: DType = float32,
        *,
        strides: Strides | _Contiguous | None = CONTIGUOUS,
        requires_grad: bool = False,
        device: str | None = None,
        values: tuple[Any, ...] | None = None,
        is_parameter: bool = False,
        storage: Storage | None = None,
    ) -> None:
        runtime().step()
        self.shape = shape
        self.dtype = dtype
        self._strides = strides
        self.requires_grad = requires_grad
        self.device = device
        self.storage = storage or Storage()
        self.values = values
        self.is_parameter = is_parameter
        self.is_buffer = False
        self.origin: Origin | None = None
        self.extras: dict[str, Any] | None = None
        self.serial = next(_serial)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def values(self) -> tuple[Any, ...] | None:
        """The elements in row-major order; None where they are not known, or not any more."""
        return self._known if self._known_at == self.storage.version else None

    @values.setter
    def values(self, values: tuple[Any, ...] | None) -> None:
        self._known = values
        self._known_at = self.storage.version

    def written(self, values: tuple[Any, ...] | None = None) -> None:
        """Say that the elements have been overwritten, by `values` where they are known: views of them know no more."""
        self.storage.version += 1
        self.values = values

    @property
    def strides(self) -> Strides | None:
        """Strides in elements, one per dimension; None where they are not known."""
        if isinstance(self._strides, _Contiguous):
            return contiguous_strides(self.shape)
        return self._strides

    @property
    def is_contiguous_by_construction(self) -> bool:
        """Whether it was made row-major (others may still turn out to be)."""
        return isinstance(self._strides, _Contiguous)

    def numel(self) -> Size:
        """The number of elements."""
        return product(self.shape)

    def __repr__(self) -> str:
        return f"Tensor({list(self.shape)}, {self.dtype.name})"


class InputTensor(Tensor):
    """An argument of `forward` whose rank nobody has said: it is decided when something first asks for the shape.

    `decide` gets it and the ranks that the asker suggests, best first, and returns the shape. `is_inferred` says that nobody
    declared it.
    """

    __slots__ = ("_decide", "_shape", "is_inferred", "name")

    def __init__(self, name: str, decide: Callable[[InputTensor, tuple[int, ...]], Shape], dtype: DType = float32) -> None:
        self._shape: Shape | None = None
        self._decide: Callable[[InputTensor, tuple[int, ...]], Shape] | None = decide
        self.name = name
        self.is_inferred = True
        super().__init__((), dtype)

    @property
    def is_decided(self) -> bool:
        return self._shape is not None

    def decide(self, ranks: tuple[int, ...]) -> None:
        """Settle the rank, with the ranks that would suit, best first."""
        if self._shape is None:
            assert self._decide is not None
            self._shape = self._decide(self, ranks)
            self._decide = None  # it holds what runs the pass, which holds this

    @property
    def shape(self) -> Shape:
        self.decide(())
        assert self._shape is not None
        return self._shape

    @shape.setter
    def shape(self, value: Shape) -> None:
        if value:
            self._shape = value
            self._decide = None


def contiguous_strides(shape: Sequence[Size]) -> Strides:
    """Row-major strides; torch counts a dimension of size 0 as 1."""
    strides: list[Size] = []
    step: Size = 1
    for size in reversed(shape):
        strides.append(step)
        step = step * (1 if size == 0 else size)
    return tuple(reversed(strides))


def parameter(*shape: Size, dtype: DType | None = None, requires_grad: bool = True) -> Tensor:
    """A fresh `nn.Parameter` of the given sizes."""
    return Tensor(shape, dtype or float32, requires_grad=requires_grad, is_parameter=True)
