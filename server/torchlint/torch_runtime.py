"""torch itself, asked what a function of its own gives of which torchlint has no rule. The only importer of torch.

Tensors are on the meta device: they have no elements, nothing is computed or allocated, and nothing of the checked program
runs. Only functions that torch implements in its C++ library, or in `torch.nn.functional`, are called, with tensors, numbers
and names. Sizes that are symbols become torch's unbacked symbolic sizes, into which nothing can look: a shape that comes out
holds for every size, unless torch noted that some must be equal. It does so for sizes of 0 and 1 in general position only, so
the shape is compared with what torch gives for numbers, 1 among them. Strides are not taken over: devices differ in them.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeGuard

from torchlint.dims.expr import Expr, Size, Symbol, evaluate, floordiv, mod, of_atom, product, symbols_of
from torchlint.dims.facts import facts
from torchlint.dims.points import various
from torchlint.dims.printing import show_shape
from torchlint.values.dtype import DTYPES, DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import InputTensor, Shape, Tensor

_LARGEST = 1 << 16
"""No size or number above it is handed over: a function may make as many tensors."""
_MODULES = ("torch", "torch.nn.functional", "torch.linalg", "torch.fft", "torch.special", "torch.Tensor")
_WRITTEN_IN_PYTHON = ("torch.nn.functional", "torch.functional")
_ABOUT_SHAPES = re.compile(r"\b(sizes?|shapes?|dim|dims|dimensions?|dimensional|[1-9]-?D)\b", re.IGNORECASE)
_NAME = re.compile(r"[\w-]{0,40}")


class _TensorLike(NamedTuple):
    """A tensor as it is handed over and comes back."""

    shape: Shape
    dtype: str


class _Plain(NamedTuple):
    """A number, name or None; `kind` keeps 1, 1.0 and True apart."""

    kind: str
    value: Any


class _Dtype(NamedTuple):
    name: str


class _Listed(NamedTuple):
    kind: str
    parts: tuple[Any, ...]


class _Refusal(NamedTuple):
    """torch rejects the shapes."""

    message: str


class _Silence(NamedTuple):
    """Nothing can be said."""

    reason: str


class _NotTold(Exception):
    """torch's result or a part of it is nothing that can be taken over; the message says why."""


@cache
def is_installed() -> bool:
    """Whether torch can be imported by the Python that torchlint runs in."""
    return find_spec("torch") is not None


def is_askable(name: str, args: Sequence[object]) -> bool:
    """Whether torch may know what the function gives: so that it is not loaded for what it cannot tell."""
    owner, _, last = name.rpartition(".")
    parts = [part for a in args for part in (a if isinstance(a, (list, tuple)) else (a,))]
    return owner in _MODULES and last[:1].islower() and any(isinstance(p, Tensor) for p in parts) and is_installed()


def has_symbols(args: Sequence[object]) -> bool:
    """Whether a size of the arguments is a symbol."""
    parts = [part for a in args for part in (a if isinstance(a, (list, tuple)) else (a,))]
    return any(isinstance(size, Expr) for p in parts for size in (p.shape if _is_decided(p) else (p,)))


def _is_decided(value: object) -> TypeGuard[Tensor]:
    return isinstance(value, Tensor) and not (isinstance(value, InputTensor) and not value.is_decided)


@cache
def load(symbolic: bool) -> None:
    """Import what asking needs, with sizes that are symbols or without: it takes seconds, the first question too."""
    with _quiet(), suppress(Exception):  # an installation that is broken says so when it is asked
        import torch

        if symbolic:
            size = of_atom(Symbol("n"))
            _Question(torch, "torch.relu", torch.relu, (_TensorLike((size,), "float32"),), ()).for_symbols(
                set(symbols_of(size))
            )


def ask(name: str, args: Sequence[object], kwargs: Mapping[str, object]) -> Any:
    """What torch's function of that dotted name gives for these arguments. Raises ShapeError, or Undecided."""
    given = tuple(_described(a) for a in args)
    named = tuple((key, _described(value)) for key, value in sorted(kwargs.items()))
    if not any(_tensors((*given, *(d for _, d in named)))):
        raise Undecided(f"`{name}` is called without a tensor")
    outcome = _answer(name, given, named)
    if isinstance(outcome, _Silence):
        raise Undecided(outcome.reason)
    if isinstance(outcome, _Refusal):
        shapes = " and ".join(show_shape(t.shape) for t in _tensors((*given, *(d for _, d in named))))
        raise ShapeError("bad-call", f"{{callee}} does not take tensors of {shapes}", torch=outcome.message)
    first = args[0] if args else None
    if name.endswith("_") and not name.endswith("__"):
        if not isinstance(first, Tensor) or not isinstance(outcome, _TensorLike) or outcome.shape != first.shape:
            raise Undecided(f"`{name}` changes a tensor in a way that is not modelled")
        first.written()
        return first
    return _taken_over(outcome, [t for t in (*args, *kwargs.values()) if isinstance(t, Tensor)])


def _described(value: object) -> Hashable:
    """A value by what torch will see of it. Raises Undecided for what is not handed over."""
    if isinstance(value, Tensor):
        if not _is_decided(value):
            raise Undecided("its rank is not known")
        shape = tuple(_bounded(facts().resolve(size)) for size in value.shape)
        return _TensorLike(shape, value.dtype.name)
    if isinstance(value, DType):
        return _Dtype(value.name)
    if isinstance(value, Expr):
        return _Plain("size", facts().resolve(value))
    if value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and _NAME.fullmatch(value)):
        return _Plain(type(value).__name__, _bounded(value))
    if isinstance(value, (list, tuple)) and len(value) <= _LARGEST:
        return _Listed(type(value).__name__, tuple(_described(part) for part in value))
    raise Undecided(f"torch is not asked about a {type(value).__name__}")


def _bounded(value: Any) -> Any:
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise Undecided("torch is not asked about numbers that large")
    return value


def _tensors(descriptions: Sequence[Any]) -> Iterator[_TensorLike]:
    for each in descriptions:
        if isinstance(each, _TensorLike):
            yield each
        elif isinstance(each, _Listed):
            yield from _tensors(each.parts)


def _sizes(descriptions: Sequence[Any]) -> Iterator[Size]:
    for each in descriptions:
        if isinstance(each, _TensorLike):
            yield from each.shape
        elif isinstance(each, _Plain) and each.kind == "size":
            yield each.value
        elif isinstance(each, _Listed):
            yield from _sizes(each.parts)


def _taken_over(outcome: Any, operands: list[Tensor]) -> Any:
    if isinstance(outcome, _TensorLike):
        dtype = DTYPES[outcome.dtype]
        gradient = not dtype.is_integral and any(t.requires_grad for t in operands)
        device = next((t.device for t in operands if t.device is not None), None)
        return Tensor(outcome.shape, dtype, strides=None, requires_grad=gradient, device=device)
    if isinstance(outcome, tuple) and not isinstance(outcome, _Plain):
        return tuple(_taken_over(part, operands) for part in outcome)
    return None


@lru_cache(maxsize=1024)
def _answer(name: str, args: tuple[Any, ...], kwargs: tuple[tuple[str, Any], ...]) -> Any:
    """The result as descriptions, a _Refusal or a _Silence."""
    with _quiet():
        try:
            import torch

            function = _resolved(torch, name)
        except Exception as error:  # an installation that is broken
            return _Silence(f"`{name}` has no rule, and torch could not be asked: {error}")
        if function is None:
            return _Silence(f"`{name}` has no rule")
        question = _Question(torch, name, function, args, kwargs)
        symbols = {s for size in _sizes((*args, *(d for _, d in kwargs))) for s in symbols_of(size)}
        return question.for_symbols(symbols) if symbols else question.for_numbers({})


@contextmanager
def _quiet() -> Iterator[None]:
    """torch warns and logs what it could not do."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _resolved(torch: Any, name: str) -> Any:
    """torch's function of that dotted name, if it is one that only computes; else None."""
    owner, _, last = name.rpartition(".")
    if owner not in _MODULES or last.startswith("_"):
        return None
    home = torch
    for part in owner.split(".")[1:]:
        home = getattr(home, part, None)
    function: Any = getattr(home, last, None)
    if not callable(function) or isinstance(function, type):
        return None
    if getattr(function, "__module__", None) in _WRITTEN_IN_PYTHON:
        return function
    is_native = type(function).__name__ in ("builtin_function_or_method", "method_descriptor")
    names = (last, f"{owner.rpartition('.')[2]}_{last}")
    return function if is_native and any(hasattr(torch.ops.aten, n) for n in names) else None


class _Question:
    """One call that torch is asked about."""

    def __init__(self, torch: Any, name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.torch = torch
        self.name = name
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def for_numbers(self, values: Mapping[Symbol, int]) -> Any:
        """The outcome for sizes that are numbers, or become numbers with these values."""
        try:
            return self._described(self._call(lambda size: evaluate(size, values)))
        except (RuntimeError, IndexError, ValueError) as error:
            text = str(error)
            if not isinstance(error, NotImplementedError) and _ABOUT_SHAPES.search(text) and "meta" not in text:
                return _Refusal(text.partition("\n")[0])
            return _Silence(f"`{self.name}` has no rule, and torch does not tell on its meta device")
        except Exception:
            return _Silence(f"`{self.name}` has no rule, and torch does not tell")

    def for_symbols(self, symbols: set[Symbol]) -> Any:
        """The outcome for any sizes."""
        try:
            found = self._symbolic(symbols)
        except Exception:
            return _Silence(f"`{self.name}` has no rule, and torch does not tell for sizes that are not known")
        for point in various():
            values = {s: point[s] for s in symbols}
            if any(evaluate(size, values) < 0 for size in _sizes((*self.args, *(d for _, d in self.kwargs)))):
                continue
            outcome = self.for_numbers(values)
            if isinstance(outcome, _Silence) or (not isinstance(outcome, _Refusal) and outcome != _at(found, values)):
                return _Silence(f"`{self.name}` has no rule, and its result has no single form")
        return found

    def _symbolic(self, symbols: set[Symbol]) -> Any:
        from torch._subclasses.fake_tensor import FakeTensorMode
        from torch.fx.experimental.symbolic_shapes import ShapeEnv

        environment = ShapeEnv()
        values = {s: environment.create_unbacked_symint() for s in sorted(symbols, key=lambda s: s.name)}
        back = {value.node.expr: of_atom(s) for s, value in values.items()}
        with FakeTensorMode(shape_env=environment):
            result = self._call(lambda size: evaluate(size, values))
        for conditions in environment.deferred_runtime_asserts.values():
            if any(_has_equation(condition.expr) for condition in conditions):
                raise _NotTold("some sizes must be equal")
        return self._described(result, lambda size: size if isinstance(size, int) else _size_of(size.node.expr, back))

    def _call(self, number: Callable[[Size], Any]) -> Any:
        def real(given: Any) -> Any:
            if isinstance(given, _TensorLike):
                shape = [number(size) for size in given.shape]
                return self.torch.empty(shape, dtype=getattr(self.torch, given.dtype), device="meta")
            if isinstance(given, _Dtype):
                return getattr(self.torch, given.name)
            if isinstance(given, _Listed):
                parts = [real(part) for part in given.parts]
                return tuple(parts) if given.kind != "list" else parts
            return number(given.value) if given.kind == "size" else given.value

        with self.torch.no_grad():
            return self.function(*map(real, self.args), **{key: real(value) for key, value in self.kwargs})

    def _described(self, result: Any, size_of: Callable[[Any], Size] = int) -> Any:
        if isinstance(result, self.torch.Tensor):
            dtype = str(result.dtype).removeprefix("torch.")
            if result.layout is not self.torch.strided or dtype not in DTYPES:
                raise _NotTold("the kind of tensor is not modelled")
            return _TensorLike(tuple(size_of(size) for size in result.shape), dtype)
        if isinstance(result, (tuple, list)):
            return tuple(self._described(part, size_of) for part in result)
        if result is None:
            return None
        raise _NotTold("it is no tensor, and may depend on elements")


def _has_equation(formula: Any) -> bool:
    """Whether a condition (of sympy) says that sizes are equal: one of 1 would be broadcast where they are not."""
    return type(formula).__name__ == "Equality" or any(map(_has_equation, formula.args))


def _at(outcome: Any, values: Mapping[Symbol, int]) -> Any:
    """The outcome with numbers for its symbols."""
    if isinstance(outcome, _TensorLike):
        return outcome._replace(shape=tuple(evaluate(size, values) for size in outcome.shape))
    return tuple(_at(part, values) for part in outcome) if isinstance(outcome, tuple) else outcome


def _size_of(formula: Any, back: Mapping[Any, Size]) -> Size:
    """A size of ours for torch's formula (of sympy). Raises _NotTold."""
    if formula in back:
        return back[formula]
    kind = type(formula).__name__
    if formula.is_Integer:
        return int(formula)
    parts = [_size_of(part, back) for part in formula.args]
    if kind == "Add":
        total: Size = 0
        for part in parts:
            total = total + part
        return total
    if kind == "Mul":
        return product(parts)
    if kind == "Pow" and isinstance(parts[1], int) and parts[1] > 0:
        return product([parts[0]] * parts[1])
    if kind in ("FloorDiv", "CleanDiv"):
        return floordiv(parts[0], parts[1])
    if kind in ("Mod", "PythonMod"):
        return mod(parts[0], parts[1])
    raise _NotTold(f"its size has a {kind} in it")
