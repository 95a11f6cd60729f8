"""What a summary says, in words and as data for other programs; whoever shows it lays it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import factored, show, show_shape
from torchlint.summary import AcceptedSizes, Graph, Requirement, ShapeTree, Summary, SummaryRow

_LONG_NUMBER = re.compile(r"(?<![\w.])\d{4,}(?![\w.])")
_BYTES = 4  # of a float32, torch's default


def is_open(summary: Summary) -> bool:
    """Whether something of the model could not be followed."""
    return summary.total_params is None or summary.total_mult_adds is None


def as_json(summary: Summary) -> dict[str, Any]:
    """Sizes are numbers, or strings where they depend on symbols; null is unknown.

    A layer stands for `times` layers that are alike, with the numbers of one; its path says which: `blocks.[0:depth]`.
    """
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
        "times": _json_size(row.times),
        "location": _json_place(row.place),
    }


def _json_size(size: Size | None) -> int | str | None:
    return size if size is None or isinstance(size, int) else factored(size)


def _json_shape(shape: ShapeTree | None) -> list[Any] | None:
    if shape is None:
        return None
    return [_json_shape(s) if isinstance(s, tuple) else s if isinstance(s, int) else show(s) for s in shape]


def _json_requirement(requirement: Requirement) -> dict[str, Any]:
    place = requirement.place
    return {"condition": requirement.condition, "location": {"filename": place[0], "row": place[1]} if place else None}


def told(summary: Summary, where: Callable[[tuple[str, int]], str]) -> Iterator[str]:
    """That the code says what the input is, which sizes it leaves open, and what it asks of the arguments, `where`."""
    if summary.is_inferred:
        yield "; ".join(["The input is inferred from the code", *(_accepted(accepts) for accepts in summary.accepts)])
    if summary.requires:
        yield f"The arguments must satisfy {listed([_required(r, where) for r in summary.requires], 'and')}"


def _required(requirement: Requirement, where: Callable[[tuple[str, int]], str]) -> str:
    return f"{requirement.condition}{f' ({where(requirement.place)})' if requirement.place else ''}"


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


def size_text(size: Size | None) -> str:
    """`61,706`; a formula where it depends on symbols; `?` for what is unknown."""
    if size is None:
        return "?"
    text = str(size) if isinstance(size, int) else factored(size)
    return text if "," in text else _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", text)


def size_factor(size: Size | None) -> str:
    """A size as it stands in a product."""
    text = size_text(size)
    return f"({text})" if " " in text else text


def type_text(row: SummaryRow) -> str:
    """`Block`, or `depth x Block` for one that stands for as many."""
    return row.type if row.times == 1 else f"{size_factor(row.times)} x {row.type}"


def shape_text(shape: ShapeTree | None) -> str:
    """`[N, 10]`; `([N, 10], [N, 4])` for several values; `?` for what is unknown."""
    if shape is None:
        return "?"
    if any(isinstance(s, tuple) for s in shape):
        return f"({', '.join(shape_text(s) if isinstance(s, tuple) else '?' for s in shape)})"
    return show_shape([s for s in shape if not isinstance(s, tuple)])


def totals(summary: Summary) -> list[tuple[str, str]]:
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
