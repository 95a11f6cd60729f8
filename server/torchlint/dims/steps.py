"""A bound on the work of deciding, so that no question about sizes is ever slow.

Work is counted, not timed: the same question gets the same answer on every machine.
"""

from __future__ import annotations


class Steps:
    """What may still be spent on the question at hand. A step is a look at one atom of a size, some ten microseconds.

    `total` is for all questions together, `each` for one.
    """

    __slots__ = ("_before", "_each", "_given", "_total", "left")

    def __init__(self, total: int, each: int | None = None) -> None:
        self._total = total
        self._each = total if each is None else each
        self._before = 0
        self._given = self.left = 0
        self.renew()

    @property
    def spent(self) -> int:
        """The steps of the question at hand so far."""
        return self._given - self.left

    @property
    def spent_in_all(self) -> int:
        """The steps of all questions so far."""
        return self._before + self.spent

    def renew(self) -> None:
        """Begin another question."""
        self._before += self.spent
        self.left = self._given = max(0, min(self._each, self._total - self._before))

    def spend(self, count: int) -> bool:
        """Charge some steps; whether there were any left before."""
        if self.left <= 0:
            return False
        self.left -= count
        return True
