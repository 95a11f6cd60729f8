"""Relations between sizes, as facts state them and as the solver takes them: a size compared with zero."""

from __future__ import annotations

import math
from typing import NamedTuple

from torchlint.dims.expr import (
    Expr,
    Kind,
    Operation,
    Size,
    Symbol,
    common_monomial,
    constant_of,
    from_terms,
    maximum,
    minimum,
    mod,
    of_atom,
    substitute,
    symbols_of,
    terms_of,
    without,
)
from torchlint.dims.intervals import Box, interval, tight_interval
from torchlint.dims.printing import plain


class Constraint(NamedTuple):
    """`size` compared with zero: `form` is one of `==`, `!=`, `>=`."""

    form: str
    size: Size


class Relation(NamedTuple):
    """`left op right`, where `op` is a comparison of Python or `divides`."""

    left: Size
    op: str
    right: Size

    def symbols(self) -> frozenset[Symbol]:
        """The symbols on either side."""
        return symbols_of(self.left) | symbols_of(self.right)

    def involves(self, kind: Kind) -> bool:
        """Whether a symbol of `kind` is on either side."""
        return any(s.kind is kind for s in self.symbols())

    def __str__(self) -> str:
        return f"{plain(self.left)} {self.op} {plain(self.right)}"

    def substitute(self, values: dict[Symbol, Size]) -> Relation:
        """The relation between the sides with symbols replaced."""
        return Relation(substitute(self.left, values), self.op, substitute(self.right, values))


_ELIMINATION = (Kind.HOLE, Kind.DATA, Kind.INPUT, Kind.PARAMETER, Kind.BATCH)  # whom to substitute first

OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def holds(left: int, op: str, right: int) -> bool:
    """Whether two numbers are related so. Zero divides zero alone."""
    if op == "==":
        return left == right
    if op == "!=":
        return left != right
    if op == "<":
        return left < right
    if op == "<=":
        return left <= right
    if op == ">":
        return left > right
    if op == ">=":
        return left >= right
    if op == "divides":
        return right % left == 0 if left else right == 0
    raise ValueError(f"no such relation: {op}")


def constraint(relation: Relation) -> Constraint:
    """The relation as one size compared with zero, without the positive factors that both sides share."""
    left, op, right = relation
    if op == "divides":
        left, right = reduced(left, right)
        rest = right if left == 0 else mod(right, left)
        return Constraint("==", _primitive(simplest(rest)))
    if op in ("==", "!="):
        return Constraint(op, _primitive(simplest(left - right)))
    if op in (">=", ">"):
        return Constraint(">=", _tightened(simplest(left - right - (op == ">"))))
    if op in ("<=", "<"):
        return Constraint(">=", _tightened(simplest(right - left - (op == "<"))))
    raise ValueError(f"no such relation: {op}")


def as_bound(relation: Relation) -> Relation:
    """The same as an inequality where it says that the least or greatest of some sizes is a certain one of them:
    `T == min(T, 100)` is `T <= 100`."""
    if relation.op != "==":
        return relation
    size = simplest(relation.left - relation.right)
    for monomial, coefficient in terms_of(size):
        atom, power = monomial[0] if len(monomial) == 1 else (None, 0)
        if isinstance(atom, Operation) and atom.kind in ("min", "max") and power == 1 and coefficient in (1, -1):
            side = (size - of_atom(atom) * coefficient) * -coefficient
            others = [arg for arg in atom.args if arg != side]
            if len(others) < len(atom.args):
                return Relation(side, "<=", minimum(*others)) if atom.kind == "min" else Relation(side, ">=", maximum(*others))
    return relation


def reduced(a: Size, b: Size) -> tuple[Size, Size]:
    """Both sizes without the symbols of at least 1 that every term of both has."""
    common = common_monomial((a, b))
    return without(a, common), without(b, common)


def simplest(size: Size) -> Size:
    """The size without the symbols of at least 1 that every term has: it keeps its sign and its zeros."""
    return without(size, common_monomial((size,)))


def _primitive(size: Size) -> Size:
    """The size over the greatest common divisor of its coefficients, the first of them positive."""
    if isinstance(size, int):
        return size
    factor = math.gcd(*(c for _, c in size.terms))
    if size.terms[0][1] < 0:
        factor = -factor
    return from_terms({m: c // factor for m, c in size.terms})


def _tightened(size: Size) -> Size:
    """The least size with the same sign at every integer: `2*H - 5 >= 0` is `H - 3 >= 0`."""
    factor = content(size)
    return from_terms({m: c // factor for m, c in terms_of(size)}) if factor > 1 else size


def implied(fact: Constraint, box: Box) -> bool:
    """Whether every point of the box satisfies the constraint, as far as bounds tell."""
    low, high = tight_interval(fact.size, box)
    if fact.form == "==":
        return low == high == 0
    if fact.form == "!=":
        return low > 0 or high < 0
    return low >= 0


def content(size: Size) -> int:
    """The greatest common divisor of the coefficients of everything but the constant; 0 for an `int`."""
    return math.gcd(*(c for m, c in terms_of(size) if m))


def refutation(relation: Relation, box: Box) -> str | None:
    """Why the relation cannot hold with the symbols in `box`, in words; None if it might."""
    left, op, right = relation
    if op in ("==", "!=", "divides") and left != 0 and right != 0:
        left, right = reduced(left, right)
    if isinstance(left, int) and isinstance(right, int):
        return None if holds(left, op, right) else _denied(left, op, right)
    if op == "==":
        return _refute_equation(left, right, box)
    if op == "divides":
        return _refute_division(left, right, box)
    form, size = constraint(relation)
    low, high = tight_interval(size, box)
    if form == "!=":
        return f"{plain(left)} is always {plain(right)}" if low == high == 0 else None
    if high < 0:
        return _denied_by_bounds(left, op, right, box)
    return None


def _denied(left: Size, op: str, right: Size) -> str:
    if op == "divides":
        return f"{plain(right)} is not a multiple of {plain(left)}"
    words = {"==": "is not", "!=": "is", "<": "is not less than", "<=": "is more than"}
    words |= {">": "is not more than", ">=": "is less than"}
    return f"{plain(left)} {words[op]} {plain(right)}"


def _denied_by_bounds(left: Size, op: str, right: Size, box: Box) -> str:
    for side, other, flip in ((left, right, False), (right, left, True)):
        if isinstance(other, int) and isinstance(side, Expr):
            low, high = interval(side, box)
            bound = f"at least {low}" if (op in ("<", "<=")) != flip else f"at most {high}"
            return f"{plain(side)} is {bound}"
    return _denied(left, op, right)


def _refute_equation(left: Size, right: Size, box: Box) -> str | None:
    size = simplest(left - right)
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Expr) and isinstance(other, int):
            factor = math.gcd(*(c for _, c in side.terms))
            if other % factor:
                return f"{other} is not a multiple of {factor}"
            low, high = interval(side, box)
            if low > other:
                return f"{plain(side)} is at least {low}, not {other}"
            if high < other:
                return f"{plain(side)} is at most {high}, not {other}"
    if isinstance(size, int):
        return None if size == 0 else f"{plain(left)} and {plain(right)} always differ by {abs(size)}"
    factor = content(size)
    constant = constant_of(size)
    if constant % factor:
        return f"{plain(left)} and {plain(right)} differ by {constant % factor} modulo {factor}"
    low, high = tight_interval(size, box)
    if low > 0:
        return f"{plain(left)} is more than {plain(right)}"
    if high < 0:
        return f"{plain(left)} is less than {plain(right)}"
    return None


def _refute_division(left: Size, right: Size, box: Box) -> str | None:
    rest = constraint(Relation(left, "divides", right)).size
    low, high = interval(rest, box)
    if low > 0 or high < 0:
        return _denied(left, "divides", right)
    if isinstance(right, int) and right > 0 and interval(left, box)[0] > right:
        return f"{plain(left)} is more than {right}"
    return None


def solved(size: Size) -> tuple[Symbol, Size] | None:
    """A symbol and its value if `size == 0` is linear in it with a coefficient of 1 or -1."""
    best: tuple[tuple[int, int], Symbol, int] | None = None
    for monomial, coefficient in terms_of(size):
        if len(monomial) != 1 or monomial[0][1] != 1 or coefficient not in (1, -1):
            continue
        symbol = monomial[0][0]
        if isinstance(symbol, Symbol):
            rank = (_ELIMINATION.index(symbol.kind), -symbol.serial)
            if best is None or rank < best[0]:
                rest = size - of_atom(symbol) * coefficient
                if symbol not in symbols_of(rest):
                    best = (rank, symbol, coefficient)
    if best is None:
        return None
    _, symbol, coefficient = best
    return symbol, (size - of_atom(symbol) * coefficient) * -coefficient
