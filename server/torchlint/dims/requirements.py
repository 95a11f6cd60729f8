"""Facts as the conditions that a person would write: `dim % heads == 0`, `H % 2 == 0`, `hidden == 4*dim`."""

from __future__ import annotations

import re

from torchlint.dims.expr import Expr, Operation, Size, constant_of, from_terms
from torchlint.dims.printing import plain
from torchlint.dims.relation import Relation, constraint, reduced

_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NAME = re.compile(r"[\w.]+")


def requirement(relation: Relation) -> str:
    """The relation as a condition of Python."""
    left, op, right = relation
    if op == "divides":
        left, right = reduced(left, right)
        return f"{_operand(right)} % {_operand(left)} == 0"
    if op == "==":
        remainder = _as_remainder(constraint(relation).size)
        if remainder is not None:
            size, divisor, rest = remainder
            return f"{_operand(size)} % {_operand(divisor)} == {rest}"
    if isinstance(left, int):
        left, op, right = right, _FLIPPED[op], left
    return f"{plain(left)} {op} {plain(right)}"


def as_division(relation: Relation) -> Relation:
    """The relation with `divides`, where it is an equation that says so."""
    remainder = _as_remainder(constraint(relation).size) if relation.op == "==" else None
    if remainder is None:
        return relation
    size, divisor, rest = remainder
    return Relation(divisor, "divides", size - rest)


def _as_remainder(size: Size) -> tuple[Size, Size, int] | None:
    """The equation `size == 0` as `x % divisor == rest`: `H == 2*((H + 1)//2)` says that H is even."""
    for monomial, coefficient in size.terms if isinstance(size, Expr) else ():
        for atom, power in monomial:
            if not isinstance(atom, Operation) or power > 1 or atom.kind not in ("//", "%"):
                continue
            numerator, divisor = atom.args
            cofactor = from_terms({tuple(item for item in monomial if item[0] != atom): coefficient})
            sign = -1 if coefficient < 0 else 1
            if cofactor != (divisor * sign if atom.kind == "//" else sign):
                continue
            others = (size - from_terms({monomial: coefficient})) * sign
            rest = numerator + others if atom.kind == "//" else others * -1  # d*(n//d) is n - n % d
            if isinstance(rest, int) and 0 <= rest < (divisor if isinstance(divisor, int) else 1):
                constant = constant_of(numerator)
                if isinstance(divisor, int):
                    return numerator - constant, divisor, (rest - constant) % divisor
                return numerator, divisor, rest
    return None


def _operand(size: Size) -> str:
    text = plain(size)
    return text if _NAME.fullmatch(text) else f"({text})"
