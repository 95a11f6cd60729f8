"""Symbolic sizes in normal form.

A `Size` is an `int` or an `Expr`: a sum of integer multiples of products of atoms, where an atom is a `Symbol` or an
opaque operation (`//`, `%`, `max`, `min`) whose arguments are sizes again. Two expressions that the ring laws make equal are
structurally equal. A constant is always an `int`, never an `Expr`.
"""

from __future__ import annotations

import itertools
from enum import Enum
from typing import Union

Size = Union[int, "Expr"]
"""An `int` or an `Expr`."""


class Kind(Enum):
    """Who chooses the value of a symbol (see `Symbol`)."""

    BATCH = "batch"
    INPUT = "input"
    PARAMETER = "parameter"
    HOLE = "hole"
    DATA = "data"


_serial = itertools.count()


class Symbol:
    """An unknown integer; equal only to itself.

    `kind` says who chooses it: everyone (BATCH: must hold for all), the caller (INPUT), the caller of the class (PARAMETER),
    torchlint (HOLE) or nobody knows (DATA). `minimum` is the least value that it may take.
    """

    __slots__ = ("key", "kind", "minimum", "name")

    def __init__(self, name: str, kind: Kind = Kind.INPUT, minimum: int = 1) -> None:
        self.name = name
        self.kind = kind
        self.minimum = minimum
        self.key = f"{name}\0{next(_serial):08d}"

    def __repr__(self) -> str:
        return self.name


class Operation:
    """An integer operation that does not reduce: `kind` is one of `//`, `%`, `max`, `min`."""

    __slots__ = ("args", "key", "kind")

    def __init__(self, kind: str, args: tuple[Size, ...]) -> None:
        self.kind = kind
        self.args = args
        self.key = f"~{kind}(" + ",".join(a.key if isinstance(a, Expr) else str(a) for a in args) + ")"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


Atom = Union[Symbol, Operation]
Monomial = tuple[tuple[Atom, int], ...]  # atoms with positive powers, sorted by key; () is 1


class Expr:
    """A sum of terms, sorted; never a constant. Immutable. `==` is structural and says nothing about values that differ."""

    __slots__ = ("_hash", "_key", "terms")

    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        self.terms = terms
        self._hash: int | None = None
        self._key: str | None = None

    @property
    def key(self) -> str:
        """A string that orders and identifies the expression."""
        if self._key is None:
            self._key = "+".join(f"{c}*{_monomial_key(m)}" for m, c in self.terms)
        return self._key

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Expr) and self.terms == other.terms)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self.key)
        return self._hash

    def __bool__(self) -> bool:
        raise TypeError("a symbolic size has no truth value: ask `same` or `compare`")

    def __repr__(self) -> str:
        return f"Expr({self.key})"

    def __add__(self, other: Size) -> Size:
        return add(self, other)

    __radd__ = __add__

    def __sub__(self, other: Size) -> Size:
        return add(self, mul(other, -1))

    def __rsub__(self, other: Size) -> Size:
        return add(other, mul(self, -1))

    def __mul__(self, other: Size) -> Size:
        return mul(self, other)

    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return mul(self, -1)

    def __floordiv__(self, other: Size) -> Size:
        return floordiv(self, other)

    def __rfloordiv__(self, other: Size) -> Size:
        return floordiv(other, self)

    def __mod__(self, other: Size) -> Size:
        return mod(self, other)

    def __rmod__(self, other: Size) -> Size:
        return mod(other, self)

    def __pow__(self, power: int) -> Size:
        result: Size = 1
        for _ in range(power):
            result = mul(result, self)
        return result


def symbol(name: str, kind: Kind = Kind.INPUT, minimum: int = 1) -> Expr:
    """A fresh symbol as a size."""
    return of_atom(Symbol(name, kind, minimum))


def of_atom(atom: Atom) -> Expr:
    """The expression that is just `atom`."""
    return Expr(((((atom, 1),), 1),))


def _monomial_key(monomial: Monomial) -> str:
    return "*".join(a.key if p == 1 else f"{a.key}^{p}" for a, p in monomial)


def _term_order(item: tuple[Monomial, int]) -> tuple[int, str]:
    # Higher degree first; the constant (degree 0) last, so that `H - 4` prints in the order people write.
    return (-sum(p for _, p in item[0]), _monomial_key(item[0]))


def terms_of(size: Size) -> tuple[tuple[Monomial, int], ...]:
    """The terms of a size, an `int` being one constant term (none for 0)."""
    if isinstance(size, Expr):
        return size.terms
    return (((), size),) if size else ()


def from_terms(terms: dict[Monomial, int]) -> Size:
    """The normal form of a sum of terms."""
    kept = [(m, c) for m, c in terms.items() if c]
    if not kept:
        return 0
    if len(kept) == 1 and not kept[0][0]:
        return kept[0][1]
    return Expr(tuple(sorted(kept, key=_term_order)))


def add(a: Size, b: Size) -> Size:
    """`a + b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    total = dict(terms_of(a))
    for monomial, coefficient in terms_of(b):
        total[monomial] = total.get(monomial, 0) + coefficient
    return from_terms(total)


def mul(a: Size, b: Size) -> Size:
    """`a * b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    total: dict[Monomial, int] = {}
    for m1, c1 in terms_of(a):
        for m2, c2 in terms_of(b):
            product = _mul_monomials(m1, m2)
            total[product] = total.get(product, 0) + c1 * c2
    return from_terms(total)


def _mul_monomials(a: Monomial, b: Monomial) -> Monomial:
    if not a:
        return b
    if not b:
        return a
    powers: dict[Atom, int] = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items(), key=lambda item: item[0].key))


def _div_monomials(a: Monomial, b: Monomial) -> Monomial | None:
    powers: dict[Atom, int] = dict(a)
    for atom, power in b:
        left = powers.get(atom, 0) - power
        if left < 0:
            return None
        if left:
            powers[atom] = left
        else:
            del powers[atom]
    return tuple(sorted(powers.items(), key=lambda item: item[0].key))


def exact_quotient(a: Size, b: Size) -> Size | None:
    """The polynomial `q` with `q * b == a`, or None if there is none."""
    if isinstance(b, int):
        if b == 0:
            return None
        if any(c % b for _, c in terms_of(a)):
            return None
        return from_terms({m: c // b for m, c in terms_of(a)})
    if a == 0:
        return 0
    lead_monomial, lead_coefficient = b.terms[0]
    quotient: Size = 0
    rest = a
    for _ in range(len(terms_of(a)) + 1):
        if rest == 0:
            return quotient
        for monomial, coefficient in terms_of(rest):
            power = _div_monomials(monomial, lead_monomial)
            if power is not None and coefficient % lead_coefficient == 0:
                step = from_terms({power: coefficient // lead_coefficient})
                break
        else:
            return None
        quotient = add(quotient, step)
        rest = add(rest, mul(mul(step, b), -1))
    return quotient if rest == 0 else None


def floordiv(a: Size, b: Size) -> Size:
    """`a // b` as Python rounds (down); a symbolic divisor is taken to be positive. Raises ZeroDivisionError for 0."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if b == 0:
        raise ZeroDivisionError("integer division by zero")
    exact = exact_quotient(a, b)
    if exact is not None:
        return exact
    if not isinstance(b, int):
        whole, rest = _split(a, b)
        return add(whole, of_atom(Operation("//", (rest, b)))) if whole != 0 else of_atom(Operation("//", (a, b)))
    if b < 0:
        return floordiv(mul(a, -1), -b)
    whole_terms = {m: c // b for m, c in terms_of(a)}  # floor per term; the rests stay below b
    rest_terms = {m: c % b for m, c in terms_of(a)}
    whole, rest = from_terms(whole_terms), from_terms(rest_terms)
    if isinstance(rest, int):
        return add(whole, rest // b)
    flattened = _flatten_division(rest, b)
    return add(whole, flattened if flattened is not None else of_atom(Operation("//", (rest, b))))


def _split(a: Size, b: Expr) -> tuple[Size, Size]:
    """`a` as (whole, rest) with a == whole * b + rest, taking out the terms that `b` divides if it is one term."""
    if len(b.terms) != 1:
        return 0, a
    whole: Size = 0
    rest: Size = 0
    for monomial, coefficient in terms_of(a):
        term = from_terms({monomial: coefficient})
        quotient = exact_quotient(term, b)
        if quotient is None:
            rest = add(rest, term)
        else:
            whole = add(whole, quotient)
    return whole, rest


def _flatten_division(rest: Expr, divisor: int) -> Size | None:
    """`(x // m + c) // n` is `(x + m * c) // (m * n)` for positive m and n: nested floors become one."""
    inner = [(m, c) for m, c in rest.terms if m]
    if len(inner) != 1 or inner[0][1] != 1 or len(inner[0][0]) != 1 or inner[0][0][0][1] != 1:
        return None
    atom = inner[0][0][0][0]
    if not isinstance(atom, Operation) or atom.kind != "//":
        return None
    numerator, m = atom.args
    if not isinstance(m, int) or m <= 0:
        return None
    constant = sum(c for mono, c in rest.terms if not mono)
    return floordiv(add(numerator, m * constant), m * divisor)


def mod(a: Size, b: Size) -> Size:
    """`a % b` with the sign of `b`, as in Python; a symbolic divisor is taken to be positive."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    if isinstance(b, int):
        if b < 0:
            return of_atom(Operation("%", (a, b)))
        rest = from_terms({m: c % b for m, c in terms_of(a)})
    else:
        rest = _split(a, b)[1] if exact_quotient(a, b) is None else 0
    if rest == 0 or (isinstance(rest, int) and isinstance(b, int)):
        return rest % b if isinstance(b, int) and isinstance(rest, int) else 0
    return of_atom(Operation("%", (rest, b)))


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes."""
    return _extremum("max", sizes)


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes."""
    return _extremum("min", sizes)


def _extremum(kind: str, sizes: tuple[Size, ...]) -> Size:
    pick = max if kind == "max" else min
    constants: list[int] = []
    others: dict[str, Expr] = {}
    for size in sizes:
        if isinstance(size, int):
            constants.append(size)
        else:
            others[size.key] = size
    if not others:
        return pick(constants)
    args: list[Size] = [others[k] for k in sorted(others)]
    if constants:
        args.append(pick(constants))
    if len(args) == 1:
        return args[0]
    return of_atom(Operation(kind, tuple(args)))


def product(sizes: tuple[Size, ...] | list[Size]) -> Size:
    """The product of the sizes, 1 for none."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result


def symbols_of(size: Size) -> set[Symbol]:
    """Every symbol that the size depends on."""
    found: set[Symbol] = set()
    for monomial, _ in terms_of(size):
        for atom, _ in monomial:
            if isinstance(atom, Symbol):
                found.add(atom)
            else:
                for arg in atom.args:
                    found |= symbols_of(arg)
    return found


def substitute(size: Size, values: dict[Symbol, Size]) -> Size:
    """The size with symbols replaced, in normal form again."""
    if isinstance(size, int) or not values:
        return size
    total: Size = 0
    for monomial, coefficient in size.terms:
        term: Size = coefficient
        for atom, power in monomial:
            value = _substitute_atom(atom, values)
            for _ in range(power):
                term = term * value
        total = total + term
    return total


def _substitute_atom(atom: Atom, values: dict[Symbol, Size]) -> Size:
    if isinstance(atom, Symbol):
        found = values.get(atom)
        return of_atom(atom) if found is None else found
    args = tuple(substitute(arg, values) for arg in atom.args)
    if atom.kind == "//":
        return floordiv(args[0], args[1])
    if atom.kind == "%":
        return mod(args[0], args[1])
    return _extremum(atom.kind, args)
