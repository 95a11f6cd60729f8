"""Equations as rules that rewrite sizes: `heads*(dim//heads)` is `dim` where `heads` divides `dim`.

A rule replaces a term by simpler ones (with fewer divisions, or as many and of lower degree), so that
rewriting ends. It sees the terms of a size, not what stands inside a division.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torchlint.dims.expr import (
    Atom,
    Expr,
    Monomial,
    Operation,
    Size,
    add,
    atom_of,
    div_monomials,
    floordiv,
    from_terms,
    mul,
    of_atom,
    terms_of,
)
from torchlint.dims.intervals import Box, interval, tight_interval
from torchlint.dims.relation import Constraint

_MOST_STEPS = 64


class Rule(NamedTuple):
    """`coefficient * monomial` equals `value`; the coefficient is positive."""

    monomial: Monomial
    coefficient: int
    value: Size


def rules_of(facts: Iterable[Constraint]) -> list[Rule]:
    """What the equations among the facts rewrite."""
    rules = []
    for form, size in facts:
        if form == "==" and isinstance(size, Expr):
            rules.append(_rule(size))
            remainder = atom_of(size)
            if isinstance(remainder, Operation) and remainder.kind == "%":
                numerator, divisor = remainder.args
                multiple = mul(floordiv(numerator, divisor), divisor)
                whole = add(multiple, mul(numerator, -1))
                if isinstance(whole, Expr):
                    rules.append(_rule(whole))
    return rules


def _rule(size: Expr) -> Rule:
    monomial, coefficient = max(size.terms, key=lambda term: _weight(term[0]))
    rest = from_terms({m: c for m, c in size.terms if m != monomial})
    if coefficient < 0:
        return Rule(monomial, -coefficient, rest)
    return Rule(monomial, coefficient, mul(rest, -1))


def _weight(monomial: Monomial) -> tuple[int, int]:
    operations = sum(power * _operations(atom) for atom, power in monomial)
    return (operations, sum(power for _, power in monomial))


def _operations(atom: Atom) -> int:
    if not isinstance(atom, Operation):
        return 0
    inside = [a for arg in atom.args for monomial, _ in terms_of(arg) for a, _ in monomial]
    return 1 + sum(_operations(a) for a in inside)


def rewrite(size: Size, rules: list[Rule]) -> Size:
    """The size with the rules applied to its terms."""
    for _ in range(_MOST_STEPS):
        smaller = _step(size, rules)
        if smaller is None:
            break
        size = smaller
    return size


def fold_fixed(size: Size, box: Box) -> Size:
    """The size with divisions that can have one value only replaced by it, and a `max` or `min` that is always one
    of its arguments by that."""
    total: Size = 0
    folded = False
    for monomial, coefficient in terms_of(size):
        kept = []
        chosen: Size = 1
        for atom, power in monomial:
            value = _only_value(atom, box) if isinstance(atom, Operation) else None
            if value is None:
                kept.append((atom, power))
            else:
                folded = True
                for _ in range(power):
                    chosen = mul(chosen, value)
        total = add(total, mul(from_terms({tuple(kept): coefficient}), chosen))
    return total if folded else size


def _only_value(atom: Operation, box: Box) -> Size | None:
    low, high = interval(of_atom(atom), box)
    if low == high:
        return int(low)
    if atom.kind in ("max", "min"):
        sign = 1 if atom.kind == "max" else -1
        for arg in atom.args:
            if all(tight_interval(mul(add(arg, mul(other, -1)), sign), box)[0] >= 0 for other in atom.args):
                return arg
    return None


def _step(size: Size, rules: list[Rule]) -> Size | None:
    if isinstance(size, int):
        return None
    for monomial, coefficient in size.terms:
        for rule in rules:
            times = abs(coefficient) // rule.coefficient
            cofactor = div_monomials(monomial, rule.monomial) if times else None
            if cofactor is not None:
                times = times if coefficient > 0 else -times
                replaced = from_terms({monomial: -times * rule.coefficient})
                return add(add(size, replaced), mul(rule.value, from_terms({cofactor: times})))
    return None
