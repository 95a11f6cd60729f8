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
from torchlint.dims.intervals import ANY, Box, interval
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
    """The size with divisions, and the like, that can have one value only replaced by it."""
    total: Size = 0
    folded = False
    for monomial, coefficient in terms_of(size):
        kept = []
        for atom, power in monomial:
            low, high = interval(of_atom(atom), box) if isinstance(atom, Operation) else ANY
            if low == high:
                coefficient *= int(low) ** power
                folded = True
            else:
                kept.append((atom, power))
        total = add(total, from_terms({tuple(kept): coefficient}))
    return total if folded else size


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
