"""Where the rows of one text are in another one that was edited from it, by what the two have in common at both ends."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.diagnostics import Position, Span
from torchlint.interpreter.places import Unit
from torchlint.summary import Summary


class Move:
    """From the rows of an old text to those of a new one, and back. Rows count from 1."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        shortest = min(len(old), len(new))
        self._head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
        rest = shortest - self._head
        tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
        self._old_end, self._new_end = len(old) - tail, len(new) - tail

    @property
    def is_still(self) -> bool:
        """Whether nothing moves."""
        return self._head == self._old_end == self._new_end

    def row(self, row: int) -> int:
        """Where a row of the old text is now."""
        return _moved(row, self._head, self._old_end, self._new_end)

    def back(self, row: int) -> int:
        """Where a row of the new text was."""
        return _moved(row, self._head, self._new_end, self._old_end)

    def position(self, position: Position) -> Position:
        """Where a position of the old text is now."""
        return position._replace(row=self.row(position.row))

    def span(self, span: Span) -> Span:
        """Where a span of the old text is now."""
        return Span(self.position(span.start), self.position(span.end))

    def touches(self, row: int) -> bool:
        """Whether the row of the old text is one of those that were edited."""
        return self._head < row <= self._old_end


def _moved(row: int, head: int, end: int, new_end: int) -> int:
    if row <= head:
        return row
    if row > end:
        return row - end + new_end
    return max(1, min(row, new_end))


def moved_summary(summary: Summary, layout: Sequence[tuple[int, Unit]]) -> Summary:
    """A summary with the rows where its definitions are now; `layout` says in which rows they were when it was made."""

    def moved(place: tuple[str, int] | None) -> tuple[str, int] | None:
        if place is None:
            return None
        path, row = place
        first, unit = next(((f, u) for f, u in reversed(layout) if f <= row), (0, None))
        return place if unit is None or unit.path != path else (path, unit.row(row - first + 1))

    graph = summary.graph
    if graph is not None:
        graph = graph._replace(nodes=tuple(node._replace(place=moved(node.place)) for node in graph.nodes))
    return summary._replace(
        rows=tuple(row._replace(place=moved(row.place)) for row in summary.rows),
        requires=tuple(one._replace(place=moved(one.place)) for one in summary.requires),
        fails_at=moved(summary.fails_at),
        graph=graph,
    )
