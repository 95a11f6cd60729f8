"""Summaries as text, Markdown and JSON."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from typing import Any

from torchlint.cli.console import Console, cells
from torchlint.cli.paths import shown
from torchlint.cli.render.json import dump
from torchlint.cli.render.table import Column, markdown, plain
from torchlint.dims.expr import Size
from torchlint.dims.printing import factored, show, show_shape
from torchlint.summary import AcceptedSizes, Graph, Requirement, ShapeTree, Summary, SummaryRow

_COLUMNS = [
    Column("Layer"),
    Column("Type"),
    Column("Output shape"),
    Column("Parameters", right=True),
    Column("Mult-adds", right=True),
    Column("How the parameters are counted"),
]
_LONG_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?![\w.])")
_BYTES = 4  # of a float32, torch's default


def print_all(summaries: list[Summary], options: argparse.Namespace, console: Console) -> None:
    """Print summaries in the form that is asked for."""
    if options.style == "repr":
        console.print("\n\n".join(s.representation for s in summaries))
    elif options.format == "json":
        found = [as_json(s) for s in summaries]
        console.print(dump(found[0] if len(found) == 1 else found))
    else:
        lines = as_text if options.format == "text" else as_markdown
        console.print("\n\n".join("\n".join(lines(s, console)) for s in summaries))


def is_open(summary: Summary) -> bool:
    """Whether something of the model could not be followed."""
    return summary.total_params is None or summary.total_mult_adds is None


def as_text(summary: Summary, console: Console) -> list[str]:
    """A table with the modules as a tree, totals and notes."""
    names = tree(summary.rows, console.unicode)
    table = plain(_COLUMNS, [_cells(row, name) for row, name in zip(summary.rows, names)], console)
    counts = _totals(summary)
    label = max(cells(title) for title, _ in counts) + 2
    return [
        console.style(_title(summary), "bold"),
        *_told(summary),
        "",
        *table,
        table[1],
        *(f"{title:{label}}{value}" for title, value in counts),
        *(f"{console.style('note:', 'note')} {note}" for note in summary.notes),
    ]


def as_markdown(summary: Summary, console: Console) -> list[str]:
    """The same as a heading, a table and a list."""
    rows = [_cells(row, f"`{row.path}`" if row.path else "") for row in summary.rows]
    return [
        f"## {_title(summary)}",
        "",
        *(line for told in _told(summary) for line in (told, "")),
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
        "input_inferred": summary.is_inferred,
        "input_accepts": [{**a._asdict(), "names": list(a.names), "values": list(a.values)} for a in summary.accepts],
        "requires": [_json_requirement(requirement) for requirement in summary.requires],
        "total_params": _json_size(summary.total_params),
        "trainable_params": _json_size(summary.trainable_params),
        "buffers": _json_size(summary.buffers),
        "total_mult_adds": _json_size(summary.total_mult_adds),
        "layers": [_json_row(row) for row in summary.rows],
        "notes": list(summary.notes),
        "graph": _json_graph(summary.graph),
    }


def _json_graph(graph: Graph | None) -> dict[str, Any] | None:
    if graph is None:
        return None
    nodes = [
        {
            "kind": node.kind,
            "name": node.name,
            "parent": node.parent,
            "path": node.path,
            "text": node.text,
            "location": _json_place(node.place),
        }
        for node in graph.nodes
    ]
    edges = [{"source": e.source, "target": e.target, "shape": _json_shape(e.shape)} for e in graph.edges]
    return {"nodes": nodes, "edges": edges}


def _json_place(place: tuple[str, int] | None) -> dict[str, Any] | None:
    return {"filename": place[0], "row": place[1]} if place else None


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
        "location": _json_place(row.place),
    }


def _json_size(size: Size | None) -> int | str | None:
    return size if size is None or isinstance(size, int) else factored(size)


def _json_shape(shape: ShapeTree | None) -> list[Any] | None:
    if shape is None:
        return None
    return [_json_shape(s) if isinstance(s, tuple) else s if isinstance(s, int) else show(s) for s in shape]


def _title(summary: Summary) -> str:
    shapes = ", ".join(show_shape(shape) for shape in summary.input)
    title = f"{summary.class_name} of {shapes}" if shapes else summary.class_name
    return f"{title}, run by {summary.runner}" if summary.runner else title


def _told(summary: Summary) -> Iterator[str]:
    """That the code says what the input is, which sizes it leaves open, and what it asks of the arguments."""
    if summary.is_inferred:
        yield "; ".join(["The input is inferred from the code", *(_accepted(accepts) for accepts in summary.accepts)])
    if summary.requires:
        yield f"The arguments must satisfy {listed([_required(r) for r in summary.requires], 'and')}"


def _required(requirement: Requirement) -> str:
    return f"{requirement.condition}{f' ({shown(requirement.place[0])}:{requirement.place[1]})' if requirement.place else ''}"


def _json_requirement(requirement: Requirement) -> dict[str, Any]:
    place = requirement.place
    return {"condition": requirement.condition, "location": {"filename": place[0], "row": place[1]} if place else None}


def _accepted(accepts: AcceptedSizes) -> str:
    names = " = ".join(accepts.names) if accepts.are_equal else listed(accepts.names, "and")
    if accepts.minimum == accepts.maximum:
        return f"{names} can only be {accepts.minimum}"
    if accepts.maximum is None:
        more = f"{', '.join(map(str, accepts.values))}, ..." if accepts.values else f"{accepts.minimum} or more"
        return f"{names} may be {more}"
    return f"{names} may be {listed(accepts.values, 'or') if accepts.values else f'{accepts.minimum} to {accepts.maximum}'}"


def listed(values: Sequence[object], last: str) -> str:
    """`1, 2 or 3`."""
    texts = [str(value) for value in values]
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _cells(row: SummaryRow, name: str) -> tuple[str, ...]:
    params = "(shared)" if row.repeated else size_text(row.params)
    return name, row.type, shape_text(row.output_shape), params, size_text(row.mult_adds), row.formula or ""


def size_text(size: Size | None) -> str:
    """`61,706`; a formula where it depends on symbols; `?` for what is unknown."""
    if size is None:
        return "?"
    text = str(size) if isinstance(size, int) else factored(size)
    return text if "," in text else _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", text)


def shape_text(shape: ShapeTree | None) -> str:
    """`[N, 10]`; `([N, 10], [N, 4])` for several values; `?` for what is unknown."""
    if shape is None:
        return "?"
    if any(isinstance(s, tuple) for s in shape):
        return f"({', '.join(shape_text(s) if isinstance(s, tuple) else '?' for s in shape)})"
    return show_shape([s for s in shape if not isinstance(s, tuple)])


def tree(rows: tuple[SummaryRow, ...], unicode: bool) -> list[str]:
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
        ("Parameters", size_text(summary.total_params)),
        ("Trainable", size_text(summary.trainable_params)),
        ("Buffers", size_text(summary.buffers)),
        ("Mult-adds", size_text(summary.total_mult_adds)),
        ("Size (float32)", size),
    ]
