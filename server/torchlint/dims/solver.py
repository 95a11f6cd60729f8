"""Whether equations and inequalities on sizes can hold together: a witness, a proof, or neither.

Linear equations are substituted; floor divisions and remainders are inverted by intervals; products that
equal a number are taken apart by its divisors; a system in one symbol is split by residues, after which
divisions by numbers are gone; what is left is tried value by value. UNSAT is only ever said when all of it
was covered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from torchlint.dims.expr import (
    Expr,
    Kind,
    Size,
    Symbol,
    by_age,
    complexity_of,
    constant_of,
    evaluate,
    of_atom,
    substitute,
    symbols_of,
)
from torchlint.dims.intervals import Box, Empty, interval, narrow, symbol_interval
from torchlint.dims.polynomial import (
    Product,
    as_product,
    divisors,
    has_period,
    integer_roots,
    univariate,
)
from torchlint.dims.relation import Constraint, Relation, constraint, content, implied, refutation, solved
from torchlint.dims.steps import Steps

_ROUNDS = 8  # narrowing may creep; what it leaves is still right
_SCAN = 256  # values that are tried one by one in a system of one symbol
_SHORT_SCAN = 64  # as many before it is split by residues
_LONGEST_PERIOD = 256
_WIDEST_DOMAIN = 4096
_TRIED = 24  # values tried of a symbol without an end


class Outcome(Enum):
    """SAT: there is a witness. UNSAT: there is a proof. UNKNOWN: the search ended early."""

    SAT = "sat"
    UNSAT = "unsat"
    UNKNOWN = "unknown"


class Result(NamedTuple):
    """`witness` has a value for every symbol of the relations if SAT; `proof` says in words why if UNSAT."""

    outcome: Outcome
    witness: dict[Symbol, int]
    proof: str


def solve(relations: Iterable[Relation], box: Box, steps: Steps) -> Result:
    """Whether all relations can hold with the symbols in the box; UNKNOWN at the latest when `steps` are
    used up.

    The witness has small values, and products that are as square as can be.
    """
    relations = list(relations)
    for relation in relations:
        proof = refutation(relation, box)
        if proof is not None:
            return Result(Outcome.UNSAT, {}, proof)
    constraints = [constraint(relation) for relation in relations]
    symbols = by_age(set().union(*(relation.symbols() for relation in relations)))
    search = _Search(steps)
    found = search.find(constraints, {s: symbol_interval(s, box) for s in symbols})
    if found is not None:
        witness = {s: found.get(s, int(symbol_interval(s, box)[0])) for s in symbols}
        if satisfied(constraints, witness):
            return Result(Outcome.SAT, witness, "")
        return Result(Outcome.UNKNOWN, {}, "")
    if search.gave_up:
        return Result(Outcome.UNKNOWN, {}, "")
    return Result(Outcome.UNSAT, {}, _nothing_fits(relations, symbols))


def satisfied(constraints: Iterable[Constraint], values: dict[Symbol, int]) -> bool:
    """Whether the constraints hold for these values; never with a divisor that is not positive."""
    try:
        return all(_holds(form, evaluate(size, values)) for form, size in constraints)
    except ZeroDivisionError:
        return False


def _holds(form: str, value: int) -> bool:
    return value == 0 if form == "==" else (value != 0 if form == "!=" else value >= 0)


def _nothing_fits(relations: list[Relation], symbols: list[Symbol]) -> str:
    names = ", ".join(s.name for s in symbols)
    shown = " and ".join(str(relation) for relation in relations[:3])
    more = "" if len(relations) <= 3 else " and more"
    return f"no {names} fits {shown}{more}"


class _Search:
    """One search; `gave_up` if some part of the space was left out."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.gave_up = False

    def find(self, constraints: list[Constraint], box: Box) -> dict[Symbol, int] | None:
        """Values for the symbols of the box that satisfy the constraints, None if none were found."""
        if not self.steps.spend(1):
            self.gave_up = True
            return None
        bound: list[tuple[Symbol, Size]] = []
        try:
            constraints = self._simplify(constraints, box, bound)
        except Empty:
            return None
        values: dict[Symbol, int] = {}
        for part in _components(constraints):
            found = self._branch(part, box)
            if found is None:
                return None
            values.update(found)
        for symbol in box:
            values.setdefault(symbol, int(symbol_interval(symbol, box)[0]))
        for symbol, value in reversed(bound):
            for other in symbols_of(value):
                values.setdefault(other, int(symbol_interval(other, box)[0]))
            try:
                values[symbol] = evaluate(value, values)
            except ZeroDivisionError:
                self.gave_up = True
                return None
        return values

    def _simplify(self, constraints: list[Constraint], box: Box, bound: list[tuple[Symbol, Size]]) -> list[Constraint]:
        """Narrow the box, substitute what is solved (into `bound`), drop what is implied. Raises Empty."""
        while True:
            for _ in range(_ROUNDS):
                if not self.steps.spend(_complexity(constraints)):
                    break
                changes = [narrow_by(c, box) for c in constraints]
                if not any(changes):
                    break
            replace = _known_values(constraints, box)
            if replace is None:
                return [c for c in constraints if not implied(c, box)]
            self.steps.spend(_complexity(constraints))
            bound.extend(replace.items())
            limits = []
            for symbol, value in replace.items():
                low, high = symbol_interval(symbol, box)
                box.pop(symbol, None)
                limits.append(Constraint(">=", value - int(low)))
                if high != math.inf:
                    limits.append(Constraint(">=", int(high) - value))
            moved = [Constraint(c.form, _replaced(c.size, replace)) for c in constraints]
            constraints = [c for c in {**dict.fromkeys(moved), **dict.fromkeys(limits)} if not implied(c, box)]

    def _branch(self, constraints: list[Constraint], box: Box) -> dict[Symbol, int] | None:
        """Split one component, which nothing simpler decides, into cases."""
        symbols = by_age(set().union(*(symbols_of(c.size) for c in constraints)))
        if not symbols:
            return None  # a number that is not what it must be
        here: Box = {s: symbol_interval(s, box) for s in symbols}
        for fact in constraints:
            if fact.form != "==" or not isinstance(fact.size, Expr):
                continue
            rest = [c for c in constraints if c is not fact]
            product = as_product(fact.size)
            cases = roots_of(fact.size, here) if product is None else _factor_pairs(product, here)
            if cases is not None:
                return self._first_of(([*rest, *case] for case in cases), here)
        if len(symbols) == 1:
            return self._in_one_symbol(constraints, symbols[0], here)
        return self._try_values(constraints, here)

    def _try_values(self, constraints: list[Constraint], here: Box) -> dict[Symbol, int] | None:
        widths = {s: high - low for s, (low, high) in here.items()}
        symbol = min(here, key=lambda s: (widths[s], s.serial))
        if widths[symbol] > _WIDEST_DOMAIN:
            symbol = _some_divisor(constraints) or symbol
        low, high = here[symbol]
        if widths[symbol] > _WIDEST_DOMAIN:
            self.gave_up = True  # what lies beyond the tried values stays unseen
            high = low + _TRIED
        for value in range(int(low), int(high) + 1):
            if self.steps.left <= 0:
                self.gave_up = True
                return None
            found = self.find(constraints, {**here, symbol: (value, value)})
            if found is not None:
                return found
        return None

    def _first_of(self, cases: Iterable[list[Constraint]], box: Box) -> dict[Symbol, int] | None:
        for case in cases:
            found = self.find(case, dict(box))
            if found is not None:
                return found
            if self.steps.left <= 0:
                self.gave_up = True
                return None
        return None

    def _in_one_symbol(self, constraints: list[Constraint], symbol: Symbol, box: Box) -> dict[Symbol, int] | None:
        low, high = box[symbol]
        periods = [has_period(c.size) for c in constraints]
        period = math.lcm(*(p or 0 for p in periods))
        splits = 1 < period <= _LONGEST_PERIOD
        start = int(low)
        end = int(min(high, start + (_SHORT_SCAN if splits else _SCAN)))
        look = 1 + _complexity(constraints) // 8  # numbers are cheaper than intervals
        for value in range(start, end + 1):
            if not self.steps.spend(look):
                self.gave_up = True
                return None
            if satisfied(constraints, {symbol: value}):
                return {symbol: value}
        if end == high:
            return None
        if not splits:
            self.gave_up = True
            return None
        found = []
        for residue in range(period):
            self.steps.spend(_complexity(constraints))
            q = Symbol("q", Kind.INPUT, 0)
            x = of_atom(q) * period + (start + residue)
            last = math.inf if high == math.inf else (high - start - residue) // period
            split = [Constraint(c.form, substitute(c.size, {symbol: x})) for c in constraints]
            values = self.find(split, {q: (0, last)}) if last >= 0 else None
            if values is not None:
                found.append(evaluate(x, values))
        return {symbol: min(found)} if found else None


def _complexity(constraints: Iterable[Constraint]) -> int:
    return sum(complexity_of(size) for _, size in constraints)


def _some_divisor(constraints: list[Constraint]) -> Symbol | None:
    """A symbol that something is divided by: once it has a value, intervals can invert the division."""
    found: set[Symbol] = set()
    for _, size in constraints:
        if isinstance(size, Expr):
            for monomial, _ in size.terms:
                for atom, _ in monomial:
                    if not isinstance(atom, Symbol) and atom.kind in ("//", "%"):
                        found |= symbols_of(atom.args[1])
    return min(found, key=lambda s: s.serial, default=None)


def _replaced(size: Size, values: dict[Symbol, Size]) -> Size:
    try:
        return substitute(size, values)
    except ZeroDivisionError:  # a divisor is positive
        raise Empty from None


def narrow_by(fact: Constraint, box: Box) -> bool:
    """Shrink the box to what the constraint leaves possible; whether it changed. Raises Empty."""
    form, size = fact
    if form == "!=":
        low, high = interval(size, box)
        if low == high == 0:
            raise Empty
        return False
    if form == "==" and isinstance(size, Expr) and constant_of(size) % content(size):
        raise Empty  # a multiple of something is never a number that is none
    changed = narrow(size, 0, 0 if form == "==" else math.inf, box)
    product = as_product(size) if form == "==" and isinstance(size, Expr) else None
    return changed if product is None else _narrow_product(product, box) or changed


def _narrow_product(product: Product, box: Box) -> bool:
    """A factor that is at least m leaves at most constant / m for the other, where both are positive."""
    left, right, constant = product
    if constant <= 0 or interval(left, box)[0] < 0 or interval(right, box)[0] < 0:
        return False
    changed = False
    for factor, other in ((left, right), (right, left)):
        low, high = interval(other, box)
        least = 1 if math.isinf(high) else -(-constant // int(high)) if high > 0 else math.inf
        changed |= narrow(factor, least, constant // max(int(low), 1), box)
    return changed


def _known_values(constraints: list[Constraint], box: Box) -> dict[Symbol, Size] | None:
    """Values that the box or a linear equation gives; the values speak of no symbol that is replaced."""
    symbols = by_age(set().union(*(symbols_of(c.size) for c in constraints)))
    fixed: dict[Symbol, Size] = {}
    for symbol in symbols:
        low, high = symbol_interval(symbol, box)
        if low == high:
            fixed[symbol] = int(low)
    if fixed:
        return fixed
    for form, size in constraints:
        found = solved(size) if form == "==" else None
        if found is not None:
            return dict([found])
    return None


def _components(constraints: list[Constraint]) -> list[list[Constraint]]:
    """The constraints in groups that share no symbol."""
    groups: list[tuple[set[Symbol], list[Constraint]]] = []
    for fact in constraints:
        symbols, together = set(symbols_of(fact.size)), [fact]
        apart = []
        for other in groups:
            if other[0] & symbols:
                symbols |= other[0]
                together = other[1] + together
            else:
                apart.append(other)
        groups = [*apart, (symbols, together)]
    return [together for _, together in groups]


def roots_of(size: Expr, box: Box) -> list[list[Constraint]] | None:
    """The cases of an equation in one atom, where it is more than linear."""
    found = univariate(size)
    if found is None or len(found[1]) < 3:
        return None
    atom, coefficients = found
    roots = integer_roots(coefficients)
    if roots is None:
        return None
    x = of_atom(atom)
    low, high = interval(x, box)
    return [[Constraint("==", x - root)] for root in roots if low <= root <= high]


def _factor_pairs(product: Product, box: Box) -> list[list[Constraint]] | None:
    """The cases of `left * right == constant`, those first in which the factors are closest."""
    left, right, constant = product
    if constant == 0:
        return [[Constraint("==", left)], [Constraint("==", right)]]
    found = divisors(abs(constant))
    if found is None:
        return None
    a, b = interval(left, box), interval(right, box)
    pairs = [(sign * d, sign * (constant // d)) for d in found for sign in (1, -1)]
    pairs = [(x, y) for x, y in pairs if a[0] <= x <= a[1] and b[0] <= y <= b[1]]
    pairs.sort(key=lambda pair: abs(math.log(abs(pair[0])) - math.log(abs(pair[1]))))
    return [[Constraint("==", left - x), Constraint("==", right - y)] for x, y in pairs]
