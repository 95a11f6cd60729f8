"""What is known about symbols, whoever chooses them: substitutions, bounds, and relations that are neither
yet.

Everything here speaks of *some* choice of the symbols: a fact is refused only if no choice at all makes it
hold together with the others. `facts` adds who may choose.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from torchlint.dims.expr import (
    Expr,
    Size,
    Symbol,
    by_age,
    complexity_of,
    evaluate,
    of_atom,
    substitute,
    symbols_of,
)
from torchlint.dims.intervals import Box, Empty, symbol_interval
from torchlint.dims.points import Point, various
from torchlint.dims.relation import Constraint, Relation, as_bound, constraint, implied, refutation, solved
from torchlint.dims.rewriting import Rule, fold_fixed, rewrite, rules_of
from torchlint.dims.solver import Outcome, narrow_by, roots_of, satisfied, solve
from torchlint.dims.steps import Steps

_ROUNDS = 8
_MOST_POINTS = 10
_SMALL_DOMAIN = 64


class Fact(NamedTuple):
    """A relation that was assumed, and where: `source` is whatever the pass uses to point at source code."""

    relation: Relation
    source: object


class Choices(NamedTuple):
    """Values that a size may have, rising; `is_all` says that there is a proof that it has no other.

    There are none where nothing is asked of the size.
    """

    values: tuple[int, ...]
    is_all: bool


class Contradiction(Exception):
    """A fact cannot hold together with what is known; `proof` says why in a few words.

    `refused` is the fact, `known` are those that were assumed before it (see `reasons` for those that matter).
    """

    def __init__(self, proof: str, refused: Relation | None = None, known: tuple[Fact, ...] = ()) -> None:
        super().__init__(proof)
        self.proof = proof
        self.refused = refused
        self.known = known


class Store:
    """Invariants: no substituted symbol occurs in a value, a bound or a pending relation; every point
    satisfies all that is recorded.

    When `steps` are used up, facts are still recorded, but no longer looked at together.
    """

    __slots__ = ("_resolved", "_rules", "_simplified", "box", "equated", "pending", "points", "steps", "values")

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.values: dict[Symbol, Size] = {}
        self.box: Box = {}
        self.pending: dict[Relation, Constraint] = {}
        self.equated: set[Symbol] = set()  # symbols of equations that were more than a substitution
        self._resolved: dict[Expr, Size] = {}
        self._simplified: dict[Expr, Size] = {}
        self._rules: list[Rule] | None = None
        self.points = various()

    def copy(self) -> Store:
        """An independent store that knows the same."""
        other = Store(self.steps)
        other.values = dict(self.values)
        other.box = dict(self.box)
        other.pending = dict(self.pending)
        other.equated = set(self.equated)
        other.points = list(self.points)
        return other

    def resolve(self, size: Size) -> Size:
        """The size with every substitution made."""
        if isinstance(size, int) or not self.values:
            return size
        found = self._resolved.get(size)
        if found is None:
            found = self._resolved[size] = substitute(size, self.values)
        return found

    def simplified(self, size: Size) -> Size:
        """The size with every substitution made and rewritten by the pending equations."""
        if isinstance(size, int):
            return size
        found = self._simplified.get(size)
        if found is None:
            if self._rules is None:
                self._rules = rules_of(self.pending.values())
            found = self._simplified[size] = rewrite(fold_fixed(self.resolve(size), self.box), self._rules)
        return found

    def record(self, relation: Relation) -> None:
        """Add a fact. Raises Contradiction, and leaves the store in pieces: work on a copy."""
        self._simplified = {}
        self._rules = None
        relation = as_bound(Relation(self.resolve(relation.left), relation.op, self.resolve(relation.right)))
        self.steps.spend(complexity_of(relation.left) + complexity_of(relation.right))
        proof = refutation(relation, self.box)
        if proof is not None:
            raise Contradiction(proof)
        fact = constraint(relation)
        if implied(fact, self.box) or fact in self.pending.values():
            return
        found = solved(fact.size) if fact.form == "==" else None
        if found is not None:
            self._bind(*found)
            return
        if relation.op in ("==", "divides"):
            self.equated |= symbols_of(fact.size)
        self.pending[relation] = fact
        self.steps.spend(1 + len(self.points) * complexity_of(fact.size) // 8)
        self.points = [point for point in self.points if satisfied((fact,), point)]
        if self.steps.left > 0:
            self._settle(symbols_of(fact.size))

    def shows(self, fact: Constraint) -> tuple[bool, bool]:
        """Whether some point satisfies the constraint, and whether some point does not."""
        self.steps.spend(1 + len(self.points) * complexity_of(fact.size) // 8)
        seen = {satisfied((fact,), point) for point in self.points}
        return True in seen, False in seen

    def learn(self, other: Store) -> None:
        """Take over a point of a store that knows more."""
        for point in other.points:
            moved = point.moved(_values_at(other.values, point))
            if self._admits(moved):
                self.points = [*self.points[-_MOST_POINTS + 1 :], moved]
                return

    def _admits(self, point: Point) -> bool:
        inside = all(low <= point[symbol] <= high for symbol, (low, high) in self.box.items())
        return inside and satisfied(self.pending.values(), point)

    def cluster(self, symbols: Collection[Symbol]) -> dict[Relation, Constraint]:
        """The pending relations that speak, directly or through others, of one of the symbols."""
        reached = set(symbols)
        found: dict[Relation, Constraint] = {}
        rest = {relation: symbols_of(fact.size) for relation, fact in self.pending.items()}
        grew = True
        while grew:
            grew = False
            for relation, mentioned in list(rest.items()):
                if mentioned & reached:
                    found[relation] = self.pending[relation]
                    reached |= mentioned
                    del rest[relation]
                    grew = True
        return found

    def values_of(self, symbols: set[Symbol]) -> dict[Symbol, int]:
        """Small values for these symbols that satisfy everything known; empty if the search ends early."""
        sizes = {s: self.resolve(of_atom(s)) for s in symbols}
        free = set().union(*(symbols_of(size) for size in sizes.values()))
        result = solve(self.cluster(free), self.box, self.steps)
        if result.outcome is not Outcome.SAT:
            return {}
        point = {s: result.witness.get(s, int(symbol_interval(s, self.box)[0])) for s in free}
        return {s: evaluate(sizes[s], point) for s in by_age(symbols)}

    def choices(self, size: Size, most: int, steps: Steps) -> Choices:
        """Up to so many values that the size may have with everything known."""
        resolved = self.resolve(size)
        if isinstance(resolved, int):
            return Choices((resolved,), is_all=True)
        facts = list(self.cluster(symbols_of(resolved)))
        found: list[int] = []
        if not facts and self.box.keys().isdisjoint(symbols_of(resolved)):
            return Choices((), is_all=False)
        while len(found) <= most:
            result = solve([*facts, *(Relation(resolved, "!=", value) for value in found)], self.box, steps)
            if result.outcome is not Outcome.SAT:
                return Choices(tuple(sorted(found)), result.outcome is Outcome.UNSAT)
            least = {s: int(symbol_interval(s, self.box)[0]) for s in symbols_of(resolved)}
            found.append(evaluate(resolved, {**least, **result.witness}))
        return Choices(tuple(sorted(found[:most])), is_all=False)

    def _bind(self, symbol: Symbol, value: Size) -> None:
        low, high = symbol_interval(symbol, self.box)
        self.box.pop(symbol, None)
        self._resolved = {}
        replace = {symbol: value}
        self.points = [point.moved(_values_at(replace, point)) for point in self.points]
        self.values = {s: substitute(v, replace) for s, v in self.values.items()}
        self.values[symbol] = value
        if symbol in self.equated:
            self.equated |= symbols_of(value)
        moved = [r for r, fact in self.pending.items() if symbol in symbols_of(fact.size)]
        for relation in moved:
            del self.pending[relation]
        if isinstance(value, int) and not low <= value <= high:
            bound = f"at least {low}" if value < low else f"at most {high}"
            raise Contradiction(f"{symbol.name} would be {value}, but is {bound}")
        self.record(Relation(value, ">=", int(low)))
        if high != float("inf"):
            self.record(Relation(value, "<=", int(high)))
        for relation in moved:
            self.record(relation)

    def _settle(self, symbols: Collection[Symbol]) -> None:
        """Tighten the bounds around some symbols; what becomes a number is substituted."""
        facts = self.cluster(symbols)
        propagate(facts, self.box, self.steps)
        for relation, fact in list(facts.items()):
            if implied(fact, self.box):
                del self.pending[relation], facts[relation]
        self._check(facts)
        if any(self._reduce_to_root(relation, fact) for relation, fact in facts.items()):
            return
        self._filter_small_domains(facts)
        touched = set(symbols).union(*(symbols_of(fact.size) for fact in facts.values()))
        for symbol in by_age(touched):
            if symbol not in self.values:
                low, high = symbol_interval(symbol, self.box)
                if low == high:
                    self._bind(symbol, int(low))

    def _reduce_to_root(self, relation: Relation, fact: Constraint) -> bool:
        """Replace an equation in one atom with a single possible root by that root."""
        cases = roots_of(fact.size, self.box) if fact.form == "==" and isinstance(fact.size, Expr) else None
        if not cases or len(cases) > 1:
            return False
        del self.pending[relation]
        self.record(Relation(cases[0][0].size, "==", 0))
        return True

    def _filter_small_domains(self, facts: dict[Relation, Constraint]) -> None:
        """Move the ends of short intervals to values that the facts on this one symbol admit."""
        alone: dict[Symbol, list[Constraint]] = {}
        for fact in facts.values():
            mentioned = symbols_of(fact.size)
            if len(mentioned) == 1:
                alone.setdefault(next(iter(mentioned)), []).append(fact)
        for symbol, about in alone.items():
            low, high = symbol_interval(symbol, self.box)
            if 0 < high - low < _SMALL_DOMAIN and self.steps.spend(
                1 + int(high - low) * sum(complexity_of(fact.size) for fact in about) // 8
            ):
                fit = [x for x in range(int(low), int(high) + 1) if satisfied(about, {symbol: x})]
                if not fit:
                    raise Contradiction(f"no {symbol.name} from {low} to {high} fits {next(iter(facts))}")
                self.box[symbol] = (fit[0], fit[-1])

    def _check(self, facts: dict[Relation, Constraint]) -> None:
        """Raise Contradiction if a search proves that the facts exclude each other."""
        if self.points or not facts:
            return
        result = solve(facts, self.box, self.steps)
        if result.outcome is Outcome.UNSAT:
            raise Contradiction(result.proof)
        found = Point(0, result.witness)
        if result.outcome is Outcome.SAT and self._admits(found):
            self.points = [found]


def _values_at(sizes: dict[Symbol, Size], point: Point) -> dict[Symbol, int]:
    """The numbers that symbols stand for at a point; those that divide by no positive number are left out."""
    values: dict[Symbol, int] = {}
    for symbol, size in sizes.items():
        try:
            values[symbol] = evaluate(size, point)
        except ZeroDivisionError:
            continue
    return values


def propagate(facts: dict[Relation, Constraint], box: Box, steps: Steps) -> None:
    """Narrow the box by every fact until nothing moves, or for some rounds. Raises Contradiction."""
    for _ in range(_ROUNDS):
        changed = False
        for relation, fact in facts.items():
            if not steps.spend(complexity_of(fact.size)):
                return
            try:
                changed |= narrow_by(fact, box)
            except Empty:
                proof = refutation(relation, box)
                raise Contradiction(proof or f"nothing fits {relation}") from None
        if not changed:
            return
