"""What one pass knows about its symbols: substitutions, bounds and pending relations, with who may choose
what.

Sizes of kind BATCH must fit for every value, so an equation on one is first read coefficient by coefficient;
if it cannot hold so, it forces the batch size, which `forced_batch` tells. Sizes of kind DATA are nobody's
choice: what operations need of them is assumed. All others are somebody's choice: some value must do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from typing import NamedTuple

from torchlint.dims.expr import (
    Kind,
    Monomial,
    Size,
    Symbol,
    by_age,
    from_terms,
    of_atom,
    symbols_of,
    terms_of,
)
from torchlint.dims.intervals import interval, tight_interval
from torchlint.dims.printing import showing
from torchlint.dims.relation import (
    OPPOSITE,
    Constraint,
    Relation,
    constraint,
    holds,
    implied,
    reduced,
    refutation,
    solved,
)
from torchlint.dims.steps import Steps
from torchlint.dims.store import Choices, Contradiction, Fact, Store
from torchlint.dims.truth import Truth, known

__all__ = ["Choices", "Contradiction", "Fact", "Facts", "ForcedBatch", "facts", "using"]

_REFLEXIVE = frozenset({"==", "<=", ">=", "divides"})
_SIDES = frozenset({"h", "w", "d", "height", "width", "depth"})
_STEPS = 40_000  # for all questions of a pass, half a second
_STEPS_EACH = 800
_STEPS_FOR_WITNESS = 60_000
_ROUNDED = 256  # intervals longer than this leave too much open to prefer a round value
_INFINITE = float("inf")


class ForcedBatch(NamedTuple):
    """A batch size that is not free: `what` must be `value` (None: restricted, but to no single size)."""

    what: Size
    value: Size | None


class Facts:
    """The facts of one pass. Every method costs next to nothing when all sizes are ints.

    The work of a question is bounded, and that of all questions together: after that, facts are recorded without a look
    at what they mean together, and what is not plain to see is UNKNOWN. `source` tells where a fact is assumed.
    """

    __slots__ = ("_compared", "_for_all", "_log", "_soft", "_store", "forced_batch", "source", "steps")

    def __init__(self, steps: int = _STEPS, source: Callable[[], object] | None = None) -> None:
        self.source = source
        self.forced_batch: list[ForcedBatch] = []
        self.steps = Steps(steps, _STEPS_EACH)
        self._store = Store(self.steps)
        self._log: dict[Relation, object] = {}  # each with its source, in the order of assuming
        self._soft: list[Relation] = []
        self._for_all: set[Symbol] = set()  # batch symbols for every value of which some fact was made to hold
        self._compared: dict[Relation, Truth] = {}

    def resolve(self, size: Size) -> Size:
        """The size with everything known put in."""
        return size if type(size) is int else self._store.simplified(size)

    def bounds(self, size: Size) -> tuple[int | None, int | None]:
        """The least and the greatest value that the size may have, None where it has no known end."""
        low, high = tight_interval(self.resolve(size), self._store.box)
        return (None if low == -_INFINITE else int(low), None if high == _INFINITE else int(high))

    def same(self, a: Size, b: Size) -> Truth:
        """Whether two sizes are equal."""
        if type(a) is int and type(b) is int:
            return Truth.YES if a == b else Truth.NO
        return self.compare(a, "==", b)

    def compare(self, a: Size, op: str, b: Size) -> Truth:
        """Whether `a op b` holds, where `op` is one of `==`, `!=`, `<`, `<=`, `>`, `>=`, `divides`."""
        if type(a) is int and type(b) is int:
            return known(holds(a, op, b))
        if a is b or a == b:
            return known(op in _REFLEXIVE)
        asked = Relation(a, op, b)
        answer = self._compared.get(asked)
        if answer is None:
            self.steps.renew()
            answer = self._compared[asked] = self._decide(self._simplified(asked))
        return answer

    def _simplified(self, relation: Relation) -> Relation:
        store = self._store
        return Relation(store.simplified(relation.left), relation.op, store.simplified(relation.right))

    def _decide(self, relation: Relation) -> Truth:
        left, op, right = relation
        if isinstance(left, int) and isinstance(right, int):
            return known(holds(left, op, right))
        if refutation(relation, self._store.box) is not None:
            return Truth.NO
        fact = constraint(relation)
        fact = Constraint(fact.form, self._store.simplified(fact.size))
        if implied(fact, self._store.box) or fact in self._store.pending.values():
            return Truth.YES
        holds_somewhere, fails_somewhere = self._store.shows(fact)
        if not holds_somewhere and not self._possible(relation):
            return Truth.NO
        if not fails_somewhere and not self._possible(Relation(fact.size, OPPOSITE[fact.form], 0)):
            return Truth.YES
        return Truth.UNKNOWN

    def _possible(self, relation: Relation) -> bool:
        """Whether it may hold; where it does, the store learns a point."""
        if self.steps.left <= 0:
            return True
        attempt = self._store.copy()
        try:
            attempt.record(relation)
        except Contradiction:
            return False
        self._store.learn(attempt)
        return True

    def assume(self, a: Size, op: str, b: Size) -> None:
        """Record that `a op b` holds; `op` may also be `divides` (a divides b).

        Raises Contradiction, and records nothing, if no choice of the symbols makes it hold with what is
        known.
        """
        if type(a) is int and type(b) is int:
            if not holds(a, op, b):
                relation = Relation(a, op, b)
                raise Contradiction(refutation(relation, {}) or "", relation)
            return
        if (a is b or a == b) and op in _REFLEXIVE:
            return
        relation = Relation(a, op, b)
        if relation in self._log:
            return
        self.steps.renew()
        kept = self._store, list(self.forced_batch), set(self._for_all)
        simplified = self._simplified(relation)
        try:
            self._store = self._store.copy()
            self._record(simplified)
        except Contradiction as contradiction:
            self._store, self.forced_batch, self._for_all = kept
            if relation.involves(Kind.DATA) or simplified.involves(Kind.DATA):
                return
            if not self._for_all or not self._holds_for_some_batch(relation):
                raise Contradiction(contradiction.proof, relation, tuple(self.assumed())) from None
        self._log[relation] = self.source() if self.source is not None else None
        self._compared.clear()

    def _record(self, relation: Relation) -> None:
        if relation.op not in ("==", "divides") or not relation.involves(Kind.BATCH):
            self._store.record(relation)
            return
        for_all = _for_every_batch(relation)
        if for_all is not None:
            attempt = self._store.copy()
            try:
                for part in for_all:
                    attempt.record(part)
            except Contradiction:
                pass
            else:
                self._store = attempt
                self._for_all.update(_batch_symbols(relation))
                return
        self._force(relation)

    def _force(self, relation: Relation) -> None:
        """Record an equation that does not hold for every batch size."""
        found = solved(constraint(relation).size) if relation.op == "==" else None
        self._store.record(relation)
        if found is not None:
            symbol, value = found
            if symbol.kind in (Kind.INPUT, Kind.DATA):
                return  # the caller gives the other input a size that goes with the batch
            if symbol.kind is Kind.BATCH and _has_batch(value):
                return  # two inputs of one batch
        self._tell_forced(_batch_symbols(relation))

    def _tell_forced(self, symbols: list[Symbol]) -> None:
        for symbol in symbols:
            what = of_atom(symbol)
            value = self._store.resolve(what)
            self.forced_batch.append(ForcedBatch(what, None if value == what else value))

    def _holds_for_some_batch(self, relation: Relation) -> bool:
        """Read everything again with batch sizes that somebody may choose; whether that is consistent."""
        store = Store(self.steps)
        try:
            for fact in [*self._log, relation]:
                store.record(fact)
        except Contradiction:
            return False
        self._store = store
        forced, self._for_all = self._for_all, set()
        self._tell_forced(by_age(forced))
        return True

    def prefer(self, a: Size, b: Size) -> None:
        """Wish that `a == b`, for `witness`."""
        self._soft.append(Relation(a, "==", b))

    def witness(self) -> dict[Symbol, int]:
        """Plausible values of the symbols that equations, also preferred ones, constrain without fixing.

        They satisfy every fact, and as many wishes as fit, the first ones first; heights and widths are equal
        where that fits, and images have one channel, or three.
        Of an interval (28 to 31, 193 to 224) the roundest value is taken (28, 224); else the
        smallest. Symbols with bounds only are left out; empty if the search ends early.
        """
        wanted = self._store.equated.union(*(wish.symbols() for wish in self._soft))
        wanted = {s for s in wanted if not isinstance(self._store.resolve(of_atom(s)), int)}
        best = self._store.copy()
        best.steps = Steps(_STEPS_FOR_WITNESS)
        for wish in [*self._soft, *_squares(wanted), *_channels(wanted)]:
            best = _with(best, wish)
        for symbol in by_age(s for s in wanted if s.kind is Kind.INPUT):
            low, high = interval(best.resolve(of_atom(symbol)), best.box)
            if 0 < high - low < _ROUNDED:
                roundest = max(range(int(low), int(high) + 1), key=lambda n: (n & -n, -n))
                best = _with(best, Relation(of_atom(symbol), "==", roundest))
        found = best.values_of(wanted)
        if found:
            return found
        plain = self._store.copy()
        plain.steps = Steps(_STEPS_FOR_WITNESS)
        return plain.values_of(wanted)

    def choices(self, size: Size, most: int) -> Choices:
        """Up to so many values that the size may have, whoever chooses the symbols."""
        return self._store.choices(size, most, Steps(_STEPS_FOR_WITNESS))

    def is_free_within_bounds(self, size: Size) -> bool:
        """Whether any value within its bounds will do, for a size that is a symbol."""
        return not self._store.cluster(symbols_of(self.resolve(size)))

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Forget in the end what is assumed meanwhile."""
        kept = self._store, list(self.forced_batch), set(self._for_all), dict(self._log), list(self._soft)
        try:
            yield
        finally:
            self._store, self.forced_batch, self._for_all, self._log, self._soft = kept
            self._compared.clear()

    def supposing(self, values: Mapping[Symbol, Size]) -> Facts:
        """These facts and that the symbols have these values, apart from the pass. Raises Contradiction."""
        other = Facts()
        other._store = self._store.copy()
        other._store.steps = other.steps
        other._log, other._for_all = dict(self._log), set(self._for_all)
        for symbol, value in values.items():
            other.assume(of_atom(symbol), "==", value)
        return other

    def speaks_of(self, size: Size) -> bool:
        """Whether anything was assumed of a symbol of the size."""
        return any(not symbols_of(size).isdisjoint(relation.symbols()) for relation in self._log)

    def assumed(self) -> list[Fact]:
        """What was assumed, in that order."""
        return [Fact(relation, source) for relation, source in self._log.items()]

    def required(self, kind: Kind) -> list[Relation]:
        """What symbols of this kind must satisfy among themselves: equations, relations, bounds."""
        store = self._store

        def concerns(symbols: Iterable[Symbol]) -> bool:
            return all(symbol.kind is kind for symbol in symbols)

        found = [Relation(of_atom(s), "==", v) for s, v in store.values.items() if concerns((s, *symbols_of(v)))]
        for relation, (form, size) in store.pending.items():
            if concerns(symbols_of(size)):  # sizes of the input may have been on both sides
                found.append(relation if concerns(relation.symbols()) else Relation(size, form, 0))
        for symbol, (low, high) in store.box.items():
            if symbol.kind is kind:
                found += [Relation(of_atom(symbol), ">=", int(low))] if low > symbol.minimum else []
                found += [Relation(of_atom(symbol), "<=", int(high))] if high != _INFINITE else []
        return found

    def relations(self) -> list[Relation]:
        """The facts that are neither substitutions nor bounds, as they now read."""
        return list(self._store.pending)


def _with(store: Store, wish: Relation) -> Store:
    """The store that knows the wish too, or the store as it was if they exclude each other."""
    attempt = store.copy()
    try:
        attempt.record(wish)
    except Contradiction:
        return store
    return attempt


def _for_every_batch(relation: Relation) -> list[Relation] | None:
    """What other symbols must satisfy so that this holds for every batch size; None if nobody can tell."""
    left, op, right = relation
    if op == "divides":
        left, right = reduced(left, right)
        whole: Size = right
        if _has_batch(left):
            return None
    else:
        whole = constraint(relation).size
    parts: dict[Monomial, dict[Monomial, int]] = {}
    for monomial, coefficient in terms_of(whole):
        batch = tuple((a, p) for a, p in monomial if isinstance(a, Symbol) and a.kind is Kind.BATCH)
        rest = tuple((a, p) for a, p in monomial if (a, p) not in batch)
        if _has_batch(from_terms({rest: 1})):
            return None
        parts.setdefault(batch, {})[rest] = coefficient
    coefficients = [from_terms(terms) for terms in parts.values()]
    if op == "divides":
        return [Relation(left, "divides", c) for c in coefficients]
    return [Relation(c, "==", 0) for c in coefficients]


def _channels(symbols: set[Symbol]) -> Iterator[Relation]:
    """The wishes that an image is grey, and that it is coloured where it cannot be grey."""
    for symbol in by_age(s for s in symbols if s.name.lower() == "c" and s.kind is Kind.INPUT):
        yield Relation(of_atom(symbol), "==", 1)
        yield Relation(of_atom(symbol), "==", 3)


def _squares(symbols: set[Symbol]) -> list[Relation]:
    """The wish that all heights, widths and depths are equal."""
    sides = by_age(s for s in symbols if s.kind is Kind.INPUT and s.name.lower() in _SIDES)
    return [Relation(of_atom(a), "==", of_atom(b)) for a, b in pairwise(sides)]


def _has_batch(size: Size) -> bool:
    return any(s.kind is Kind.BATCH for s in symbols_of(size))


def _batch_symbols(relation: Relation) -> list[Symbol]:
    return by_age(s for s in relation.symbols() if s.kind is Kind.BATCH)


_current: ContextVar[Facts] = ContextVar("facts")


def facts() -> Facts:
    """The facts of the running pass. Raises LookupError outside `using`."""
    return _current.get()


@contextmanager
def using(known_facts: Facts) -> Iterator[Facts]:
    """Make these the facts of the running pass."""
    token = _current.set(known_facts)
    try:
        with showing(known_facts.resolve):
            yield known_facts
    finally:
        _current.reset(token)
