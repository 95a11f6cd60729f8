"""Sequences whose length is a symbol: what stands in them once for each round of a loop, between parts that are known.

Whoever does not know of them takes them for Unknown, which they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from torchlint.dims.expr import Expr, Kind, Size, Symbol, atom_of, of_atom, substitute, symbol, symbols_of
from torchlint.dims.facts import facts
from torchlint.dims.printing import plain
from torchlint.dims.real import Real
from torchlint.values.errors import Undecided
from torchlint.values.runtime import runtime
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

ITERATOR: type = type(iter([]))
"""The kind of a `Series` that is read once."""
_REASON = "its length is a symbol"


class Rounds(Unknown):
    """What stands `count` times in a sequence: the numbers of `range(depth)`, the blocks that a loop makes.

    `items` stand there in one round, and the round's number among them is the symbol `number`: they show what stands there in
    every other round. A module among them is one of `count` modules like it. `tensors` are the parameters and buffers of these
    modules with whether each round has one of its own, and whether it was trained, when that was last said of all rounds:
    what is otherwise by now is so in some round. `sources` are the rounds whose modules these are, seen in another way.
    `is_mixed` says that rounds may differ in what has no parameters: some have dropped out what others have not.
    `is_part` says that there are other rounds of these modules. `attributes` are those of these modules by the module's id,
    when that was last said of all rounds.
    """

    __slots__ = ("attributes", "count", "is_mixed", "is_part", "items", "number", "sources", "tensors")

    def __init__(self, count: Size, items: tuple[Any, ...], number: Symbol | None = None, reason: str = _REASON) -> None:
        super().__init__(reason)
        self.count = count
        self.items = items
        self.number = number if number is not None else round_number()
        self.tensors: dict[Tensor, tuple[bool, bool]] = {}
        self.attributes: dict[int, dict[str, Any]] | None = None
        self.sources: tuple[Rounds, ...] = ()
        self.is_mixed = False
        self.is_part = False

    @property
    def length(self) -> Size:
        """How many elements stand there."""
        return self.count * length_of(self.items)

    @property
    def width(self) -> int:
        """How many elements stand there in one round. Raises Undecided where that is a symbol too."""
        if has_rounds(self.items):
            raise Undecided("how many elements a round has is not known")
        return len(self.items)

    def at(self, number: Size) -> tuple[Any, ...]:
        """What stands there in the round of that number."""
        return tuple(with_number(item, self.number, number) for item in self.items)

    def copied(self, copy: Callable[[Any], Any]) -> Rounds:
        """As many rounds of copies; `copy` gives the same copy of an object each time."""
        made = Rounds(self.count, tuple(copy(item) for item in self.items), self.number)
        made.tensors = {copy(tensor): flags for tensor, flags in self.tensors.items()}
        made.is_mixed = self.is_mixed
        return made

    def seen_as(self, items: tuple[Any, ...], *others: Rounds) -> Rounds:
        """As many rounds of other items, which are made of these."""
        made = Rounds(self.count, items, self.number)
        made.is_mixed = self.is_mixed or any(other.is_mixed for other in others)
        made.is_part = self.is_part or any(other.is_part for other in others)
        made.sources = (self, *self.sources, *(source for other in others for source in (other, *other.sources)))
        return made


class Series(Unknown):
    """A list, tuple, range or iterator some of whose `parts` are `Rounds`; `kind` is the type that Python would say.

    `parts` is None for one that something has happened to that is not followed.
    """

    __slots__ = ("kind", "parts")

    def __init__(self, parts: Iterable[Any], kind: type = list) -> None:
        super().__init__(_REASON)
        self.kind = kind
        self.parts: list[Any] | None = list(parts)

    @property
    def length(self) -> Size | None:
        """How many elements it has."""
        return None if self.parts is None else length_of(self.parts)

    def extend(self, parts: Iterable[Any]) -> None:
        """Append elements, among which there may be Rounds."""
        if self.parts is not None:
            self.parts.extend(parts)

    def spoil(self, reason: str) -> None:
        """Something happens to it that is not followed."""
        self.reason = reason
        self.parts = None


def round_number(minimum: int = 0) -> Symbol:
    """A symbol for the number of a round that nobody knows."""
    made = atom_of(symbol("i", Kind.DATA, minimum))
    assert isinstance(made, Symbol)
    return made


def length_of(parts: Iterable[Any]) -> Size:
    """How many elements a sequence of these parts has."""
    total: Size = 0
    for part in parts:
        total = total + (part.length if isinstance(part, Rounds) else 1)
    return total


def has_rounds(values: Iterable[Any]) -> bool:
    """Whether there are Rounds among the values."""
    return any(isinstance(value, Rounds) for value in values)


def sequence(parts: list[Any], kind: type) -> Any:
    """A list or tuple of these parts, whose length may be a symbol."""
    return Series(parts, kind) if has_rounds(parts) else kind(parts)


def with_number(value: Any, number: Symbol, other: Size) -> Any:
    """A value with another number of the round put in."""
    if isinstance(value, Expr):
        return substitute(value, {number: other})
    if isinstance(value, Real):
        numerator = substitute(value.numerator, {number: other})
        return Real(numerator, value.denominator) if isinstance(numerator, Expr) else numerator / value.denominator
    if type(value) is tuple:
        return tuple(with_number(part, number, other) for part in value)
    return value


def mentions(value: object, numbers: Collection[Symbol]) -> bool:
    """Whether a number, or a size of a tensor, speaks of one of the symbols."""
    if isinstance(value, Tensor):
        return any(mentions(size, numbers) for size in value.shape)
    if isinstance(value, Real):
        return mentions(value.numerator, numbers)
    return isinstance(value, Expr) and not symbols_of(value).isdisjoint(numbers)


def names_of(start: Size, rounds: Rounds) -> list[str]:
    """How the items of rounds are named that begin at an index: `[0:depth]`; if there are two, `[0:2*depth:2]` and so on."""
    stop, width = plain(start + rounds.length), len(rounds.items)
    step = f":{width}" if width > 1 else ""
    return [f"[{plain(start + offset)}:{stop}{step}]" for offset in range(width)]


def item_of(parts: list[Any], index: Size) -> Any:
    """The element at an index. Raises Undecided where nobody knows what stands there."""
    if isinstance(index, int) and index < 0:
        start: Size = 0
        for part in reversed(parts):
            back = -index - 1 - start
            if isinstance(part, Rounds):
                if isinstance(back, int) and back < part.width and is_at_least(part.count, 1):
                    return part.at(part.count - 1)[-1 - back]
                start = start + part.length
            elif back == 0:
                return part
            else:
                start = start + 1
    else:
        start = 0
        for part in parts:
            if isinstance(part, Rounds):
                found = _round_at(part, index - start)
                if found is not None:
                    return part.at(found[0])[found[1]]
                start = start + part.length
            elif index == start:
                return part
            else:
                start = start + 1
    raise Undecided("what stands at that index is not known")


def _round_at(rounds: Rounds, index: Size) -> tuple[Size, int] | None:
    """The number of the round that an index leads to, and the place in the round; None where nobody knows."""
    width = rounds.width
    if isinstance(index, int):
        return (0, index) if 0 <= index < width and is_at_least(rounds.count, 1) else None
    behind = rounds.length - index
    if isinstance(behind, int) and 1 <= behind <= width and is_at_least(rounds.count, 1):
        return rounds.count - 1, width - behind
    for number, count in runtime().rounds_running.items():
        rest = index - of_atom(number) * width
        if isinstance(rest, int) and rest >= 0 and is_at_least(rounds.count - count - rest // width, 0):
            return of_atom(number) + rest // width, rest % width
    return None


def is_at_least(size: Size, least: int) -> bool:
    """Whether a size is surely no smaller."""
    low = facts().bounds(size)[0]
    return low is not None and low >= least


def without_first(parts: list[Any], count: int) -> list[Any]:
    """The parts without so many elements in front. Raises Undecided where these end inside a round."""
    left = list(parts)
    while count:
        if not left:
            return []
        first = left[0]
        if not isinstance(first, Rounds):
            left.pop(0)
            count -= 1
            continue
        rounds = count // first.width
        if count % first.width or not is_at_least(first.count, rounds):
            raise Undecided("a sequence is cut at a place that is not known")
        left[0] = _fewer(first, rounds, rounds)
        count = 0
    return left


def without_last(parts: list[Any], count: int) -> list[Any]:
    """The parts without so many elements at the end. Raises Undecided where these begin inside a round."""
    left = list(parts)
    while count:
        if not left:
            return []
        last = left[-1]
        if not isinstance(last, Rounds):
            left.pop()
            count -= 1
            continue
        rounds = count // last.width
        if count % last.width or not is_at_least(last.count, rounds):
            raise Undecided("a sequence is cut at a place that is not known")
        left[-1] = _fewer(last, rounds, 0)
        count = 0
    return left


def _fewer(rounds: Rounds, less: int, first: int) -> Rounds:
    """The rounds from a number on, without so many of them. What is changed in these is changed in some rounds only."""
    count = rounds.count - less
    made = Rounds(count, rounds.at(of_atom(rounds.number) + first), rounds.number)
    made.tensors, made.attributes = dict(rounds.tensors), rounds.attributes
    made.is_mixed, made.is_part = rounds.is_mixed, True
    return made


def sliced(parts: list[Any], index: slice) -> list[Any]:
    """The elements that a slice takes. Raises Undecided where nobody knows which."""
    start, stop = 0 if index.start is None else index.start, index.stop
    is_open = stop is None or (isinstance(stop, int) and stop < 0)
    if index.step in (None, 1) and isinstance(start, int) and start >= 0 and is_open:
        return without_last(without_first(parts, start), -stop if stop is not None else 0)
    if index.step == -1 and index.start is None and stop is None:
        return backwards(parts)
    raise Undecided("a sequence is cut at a place that is not known")


def backwards(parts: list[Any]) -> list[Any]:
    """The elements from the last to the first."""
    return [_backwards(part) if isinstance(part, Rounds) else part for part in reversed(parts)]


def _backwards(rounds: Rounds) -> Rounds:
    return rounds.seen_as(rounds.at(rounds.count - 1 - of_atom(rounds.number))[::-1])
