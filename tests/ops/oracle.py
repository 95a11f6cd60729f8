"""torch as the judge of our operations and layers.

How to use it
- `test_oracle.py` visits every registered operation and layer by itself: nothing to list. An operation is called under each
  of its dotted names with torch's own samples (`op_db` by name, alias, method or in-place twin; `module_db` by class); the
  function that the dotted name stands for in torch gives the expected tree of tensors. Errors that torch raises for wrong
  shapes and dtypes must be `ShapeError`s. Then each sample is run once more with symbols for its sizes: the result,
  substituted, must be the same.
- What torch has no samples for (and whatever you want to add) goes to `samples/<family>.py`:
      OPERATIONS = {"torch.eye": [call(3), call(3, 4, dtype=torch.int64)]}   # one dotted name of the group is enough
      LAYERS = {"torch.nn.Flatten": [layer_call(call(), call(torch.rand(2, 3, 4)))]}
      UNKNOWN = {"torch.x": 0.2}     # the share of samples whose result may be Unknown, with a comment that says why; else 0
      NEEDS_GPU = {"torch.x": "why"}  # torch cannot run it here
      LENIENT = {"torch.x": "why"}   # error inputs that we knowingly accept
  Arguments are torch's own (tensors, dtypes, modules); the oracle converts them. Where a call raises in torch,
  ours must raise ShapeError.
- Small tensors of whole numbers carry their `values`; values of a result are compared where ours has some.
- Run yours alone: `python -m pytest tests/ops/test_oracle.py -k "unary"` (a family) or `-k "functional.relu"`.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import math
import pkgutil
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from torchlint.dims.expr import Expr, Kind, Symbol, evaluate, symbol, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import LAYER_OF_CLASS, LAYERS, OPERATIONS, LayerType, Operation
from torchlint.values.dtype import DTYPES, DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module, named_buffers, named_parameters
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

DTYPES_TRIED = {torch.float32: 24, torch.int64: 8, torch.bool: 6, torch.complex64: 6}
"""How many samples of each dtype, spread over all that torch has."""
MAX_ELEMENTS = 1 << 20


class Call(NamedTuple):
    """Arguments of one call, torch's own values."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __repr__(self) -> str:
        shown = [_show(a) for a in self.args] + [f"{k}={_show(v)}" for k, v in self.kwargs.items()]
        return f"({', '.join(shown)})"


class LayerCall(NamedTuple):
    """Arguments of a layer's constructor and of its forward (None: construct only)."""

    init: Call
    forward: Call | None


def call(*args: Any, **kwargs: Any) -> Call:
    """One call with these arguments."""
    return Call(args, kwargs)


def layer_call(init: Call, forward: Call | None = None) -> LayerCall:
    """One construction and one call of a layer."""
    return LayerCall(init, forward)


class Mismatch(AssertionError):
    """Ours and torch's differ."""


_CONSTRUCTED: dict[int, tuple[torch.nn.Module, Call]] = {}


def construct(cls: type[torch.nn.Module], init: Call) -> torch.nn.Module:
    """torch's layer, remembered with its arguments so that ours can be made from it when it is an argument itself."""
    module = cls(*init.args, **init.kwargs)
    _CONSTRUCTED[id(module)] = (module, init)
    return module


def _own_samples(kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    folder = Path(__file__).parent / "samples"
    for module in pkgutil.iter_modules([str(folder)]):
        family = importlib.import_module(f"ops.samples.{module.name}")
        found.update(getattr(family, kind, {}))
    return found


OWN_OPERATIONS: dict[str, list[Call]] = _own_samples("OPERATIONS")
OWN_LAYERS: dict[str, list[LayerCall]] = _own_samples("LAYERS")
UNKNOWN_SHARE: dict[str, float] = _own_samples("UNKNOWN")
LENIENT: dict[str, str] = _own_samples("LENIENT")
NEEDS_GPU: dict[str, str] = _own_samples("NEEDS_GPU")


def groups() -> dict[str, list[str]]:
    """Registered dotted names by the function behind them, under the first name."""
    by_function: dict[Any, list[str]] = {}
    for name, operation in OPERATIONS.items():
        by_function.setdefault(operation.function, []).append(name)
    return {names[0]: names for names in by_function.values() if _in_torch(names[0]) and names[0] not in NEEDS_GPU}


def _in_torch(name: str) -> bool:
    """Whether op_db could know it: functions and tensor methods, not the methods of modules."""
    owner = name.rpartition(".")[0]
    return name.startswith("torch.") and owner != "torch.nn.Module" and owner not in LAYERS


def resolve(name: str) -> Any:
    """The thing in torch that a dotted name stands for; None where this torch has none."""
    parts = name.split(".")
    value: Any = torch
    for index, part in enumerate(parts[1:], start=2):
        if not hasattr(value, part):
            try:
                importlib.import_module(".".join(parts[:index]))
            except ImportError:
                return None
        value = getattr(value, part, None)
    return value


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        produced = info.sample_inputs("cpu", dtype, requires_grad=False)
        some = [Call((s.input, *s.args), dict(s.kwargs)) for s in itertools.islice(produced, 300)]
    step = max(1, math.ceil(len(some) / count))
    return some[::step]


def own_samples_of(names: list[str]) -> list[Call]:
    """The samples of `tests/ops/samples` for a group of names."""
    return [c for name in names for c in OWN_OPERATIONS.get(name, ())]


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


def error_samples_of(names: list[str]) -> list[Call]:
    """Calls that torch must reject."""
    calls: list[Call] = []
    for info in [op_db[index] for name in names for index in infos_of(name)]:
        if info.error_inputs_func is None:
            continue
        for error in info.error_inputs("cpu"):
            sample = error.sample_input
            calls.append(Call((sample.input, *sample.args), dict(sample.kwargs)))
    return [c for c in calls if _is_plain(c)]


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _tensors(element)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _is_plain(sample: Call) -> bool:
    if sample.kwargs.get("out") is not None:  # what is written to `out` is not modelled
        return False
    tensors = list(_tensors(list(sample.args) + list(sample.kwargs.values())))
    return all(t.layout is torch.strided and t.numel() <= MAX_ELEMENTS and t.device.type == "cpu" for t in tensors)


# From torch's values to ours


def to_ours(value: Any, sizes: dict[int, Expr] | None = None) -> Any:
    """Our value for one of torch's; with `sizes`, tensors get symbols for the sizes in it (and no values)."""
    if isinstance(value, torch.Tensor):
        return _tensor_to_ours(value, sizes)
    if isinstance(value, torch.dtype):
        return DTYPES.get(str(value).removeprefix("torch."), Unknown("a dtype that is not modelled"))
    if isinstance(value, torch.nn.Module):
        return module_to_ours(value)
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, (list, tuple)):
        converted = [to_ours(v, sizes) for v in value]
        return converted if isinstance(value, list) else tuple(converted)
    if isinstance(value, dict):
        return {k: to_ours(v, sizes) for k, v in value.items()}
    if callable(value) and not isinstance(value, type):
        name = getattr(value, "__name__", "")
        for prefix in ("torch.nn.functional.", "torch."):
            if prefix + name in OPERATIONS:
                return OPERATIONS[prefix + name]
    if value is None or isinstance(value, (bool, int, float, complex, str, slice, type(...))):
        return value
    return Unknown(f"a {type(value).__name__}")


def _tensor_to_ours(value: torch.Tensor, sizes: dict[int, Expr] | None) -> Tensor:
    dtype = DTYPES[str(value.dtype).removeprefix("torch.")]
    shape = tuple(value.shape) if sizes is None else tuple(sizes.get(n, n) for n in value.shape)
    known = sizes is None and value.numel() <= 16 and not (dtype.is_floating_point or dtype.is_complex)
    values = tuple(value.reshape(-1).tolist()) if known else None
    is_parameter = isinstance(value, torch.nn.Parameter)
    if value.is_contiguous():
        return Tensor(shape, dtype, values=values, is_parameter=is_parameter, requires_grad=value.requires_grad)
    strides = tuple(value.stride()) if sizes is None else None
    return Tensor(shape, dtype, strides=strides, values=values, requires_grad=value.requires_grad)


def module_to_ours(module: torch.nn.Module) -> Module:
    """Our layer for torch's: made with the same arguments where they are known, else with none."""
    entry = LAYERS.get(f"torch.nn.{type(module).__name__}")
    if entry is None:
        raise Undecided(f"{type(module).__name__} is not modelled")
    _, init = _CONSTRUCTED.get(id(module), (module, _arguments_of(module)))
    return construct_ours(entry, init)


def _arguments_of(module: torch.nn.Module) -> Call:
    """Constructor arguments read back from a layer that torch's samples made."""
    if isinstance(module, (torch.nn.TransformerEncoderLayer, torch.nn.TransformerDecoderLayer)):
        attention = module.self_attn
        return call(
            attention.embed_dim,
            attention.num_heads,
            module.linear1.out_features,
            batch_first=attention.batch_first,
            norm_first=module.norm_first,
            bias=module.linear1.bias is not None,
        )
    return call()


def construct_ours(entry: LayerType, init: Call) -> Module:
    """Our layer with the same constructor arguments. Raises ShapeError or Undecided."""
    instance = entry.cls.__new__(entry.cls)
    args = to_ours(init.args)
    kwargs = to_ours(init.kwargs)
    entry.init.run(entry.init.bind((instance, *args), kwargs))
    return instance


def forward_ours(module: Module, *args: Any, **kwargs: Any) -> Any:
    """What our layer returns; Unknown where it is undecided."""
    entry = LAYER_OF_CLASS[type(module)]
    assert entry.forward is not None
    return entry.forward(module, *args, **kwargs)


# Comparing


def unknowns(ours: Any) -> bool:
    """Whether any part of the result is Unknown."""
    if isinstance(ours, Unknown):
        return True
    return isinstance(ours, (list, tuple)) and any(unknowns(v) for v in ours)


def compare(ours: Any, theirs: Any, where: str = "result") -> None:
    """Raise Mismatch unless every known part of ours is what torch returned."""
    if isinstance(ours, Unknown):
        return
    if isinstance(theirs, torch.Tensor):
        _compare_tensors(ours, theirs, where)
    elif isinstance(theirs, (list, tuple)):
        _expect(isinstance(ours, (list, tuple)), where, ours, theirs)
        _expect(len(ours) == len(theirs), where, ours, theirs)
        fields = getattr(ours, "_fields", ())
        for index, (a, b) in enumerate(zip(ours, theirs)):
            compare(a, b, f"{where}[{index}]")
            _expect(
                not fields or getattr(theirs, fields[index]) is b,
                f"{where}.{fields[index : index + 1]}",
                a,
                b,
            )
        named = hasattr(theirs, "n_sequence_fields") or hasattr(theirs, "_fields")
        _expect(bool(fields) == named, f"field names of {where}", ours, theirs)
    elif isinstance(theirs, torch.dtype):
        _expect(isinstance(ours, DType) and repr(ours) == str(theirs), where, ours, theirs)
    elif isinstance(theirs, float):
        _expect(_close(ours, theirs), where, ours, theirs)
    elif isinstance(theirs, (bool, int, str, complex, type(None))):
        _expect(type(ours) is type(theirs) and ours == theirs, where, ours, theirs)


def _compare_tensors(ours: Any, theirs: torch.Tensor, where: str) -> None:
    _expect(isinstance(ours, Tensor), where, ours, theirs)
    _expect(ours.ndim == theirs.ndim, f"rank of {where}", ours, theirs)
    for size, real in zip(ours.shape, theirs.shape):
        _expect(_depends_on_data(size) or size == real, f"shape of {where}", ours, theirs)
    _expect(repr(ours.dtype) == str(theirs.dtype), f"dtype of {where}", ours, theirs)
    if any(_depends_on_data(size) for size in ours.shape):
        return
    if ours.strides is not None and theirs.numel() > 1 and theirs.layout is torch.strided:
        mine = [s for s, n in zip(ours.strides, theirs.shape) if n > 1]
        real = [s for s, n in zip(theirs.stride(), theirs.shape) if n > 1]
        _expect(mine == real, f"strides of {where}", ours.strides, theirs.stride())
    if ours.values is not None:
        elements = theirs.reshape(-1).tolist()
        same = len(elements) == len(ours.values) and all(_close(a, b) for a, b in zip(ours.values, elements))
        _expect(same, f"values of {where}", ours.values, elements)


def _depends_on_data(size: Any) -> bool:
    return isinstance(size, Expr) and any(s.kind is Kind.DATA for s in symbols_of(size))


def _close(a: Any, b: Any) -> bool:
    if not isinstance(a, (int, float, complex)):
        return False
    return a == b or (a != a and b != b) or abs(a - b) <= 1e-4 * max(1.0, abs(a))


def _expect(condition: bool, where: str, ours: Any, theirs: Any) -> None:
    if not condition:
        raise Mismatch(f"{where}: ours {_show(ours)}, torch's {_show(theirs)}")


def _show(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        contiguous = "" if value.is_contiguous() else f" stride{list(value.stride())}"
        return f"Tensor({list(value.shape)}, {str(value.dtype).removeprefix('torch.')}{contiguous})"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_show(v) for v in value)}]"
    return repr(value)[:120]


# Errors that are about shapes and dtypes

_NOT_ABOUT_SHAPES = re.compile(
    r"[ar]tol must be|must be a float or int|TensorBase' objects doesn't apply|"
    r"not implemented for|memory location|overlap|unsupported operation|'out'|\bout tensor|input and out|"
    r"out of bounds for|index \S+ is out of|on the same device|device|sparse|named|quantized|autocast|complex32|"
    r"probability|expects (std|sigma|lambda|p |to return)|without overflow|overflow|cannot be negative|"
    r"internal error|storage|Long tensor out|does not support (automatic|complex)|nan|"
    r"up to 64 dims|multinomial distribution|singular|positive-definite|finite|received an invalid combination|"
    r"is not a valid value for reduction|window|[Cc]oefficients|sum of lengths|not supported on|result type|"
    r"Target \d+ is out|index out of range|divisor|deprecated|must be in range \[0|supported for",
)


def is_about_shapes(error: BaseException) -> bool:
    """Whether torch's error is one that a shape, a dtype or the call itself explains (not values, devices, storage)."""
    return not isinstance(error, NotImplementedError) and _NOT_ABOUT_SHAPES.search(str(error)) is None


# Running one sample in both worlds


class Outcome(NamedTuple):
    """What happened to one sample: `verdict` is "same", "unknown", "skipped"."""

    verdict: str
    detail: str = ""


def _cloned(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone() if value.is_leaf and not _expanded(value) else value
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(_cloned(v) for v in value) if not isinstance(value, torch.Size) else value
    return value


def _expanded(value: torch.Tensor) -> bool:
    return 0 in value.stride()


def run_torch(function: Any, sample: Call, in_place: bool) -> Any:
    """torch's result."""
    args = tuple(_cloned(a) for a in sample.args) if in_place else sample.args
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return function(*args, **sample.kwargs)


@using(Facts())
def check_operation(name: str, operation: Operation, sample: Call, errors_count: bool) -> Outcome:
    """Run one sample in both worlds; raises Mismatch where they differ.

    `errors_count`: torch's errors must be ours too (own samples and error inputs); else a sample that torch rejects under
    this name (it was made for another) is skipped.
    """
    function = resolve(name)
    if function is None:
        raise Mismatch(f"{name} is not in torch")
    in_place = name.endswith("_") or "inplace" in sample.kwargs
    try:
        theirs = run_torch(function, sample, in_place)
    except Exception as error:
        if not errors_count or not is_about_shapes(error):
            return Outcome("skipped", f"torch: {error}")
        return _check_rejected(operation, sample, error)
    if any(t.layout is not torch.strided for t in _tensors(theirs)):
        return Outcome("skipped", "sparse")
    try:
        args, kwargs = to_ours(sample.args), to_ours(sample.kwargs)
    except Undecided as undecided:
        return Outcome("unknown", str(undecided))
    ours = _run_ours(operation, args, kwargs, sample)
    if in_place and name.endswith("_") and not name.endswith("__") and isinstance(ours, Tensor) and isinstance(args[0], Tensor):
        _expect(ours is args[0], "the in-place result is the same object", ours, theirs)
    compare(ours, theirs)
    _check_symbolic(operation, sample, theirs)
    return Outcome("unknown", ours.reason if isinstance(ours, Unknown) else "") if unknowns(ours) else Outcome("same")


def _run_ours(operation: Operation, args: Any, kwargs: Any, sample: Call) -> Any:
    try:
        return operation(*args, **kwargs)
    except ShapeError as error:
        raise Mismatch(f"rejected: {error.rule}: {error.message}") from error


def _check_rejected(operation: Operation, sample: Call, error: BaseException) -> Outcome:
    try:
        ours = operation(*to_ours(sample.args), **to_ours(sample.kwargs))
    except ShapeError:
        return Outcome("same")
    except Undecided as undecided:
        return Outcome("unknown", str(undecided))
    if unknowns(ours):
        return Outcome("unknown")
    raise Mismatch(f"accepted as {_show(ours)}, but torch: {type(error).__name__}: {str(error)[:200]}")


def _symbols_for(sample: Call) -> dict[int, Expr]:
    tensors = _tensors(list(sample.args) + list(sample.kwargs.values()))
    return {n: symbol(f"n{n}") for n in sorted({n for t in tensors for n in t.shape if n > 1})}


def _check_symbolic(operation: Operation, sample: Call, theirs: Any) -> None:
    """With symbols for all sizes: nothing is rejected, and what comes out is torch's shape after substitution."""
    sizes = _symbols_for(sample)
    values = {s: n for n, e in sizes.items() for s in symbols_of(e)}
    with using(Facts()):
        try:
            ours = operation(*to_ours(sample.args, sizes), **to_ours(sample.kwargs, sizes))
        except ShapeError as error:
            raise Mismatch(f"rejected with symbols for sizes: {error.rule}: {error.message}") from error
        _compare_symbolic(ours, theirs, values)


def _compare_symbolic(ours: Any, theirs: Any, values: dict[Symbol, int]) -> None:
    if isinstance(ours, Tensor) and isinstance(theirs, torch.Tensor):
        for index, size in enumerate(ours.shape):
            if isinstance(size, int) or symbols_of(size) <= values.keys():
                number = evaluate(size, values)
                _expect(ours.ndim == theirs.ndim, "rank with symbols", ours, theirs)
                _expect(number == theirs.shape[index], f"size {index} with symbols", ours, theirs)
        _expect(repr(ours.dtype) == str(theirs.dtype), "dtype with symbols", ours, theirs)
        if ours.strides is not None and theirs.numel() > 1:
            for index, stride in enumerate(ours.strides):
                if theirs.shape[index] > 1 and (isinstance(stride, int) or symbols_of(stride) <= values.keys()):
                    number = evaluate(stride, values)
                    _expect(number == theirs.stride(index), f"stride {index} with symbols", ours.strides, theirs)
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        _expect(len(ours) == len(theirs), "length with symbols", ours, theirs)
        for a, b in zip(ours, theirs):
            _compare_symbolic(a, b, values)


# Layers


def layer_samples(name: str) -> list[LayerCall]:
    """torch's samples and our own for a layer."""
    cls = resolve(name)
    calls = list(OWN_LAYERS.get(name, ()))
    for info in module_db:
        if info.module_cls is not cls:
            continue
        for training in (True, False):
            for sample in info.module_inputs_func(
                info, device="cpu", dtype=torch.float32, requires_grad=False, training=training
            ):
                init = Call(sample.constructor_input.args, sample.constructor_input.kwargs)
                given = sample.forward_input
                forward = Call(given.args, given.kwargs) if given is not None else None
                calls.append(LayerCall(init, forward))
        if info.module_error_inputs_func is not None:
            calls.extend(_layer_errors(info))
    return calls


def _layer_errors(info: Any) -> Iterator[LayerCall]:
    for error in info.module_error_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=True):
        sample = error.module_error_input
        init = Call(sample.constructor_input.args, sample.constructor_input.kwargs)
        given = sample.forward_input
        yield LayerCall(init, Call(given.args, given.kwargs) if given is not None else None)


@using(Facts())
def check_layer(name: str, sample: LayerCall) -> Outcome:
    """Construct and call a layer in both worlds; raises Mismatch where anything that a user can see differs."""
    entry = LAYERS[name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = construct(resolve(name), sample.init)
    except Exception as error:
        if not is_about_shapes(error):
            return Outcome("skipped", str(error))
        try:
            construct_ours(entry, sample.init)
        except ShapeError:
            return Outcome("same")
        except Undecided as undecided:
            return Outcome("unknown", str(undecided))
        raise Mismatch(f"constructed {sample.init}, but torch: {error}") from error
    try:
        ours = construct_ours(entry, sample.init)
    except ShapeError as error:
        raise Mismatch(f"rejected construction {sample.init}: {error.message}") from error
    except Undecided as undecided:
        return Outcome("unknown", str(undecided))
    _compare_modules(ours, theirs)
    if sample.forward is None:
        return Outcome("same")
    return _check_forward(ours, theirs, sample.forward)


def _check_forward(ours: Module, theirs: torch.nn.Module, forward: Call) -> Outcome:
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            expected = theirs(*forward.args, **forward.kwargs)
    except Exception as error:
        if not is_about_shapes(error):
            return Outcome("skipped", str(error))
        try:
            result = forward_ours(ours, *to_ours(forward.args), **to_ours(forward.kwargs))
        except ShapeError:
            return Outcome("same")
        if unknowns(result):
            return Outcome("unknown")
        raise Mismatch(f"forward{forward} accepted as {_show(result)}, but torch: {error}") from error
    try:
        result = forward_ours(ours, *to_ours(forward.args), **to_ours(forward.kwargs))
    except ShapeError as error:
        raise Mismatch(f"rejected forward{forward}: {error.rule}: {error.message}") from error
    compare(result, expected)
    _compare_modules(ours, theirs)  # lazy parameters have their sizes now
    if unknowns(result):
        return Outcome("unknown", result.reason if isinstance(result, Unknown) else "")
    return Outcome("same")


def _compare_modules(ours: Module, theirs: torch.nn.Module) -> None:
    mine = [(n, tuple(t.shape), repr(t.dtype)) for n, t in named_parameters(ours)]
    real = [(n, _shape_of(p), str(p.dtype)) for n, p in theirs.named_parameters()]
    _expect([m[0] for m in mine] == [r[0] for r in real], "parameters", mine, real)
    for m, r in zip(mine, real):
        _expect(r[1] is None or m == r, f"parameter {m[0]}", m, r)
    mine = [(n, tuple(t.shape), repr(t.dtype)) for n, t in named_buffers(ours)]
    real = [(n, _shape_of(b), str(b.dtype)) for n, b in theirs.named_buffers()]
    _expect([m[0] for m in mine] == [r[0] for r in real], "buffers", mine, real)
    for m, r in zip(mine, real):
        _expect(r[1] is None or m == r, f"buffer {m[0]}", m, r)
    if ours.extra_repr() != theirs.extra_repr():
        raise Mismatch(f"extra_repr: ours {ours.extra_repr()!r}, torch's {theirs.extra_repr()!r}")


def _shape_of(tensor: torch.Tensor) -> tuple[int, ...] | None:
    return None if torch.nn.parameter.is_lazy(tensor) else tuple(tensor.shape)
