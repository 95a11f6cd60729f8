"""Sizes and shapes as a person writes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from torchlint.dims.expr import (
    Atom,
    Expr,
    Monomial,
    Operation,
    Size,
    Symbol,
    atom_of,
    constant_of,
    exact_quotient,
    from_terms,
    of_atom,
)
from torchlint.dims.polynomial import factors, sum_of_products

_MOST_TERMS = 40  # of a sum in which something that its terms share is sought
_known: ContextVar[Callable[[Size], Size]] = ContextVar("known")


@contextmanager
def showing(known: Callable[[Size], Size]) -> Iterator[None]:
    """Show sizes with what is known put in."""
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def show(size: object) -> str:
    """The size as `plain` writes it; while a pass runs, with what it has found out put in. A program may put something else in
    the place of a size: that is left out."""
    if not isinstance(size, Expr):
        return str(size) if isinstance(size, int) else "..."
    known = _known.get(None)
    return plain(size if known is None else known(size))


def plain(size: Size) -> str:
    """The size in Python's notation: `H - 2`, `4*dim**2 + 13*dim`, `(H + 3)//4`, `max(a, b)`."""
    if isinstance(size, int):
        return str(size)
    folded = _folded_division(size)
    if folded is not None:
        return folded
    parts = factors(size) if len(size.terms) > 3 else None  # a product of sums was multiplied out
    if parts is not None:
        sign, parts = ("-", parts[1:]) if parts[0] == -1 else ("", parts)
        return sign + "*".join(_show_factor(part) for part in parts)
    products = sum_of_products(size) if len(size.terms) > 3 else None
    if products is not None:
        return _show_products(products)
    # A leading minus reads badly: begin with a positive term if there is one.
    ordered = sorted(size.terms, key=lambda term: term[1] < 0 and size.terms[0][1] < 0)
    text = ""
    for monomial, coefficient in ordered:
        sign = "-" if coefficient < 0 else "+"
        # `-H//2` would be `(-H)//2`.
        term = _show_term(monomial, abs(coefficient), among_others=sign == "-" and not text)
        text = f"{text} {sign} {term}" if text else term if sign == "+" else f"-{term}"
    return text


def _show_products(products: list[tuple[int, Size, Size]]) -> str:
    text = ""
    for coefficient, left, right in sorted(products, key=lambda product: product[0] < 0):
        number = "" if abs(coefficient) == 1 else f"{abs(coefficient)}*"
        term = f"{number}{_show_factor(left)}*{_show_factor(right)}"
        sign = "-" if coefficient < 0 else "+"
        text = f"{text} {sign} {term}" if text else term if sign == "+" else f"-{term}"
    return text


def _show_factor(size: Size) -> str:
    if isinstance(size, Expr) and len(size.terms) == 1:
        return _show_term(*size.terms[0], among_others=True)
    return str(size) if isinstance(size, int) else f"({plain(size)})"


def _folded_division(size: Size) -> str | None:
    """`H//2 - 2` as `(H - 4)//2`: a division and a constant are one division, as they were computed."""
    constant = constant_of(size)
    atom = atom_of(size - constant)
    if not constant or not isinstance(atom, Operation) or atom.kind != "//":
        return None
    numerator, divisor = atom.args
    if not isinstance(divisor, int) or (constant > 0 and not constant_of(numerator)):
        return None  # `T//2 + 1` is how people write it
    return _show_division(numerator + constant * divisor, "//", divisor)


def _show_term(monomial: Monomial, coefficient: int, among_others: bool = False) -> str:
    if not monomial:
        return str(coefficient)
    factors = [str(coefficient)] if coefficient != 1 else []
    alone = len(monomial) == 1 and coefficient == 1 and monomial[0][1] == 1 and not among_others
    for atom, power in monomial:
        text = _show_atom(atom)
        # `2*a//b` would be `(2*a)//b`.
        if isinstance(atom, Operation) and atom.kind in ("//", "%") and not alone:
            text = f"({text})"
        factors.append(text if power == 1 else f"{text}**{power}")
    return "*".join(factors)


def _show_atom(atom: Atom) -> str:
    if isinstance(atom, Symbol):
        return atom.name
    if atom.kind in ("max", "min"):
        return f"{atom.kind}({', '.join(plain(arg) for arg in atom.args)})"
    return _show_division(atom.args[0], atom.kind, atom.args[1])


def _show_division(left: Size, sign: str, right: Size) -> str:
    return f"{_show_operand(left)}{sign}{_show_operand(right)}"


def _show_operand(size: Size) -> str:
    text = plain(size)
    atom = atom_of(size)
    bare = (isinstance(size, int) and size >= 0) or isinstance(atom, Symbol)
    bare = bare or (isinstance(atom, Operation) and atom.kind in ("max", "min"))
    return text if bare else f"({text})"


def show_shape(shape: Sequence[Size]) -> str:
    """`[N, 64, H//2]`."""
    return f"[{', '.join(show(size) for size in shape)}]"


def factored(size: Size) -> str:
    """Like `show`, but `depth*(12*dim**2 + 13*dim)`: what terms share is taken out if that is shorter.

    What is left of a sum in one atom stays as it is: `4*dim**2 + 4*dim` is how parameters are counted.
    """
    return str(size) if isinstance(size, int) else _factored(size)


@lru_cache(maxsize=1024)  # what is left of a sum is left of it in several ways, and totals are shown in several places
def _factored(size: Expr) -> str:
    text = plain(size)
    if len(size.terms) < 2 or len(size.terms) > _MOST_TERMS:
        return text
    least = {atom: min(dict(m).get(atom, 0) for m, _ in size.terms) for atom, _ in size.terms[0][0]}
    shared = tuple((atom, power) for atom, power in least.items() if power)
    same_power = tuple(item for item in shared if all(item in m for m, _ in size.terms))
    several = len({atom for m, _ in size.terms for atom, _ in m}.difference(atom for atom, _ in same_power)) > 1
    texts = [text]
    for monomial in (same_power, shared if several and len(shared) > 1 else same_power):
        for coefficient in (1, math.gcd(*(c for _, c in size.terms))):
            inner = exact_quotient(size, from_terms({monomial: coefficient}))
            if inner is not None and inner != size:
                texts.append(f"{_show_term(monomial, coefficient, among_others=True)}*({plain(inner)})")
    return min([*texts, *_sums_of_multiples(size)], key=len)


def _sums_of_multiples(size: Expr) -> Iterator[str]:
    """`depth*(8*dim**2 + 7*dim) + 17*dim`: the terms that are multiples of a symbol together, and then the others."""
    atoms = Counter(atom for monomial, _ in size.terms for atom, _ in monomial)
    highest = {atom: max(dict(monomial).get(atom, 0) for monomial, _ in size.terms) for atom in atoms}
    for atom, times in atoms.items():
        if highest[atom] == 1 and 1 < times < len(size.terms) and isinstance(atom, Symbol):
            multiples = from_terms({m: c for m, c in size.terms if atom in dict(m)})
            each, others = exact_quotient(multiples, of_atom(atom)), size - multiples
            if each is not None:
                rest = factored(others)
                rest = f" - {rest[1:]}" if rest.startswith("-") and not isinstance(others, int) else f" + {rest}"
                yield f"{_multiple(atom.name, each)}{rest if others != 0 else ''}"


def _multiple(name: str, each: Size) -> str:
    text = factored(each)
    if not _is_product(text):
        return f"{name}*({text})"
    number, times, rest = text.partition("*")
    return f"{number}*{name}*{rest}" if times and number.isdigit() else f"{name}*{text}"


def _is_product(text: str) -> bool:
    """Whether it is no sum, outside of parentheses."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if not depth and character in "+-/% ":
            return False
    return True
