"""`x[...]`: integers, slices, `None`, `...`, masks, index tensors and lists, mixed, read and assigned.

The number of elements that a mask picks is a fresh DATA size. Whether the elements of an index tensor are in
range is judged only where they are known.
"""

from __future__ import annotations

import itertools
from typing import Any, TypeGuard

from torchlint.dims.expr import Expr, Kind, Size, symbol
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, known_int, require_same, same
from torchlint.ops.coercion import type_name
from torchlint.ops.registry import op
from torchlint.ops.slicing import at_most, slice_of
from torchlint.ops.strides import view_of
from torchlint.ops.striding import require_index
from torchlint.values.dtype import bool_, int32, int64, uint8
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor
from torchlint.values.unknown import Free, Unknown

_LONGEST_TUPLE = 32  # torch reads a list of tensors or slices as a tuple only up to here


@op("torch.Tensor.__getitem__")
def getitem(input: Tensor, index: object) -> Tensor:
    """What `input[index]` gives."""
    return _Indexed(input, _entries(index)).result()


@op("torch.Tensor.__setitem__")
def setitem(input: Tensor, index: object, value: object) -> None:
    """`input[index] = value`: the value must broadcast to what the index picks."""
    input.written()
    indexed = _Indexed(input, _entries(index))
    target = indexed.result()
    if isinstance(value, (list, tuple, str)) or value is None:
        raise ShapeError(
            "bad-call",
            f"a {type_name(value)} cannot be assigned to elements of {{input}}",
            blame="value",
            torch=f"can't assign a {type_name(value)} to a torch.FloatTensor",
        )
    if isinstance(value, Tensor):
        _require_assignable(input, indexed, target, value)


def _require_assignable(input: Tensor, indexed: _Indexed, target: Tensor, value: Tensor) -> None:
    by_mask = value.ndim == 0 and indexed.only_masks
    if indexed.is_advanced and value.dtype is not input.dtype and not by_mask:
        raise ShapeError(
            "dtype-mismatch",
            f"{{input}} is {input.dtype.name}, but {{value}} is {value.dtype.name}",
            blame="value",
            torch="Index put requires the source and destination dtypes match, "
            f"got {input.dtype.name} for the destination and {value.dtype.name} for the source.",
            label=value.dtype.name,
        )

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{value}} {show_shape(value.shape)} does not fit into the {show_shape(target.shape)} that it is assigned to",
            blame="value",
            torch=f"shape mismatch: value tensor of shape {show_shape(value.shape)} cannot be broadcast to "
            f"indexing result of shape {show_shape(target.shape)}",
            label=show_shape(value.shape),
        )

    shape = value.shape
    while len(shape) > target.ndim and shape[0] == 1:
        shape = shape[1:]
    if len(shape) > target.ndim:
        raise unfit()
    for given, wanted in zip(reversed(shape), reversed(target.shape)):
        if given != 1:
            require_same(given, wanted, unfit)


def _entries(index: object) -> list[object]:
    """The index as torch reads it: the entries of a tuple, or a single one."""
    if isinstance(index, tuple):
        return list(index)
    if isinstance(index, list) and len(index) < _LONGEST_TUPLE:
        tuple_like = (Tensor, list, tuple, slice, type(...), type(None))
        if any(isinstance(entry, tuple_like) for entry in index):
            return list(index)
    return [index]


class _Indexed:
    """An index walked over entry by entry.

    `sizes` and `strides` are those of the dimensions that stay; `picks` has the known positions along each
    dimension of the input, for tensors whose elements are known.
    """

    def __init__(self, input: Tensor, entries: list[object]) -> None:
        self.input = input
        self.axis = 0
        self.sizes: list[Size] = []
        self.strides: list[Size] | None = None if input.strides is None else []
        self.picks: list[list[int] | None] = []  # one per dimension of the input
        self.indices: list[tuple[int, Shape]] = []  # (place among the sizes, shape of the index tensor)
        self.unchecked: list[tuple[int, Size]] = []  # (dimension, known element of an index tensor)
        self.indexed: list[int] = []  # dimensions that an index tensor of whole numbers picks from
        self.only_masks = True
        entries = [e if not isinstance(e, (list, tuple, range)) else _tensor_of(e) for e in entries]
        used = sum(_consumed(e) for e in entries)
        if used > input.ndim:
            raise ShapeError(
                "dim-out-of-range",
                f"{{input}} {show_shape(input.shape)} has {input.ndim} dimension{'s' * (input.ndim != 1)}, "
                f"but is indexed with {used}",
                blame="index",
                torch=f"too many indices for tensor of dimension {input.ndim}",
                label=show_shape(input.shape),
            )
        spread = False
        for entry in entries:
            if entry is ...:
                for _ in range(0 if spread else input.ndim - used):
                    self._keep()
                spread = True
            else:
                self._take(entry)
        while self.axis < input.ndim:
            self._keep()

    @property
    def is_advanced(self) -> bool:
        return bool(self.indices)

    def _append(self, size: Size, stride: Size) -> None:
        self.sizes.append(size)
        if self.strides is not None:
            self.strides.append(stride)

    def _stride(self) -> Size:
        strides = self.input.strides
        return strides[self.axis] if strides is not None else 0

    def _keep(self) -> None:
        size = self.input.shape[self.axis]
        self._append(size, self._stride())
        self.picks.append(list(range(size)) if isinstance(size, int) and self.input.values is not None else None)
        self.axis += 1

    def _take(self, entry: object) -> None:
        if entry is None:
            self._append(1, 0)
        elif isinstance(entry, bool):
            self._add_index((int(entry),), True)
        elif isinstance(entry, (int, Expr, Free)):
            self._select(entry.size if isinstance(entry, Free) else entry)
        elif isinstance(entry, slice):
            self._slice(entry)
        elif isinstance(entry, Tensor):
            self._take_tensor(entry)
        elif isinstance(entry, Unknown):
            raise Undecided(entry.reason)
        else:
            raise ShapeError(
                "dtype-mismatch",
                f"{{input}} is indexed with a {type_name(entry)}",
                blame="index",
                torch="only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are "
                "valid "
                f"indices (got {type_name(entry)})",
            )

    def _select(self, index: Size) -> None:
        require_index(self.input, self.axis, index, "index")
        size = self.input.shape[self.axis]
        at = index % size if isinstance(index, int) and isinstance(size, int) and size else None
        self.picks.append(None if at is None or isinstance(at, Expr) else [at])
        self.axis += 1

    def _slice(self, index: slice) -> None:
        size = self.input.shape[self.axis]
        start, length, step = slice_of(index, size)
        self._append(length, self._stride() * step)
        if isinstance(start, int) and isinstance(length, int) and isinstance(step, int):
            self.picks.append([start + i * step for i in range(length)])
        else:
            self.picks.append(None)
        self.axis += 1

    def _add_index(self, shape: Shape, mask: bool) -> None:
        self.only_masks = self.only_masks and mask
        self.indices.append((len(self.sizes), shape))

    def _take_tensor(self, index: Tensor) -> None:
        if _is_mask(index):
            self._take_mask(index)
            return
        if not (index.dtype in (int64, int32) or (index.ndim == 0 and index.dtype.is_integral)):
            raise ShapeError(
                "dtype-mismatch",
                f"{{input}} is indexed with a {index.dtype.name} tensor",
                blame="index",
                torch="tensors used as indices must be long, int, byte or bool tensors",
                notes=("index with whole numbers or a bool mask",),
            )
        if index.ndim == 0 and index.values is not None and isinstance(index.values[0], (int, Expr)):
            self._select(index.values[0])
            return
        self.unchecked.extend((self.axis, value) for value in index.values or ())
        if index.ndim == 0:  # selects like an int
            self.picks.append(None)
            self.axis += 1
            return
        self._add_index(index.shape, False)
        self.indexed.append(self.axis)
        size = self.input.shape[self.axis]
        if index.values is not None and index.ndim == 1 and isinstance(size, int) and size:
            self.picks.append([v % size for v in index.values])
        else:
            self.picks.append(None)
        self.axis += 1

    def _take_mask(self, mask: Tensor) -> None:
        for offset in range(mask.ndim):
            self._require_mask_size(mask, offset)
        count: Size = symbol("n", Kind.DATA, minimum=0)
        if mask.values is not None:
            count = sum(bool(v) for v in mask.values)
        picked = [i for i, v in enumerate(mask.values) if v] if mask.values is not None and mask.ndim == 1 else None
        self._add_index((count,), True)
        self.picks.extend([picked] if mask.ndim == 1 else [None] * mask.ndim)
        self.axis += mask.ndim

    def _require_mask_size(self, mask: Tensor, offset: int) -> None:
        shape, place = self.input.shape, self.axis + offset
        given, own = mask.shape[offset], shape[place]
        require_same(
            given,
            own,
            lambda: ShapeError(
                "broadcast-mismatch",
                f"{{input}} {show_shape(shape)} is indexed with a mask {show_shape(mask.shape)}: "
                f"{show(own)} against {show(given)} in dimension {place}",
                blame="index",
                torch=f"The shape of the mask {show_shape(mask.shape)} at index {offset} does not match "
                f"the shape of the indexed tensor {show_shape(shape)} at index {place}",
                label=show_shape(mask.shape),
            ),
        )

    def result(self) -> Tensor:
        """The indexed tensor."""
        input = self.input
        if not self.indices:
            strides = None if self.strides is None else tuple(self.strides)
            return view_of(input, tuple(self.sizes), strides, self._values())
        names = ("index",) * len(self.indices)
        shape = broadcast_shapes(*(s for _, s in self.indices), names=names)
        place = 0 if self._separated() else self.indices[0][0]
        result = (*self.sizes[:place], *shape, *self.sizes[place:])
        if all(at_most(1, size) is Truth.YES for size in shape):
            self._require_elements()
        if all(at_most(1, size) is Truth.YES for size in result):  # torch reads no index for an empty result
            for axis, index in self.unchecked:
                require_index(input, axis, index, "index")
        return Tensor(
            result,
            input.dtype,
            strides=CONTIGUOUS if input.is_contiguous_by_construction else None,
            requires_grad=input.requires_grad,
            device=input.device,
            values=self._values() if len(self.indices) == 1 and shape != (0,) else None,
        )

    def _require_elements(self) -> None:
        """There is no index into a dimension of size 0."""
        for axis in self.indexed:
            if same(self.input.shape[axis], 0) is Truth.YES:
                raise ShapeError(
                    "dim-out-of-range",
                    f"dimension {axis} of {{input}} has size 0, so that no index is in range",
                    blame="index",
                    torch="index is out of bounds for dimension with size 0",
                    label=show_shape(self.input.shape),
                )

    def _separated(self) -> bool:
        """Whether a kept dimension stands between two index tensors: their dimensions then come first."""
        return any(place != self.indices[0][0] for place, _ in self.indices)

    def _values(self) -> tuple[Any, ...] | None:
        values = self.input.values
        if values is None or any(pick is None for pick in self.picks):
            return None
        sizes = self.input.shape
        picked: list[Any] = []
        for position in itertools.product(*(pick for pick in self.picks if pick is not None)):
            flat = 0
            for at, size in zip(position, sizes):
                flat = flat * known_int(size, "a size") + at
            picked.append(values[flat])
        return tuple(picked)


def _consumed(entry: object) -> int:
    """How many dimensions of the input an entry of an index stands for."""
    if entry is None or entry is ... or isinstance(entry, bool):
        return 0
    return entry.ndim if _is_mask(entry) else 1


def _is_mask(entry: object) -> TypeGuard[Tensor]:
    return isinstance(entry, Tensor) and entry.dtype in (bool_, uint8)


def _tensor_of(entry: Any) -> Tensor:
    """The index tensor that torch makes of a list of numbers."""
    shape: list[int] = []
    level: list[Any] = [entry]
    while level and all(isinstance(v, (list, tuple, range)) for v in level):
        lengths = {len(v) for v in level}
        if len(lengths) > 1:
            raise ShapeError(
                "bad-call",
                "an index of {input} is a list of lists of unequal lengths",
                blame="index",
                torch="expected sequence of equal length at every level",
            )
        shape.append(lengths.pop())
        level = [v for row in level for v in row]
    values = [_number_of(v) for v in level]
    if values and all(isinstance(v, bool) for v in values):
        return Tensor(tuple(shape), bool_, values=tuple(values))
    return Tensor(tuple(shape), int64, values=None if any(v is None for v in values) else tuple(values))


def _number_of(value: object) -> Size | None:
    if isinstance(value, Tensor) and value.numel() == 1:
        return value.values[0] if value.values is not None else None
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Unknown):
        return value.size if isinstance(value, Free) else None
    raise ShapeError(
        "dtype-mismatch",
        f"{{input}} is indexed with a list that holds a {type_name(value)}",
        blame="index",
        torch="tensors used as indices must be long, int, byte or bool tensors",
    )
