"""`Sequential`, `ModuleList` and `ModuleDict`: modules that hold others in order.

A child may be Unknown. An index or a key that is not known makes the answer Unknown, and so do the children of a container
that was filled from something unknown. Among the children of a container that is filled in a loop whose length is a symbol are
`Rounds`, which stand for as many.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from torchlint.dims.expr import Expr, Size
from torchlint.dims.printing import plain
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import child_repr, times, wrap_children
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module, entries
from torchlint.values.rounds import ITERATOR, Rounds, Series, has_rounds, item_of, length_of, sequence, sliced
from torchlint.values.runtime import call, runtime
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


class Container(Module):
    """A module whose children are numbered from "0" on."""

    @property
    def parts(self) -> list[Any]:
        """The children in order, with Rounds among them where the length is a symbol."""
        return list(self._modules.values())

    def __len__(self) -> Any:
        return length_of(self.parts)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.parts)

    def __contains__(self, item: object) -> bool:
        return any(child is item for child in self._countable())

    def __setitem__(self, idx: object, module: object) -> None:
        names = list(self._modules)
        self._modules[names[self._position(idx, len(self._countable()))]] = require_module(module)

    def __delitem__(self, idx: object) -> None:
        children = self._countable()
        del children[idx if isinstance(idx, slice) else self._position(idx, len(children))]
        self.fill(children)

    def _position(self, index: object, count: int) -> int:
        """The index counted from the front. Raises Undecided where children may stand there that were not seen."""
        at = known_index(index)
        if self.open_ended is not None and not -count <= at < count:
            raise Undecided(self.open_ended)
        return position(at, count)

    def append(self, module: object) -> Module:
        self._put(require_module(module), length_of(self.parts))
        return self

    def insert(self, index: object, module: object) -> Module | None:
        at = known_index(index)
        children = self._countable()
        if not -len(children) <= at <= len(children):
            raise _index_error(at, len(children))
        children.insert(at, require_module(module))
        self.fill(children)
        return self

    def pop(self, key: object) -> Any:
        popped = self[key]
        del self[key]
        return popped

    def __getitem__(self, idx: object) -> Any:
        if has_rounds(self.parts):
            return self._among_rounds(idx)
        children = self.parts
        if isinstance(idx, slice):
            return type(self).holding(known_slice(idx, list(self._modules.items())))
        return children[self._position(idx, len(children))]

    def _among_rounds(self, idx: object) -> Any:
        if isinstance(idx, slice):
            made = type(self)()
            made.fill(sliced(self.parts, idx))
            return made
        return item_of(self.parts, idx if isinstance(idx, Expr) else known_index(idx))

    @classmethod
    def holding(cls, items: Iterable[tuple[str, Any]]) -> Container:
        """A container of that class with these children."""
        made = cls()
        made._modules.update(items)
        return made

    def fill(self, children: Iterable[Any]) -> None:
        """Hold these children, numbered anew."""
        kept = list(children)
        self._modules.clear()
        start: Size = 0
        for child in kept:
            self._put(child, start)
            start = start + length_of((child,))

    def _put(self, child: Any, index: Size) -> None:
        stop = f":{plain(index + child.length)}" if isinstance(child, Rounds) else ""
        text = plain(index)
        self._modules[f"[{text}{stop}]" if stop or not text.isdigit() else text] = child

    def _countable(self) -> list[Any]:
        """The children. Raises Undecided where they are too many to be counted."""
        if has_rounds(self.parts):
            raise Undecided("how many modules the container has is not known")
        return self.parts


def through(container: Container, value: Any, step: Callable[[Any, Any], Any]) -> Any:
    """What becomes of a value when `step(child, value)` gives the next one, for each child in turn."""
    for child in container.parts:
        value = runtime().repeat(child, value, step) if isinstance(child, Rounds) else step(child, value)
    return value


@layer("torch.nn.Sequential")
class Sequential(Container):
    """Calls its children one after the other."""

    def __init__(self, *args: object) -> None:
        super().__init__()
        if len(args) == 1 and isinstance(args[0], Mapping):
            for name, child in args[0].items():
                self._modules[known_key(name)] = require_module(child)
        else:
            self.fill(require_module(child) for child in args)

    def forward(self, input: object) -> Any:
        return through(self, input, call)

    def extend(self, sequential: object) -> Module:
        for child in children_in(sequential):
            self.append(child)
        return self

    def __add__(self, other: object) -> Container:
        return self._joined(self._sequential(other))

    def __iadd__(self, other: object) -> Module:
        return self.extend(self._sequential(other))

    def __mul__(self, other: object) -> Container:
        return self._joined(*[self] * (self._factor(other) - 1))

    __rmul__ = __mul__

    def __imul__(self, other: object) -> Module:
        children = list(self)
        for _ in range(self._factor(other) - 1):
            self.extend(children)
        return self

    def _joined(self, *others: Iterable[Any]) -> Container:
        made = Sequential()
        made.fill(child for part in (self, *others) for child in part)
        return made

    @staticmethod
    def _sequential(other: object) -> Sequential:
        if isinstance(other, Unknown):
            raise Undecided(other.reason)
        if not isinstance(other, Sequential):
            raise ShapeError(
                "bad-call",
                "a `Sequential` can only be added to another",
                torch=f"add operator supports only objects of Sequential class, but {type(other)} is given.",
            )
        return other

    @staticmethod
    def _factor(other: object) -> int:
        factor = known_index(other)
        if factor <= 0:
            raise ShapeError(
                "bad-call",
                f"a `Sequential` cannot be repeated {factor} times",
                torch=f"Non-positive multiplication factor {factor}",
            )
        if factor > _MAX_CHILDREN:
            raise Undecided("a container with very many children")
        return factor


_MAX_CHILDREN = 10_000


@layer("torch.nn.ModuleList")
class ModuleList(Container):
    """A list of modules; it cannot be called."""

    def __init__(self, modules: object = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __getitem__(self, idx: object) -> Any:
        if isinstance(idx, slice):
            made = type(self)()
            made.fill(sliced(self.parts, idx) if has_rounds(self.parts) else known_slice(idx, self.parts))
            return made
        return super().__getitem__(idx)

    def insert(self, index: object, module: object) -> Module | None:
        at = known_index(index)
        children = self._countable()
        children.insert(max(at, 0), require_module(module))
        self.fill(children)
        return None

    def extend(self, modules: object) -> Module:
        for child in children_in(modules):
            self.append(child)
        return self

    def __add__(self, other: object) -> Container:
        made = ModuleList()
        made.fill([*self, *(require_module(child) for child in children_in(other))])
        return made

    def __iadd__(self, other: object) -> Module:
        return self.extend(other)

    def container_repr(self) -> str:
        """Runs of children that print alike are folded: `(0-3): 4 x Linear(...)`."""
        if has_rounds(self.parts):
            found = [(name, child, rounds) for name, child, rounds in entries(self)]
            lines = [f"({name}): {times(rounds)}{child_repr(child)}" for name, child, rounds in found]
            return wrap_children(self.type_name, lines)
        texts = [child_repr(child) for child in self]
        lines = []
        start = 0
        while start < len(texts):
            end = start
            while end + 1 < len(texts) and texts[end + 1] == texts[start]:
                end += 1
            count = end - start + 1
            lines.append(f"({start}): {texts[start]}" if count == 1 else f"({start}-{end}): {count} x {texts[start]}")
            start = end + 1
        return wrap_children(self.type_name, lines)


@layer("torch.nn.ModuleDict")
class ModuleDict(Module):
    """A dict of modules in the order in which they were added; it cannot be called."""

    def __init__(self, modules: object = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._modules))

    def __contains__(self, key: object) -> bool:
        return known_key(key) in self._modules

    def __getitem__(self, key: object) -> Any:
        name = known_key(key)
        if name not in self._modules:
            raise missing_key(name)
        return self._modules[name]

    def __setitem__(self, key: object, module: object) -> None:
        self._modules[known_key(key)] = require_module(module)

    def __delitem__(self, key: object) -> None:
        self[key]
        del self._modules[known_key(key)]

    def pop(self, key: object) -> Any:
        popped = self[key]
        del self[key]
        return popped

    def clear(self) -> None:
        self._modules.clear()

    def keys(self) -> list[str]:
        return list(self._modules)

    def items(self) -> list[tuple[str, Any]]:
        return list(self._modules.items())

    def values(self) -> list[Any]:
        return list(self._modules.values())

    def update(self, modules: object) -> None:
        for key, module in pairs(modules):
            self[key] = module


def elements(values: object) -> list[Any]:
    """The elements of something to iterate over. Raises Undecided for what is unknown, TL118 bad-call for a
    single module."""
    if isinstance(values, Unknown):
        raise Undecided(values.reason)
    if isinstance(values, Iterable) and not isinstance(values, (str, Tensor)):
        return list(values)
    if isinstance(values, (Module, Tensor)) or values is None or isinstance(values, (int, float)):
        kind = values.type_name if isinstance(values, Module) else type(values).__name__
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes several modules, but is given one `{kind}`",
            torch=f"'{kind}' object is not iterable",
        )
    raise Undecided(f"the elements of a {type(values).__name__} are not modelled")


def children_in(values: object) -> list[Any]:
    """The elements of something to iterate over, with Rounds among them where its length is a symbol."""
    return list(values.parts) if isinstance(values, Series) and values.parts is not None else elements(values)


def pairs(values: object) -> list[tuple[Any, Any]]:
    """The keys and values of a mapping, or of something that iterates over pairs."""
    if isinstance(values, Mapping):
        return list(values.items())
    items = getattr(values, "items", None)
    if isinstance(values, Module) and items is not None:
        return list(items())
    found: list[tuple[Any, Any]] = []
    for pair in elements(values):
        if not isinstance(pair, (list, tuple)):
            raise Undecided("a pair that is not a tuple")
        if len(pair) != 2:
            raise ShapeError(
                "bad-call",
                f"{{callee}} takes pairs, but one element has {len(pair)}",
                torch=f"update sequence element has length {len(pair)}; 2 is required",
            )
        found.append((pair[0], pair[1]))
    return found


def require_module(value: object) -> Any:
    """A child of a container; TL209 sequential-of-list or TL118 bad-call for what torch refuses."""
    if isinstance(value, (list, tuple)):
        raise ShapeError(
            "sequential-of-list",
            f"{{callee}} takes modules, but is given a {type(value).__name__} of {len(value)}",
            torch=f"{type(value).__name__} is not a Module subclass",
        )
    if isinstance(value, (bool, int, float, str, Tensor)):
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes modules, but is given a {type(value).__name__.lower()}",
            torch=f"{type(value).__name__} is not a Module subclass",
        )
    return value


def known_index(index: object) -> int:
    """The index as an int. Raises Undecided where it is not known."""
    if isinstance(index, (Unknown, Expr, Tensor)):
        raise Undecided("the index into a container is not known")
    try:
        return operator.index(index)  # type: ignore[arg-type]
    except TypeError:
        raise ShapeError(
            "bad-call",
            f"a container is indexed with a {type(index).__name__}, not an int",
            torch=f"'{type(index).__name__}' object cannot be interpreted as an integer",
        ) from None


def position(index: object, count: int) -> int:
    """The index counted from the front, or TL112 dim-out-of-range."""
    at = known_index(index)
    if not -count <= at < count:
        raise _index_error(at, count)
    return at % count


def _index_error(index: int, count: int) -> ShapeError:
    return ShapeError(
        "dim-out-of-range",
        f"index {index} of a container of {count} module{'s' * (count != 1)}",
        torch=f"index {index} is out of range",
    )


def known_slice(index: slice, children: list[Any]) -> list[Any]:
    """The children that a slice takes. Raises Undecided where a bound is not known."""
    for bound in (index.start, index.stop, index.step):
        if bound is not None:
            known_index(bound)
    return children[index]


def known_key(key: object) -> str:
    """The key as a string. Raises Undecided where it is not known."""
    if not isinstance(key, str):
        raise Undecided("the key into a container is not known")
    return key


def missing_key(key: str) -> ShapeError:
    """The error of a key that the container does not have."""
    return ShapeError("undefined-attribute", f"the container has no key '{key}'", torch=f"KeyError: '{key}'")


@op("torch.nn.Sequential.__iter__", "torch.nn.ModuleList.__iter__")
def iterate(self: Container) -> Any:
    """The children in order."""
    return sequence(self.parts, kind=ITERATOR) if has_rounds(self.parts) else iter(self.parts)


def register_methods(cls: type[Module], *names: str) -> None:
    """Make methods of a layer operations, named after the layer: `torch.nn.ModuleList.append`."""
    for name in names:
        op(f"torch.nn.{cls.__name__}.{name}")(getattr(cls, name))


_LIST_METHODS = (
    "__len__", "__contains__", "__getitem__", "__setitem__", "__delitem__", "__add__", "__iadd__",
    "append", "insert", "pop", "extend",
)  # fmt: skip
register_methods(Sequential, *_LIST_METHODS, "__mul__", "__rmul__", "__imul__")
register_methods(ModuleList, *_LIST_METHODS)
register_methods(
    ModuleDict, "__len__", "__iter__", "__contains__", "__getitem__", "__setitem__", "__delitem__",
    "pop", "clear", "keys", "items", "values", "update",
)  # fmt: skip
