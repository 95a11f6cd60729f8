"""Sizes as polynomials in their atoms: factors, integer roots, and equations `f * g == k` with constant k."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from torchlint.dims.expr import (
    Atom,
    Expr,
    Monomial,
    Size,
    Symbol,
    add,
    exact_quotient,
    from_terms,
    mul,
    of_atom,
    symbols_of,
    terms_of,
)
from torchlint.dims.intervals import integer_root

_TRIAL_LIMIT = 20_000  # divisors are sought by trial; a number with two larger prime factors is left alone


@lru_cache(maxsize=4096)
def divisors(number: int) -> tuple[int, ...] | None:
    """The positive divisors of a positive number in rising order, None if it is too hard to factor."""
    found = [1]
    rest = number
    prime = 2
    while prime * prime <= rest:
        if prime > _TRIAL_LIMIT:
            return None
        count = 0
        while rest % prime == 0:
            rest //= prime
            count += 1
        if count:
            found = [d * prime**k for d in found for k in range(count + 1)]
        prime += 1 if prime == 2 else 2
    if rest > 1:
        found += [d * rest for d in found]
    return tuple(sorted(found))


def univariate(size: Expr) -> tuple[Atom, list[int]] | None:
    """The only atom of the size and the coefficients of its powers from 0 up; None for several atoms."""
    only: Atom | None = None
    for monomial, _ in size.terms:
        if monomial:
            if len(monomial) > 1 or (only is not None and monomial[0][0] != only):
                return None
            only = monomial[0][0]
    if only is None:
        return None
    coefficients = [0] * (max(m[0][1] for m, _ in size.terms if m) + 1)
    for monomial, coefficient in size.terms:
        coefficients[monomial[0][1] if monomial else 0] = coefficient
    return only, coefficients


def integer_roots(coefficients: list[int]) -> list[int] | None:
    """Every integer root of a polynomial that is not constant, rising; None if they are too hard to find."""
    lowest = next(i for i, c in enumerate(coefficients) if c)
    roots = {0} if lowest else set()
    rest = coefficients[lowest:]
    if len(rest) == 2:
        candidates = [-rest[0] // rest[1]]
    elif len(rest) == 3:
        c, b, a = rest
        discriminant = b * b - 4 * a * c
        if discriminant < 0:
            return sorted(roots)
        root = math.isqrt(discriminant)
        candidates = [(-b - root) // (2 * a), (-b + root) // (2 * a)]
    elif len(rest) > 3 and not any(rest[1:-1]):  # a * x**n == -c
        root = integer_root(abs(rest[0]) // abs(rest[-1]), len(rest) - 1)
        candidates = [-root, root]
    else:
        factors = divisors(abs(rest[0]))
        if factors is None:
            return None
        candidates = [sign * d for d in factors for sign in (-1, 1)]
    roots.update(x for x in candidates if sum(c * x**k for k, c in enumerate(rest)) == 0)
    return sorted(roots)


class Product(NamedTuple):
    """The equation `left * right == constant`, where the factors share no symbol."""

    left: Expr
    right: Expr
    constant: int


@lru_cache(maxsize=1024)
def as_product(size: Expr) -> Product | None:
    """An equation that says the same as `size == 0` and has a product on one side; None if there is none.

    `a*b - 3*a - 3*b - 7 == 0` is `(a - 3) * (b - 3) == 16`.
    """
    groups = _independent_groups(size)
    if len(groups) < 2:
        return None
    for group in groups:
        product = _split_off(size, group)
        if product is not None:
            return product
    return None


@lru_cache(maxsize=1024)
def factors(size: Expr) -> list[Size] | None:
    """Factors without common symbols, a number first; None unless at least two of them have several terms."""
    number = math.gcd(*(c for _, c in size.terms))
    rest: Size = from_terms({m: c // number for m, c in size.terms})
    found: list[Size] = []
    for group in _independent_groups(size):
        if not isinstance(rest, Expr):
            break
        rows = list(_rows(rest, group).values())
        row = _primitive(rows[0])
        if isinstance(row, Expr) and all(_primitive(r) == row for r in rows):
            quotient = exact_quotient(rest, row)
            if quotient is not None:
                found.append(row)
                rest = quotient
    if isinstance(rest, int):
        number *= rest
    else:
        found.append(rest)
    if sum(len(terms_of(f)) > 1 for f in found) < 2:
        return None
    found.sort(key=lambda f: len(terms_of(f)))
    return [number, *found] if number != 1 else found


def sum_of_products(size: Expr) -> list[tuple[int, Size, Size]] | None:
    """The size as a sum of `coefficient * left * right` with factors of one atom and a number each; None if it is none.

    `3*a*b + 3*a - x*y - 2*y` is `3*a*(b + 1) - (x + 2)*y`: no atom may be in two of the products.
    """
    alone: dict[Atom, int] = {}
    pairs: list[tuple[Atom, Atom, int]] = []
    paired: set[Atom] = set()
    constant = 0
    for monomial, coefficient in size.terms:
        if not monomial:
            constant = coefficient
        elif len(monomial) == 1 and monomial[0][1] == 1:
            alone[monomial[0][0]] = coefficient
        elif len(monomial) == 2 and monomial[0][1] == monomial[1][1] == 1 and paired.isdisjoint(a for a, _ in monomial):
            pairs.append((monomial[0][0], monomial[1][0], coefficient))
            paired.update(a for a, _ in monomial)
        else:
            return None
    found: list[tuple[int, Size, Size]] = []
    for a, b, coefficient in pairs:
        beside_a, beside_b = alone.pop(b, 0), alone.pop(a, 0)
        if beside_a % coefficient or beside_b % coefficient:
            return None
        beside_a, beside_b = beside_a // coefficient, beside_b // coefficient
        found.append((coefficient, add(of_atom(a), beside_a), add(of_atom(b), beside_b)))
        constant -= coefficient * beside_a * beside_b
    return None if alone or constant or len(found) < 2 else found


def _independent_groups(size: Expr) -> list[frozenset[Atom]]:
    """The atoms in groups, so that no symbol occurs in two of them."""
    groups: list[tuple[set[Atom], set[Symbol]]] = []
    for atom in {a: None for m, _ in size.terms for a, _ in m}:
        atoms, symbols = {atom}, set(symbols_of(of_atom(atom)))
        apart = []
        for other in groups:
            if other[1] & symbols:
                atoms |= other[0]
                symbols |= other[1]
            else:
                apart.append(other)
        groups = [*apart, (atoms, symbols)]
    return [frozenset(atoms) for atoms, _ in groups]


def _rows(size: Expr, group: frozenset[Atom]) -> dict[Monomial, Size]:
    """The size as a polynomial in everything outside the group, with coefficients inside it."""
    rows: dict[Monomial, dict[Monomial, int]] = {}
    for monomial, coefficient in size.terms:
        inside = tuple(item for item in monomial if item[0] in group)
        outside = tuple(item for item in monomial if item[0] not in group)
        rows.setdefault(outside, {})[inside] = coefficient
    return {outside: from_terms(terms) for outside, terms in rows.items()}


def _primitive(size: Size) -> Size:
    if isinstance(size, int):
        return 1
    number = math.gcd(*(c for _, c in size.terms))
    if size.terms[0][1] < 0:
        number = -number
    return from_terms({m: c // number for m, c in size.terms})


def _split_off(size: Expr, group: frozenset[Atom]) -> Product | None:
    rows = _rows(size, group)
    alone = rows.pop((), 0)
    left = {_primitive(row) for row in rows.values()}
    if len(left) != 1:
        return None
    factor = left.pop()
    if not isinstance(factor, Expr):
        return None
    # size is factor * other + alone, where alone must be (u/v) * factor + a constant.
    other: Size = 0
    for outside, row in rows.items():
        other = add(other, from_terms({outside: terms_of(row)[0][1] // factor.terms[0][1]}))
    u, v = 0, 1
    if isinstance(alone, Expr):
        common = math.gcd(alone.terms[0][1], factor.terms[0][1])
        u, v = alone.terms[0][1] // common, factor.terms[0][1] // common
        if v < 0:
            u, v = -u, -v
    rest = add(mul(alone, v), mul(factor, -u))
    right = add(mul(other, v), u)
    if not isinstance(rest, int) or not isinstance(right, Expr):
        return None
    return Product(factor, right, -rest)


def has_period(size: Size) -> int | None:
    """A number L such that with x = L*q + r all divisions of the size by numbers become polynomials in q.

    None if something is divided by a size.
    """
    period = 1
    for monomial, _ in terms_of(size):
        for atom, _ in monomial:
            if isinstance(atom, Symbol):
                continue
            inner = [has_period(arg) for arg in atom.args]
            for part in inner:
                if part is None:
                    return None
                period = math.lcm(period, part)
            if atom.kind in ("//", "%"):
                divisor = atom.args[1]
                if not isinstance(divisor, int):
                    return None
                period = math.lcm(period, abs(divisor) * (inner[0] or 1))
    return period
