"""Bounds on what one analysis may use, so that no input can hang or grow the process."""

from __future__ import annotations

import time


class BudgetExhausted(Exception):
    """The analysis ran out of `resource`; caught where a pass is started, never by the checked program."""

    def __init__(self, resource: str) -> None:
        super().__init__(resource)
        self.resource = resource


MAX_DEPTH = 120
MAX_COLLECTION = 100_000
MAX_STRING = 1_000_000
MAX_INT_BITS = 4096
MAX_YIELDS = 10_000


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


def bounded_int(value: int) -> int:
    """The value; raises BudgetExhausted for an int nobody computes sizes with."""
    if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
        raise BudgetExhausted("integer magnitude")
    return value
