"""Subscripts, iteration and `with`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from torchlint.dims.expr import Expr, Kind, of_atom, symbols_of
from torchlint.dims.printing import show_shape
from torchlint.interpreter.budget import MAX_COLLECTION, BudgetExhausted
from torchlint.interpreter.functions import BoundMethod, FunctionValue, HostFunction
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import ClassValue, Instance, Namespace, State, equal_key
from torchlint.ops.coercion import type_name
from torchlint.ops.containers import Container
from torchlint.ops.registry import OPERATIONS, LayerType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.rounds import Rounds, Series, item_of, round_number, sequence, sliced
from torchlint.values.tensor import InputTensor, Tensor, TorchSize
from torchlint.values.unknown import Free, OpenArguments, OpenKeywords, Unknown, same_among, without_holes

_OPEN = "the caller may give more arguments"
_ESCAPED = "something unknown may have put more into it"
_SYMBOLIC = "a sequence is indexed by a symbolic size"


class Items(Machine):
    """`value[index]`, `for x in value`, `with value`."""

    def get_item(self, value: Any, index: Any) -> Any:
        if type(index) is int and type(value) in (list, tuple) and -len(value) <= index < len(value):
            return value[index]
        index = without_holes(index)
        if isinstance(value, InputTensor) and isinstance(index, str):
            return self.unknown(f"`{value.name}` is no tensor")
        if isinstance(value, Tensor):
            return self.call_operation(OPERATIONS["torch.Tensor.__getitem__"], (value, index), {})
        if isinstance(value, Series) and value.parts is not None:
            return self._series_item(value.parts, value.kind, index)
        if isinstance(value, Free) and type(index) is int:
            return value.item(index)
        if isinstance(value, Unknown):
            return self.derived("item", value, index)
        method = self.find_method(value, "__getitem__")
        if method is not None:
            return self.call_special(method, index)
        if isinstance(value, Instance) and value.payload is not None:
            value = value.payload
        if isinstance(value, ClassValue):
            if value.members is not None and isinstance(index, str) and index in value.members:
                return value.members[index]
            return value
        if isinstance(value, (type, LayerType, Namespace, HostFunction)):
            return value  # a generic: `List[int]`
        if isinstance(index, Unknown):
            same = same_among(value, index) if isinstance(value, dict) else None
            return value[same] if same is not None else self.derived("item", index, value)
        if isinstance(value, dict):
            return self._dict_item(value, index)
        if isinstance(value, re.Match) and isinstance(index, (int, str)):
            return value[index]
        if isinstance(value, (list, tuple, str, bytes, range)):
            return self._sequence_item(value, index)
        if isinstance(value, (int, float, Expr, FunctionValue, BoundMethod)) or (value is None and not self.supposes_none):
            raise self.raise_host(TypeError(f"'{type_name(value)}' object is not subscriptable"))
        return self.unknown(f"an item of a {type(value).__name__} could not be followed")

    def _series_item(self, parts: list[Any], kind: type, index: Any) -> Any:
        try:
            if isinstance(index, slice):
                return sequence(sliced(parts, index), kind)
            return item_of(parts, index) if type(index) is int or isinstance(index, Expr) else self.unknown(_SYMBOLIC)
        except Undecided as undecided:
            return self.unknown(str(undecided))

    def _dict_item(self, value: dict[Any, Any], index: Any) -> Any:
        try:
            return value[index]
        except KeyError:
            missing = getattr(value, "default_factory", None)
            if missing is not None:
                value[index] = self.call_value(missing, (), {})
                return value[index]
            if self.filled(value, index) and index in value:
                return value[index]
            key = equal_key(value, index)
            if key is not None:
                return value[key]
            if isinstance(index, tuple) and value and any(isinstance(part, (Unknown, Expr)) for part in index):
                return self.derived("item", *index, value)  # it may be equal to one of the keys
            unknown = next((key for key in value if isinstance(key, Unknown)), None)
            if unknown is not None:
                return self.derived("item", unknown, index)
            if self.may_hold_more(value):
                return self.unknown(_ESCAPED)
            raise self.raise_host(KeyError(index)) from None
        except TypeError as error:
            raise self.raise_host(error) from None

    def _sequence_item(self, value: Any, index: Any) -> Any:
        if isinstance(index, slice):
            index = slice(*(_number_in(part) for part in (index.start, index.stop, index.step)))
            if any(isinstance(part, (Expr, Unknown, Tensor)) for part in (index.start, index.stop, index.step)):
                return self.unknown("a sequence is sliced at a symbolic place")
            try:
                part = value[index]
            except (TypeError, ValueError) as error:
                raise self.raise_host(error) from None
            if isinstance(value, OpenArguments):
                return OpenArguments(part, value.chosen)
            return TorchSize(part) if isinstance(value, TorchSize) else tuple(part) if isinstance(value, tuple) else part
        if isinstance(index, Expr):
            return self.unknown(_SYMBOLIC)
        index = _number_in(index)
        try:
            return value[index]
        except IndexError as error:
            if isinstance(value, OpenArguments):
                return self.unknown(_OPEN)
            if self.may_hold_more(value):
                return self.unknown(_ESCAPED)
            if isinstance(value, TorchSize):
                return self.fail(
                    ShapeError(
                        "dim-out-of-range",
                        f"{{input}} has {len(value)} size{'s' * (len(value) != 1)}, but index {index} of it is read",
                        torch="tuple index out of range",
                        label=f"of {show_shape(value)}",
                    ),
                    "",
                    self.argument_of_site(value),
                )
            raise self.raise_host(error) from None
        except TypeError:
            if isinstance(index, tuple) and type(value) in (tuple, list):
                return self._indexed_like_a_tensor(value)
            return self.unknown("an index could not be followed")

    def _indexed_like_a_tensor(self, value: Any) -> Any:
        """`outputs[:, -1]` of a tuple or list."""
        kind = type(value).__name__
        torch = f"{kind} indices must be integers or slices, not tuple"
        if any(issubclass(TypeError, caught) for types in self.handlers for caught in types):
            raise self.raise_host(TypeError(torch))
        error = ShapeError(
            "unpack-mismatch",
            f"{{input}} is a {kind} of {len(value)}, but is indexed like a tensor",
            blame="input",
            torch=torch,
        )
        return self.fail(error, "", self.argument_of_site(value))

    def set_item(self, value: Any, index: Any, new: Any) -> None:
        index = without_holes(index)
        if isinstance(value, Series):
            value.spoil("an element of a list is replaced whose length is a symbol")
            return
        if isinstance(value, Tensor):
            self.call_operation(OPERATIONS["torch.Tensor.__setitem__"], (value, index, new), {})
            return
        method = self.find_method(value, "__setitem__")
        if method is not None:
            self.call_special(method, index, new)
            return
        target = value.payload if isinstance(value, Instance) else value
        if isinstance(index, Unknown) and isinstance(target, State):
            target.open_ended = index.reason
        if isinstance(index, Unknown) and isinstance(target, dict):
            index = same_among(target, index) or index
        elif isinstance(index, (Unknown, Expr)) or not isinstance(target, (list, dict)):
            return
        try:
            if self.loading is not None:
                self.note_entry(target, index)
            target[index] = new
        except (IndexError, TypeError, ValueError) as error:
            raise self.raise_host(error) from None

    def delete_item(self, value: Any, index: Any) -> None:
        if isinstance(value, Series) and value.parts is not None:
            if index == -1:
                self.call_value(self.get_attribute(value, "pop"), (), {})
            else:
                value.spoil("an element of a list is deleted whose length is a symbol")
            return
        method = self.find_method(value, "__delitem__")
        if method is not None:
            self.call_value(method, (index,), {})
            return
        target = value.payload if isinstance(value, Instance) else value
        if isinstance(target, OpenKeywords) and index not in target:
            return
        if isinstance(target, (list, dict)) and not isinstance(index, (Unknown, Expr)):
            try:
                del target[index]
            except (IndexError, KeyError, TypeError) as error:
                raise self.raise_host(error) from None

    def iterate(self, value: Any) -> Iterator[Any]:
        if isinstance(value, OpenArguments) and not value:
            raise Undecided(_OPEN)
        if isinstance(value, (list, dict, set)) and not value and self.may_hold_more(value):
            raise Undecided(_ESCAPED)
        if isinstance(value, frozenset):
            return iter(_in_some_order(value))
        if isinstance(value, (list, tuple, str, bytes)):
            return iter(value)
        if isinstance(value, OpenKeywords) and not value.is_listed:
            raise Undecided(_OPEN)
        if isinstance(value, (dict, set)):
            return self._while_unchanged(value)
        if isinstance(value, range):
            if len(value) > MAX_COLLECTION * 10:
                raise BudgetExhausted("collection size")
            return iter(value)
        if isinstance(value, Unknown):
            raise Undecided(value.reason)
        if isinstance(value, Tensor):
            return self._rows(value)
        _require_filled(value)
        method = self.find_method(value, "__iter__")
        if method is not None:
            return self.iterate(self.call_value(method, (), {}))
        if isinstance(value, Instance):
            return self._iterate_instance(value)
        if isinstance(value, ClassValue) and value.members is not None:
            return iter(value.members.values())
        if hasattr(value, "__next__") or hasattr(value, "__iter__"):
            return iter(value)
        if isinstance(value, Expr) and any(s.kind is Kind.PARAMETER for s in symbols_of(value)):
            raise Undecided("a sum of what the caller chooses may be one of sequences")
        if isinstance(value, (Expr, int, float, Module, FunctionValue, BoundMethod, type(None))):
            raise self.raise_host(TypeError(f"'{type_name(value)}' object is not iterable"))
        raise Undecided(f"iteration over a {type(value).__name__} could not be followed")

    def iterate_parts(self, value: Any) -> Iterator[Any]:
        """As `iterate`, for who knows what to do with Rounds: they may be among the elements."""
        if isinstance(value, Series) and value.parts is not None:
            return iter(list(value.parts))
        if isinstance(value, Tensor):
            rows = self._symbolic_rows(value)
            return iter((rows,)) if rows is not None else self._rows(value)
        if isinstance(value, (Module, Instance)):
            _require_filled(value)
            method = self.find_method(value, "__iter__")
            if method is not None:
                return self.iterate_parts(self.call_value(method, (), {}))
        return self.iterate(value)

    def _symbolic_rows(self, tensor: Tensor) -> Rounds | None:
        """The slices across dimension 0, where their number is a symbol."""
        count = self.facts.resolve(tensor.shape[0]) if tensor.ndim else 0
        if not isinstance(count, Expr):
            return None
        number = round_number()
        row = self.get_item(tensor, of_atom(number))
        return Rounds(count, (row,), number) if isinstance(row, Tensor) else None

    def _while_unchanged(self, value: dict[Any, Any] | set[Any]) -> Iterator[Any]:
        """The keys or elements; Python raises RuntimeError where the program adds or removes some in between."""
        length = len(value)
        for item in _in_some_order(value):
            if len(value) != length:
                raise self.raise_host(RuntimeError(f"{type(value).__name__} changed size during iteration"))
            yield item

    def _rows(self, tensor: Tensor) -> Iterator[Any]:
        result = self.call_operation(OPERATIONS["torch.unbind"], (tensor,), {})
        if isinstance(result, Unknown):
            raise Undecided(result.reason)
        return iter(result)

    def _iterate_instance(self, value: Instance) -> Iterator[Any]:
        if value.payload is not None:
            return iter(value.payload)
        if self.find_method(value, "__getitem__") is None:
            raise Undecided(f"iteration over a `{value.cls.name}` could not be followed")
        length = self.find_method(value, "__len__")
        count = self.call_value(length, (), {}) if length is not None else None
        if not isinstance(count, int):
            raise Undecided(f"iteration over a `{value.cls.name}` could not be followed")
        return (self.get_item(value, i) for i in range(count))


def _require_filled(value: Any) -> None:
    """Raises Undecided for an empty list of modules of the program's own class: who makes one fills it."""
    if isinstance(value, Container) and value.interpreted_class is not None and not vars(value).get("_modules", True):
        raise Undecided("nobody knows what a list of modules is filled with")


def _in_some_order(value: Iterable[Any]) -> list[Any]:
    """The elements; those of a set of texts, whose order is another in every run of Python, as they are sorted."""
    is_open = isinstance(value, (set, frozenset)) and any(isinstance(part, str) for part in value)
    return sorted(value, key=repr) if is_open else list(value)


def _number_in(index: Any) -> Any:
    """The number that a tensor of one element stands for as an index, if that is known."""
    return index.values[0] if isinstance(index, Tensor) and index.values is not None and len(index.values) == 1 else index
