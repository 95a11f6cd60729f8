"""Whether what we say of a result is what torch returned: shapes, dtypes, strides, known elements, names of fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ops.calls import shown
from torchlint.dims.expr import Expr, Kind, Symbol, evaluate, symbols_of
from torchlint.values.dtype import DType
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


class Mismatch(AssertionError):
    """Ours and torch's differ."""


def unknowns(ours: Any) -> bool:
    """Whether any part of the result is Unknown."""
    if isinstance(ours, Unknown):
        return True
    return isinstance(ours, (list, tuple)) and any(unknowns(v) for v in ours)


def compare(ours: Any, theirs: Any, where: str = "result") -> None:
    """Raise Mismatch unless every known part of ours is what torch returned."""
    if isinstance(ours, Unknown):
        return
    if isinstance(theirs, np.ndarray):
        theirs = torch.from_numpy(theirs)  # an operation gives the tensor that an array holds
    if isinstance(theirs, torch.Tensor):
        _compare_tensors(ours, theirs, where)
    elif isinstance(theirs, (list, tuple)):
        expect(isinstance(ours, (list, tuple)), where, ours, theirs)
        expect(len(ours) == len(theirs), where, ours, theirs)
        fields = getattr(ours, "_fields", ())
        for index, (a, b) in enumerate(zip(ours, theirs)):
            compare(a, b, f"{where}[{index}]")
            expect(
                not fields or getattr(theirs, fields[index], None) is b,
                f"{where}.{fields[index : index + 1]}",
                a,
                b,
            )
        named = hasattr(theirs, "n_sequence_fields") or hasattr(theirs, "_fields")
        expect(bool(fields) == named, f"field names of {where}", ours, theirs)
    elif isinstance(theirs, Iterator):
        compare(ours, tuple(theirs), where)
    elif isinstance(theirs, torch.dtype):
        expect(isinstance(ours, DType) and repr(ours) == str(theirs), where, ours, theirs)
    elif isinstance(theirs, float):
        expect(_close(ours, theirs), where, ours, theirs)
    elif isinstance(theirs, (bool, int, str, complex, type(None))):
        expect(type(ours) is type(theirs) and ours == theirs, where, ours, theirs)
    elif isinstance(theirs, (torch.finfo, torch.iinfo)):
        for field in ours._fields:
            compare(getattr(ours, field), getattr(theirs, field), f"{where}.{field}")
    else:
        expect(False, where, ours, theirs)


def _compare_tensors(ours: Any, theirs: torch.Tensor, where: str) -> None:
    expect(isinstance(ours, Tensor), where, ours, theirs)
    expect(ours.ndim == theirs.ndim, f"rank of {where}", ours, theirs)
    for size, real in zip(ours.shape, theirs.shape):
        expect(_depends_on_data(size) or size == real, f"shape of {where}", ours, theirs)
    expect(repr(ours.dtype) == str(theirs.dtype), f"dtype of {where}", ours, theirs)
    if any(_depends_on_data(size) for size in ours.shape):
        return
    if ours.strides is not None and theirs.numel() > 1 and theirs.layout is torch.strided:
        mine = [s for s, n in zip(ours.strides, theirs.shape) if n > 1]
        real = [s for s, n in zip(theirs.stride(), theirs.shape) if n > 1]
        expect(mine == real, f"strides of {where}", ours.strides, theirs.stride())
    compare_elements(ours, theirs, where)


def compare_elements(ours: Tensor, theirs: torch.Tensor, where: str) -> None:
    """Raise Mismatch unless the elements that we know, if any, are torch's."""
    if ours.values is None:
        return
    theirs = torch.as_tensor(theirs)  # it may be an array, which an operation is given the tensor of
    elements = theirs.reshape(-1).tolist()
    precision = torch.finfo(theirs.dtype).eps if theirs.is_floating_point() else 0.0
    same = len(elements) == len(ours.values) and all(_close(a, b, precision) for a, b in zip(ours.values, elements))
    expect(same, f"values of {where}", ours.values, elements)


def _depends_on_data(size: Any) -> bool:
    return isinstance(size, Expr) and any(s.kind is Kind.DATA for s in symbols_of(size))


def _close(ours: Any, theirs: Any, precision: float = 2**-50) -> bool:
    """Equal, but for the last places of floats of that precision: torch's vectorized functions are not exact there."""
    if not isinstance(ours, (int, float, complex)):
        return False
    if isinstance(theirs, int):
        return bool(ours == theirs)
    return ours == theirs or (ours != ours and theirs != theirs) or abs(ours - theirs) <= 4 * precision * max(1.0, abs(ours))


def expect(condition: bool, where: str, ours: Any, theirs: Any) -> None:
    if not condition:
        raise Mismatch(f"{where}: ours {shown(ours)}, torch's {shown(theirs)}")


def compare_symbolic(ours: Any, theirs: Any, values: dict[Symbol, int]) -> None:
    if isinstance(ours, Tensor) and isinstance(theirs, torch.Tensor):
        for index, size in enumerate(ours.shape):
            if isinstance(size, int) or symbols_of(size) <= values.keys():
                number = evaluate(size, values)
                expect(ours.ndim == theirs.ndim, "rank with symbols", ours, theirs)
                expect(number == theirs.shape[index], f"size {index} with symbols", ours, theirs)
        expect(repr(ours.dtype) == str(theirs.dtype), "dtype with symbols", ours, theirs)
        if ours.strides is not None and theirs.numel() > 1:
            for index, stride in enumerate(ours.strides):
                if theirs.shape[index] > 1 and (isinstance(stride, int) or symbols_of(stride) <= values.keys()):
                    number = evaluate(stride, values)
                    expect(number == theirs.stride(index), f"stride {index} with symbols", ours.strides, theirs)
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        expect(len(ours) == len(theirs), "length with symbols", ours, theirs)
        for a, b in zip(ours, theirs):
            compare_symbolic(a, b, values)
