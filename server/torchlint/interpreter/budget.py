"""Bounds on what one analysis may use, so that no input can hang or grow the process."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any


class BudgetExhausted(Exception):
    """The analysis ran out of `resource`; caught where a pass is started, never by the checked program."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


class Cancelled(BaseException):
    """Nobody wants the result any more. It is no `Exception`: nothing on the way may take it for a failure of the program."""


_unwanted: ContextVar[Callable[[], bool] | None] = ContextVar("unwanted", default=None)


@contextmanager
def cancelled_by(unwanted: Callable[[], bool]) -> Iterator[None]:
    """Passes inside the block raise Cancelled soon after `unwanted` says so."""
    token = _unwanted.set(unwanted)
    try:
        yield
    finally:
        _unwanted.reset(token)


def check_wanted() -> None:
    """Raises Cancelled if nobody wants the result of the analysis that runs."""
    unwanted = _unwanted.get()
    if unwanted is not None and unwanted():
        raise Cancelled


MAX_DEPTH = 120
MAX_COLLECTION = 100_000
MAX_STRING = 1_000_000
MAX_INT_BITS = 512  # products of two are still within the range of a float

_stood_still = 0.0


def now() -> float:
    """Seconds that this thread has computed for, so that a busy machine changes no finding; the clock stands still while
    something is loaded that is no part of the analysis."""
    return time.thread_time() - _stood_still


@contextmanager
def clock_stopped() -> Iterator[None]:
    """What runs inside the block takes no time from any budget."""
    global _stood_still
    before = now()
    try:
        yield
    finally:
        _stood_still += now() - before


_DIGITS = re.compile(r"\d+")


class PartExhausted(BudgetExhausted):
    """A part of the work took more than its share; the rest may go on."""


@dataclass
class Allowance:
    """Seconds beside the budgets of passes, for what is done once for all of them."""

    seconds: float
    is_lent: bool = False


class Budget:
    """Steps and wall time of one pass. A part of it may be given fewer steps: it ends where `floor` of them are left."""

    __slots__ = ("deadline", "floor", "steps")

    def __init__(self, steps: int = 3_000_000, seconds: float = 10.0) -> None:
        self.steps = steps
        self.floor = 0
        self.deadline = now() + seconds

    def step(self) -> None:
        """Charge one statement or call. Raises BudgetExhausted, and Cancelled."""
        self.steps -= 1
        if self.steps & 0xFF == 0:
            check_wanted()
            if self.steps <= 0 or now() > self.deadline:
                raise BudgetExhausted("steps" if self.steps <= 0 else "time")
            if self.steps < self.floor:
                raise PartExhausted("steps")

    @contextmanager
    def lent(self, allowance: Allowance) -> Iterator[None]:
        """What runs inside the block takes its time from the allowance first, and from this budget when that is used up."""
        if allowance.is_lent or allowance.seconds <= 0:
            yield
            return
        allowance.is_lent, start = True, now()
        self.deadline += allowance.seconds
        try:
            yield
        finally:
            allowance.is_lent = False
            left = max(0.0, allowance.seconds - (now() - start))
            self.deadline -= left
            allowance.seconds = left

    @contextmanager
    def share(self, steps: int) -> Iterator[None]:
        """What runs inside the block may take that many steps; the block raises PartExhausted."""
        outer = self.floor
        self.floor = max(outer, self.steps - steps)
        try:
            yield
        finally:
            self.floor = outer

    @contextmanager
    def apart(self) -> Iterator[None]:
        """What runs inside the block is not charged to a share."""
        outer, before = self.floor, self.steps
        self.floor = 0
        try:
            yield
        finally:
            self.floor = max(0, outer - (before - self.steps))


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
