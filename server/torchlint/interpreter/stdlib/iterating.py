"""Python's builtins over sequences and iterators, some of whose lengths are symbols."""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from torchlint.dims.expr import Expr, Size, floordiv, maximum, minimum, of_atom
from torchlint.dims.real import Real
from torchlint.dims.truth import Truth
from torchlint.interpreter.budget import MAX_COLLECTION, BudgetExhausted
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue, Instance
from torchlint.ops.coercion import type_name
from torchlint.ops.containers import Container
from torchlint.values.errors import Undecided
from torchlint.values.rounds import ITERATOR, Rounds, Series, backwards, has_rounds, length_of, round_number
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, OpenArguments, OpenKeywords, Unknown

_REQUIRED = object()


def _sizes(values: list[Any]) -> bool:
    return any(isinstance(v, Expr) for v in values) and all(isinstance(v, (int, Expr)) for v in values)


def _collect(m: Any, value: Any) -> list[Any]:
    collected: list[Any] = []
    for item in m.iterate(value):
        collected.append(item)
        if len(collected) > MAX_COLLECTION:
            raise BudgetExhausted("collection size")
    return collected


def _range(m: Any, *args: Any) -> Any:
    if not args:
        raise m.raise_host(TypeError("range expected at least 1 argument, got 0"))
    sizes: list[Any] = [a.size if isinstance(a, Free) else m.facts.resolve(a) if isinstance(a, Expr) else a for a in args]
    sizes = [s.values[0] if isinstance(s, Tensor) and s.values is not None and len(s.values) == 1 else s for s in sizes]
    if any(isinstance(s, (Expr, Unknown, Tensor)) for s in sizes):
        unknown = next((s for s in sizes if isinstance(s, Unknown)), None)
        if unknown is not None or not all(isinstance(s, (int, Expr)) for s in sizes):
            return unknown or m.unknown("a loop has a symbolic length")
        return _symbolic_range(m, *sizes) if len(sizes) > 1 else _symbolic_range(m, 0, *sizes)
    return range(*sizes)


def _symbolic_range(m: Any, start: Size, stop: Size, step: Size = 1) -> Any:
    if not isinstance(step, int) or step == 0:
        return m.unknown("a loop has a symbolic length")
    distance = stop - start if step > 0 else start - stop
    count = m.count_of(floordiv(distance + (abs(step) - 1), abs(step)))
    number = round_number()
    return Series([Rounds(count, (start + of_atom(number) * step,), number)], range)


def _len(m: Any, value: Any) -> Any:
    if isinstance(value, Series) and value.length is not None:
        return value.length
    if isinstance(value, Unknown):
        return m.derived("len", value)
    if isinstance(value, Tensor):
        if value.ndim == 0:
            raise m.raise_host(TypeError("len() of a 0-d tensor"))
        return value.shape[0]
    method = m.find_method(value, "__len__")
    if method is not None:
        return m.call_value(method, (), {})
    if isinstance(value, Instance) and value.payload is not None:
        value = value.payload
    if isinstance(value, OpenArguments):
        return m.unknown("the caller may give more arguments")
    if isinstance(value, (list, dict, set)) and not value and m.may_hold_more(value):
        return m.unknown("something unknown may have put more into it")
    if isinstance(value, (list, tuple, dict, set, frozenset, str, bytes, range)):
        return len(value)
    if isinstance(value, ClassValue) and value.members is not None:
        return len(value.members)
    if isinstance(value, (Expr, int, float, FunctionValue, type(None))):
        raise m.raise_host(TypeError(f"object of type '{type_name(value)}' has no len()"))
    return m.unknown(f"the length of a {type(value).__name__} could not be followed")


def _parts(m: Any, value: Any) -> list[Any] | None:
    """The parts of something that has Rounds among them; None for anything else."""
    if isinstance(value, Series):
        return value.parts
    if isinstance(value, (Container, Tensor)):
        parts = list(m.iterate_parts(value)) if isinstance(value, Container) or _is_symbolic(m, value) else []
        return parts if has_rounds(parts) else None
    return None


def _is_symbolic(m: Any, tensor: Tensor) -> bool:
    is_decided = not isinstance(tensor, InputTensor) or tensor.is_decided
    return is_decided and tensor.ndim > 0 and isinstance(m.facts.resolve(tensor.shape[0]), Expr)


def _enumerate(m: Any, iterable: Any, start: Any = 0) -> Any:
    parts = _parts(m, iterable)
    if parts is None:
        return zip(range(start, start + MAX_COLLECTION), m.iterate(iterable))
    return Series(_numbered(parts, start), ITERATOR)


def _numbered(parts: list[Any], start: Size) -> Iterator[Any]:
    for part in parts:
        if isinstance(part, Rounds):
            first, width = of_atom(part.number) * part.width + start, part.width
            yield part.seen_as(tuple((first + place, part.items[place]) for place in range(width)))
        else:
            yield start, part
        start = start + length_of((part,))


def _zip(m: Any, *iterables: Any, strict: Any = False) -> Any:
    found = [_parts(m, i) for i in iterables]
    known = [parts for parts in found if parts is not None]
    if not known:
        return zip(*(m.iterate(i) for i in iterables))
    if len(known) < len(found):
        raise Undecided("a sequence whose length is a symbol is paired with another")
    return Series(_paired(m, known), ITERATOR)


def _paired(m: Any, sequences: list[list[Any]]) -> Iterator[Any]:
    for together in zip(*sequences):
        first = together[0]
        if not has_rounds(together):
            yield together
            continue
        if not all(isinstance(part, Rounds) and part.width == first.width for part in together):
            raise Undecided("sequences are paired whose parts do not fit")
        if any(m.facts.same(part.count, first.count) is not Truth.YES for part in together):
            raise Undecided("sequences are paired whose lengths may differ")
        yield first.seen_as(tuple(zip(*(part.at(of_atom(first.number)) for part in together))), *together[1:])
    if len({len(parts) for parts in sequences}) > 1:
        raise Undecided("sequences are paired whose lengths differ")


def _map(m: Any, function: Any, *iterables: Any) -> Any:
    return (m.call_value(function, items, {}) for items in zip(*(m.iterate(i) for i in iterables)))


def _filter(m: Any, function: Any, iterable: Any) -> Any:
    kept = []
    for item in m.iterate(iterable):
        test = item if function is None else m.call_value(function, (item,), {})
        if isinstance(test, Unknown):
            raise Undecided(test.reason)
        if m.truth(test):
            kept.append(item)
    return iter(kept)


def _sum(m: Any, iterable: Any, start: Any = 0) -> Any:
    total = start
    for item in m.iterate(iterable):
        total = m.binary(ast.Add, total, item)
    return total


def _extremum(pick: Callable[..., Any], symbolic: Callable[..., Any]) -> Callable[..., Any]:
    def run(m: Any, *args: Any, key: Any = None, default: Any = _REQUIRED) -> Any:
        values = list(args) if len(args) > 1 else _collect(m, args[0])
        values = [v.size if isinstance(v, Free) else v for v in values]
        unknown = next((v for v in values if isinstance(v, Unknown)), None)
        if unknown is not None:
            return m.derived(pick.__name__, *values)
        if not values:
            if default is _REQUIRED:
                raise m.raise_host(ValueError("empty sequence"))
            return default
        if any(isinstance(v, Tensor) for v in values):
            return m.unknown("an extremum reads the elements of tensors")
        if key is not None:
            keyed = [(m.call_value(key, (v,), {}), v) for v in values]
            if any(not isinstance(k, (int, float, str, tuple)) for k, _ in keyed):
                return m.unknown("an extremum by a key that could not be followed")
            return pick(keyed, key=lambda pair: pair[0])[1]
        if _sizes(values):
            return symbolic(*values)
        if any(isinstance(v, (Expr, Real)) for v in values):
            return m.unknown("an extremum of symbolic numbers")
        return pick(values)

    return run


def _list(m: Any, value: Any = ()) -> Any:
    parts = _parts(m, value)
    return _collect(m, value) if parts is None else Series(parts)


def _tuple(m: Any, value: Any = ()) -> Any:
    parts = _parts(m, value)
    return tuple(_collect(m, value)) if parts is None else Series(parts, tuple)


def _set(m: Any, value: Any = ()) -> Any:
    return m.make_set(_collect(m, value))


def _frozenset(m: Any, value: Any = ()) -> Any:
    made = _set(m, value)
    return frozenset(made) if isinstance(made, set) else made


def _mapping(make: Callable[[], dict[Any, Any]]) -> Callable[..., Any]:
    def run(m: Any, value: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, Unknown):
            return m.derived("dict", value)
        if isinstance(value, Instance) and isinstance(value.payload, dict):
            value = value.payload
        made = value.others() if isinstance(value, OpenKeywords) else make()
        if isinstance(value, dict):
            made.update(value)
        elif value is not None:
            if m.find_method(value, "keys") is not None:
                raise Undecided("a mapping could not be followed")
            for pair in m.iterate(value):
                key, item = m.iterate(pair)
                made[key] = item
        made.update(kwargs)
        return made

    return run


def _sorted(m: Any, iterable: Any, key: Any = None, reverse: Any = False) -> Any:
    values = _collect(m, iterable)
    keys = [v if key is None else m.call_value(key, (v,), {}) for v in values]
    if any(isinstance(k, (Unknown, Expr, Tensor, Instance)) for k in keys):
        return m.unknown("a sort by values that are not known")
    order = sorted(range(len(values)), key=lambda i: keys[i], reverse=bool(reverse))
    return [values[i] for i in order]


def _reversed(m: Any, iterable: Any) -> Any:
    parts = _parts(m, iterable)
    if parts is not None:
        return Series(backwards(parts), ITERATOR)
    return iter(_collect(m, iterable)[::-1])


def _any_all(stop: bool) -> Callable[..., Any]:
    def run(m: Any, iterable: Any) -> Any:
        pending: Unknown | None = None
        for value in m.iterate(iterable):
            if isinstance(value, Unknown):
                pending = pending or value
            elif m.known_truth(value) is stop:
                return stop
        return pending if pending is not None else not stop

    return run


def _next(m: Any, iterator: Any, *default: Any) -> Any:
    if isinstance(iterator, Unknown):
        return m.derived("next", iterator)
    try:
        return next(iterator)
    except StopIteration as error:
        if default:
            return default[0]
        raise m.raise_host(error) from None


def _iter(m: Any, value: Any) -> Any:
    parts = _parts(m, value)
    return m.iterate(value) if parts is None else Series(parts, ITERATOR)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": _len, "enumerate": _enumerate, "zip": _zip, "map": _map, "filter": _filter, "sum": _sum,
    "min": _extremum(min, minimum), "max": _extremum(max, maximum), "sorted": _sorted, "reversed": _reversed,
    "any": _any_all(True), "all": _any_all(False), "next": _next, "iter": _iter,
}  # fmt: skip
TYPES: dict[type, Callable[..., Any]] = {
    list: _list, tuple: _tuple, set: _set, frozenset: _frozenset, dict: _mapping(dict), OrderedDict: _mapping(OrderedDict),
    range: _range, slice: lambda m, *a: slice(*a),
}  # fmt: skip
