"""Samples that torch tests itself with: `op_db` for operations, `module_db` for layers; made only when a test asks for them."""

from __future__ import annotations

import functools
import itertools
import math
import random
import warnings
from collections.abc import Iterator
from typing import Any, TypeVar
from unittest.mock import patch

import torch
from torch.testing._internal import common_utils
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from ops.calls import Call, LayerCall, tensors_in
from ops.names import resolve
from ops.own_samples import OWN_LAYERS

T = TypeVar("T")

DTYPES_TRIED = {torch.float32: 24, torch.int64: 8, torch.bool: 6, torch.complex64: 6}
"""How many samples of each dtype, spread over all that torch has."""
MAX_ELEMENTS = 1 << 20
"""Larger tensors are left out."""
_MOST_OF_LAYER = 48
"""Samples of one layer, spread over all that torch has."""
_MOST_MADE = 120
"""torch makes samples one by one, some by the thousand: no more than these are asked for."""


def _seed(seed: int) -> None:
    """`torch.manual_seed` without the devices, which torch would seed before each sample."""
    torch.default_generator.manual_seed(seed)
    random.seed(seed)


_quickly_seeded = patch.object(common_utils, "set_rng_seed", lambda seed=None: _seed(1234 if seed is None else seed))


@functools.cache
def _indices_by_name() -> dict[str, list[int]]:
    indices: dict[str, list[int]] = {}
    for index, info in enumerate(op_db):
        for name in {info.name, *(alias.name for alias in info.aliases)}:
            indices.setdefault(name, []).append(index)
    return indices


def infos_of(name: str) -> list[int]:
    """The entries of op_db (by index) that have samples for the dotted name."""
    short = name.removeprefix("torch.").removeprefix("Tensor.")
    table = _indices_by_name()
    candidates = [short, short.removeprefix("nn.functional.")]
    candidates += [f"{p}{candidates[1]}" for p in ("nn.functional.", "special.", "linalg.")]
    if short.endswith("_") and not short.endswith("__"):
        candidates += [c[:-1] for c in candidates]
    for candidate in candidates:
        if candidate in table:
            return table[candidate]
    return []


@functools.lru_cache(maxsize=64)
def _db_samples(index: int, dtype: torch.dtype, count: int) -> list[Call]:
    info = op_db[index]
    if dtype not in info.supported_dtypes("cpu"):
        return []
    with warnings.catch_warnings(), _quickly_seeded:
        warnings.simplefilter("ignore")
        _seed(0)
        produced = info.sample_inputs("cpu", dtype, requires_grad=False)
        some = [Call((s.input, *s.args), dict(s.kwargs)) for s in itertools.islice(produced, _MOST_MADE)]
    return spread(some, count)


def spread(samples: list[T], count: int) -> list[T]:
    """At most `count` of the samples, at even distances."""
    return samples[:: max(1, math.ceil(len(samples) / count))]


def samples_of(names: list[str]) -> list[Call]:
    """torch's samples for a group of names."""
    calls: list[Call] = []
    infos = sorted({index for name in names for index in infos_of(name)})
    for index in infos:
        for dtype, count in DTYPES_TRIED.items():
            calls.extend(_db_samples(index, dtype, max(4, count // len(infos))))
    calls += [transposed(c) for c in calls[:: max(1, len(calls) // 8)]]
    return [c for c in calls if _is_plain(c)]


def transposed(sample: Call) -> Call:
    """The same call with tensors that lie column-major in memory."""

    def column_major(value: Any) -> Any:
        if isinstance(value, torch.Tensor) and value.ndim >= 2 and value.layout is torch.strided:
            return value.transpose(-1, -2).contiguous().transpose(-1, -2)
        return value

    return Call(tuple(column_major(a) for a in sample.args), sample.kwargs)


def error_samples_of(names: list[str]) -> list[tuple[str, Call]]:
    """Calls that torch must reject, with the name that torch has them under."""
    calls: list[tuple[str, Call]] = []
    for name, index in [(each, index) for each in names for index in infos_of(each)]:
        info = op_db[index]
        if info.error_inputs_func is None:
            continue
        with _quickly_seeded:
            _seed(0)
            errors = [error.sample_input for error in info.error_inputs("cpu")]
        calls += [(name, Call((sample.input, *sample.args), dict(sample.kwargs))) for sample in errors]
    return [(name, call) for name, call in calls if _is_plain(call) and _is_called_on_tensor(name, call)]


def _is_called_on_tensor(name: str, sample: Call) -> bool:
    """Whether the call can be written: nothing but a tensor has methods of tensors."""
    return not name.startswith("torch.Tensor.") or isinstance(sample.args[0], torch.Tensor)


def _is_plain(sample: Call) -> bool:
    if sample.kwargs.get("out") is not None:  # what is written to `out` is not modelled
        return False
    tensors = list(tensors_in(list(sample.args) + list(sample.kwargs.values())))
    return all(t.layout is torch.strided and t.numel() <= MAX_ELEMENTS and t.device.type == "cpu" for t in tensors)


def layer_samples(name: str) -> list[LayerCall]:
    """torch's samples and our own for a layer."""
    cls = resolve(name)
    calls = list(OWN_LAYERS.get(name, ()))
    torch.manual_seed(0)
    for info in module_db:
        if info.module_cls is cls:
            calls += spread([sample for training in (True, False) for sample in _layer_samples(info, training)], _MOST_OF_LAYER)
            if info.module_error_inputs_func is not None:
                calls.extend(_layer_errors(info))
    return calls


def _layer_samples(info: Any, training: bool) -> Iterator[LayerCall]:
    for sample in info.module_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=training):
        yield _layer_call(sample)


def _layer_call(sample: Any) -> LayerCall:
    given = sample.forward_input
    init = Call(sample.constructor_input.args, sample.constructor_input.kwargs)
    return LayerCall(init, Call(given.args, given.kwargs) if given is not None else None)


def _layer_errors(info: Any) -> Iterator[LayerCall]:
    for error in info.module_error_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=True):
        yield _layer_call(error.module_error_input)
