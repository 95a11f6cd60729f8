"""Tables in plain text and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torchlint.cli.console import Console, cells, cut, visible, wrap

_WIDEST = 60  # cells of a column but the last
_NARROWEST = 12
_NARROWEST_LAST = 24


@dataclass(frozen=True)
class Column:
    """A column's title, and on which side its cells stand."""

    title: str
    right: bool = False


def plain(columns: Sequence[Column], rows: Sequence[Sequence[str]], console: Console) -> list[str]:
    """The lines of a table: titles, a rule, rows. On a terminal the last column is wrapped to its width.

    In the other columns what is much too long to be read is cut, and on a terminal what has no room.
    """
    dots = "…" if console.unicode else "..."
    shown = [[*(cut(visible(cell), _WIDEST, dots) for cell in row[:-1]), visible(row[-1])] for row in rows]
    widths = [max([cells(column.title), *(cells(row[i]) for row in shown)]) for i, column in enumerate(columns)]
    if console.width is not None:
        _fit(widths, console.width)
        shown = [[*(cut(cell, w, dots) for cell, w in zip(row[:-1], widths)), row[-1]] for row in shown]
    before = sum(w + 2 for w in widths[:-1])
    titles = _line([cut(c.title, w, dots) for c, w in zip(columns, widths)], columns, widths)
    lines = [console.style(titles, "bold"), rule(before + widths[-1], console)]
    for row in shown:
        first, *rest = wrap(row[-1], widths[-1])
        lines.append(_line([*row[:-1], first], columns, widths))
        lines += [" " * before + line for line in rest]
    return lines


def _fit(widths: list[int], room: int) -> None:
    """Make columns narrower until the table fits: the last one, which wraps, then the widest of those behind the first."""
    fixed = sum(w + 2 for w in widths[:-1])
    widths[-1] = min(widths[-1], max(room - fixed, _NARROWEST_LAST))
    while sum(widths) + 2 * (len(widths) - 1) > room:
        widest = max(range(1, len(widths)), key=lambda i: widths[i] if i < len(widths) - 1 else 0)
        if widths[widest] <= _NARROWEST:
            return
        widths[widest] -= 1


def rule(width: int, console: Console) -> str:
    """A line across the table."""
    return console.style(("─" if console.unicode else "-") * width, "dim")


def _line(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = []
    for cell, column, width in zip(row, columns, widths):
        space = " " * (width - cells(cell))
        padded.append(space + cell if column.right else cell + space)
    return "  ".join(padded).rstrip()


def markdown(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [[c.title for c in columns], ["---:" if c.right else "---" for c in columns]]
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(line)} |" for line in lines]
