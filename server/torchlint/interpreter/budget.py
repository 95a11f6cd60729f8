"""Bounds on what one analysis may use, so that no input can hang or grow the process."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any


class BudgetExhausted(Exception):
    """The analysis ran out of `resource`; caught where a pass is started, never by the checked program."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


MAX_DEPTH = 120
MAX_COLLECTION = 100_000
MAX_STRING = 1_000_000
MAX_INT_BITS = 512  # products of two are still within the range of a float

_DIGITS = re.compile(r"\d+")


class Budget:
    """Steps and wall time of one pass."""

    __slots__ = ("deadline", "steps")

    def __init__(self, steps: int = 3_000_000, seconds: float = 10.0) -> None:
        self.steps = steps
        self.deadline = time.monotonic() + seconds

    def step(self) -> None:
        """Charge one statement or call. Raises BudgetExhausted."""
        self.steps -= 1
        if self.steps & 0x3F == 0 and (self.steps <= 0 or time.monotonic() > self.deadline):
            raise BudgetExhausted("steps" if self.steps <= 0 else "time")


def extend(values: list[Any], items: Iterator[Any]) -> None:
    """Append what there is, which may read `values` itself. Raises BudgetExhausted where the list would grow too long."""
    added = list(islice(items, MAX_COLLECTION + 1))
    if len(values) + len(added) > MAX_COLLECTION:
        raise BudgetExhausted("collection size")
    values.extend(added)


def check_weight(value: Any) -> None:
    """Raises BudgetExhausted for nested tuples and lists that, written out, would be too long to compare, print or hash."""
    pending, seen = [value], 0
    while pending:
        for part in pending.pop():
            seen += 1
            if isinstance(part, (tuple, list)):
                pending.append(part)
        if seen > MAX_COLLECTION:
            raise BudgetExhausted("collection size")


def check_width(spec: str) -> None:
    """Raises BudgetExhausted for a format that pads to a text that is too long."""
    if any(len(digits) > 15 or int(digits) > MAX_STRING for digits in _DIGITS.findall(spec)):
        raise BudgetExhausted("text length")
