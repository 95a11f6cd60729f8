"""Summaries as text, Markdown and JSON."""

from __future__ import annotations

from typing import Any

from torchlint.cli.console import Console, cells
from torchlint.cli.render.table import Column, markdown, plain
from torchlint.dims.expr import Size
from torchlint.dims.printing import factored, show, show_shape
from torchlint.summary import ShapeTree, Summary, SummaryRow

_COLUMNS = [
    Column("Layer"),
    Column("Type"),
    Column("Output shape"),
    Column("Parameters", right=True),
    Column("Mult-adds", right=True),
    Column("How the parameters are counted"),
]
_BYTES = 4  # of a float32, torch's default


def as_text(summary: Summary, console: Console) -> list[str]:
    """A table with the modules as a tree, totals and notes."""
    names = _tree(summary.rows, console.unicode)
    table = plain(_COLUMNS, [_cells(row, name) for row, name in zip(summary.rows, names)], console)
    totals = _totals(summary)
    label = max(cells(title) for title, _ in totals) + 2
    return [
        console.style(_title(summary), "bold"),
        "",
        *table,
        table[1],
        *(f"{title:{label}}{value}" for title, value in totals),
        *(f"{console.style('note:', 'note')} {note}" for note in summary.notes),
    ]


def as_markdown(summary: Summary, console: Console) -> list[str]:
    """The same as a heading, a table and a list."""
    rows = [_cells(row, f"`{row.path}`" if row.path else "") for row in summary.rows]
    return [
        f"## {_title(summary)}",
        "",
        *markdown(_COLUMNS, rows),
        "",
        *(f"- {title}: {value}" for title, value in _totals(summary)),
        *(f"- Note: {note}" for note in summary.notes),
    ]


def as_json(summary: Summary) -> dict[str, Any]:
    """Sizes are numbers, or strings where they depend on symbols; null is unknown."""
    return {
        "class": summary.class_name,
        "input": [_json_shape(shape) for shape in summary.input],
        "total_params": _json_size(summary.total_params),
        "trainable_params": _json_size(summary.trainable_params),
        "buffers": _json_size(summary.buffers),
        "total_mult_adds": _json_size(summary.total_mult_adds),
        "layers": [_json_row(row) for row in summary.rows],
        "notes": list(summary.notes),
    }


def _json_row(row: SummaryRow) -> dict[str, Any]:
    return {
        "path": row.path,
        "type": row.type,
        "input_shape": _json_shape(row.input_shape),
        "output_shape": _json_shape(row.output_shape),
        "params": _json_size(row.params),
        "own_params": _json_size(row.own_params),
        "formula": row.formula,
        "mult_adds": _json_size(row.mult_adds),
        "repeated": row.repeated,
        "location": {"filename": row.place[0], "row": row.place[1]} if row.place else None,
    }


def _json_size(size: Size | None) -> int | str | None:
    return size if size is None or isinstance(size, int) else factored(size)


def _json_shape(shape: ShapeTree | None) -> list[Any] | None:
    if shape is None:
        return None
    return [_json_shape(s) if isinstance(s, tuple) else s if isinstance(s, int) else show(s) for s in shape]


def _title(summary: Summary) -> str:
    shapes = ", ".join(show_shape(shape) for shape in summary.input)
    return f"{summary.class_name} of {shapes}" if shapes else summary.class_name


def _cells(row: SummaryRow, name: str) -> tuple[str, ...]:
    params = "(shared)" if row.repeated else _size(row.params)
    return name, row.type, _shape(row.output_shape), params, _size(row.mult_adds), row.formula or ""


def _size(size: Size | None) -> str:
    if size is None:
        return "?"
    return f"{size:,}" if isinstance(size, int) else factored(size)


def _shape(shape: ShapeTree | None) -> str:
    """`[N, 10]`; `([N, 10], [N, 4])` for several values; `?` for what is unknown."""
    if shape is None:
        return "?"
    if any(isinstance(s, tuple) for s in shape):
        return f"({', '.join(_shape(s) if isinstance(s, tuple) else '?' for s in shape)})"
    return show_shape([s for s in shape if not isinstance(s, tuple)])


def _tree(rows: tuple[SummaryRow, ...], unicode: bool) -> list[str]:
    """Each row's name behind the branches of the tree that it hangs on."""
    fork, corner, bar = ("├─ ", "└─ ", "│  ") if unicode else ("|- ", "`- ", "|  ")
    names: list[str] = []
    follows: dict[int, bool] = {}  # by depth: whether a row of this depth comes further down the same branch
    for row in reversed(rows):
        name = row.path.rpartition(".")[2]
        if row.depth:
            stem = "".join(bar if follows.get(depth) else "   " for depth in range(1, row.depth))
            name = stem + (fork if follows.get(row.depth) else corner) + name
        follows = {depth: True for depth in follows if depth < row.depth}
        follows[row.depth] = True
        names.append(name or row.type)
    return names[::-1]


def _totals(summary: Summary) -> list[tuple[str, str]]:
    stored = (
        None if summary.total_params is None or summary.buffers is None else _BYTES * (summary.total_params + summary.buffers)
    )
    if isinstance(stored, int):
        size = f"{stored / 1e6:,.2f} MB"
    else:
        size = "?" if stored is None else f"{factored(stored)} bytes"
    return [
        ("Parameters", _size(summary.total_params)),
        ("Trainable", _size(summary.trainable_params)),
        ("Buffers", _size(summary.buffers)),
        ("Mult-adds", _size(summary.total_mult_adds)),
        ("Size (float32)", size),
    ]
