"""Symbolic sizes in normal form.

A `Size` is an `int` or an `Expr`: a sum of integer multiples of products of atoms, where an atom is a
`Symbol` or an opaque operation (`//`, `%`, `max`, `min`) whose arguments are sizes again. Two expressions
that the ring laws make equal are structurally equal. A constant is always an `int`, never an `Expr`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
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

    `kind` says who chooses it: everyone (BATCH: must hold for all), the caller (INPUT), the caller of the
    class (PARAMETER), torchlint (HOLE) or nobody knows (DATA). `minimum` is the least value that it may
    take. `serial` counts symbols in the order of their birth.
    """

    __slots__ = ("key", "kind", "minimum", "name", "serial")

    def __init__(self, name: str, kind: Kind = Kind.INPUT, minimum: int = 1) -> None:
        self.name = name
        self.kind = kind
        self.minimum = minimum
        self.serial = next(_serial)
        self.key = f"{name}\0{self.serial:08d}"

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


Atom = Symbol | Operation


def _atom_complexity(atom: Atom) -> int:
    return 1 if isinstance(atom, Symbol) else 1 + sum(complexity_of(arg) for arg in atom.args)


def complexity_of(size: Size) -> int:
    """How many atoms it takes to write the size, what a look at it costs."""
    return size.complexity if isinstance(size, Expr) else 1


Monomial = tuple[tuple[Atom, int], ...]  # atoms with positive powers, sorted by key; () is 1


class Expr:
    """A sum of terms, sorted; never a constant. Immutable.

    `==` is structural: two expressions that it tells apart may still be equal.
    """

    __slots__ = ("_complexity", "_hash", "_key", "_symbols", "terms")

    terms: tuple[tuple[Monomial, int], ...]

    def __init__(self, terms: tuple[tuple[Monomial, int], ...]) -> None:
        self.terms = terms
        self._hash: int | None = None
        self._key: str | None = None
        self._symbols: frozenset[Symbol] | None = None
        self._complexity = 0

    @property
    def complexity(self) -> int:
        """How many atoms it takes to write the expression."""
        if not self._complexity:
            self._complexity = 1 + sum(_atom_complexity(atom) for monomial, _ in self.terms for atom, _ in monomial)
        return self._complexity

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
        if power < 0:
            raise ValueError("a size has no negative power")
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


def atom_of(size: Size) -> Atom | None:
    """The atom that the size is, None for an `int` or anything more than one atom."""
    if isinstance(size, Expr) and len(size.terms) == 1:
        monomial, coefficient = size.terms[0]
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            return monomial[0][0]
    return None


def constant_of(size: Size) -> int:
    """The constant term, 0 if there is none."""
    if isinstance(size, int):
        return size
    monomial, coefficient = size.terms[-1]
    return 0 if monomial else coefficient


def _monomial_key(monomial: Monomial) -> str:
    return "*".join(a.key if p == 1 else f"{a.key}^{p}" for a, p in monomial)


def _term_order(item: tuple[Monomial, int]) -> tuple[int, tuple[tuple[str, int], ...]]:
    # Higher degree first; the constant (degree 0) last, so that `H - 4` prints in the order people write.
    # Within a degree lexicographic by powers: an order that products keep, as `exact_quotient` needs.
    return (-sum(p for _, p in item[0]), tuple((a.key, -p) for a, p in item[0]))


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


def div_monomials(a: Monomial, b: Monomial) -> Monomial | None:
    """The product that times `b` is `a`, None if there is none."""
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


_MAX_QUOTIENT_TERMS = 64  # `(x**1000 - 1) // (x - 1)` may stay a division


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
    for _ in range(_MAX_QUOTIENT_TERMS):
        monomial, coefficient = terms_of(rest)[0]
        power = div_monomials(monomial, lead_monomial)
        if power is None or coefficient % lead_coefficient:
            return None
        step = from_terms({power: coefficient // lead_coefficient})
        quotient = add(quotient, step)
        rest = add(rest, mul(mul(step, b), -1))
        if rest == 0:
            return quotient
    return None


def floordiv(a: Size, b: Size) -> Size:
    """`a // b` as Python rounds (down); a symbolic divisor is taken to be positive.

    Raises ZeroDivisionError for 0.
    """
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if b == 0:
        raise ZeroDivisionError("integer division by zero")
    exact = exact_quotient(a, b)
    if exact is not None:
        return exact
    if not isinstance(b, int):
        left, right, factor = _cancelled(a, b)
        if factor != 1:
            return floordiv(left, right)
        whole, rest = _split(a, b)
        return add(whole, of_atom(Operation("//", (rest, b)))) if whole != 0 else of_atom(Operation("//", (a, b)))
    if b < 0:
        return floordiv(mul(a, -1), -b)
    a = _without_remainders(a, b)
    whole_terms = {m: c // b for m, c in terms_of(a)}  # floor per term; the rests stay below b
    rest_terms = {m: c % b for m, c in terms_of(a)}
    whole, rest = from_terms(whole_terms), from_terms(rest_terms)
    if isinstance(rest, int):
        return add(whole, rest // b)
    common = _common_factor(rest, b)
    if common > 1:  # (g*x + c) // (g*n) is (x + c//g) // n
        return add(whole, floordiv(from_terms({m: c // common for m, c in rest.terms}), b // common))
    if _is_negative(a, b):  # -x // 7 is -((x + 6) // 7): rounded up, as it was meant
        return add(add(whole, from_terms({m: 1 for m, _ in rest.terms if m})), mul(_round_up(rest, b), -1))
    flattened = _flatten_division(rest, b)
    return add(whole, flattened if flattened is not None else of_atom(Operation("//", (rest, b))))


def _is_negative(size: Size, divisor: int) -> bool:
    """Whether all terms that the divisor does not take out whole are negative."""
    return all(c < 0 for m, c in terms_of(size) if m and c % divisor)


def _round_up(rest: Expr, b: int) -> Size:
    """The sum of what the coefficients lack to `b`, less the constant, over `b` and rounded up."""
    lacking = from_terms({m: b - c for m, c in rest.terms if m})
    return floordiv(add(lacking, b - 1 - constant_of(rest)), b)


def _without_remainders(size: Size, divisor: int) -> Size:
    """The size with `c * (y % m)` as `c * y - c * m * (y // m)` where the divisor takes `c * m` out whole.

    What is added to reach an even size, `y + y % 2`, is `2 * ((y + 1) // 2)`.
    """
    for monomial, coefficient in terms_of(size):
        if len(monomial) == 1 and monomial[0][1] == 1:
            atom = monomial[0][0]
            if isinstance(atom, Operation) and atom.kind == "%":
                numerator, m = atom.args
                if isinstance(m, int) and coefficient * m % divisor == 0:
                    size = add(size, from_terms({monomial: -coefficient}))
                    sign = -1 if m == 2 and coefficient > 0 else 1
                    whole = floordiv(mul(numerator, sign), m)
                    size = add(size, mul(add(mul(numerator, sign), mul(whole, -m)), coefficient))
    return size


def _common_factor(size: Expr, divisor: int) -> int:
    """The greatest common divisor of `divisor` and the coefficients of everything but the constant."""
    return math.gcd(divisor, *(c for m, c in size.terms if m))


def _split(a: Size, b: Expr) -> tuple[Size, Size]:
    """`a` as (whole, rest) with a == whole * b + rest: out go the terms that `b` divides, if it is one."""
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
    return floordiv(add(numerator, m * constant_of(rest)), m * divisor)


def common_monomial(sizes: tuple[Size, ...]) -> Monomial:
    """The product of symbols of at least 1 that every term of every size has."""
    common: dict[Symbol, int] | None = None
    for size in sizes:
        for monomial, _ in terms_of(size):
            here = {a: p for a, p in monomial if isinstance(a, Symbol) and a.minimum >= 1}
            common = here if common is None else {a: min(p, here[a]) for a, p in common.items() if a in here}
            if not common:
                return ()
    return tuple(sorted((common or {}).items(), key=lambda item: item[0].key))


def without(size: Size, monomial: Monomial) -> Size:
    """The size over a product of atoms, unchanged where some term does not have it."""
    quotient = exact_quotient(size, from_terms({monomial: 1})) if monomial else None
    return size if quotient is None else quotient


def _cancelled(a: Size, b: Expr) -> tuple[Size, Size, Size]:
    """Both sizes without the positive factor that they share, a number times symbols of at least 1, and the factor."""
    number = math.gcd(*(c for size in (a, b) for _, c in terms_of(size)))
    factor = from_terms({common_monomial((a, b)): number})
    left, right = exact_quotient(a, factor), exact_quotient(b, factor)
    return (a, b, 1) if left is None or right is None else (left, right, factor)


def mod(a: Size, b: Size) -> Size:
    """`a % b` with the sign of `b`, as in Python; a symbolic divisor is taken to be positive."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    if b == 0:
        raise ZeroDivisionError("integer modulo by zero")
    if isinstance(b, int):
        if b < 0:
            return mul(mod(mul(a, -1), -b), -1)
        a = _without_remainders(a, b)
        rest = from_terms({m: c % b for m, c in terms_of(a)})
        if isinstance(rest, int):
            return rest % b
        if b > 2 and _is_negative(a, b):  # -x % 7 is what x lacks to the next multiple of 7
            left = from_terms({m: c for m, c in terms_of(a) if c % b})
            return add(left, mul(floordiv(left, b), -b))
        common = _common_factor(rest, b)
        if common > 1:  # (g*x + c) % (g*n) is g * ((x + c//g) % n) + c % g
            constant = constant_of(rest)
            inner = from_terms({m: c // common for m, c in rest.terms})
            return add(mul(mod(inner, b // common), common), constant % common)
        return of_atom(Operation("%", (rest, b)))
    if exact_quotient(a, b) is not None:
        return 0
    left, right, factor = _cancelled(a, b)
    if factor != 1:
        return mul(mod(left, right), factor)
    return of_atom(Operation("%", (_split(a, b)[1], b)))


def maximum(*sizes: Size) -> Size:
    """The largest of the sizes."""
    return _extremum("max", sizes)


def minimum(*sizes: Size) -> Size:
    """The smallest of the sizes."""
    return _extremum("min", sizes)


def _extremum(kind: str, sizes: tuple[Size, ...]) -> Size:
    pick = max if kind == "max" else min
    # Sizes that differ by a constant are comparable: of each such family, one stays.
    families: dict[Size, int] = {}
    for size in _flat(kind, sizes):
        constant = constant_of(size)
        rest = add(size, -constant)
        families[rest] = pick(families.get(rest, constant), constant)
    args = [add(rest, constant) for rest, constant in families.items()]
    if len(args) == 1:
        return args[0]
    args.sort(key=lambda a: (isinstance(a, int), str(a) if isinstance(a, int) else a.key))
    return of_atom(Operation(kind, tuple(args)))


def _flat(kind: str, sizes: tuple[Size, ...]) -> list[Size]:
    flat: list[Size] = []
    for size in sizes:
        atom = atom_of(size)
        if isinstance(atom, Operation) and atom.kind == kind:
            flat.extend(atom.args)
        else:
            flat.append(size)
    return flat


def product(sizes: tuple[Size, ...] | list[Size]) -> Size:
    """The product of the sizes, 1 for none."""
    result: Size = 1
    for size in sizes:
        result = result * size
    return result


def symbols_of(size: Size) -> frozenset[Symbol]:
    """Every symbol that the size depends on."""
    if isinstance(size, int):
        return _NO_SYMBOLS
    if size._symbols is None:
        found: set[Symbol] = set()
        for monomial, _ in size.terms:
            for atom, _ in monomial:
                if isinstance(atom, Symbol):
                    found.add(atom)
                else:
                    found.update(*(symbols_of(arg) for arg in atom.args))
        size._symbols = frozenset(found)
    return size._symbols


_NO_SYMBOLS: frozenset[Symbol] = frozenset()


def by_age(symbols: Iterable[Symbol]) -> list[Symbol]:
    """The symbols, oldest first."""
    return sorted(symbols, key=lambda s: s.serial)


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


def evaluate(size: Size, values: Mapping[Symbol, int]) -> int:
    """The number that the size is when every symbol has its value.

    Raises ZeroDivisionError if a symbolic divisor is not positive, KeyError if a symbol has no value.
    """
    if isinstance(size, int):
        return size
    total = 0
    for monomial, coefficient in size.terms:
        term = coefficient
        for atom, power in monomial:
            value = values[atom] if isinstance(atom, Symbol) else _evaluate_operation(atom, values)
            term *= value if power == 1 else value**power
        total += term
    return total


def _evaluate_operation(operation: Operation, values: Mapping[Symbol, int]) -> int:
    args = [evaluate(arg, values) for arg in operation.args]
    if operation.kind == "max":
        return max(args)
    if operation.kind == "min":
        return min(args)
    if args[1] <= 0:
        raise ZeroDivisionError("a divisor is positive")
    return args[0] // args[1] if operation.kind == "//" else args[0] % args[1]
