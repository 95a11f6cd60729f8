"""What stand-ins import as `_torchlint`: values that nobody knows exactly, batches, and the rounds that stand for an epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.interpreter.arrays import tensor_of
from torchlint.interpreter.functions import FunctionValue, HostFunction
from torchlint.interpreter.objects import Instance
from torchlint.interpreter.trace import Rest
from torchlint.values.dtype import DType, float64, int64
from torchlint.values.errors import MoreRounds
from torchlint.values.scalar import dtype_of_scalar
from torchlint.values.tensor import Origin, Tensor
from torchlint.values.unknown import SomeInteger, SomeNumber, Unknown

_FEW = 4
"""Batches of an epoch that are all gone through."""
_LOOKED_AT = 3
"""Samples that are asked for before the others are taken to be like them."""


def _is_unknown(m: Any, value: Any) -> bool:
    return isinstance(value, Unknown)


def _unknown(m: Any, reason: str) -> Unknown:
    made: Unknown = m.unknown(reason)
    return made


def _context_manager(m: Any, function: Any) -> Any:
    if isinstance(function, FunctionValue):
        function.is_context = True
    return function


def _some_integer(m: Any) -> Unknown:
    return SomeInteger.of(m.unknown("a number of the data"))


def _some_float(m: Any) -> Unknown:
    return SomeNumber.of(m.unknown("a number of the data"))


def _some_size(m: Any, name: str) -> Size:
    return symbol(name, Kind.DATA)


def _first_sample(m: Any, dataset: Any) -> Any:
    """The sample at 0, without a word on what its code does there: other samples may be others."""
    return m.get_item(dataset, 0)


def _samples(m: Any, dataset: Any, size: Any) -> Any:
    """A list of samples as a `collate_fn` gets it; Unknown if they are of several shapes."""
    if not isinstance(size, int):
        return m.unknown("the number of samples in a batch is not known")
    seen = [m.get_item(dataset, i) for i in range(min(size, _LOOKED_AT))]
    if any(_layout(sample) != _layout(seen[0]) for sample in seen):
        return m.unknown("samples are of several shapes")
    return [*seen, *seen[:1] * (size - len(seen))]


def _layout(sample: Any) -> Any:
    tensor = sample if isinstance(sample, Tensor) else tensor_of(sample)
    if tensor is not None:
        return tensor.shape, tensor.dtype.name
    if isinstance(sample, dict):
        return {key: _layout(value) for key, value in sample.items()}
    return [_layout(value) for value in sample] if isinstance(sample, (list, tuple)) else None


def _batch_of(m: Any, sample: Any, size: Any) -> Any:
    """What `default_collate` makes of `size` samples like this one."""
    tensor = sample if isinstance(sample, Tensor) else tensor_of(sample)
    if tensor is not None:
        return _batch(m, (size, *tensor.shape), tensor.dtype)
    dtype = dtype_of_scalar(sample)
    if dtype is not None:
        return _batch(m, (size,), dtype)
    if isinstance(sample, (bool, int, SomeInteger)):
        return _batch(m, (size,), int64)
    if isinstance(sample, (float, SomeNumber)):
        return _batch(m, (size,), float64)
    if isinstance(sample, dict):
        return {key: _batch_of(m, value, size) for key, value in sample.items()}
    if isinstance(sample, (list, tuple)):
        return [_batch_of(m, value, size) for value in sample]
    if isinstance(sample, Instance) and sample.cls.name == "Image":
        raise m.raise_host(TypeError(_NO_IMAGES))
    return m.unknown("a batch of what could not be followed", is_plain=True)


_NO_IMAGES = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class 'PIL.Image.Image'>"
)


def _batch(m: Any, shape: tuple[Size, ...], dtype: DType) -> Tensor:
    made = Tensor(shape, dtype)
    place = _called_at(m)
    if place is not None:
        made.origin = Origin("torch.stack", (), place)
    return made


def _called_at(m: Any) -> Any:
    """Where the checked program calls what runs now."""
    return next((step.place for step in reversed(m.steps()) if step.place.unit.checked), None)


def _rounds(m: Any, count: Any, size: Any, drop_last: Any, make: Any, made_at: Any) -> Iterator[Any]:
    """The batches of an epoch: all if they are few, else a whole one and the last.

    `count` is the number of samples (None or Unknown where nobody knows), `size` that of a batch (None without batches),
    `made_at` where the loader was made.
    """
    site = m.site

    def batch(samples: Any) -> Any:
        if site is None:
            return m.call_value(make, (samples,), {})
        m.site = site  # of the loop, whose body has run meanwhile
        m.stack.append(site)
        try:
            return m.call_value(make, (samples,), {})
        finally:
            m.stack.pop()
            m.site = site

    # One sample is no data set: more are collected where nobody has looked.
    known = isinstance(count, int) and count > 1 and isinstance(size, int) and size > 0 and isinstance(drop_last, bool)
    if not known:
        whole = symbol("N", Kind.BATCH) if isinstance(size, Unknown) else size
        yield batch(whole)
        raise MoreRounds("an epoch of unknown length")
    full, left = divmod(count, size)
    left = 0 if drop_last else left
    few = full + bool(left) <= _FEW
    for _ in range(full if few else 1 if left else 2):
        yield batch(size)
    if left:
        m.trace.rest = Rest(left, made_at)
        try:
            yield batch(left)
        finally:
            m.trace.rest = None
    if not few:
        raise MoreRounds("an epoch has more batches")


_TOOLS: dict[str, Callable[..., Any]] = {
    "is_unknown": _is_unknown, "unknown": _unknown, "some_integer": _some_integer, "some_float": _some_float,
    "some_size": _some_size, "first_sample": _first_sample, "samples": _samples, "batch_of": _batch_of, "rounds": _rounds,
    "called_at": _called_at, "context_manager": _context_manager,
}  # fmt: skip
STANDIN_TOOLS = {name: HostFunction(name, function, takes_unknown=True) for name, function in _TOOLS.items()}
