"""Conditions on sizes, which the input decides."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import plain
from torchlint.values.unknown import Unknown


class SizeCondition(Unknown):
    """A comparison of sizes whose truth depends on the input; becomes a fact of the branch that is taken."""

    __slots__ = ("left", "relation", "right")

    def __init__(self, left: Size, relation: str, right: Size, place: object) -> None:
        text = f"{plain(left)} {relation} {plain(right)}"
        super().__init__(f"`{text}` depends on the input", place, key=("size", text))
        self.left = left
        self.relation = relation
        self.right = right

    def negated(self) -> SizeCondition:
        """The opposite condition."""
        opposite = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
        return SizeCondition(self.left, opposite[self.relation], self.right, self.place)
