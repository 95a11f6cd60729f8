"""From a finished analysis to answers about each definition of the file; those of a definition that did not change are kept."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from torchlint.analysis import Analysis
from torchlint.diagnostics import Position, Span
from torchlint.dims.facts import using
from torchlint.dims.printing import show, show_shape
from torchlint.editor.answers import About, Answers, Fit, Hint, Hover, Known, Layer, Lens, Placed, Symbol
from torchlint.editor.classes import class_lens, class_text, signature_text
from torchlint.editor.layers import flow, layer_text
from torchlint.editor.moving import moved_summary
from torchlint.editor.values import brief, described, shape_of
from torchlint.interpreter.budget import check_wanted
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place, Unit
from torchlint.remembering import Memory
from torchlint.source.document import Document
from torchlint.source.outline import parse
from torchlint.summarizing import summary_of
from torchlint.summary import Summary, SummaryRow
from torchlint.summary_text import size_text
from torchlint.values.module import Module, named_modules
from torchlint.values.tensor import Tensor

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_INPUT_AXES = {
    "in_features": -1, "input_size": -1, "embed_dim": -1, "normalized_shape": -1,
    "in_channels": 1, "num_features": 1, "num_channels": 1,
}  # fmt: skip
"""The parameters of layers that say a size of their input, and which."""
_Layout = tuple[tuple[int, Unit], ...]


class Describer:
    """Answers about one file, kept for the definitions and passes that they hold for."""

    def __init__(self) -> None:
        self._kept: dict[Unit, tuple[Pass, _Layout, About]] = {}
        self._summaries: dict[Exploration, tuple[_Layout, Summary]] = {}

    def describe(self, analysis: Analysis, memory: Memory) -> Answers:
        """The answers after an analysis. Raises Cancelled, and keeps what it has found until then."""
        file = analysis.file
        kept: dict[Unit, tuple[Pass, _Layout, About]] = {}
        summaries: dict[Exploration, tuple[_Layout, Summary]] = {}
        layout = tuple((unit.first_row, unit) for unit, _ in memory.pieces)
        rows = _rows(layout)
        seen: dict[Pass, dict[Unit, _Seen]] = {}
        parts: list[Placed] = []
        for unit, definition in memory.pieces:
            check_wanted()
            exploration = file.classes.get(definition.name) if definition.kind == "class" else None
            if exploration is None and definition.name in file.factories:
                exploration = file.factories[definition.name]
            one = file.script if exploration is None else exploration.main
            known = self._kept.get(unit)
            if known is None or ((known[0] is not one or _rows(known[1]) != rows) and not memory.is_stale(unit)):
                tree = parse(definition)
                summary = None
                if exploration is not None and isinstance(one.model, Module):
                    name = definition.name if definition.kind == "class" else one.model.type_name
                    summary = self._summary(exploration, name, layout)
                    self._summaries[exploration] = summaries[exploration] = layout, summary
                if one not in seen:
                    seen[one] = _seen_by_unit(one)
                body = tree if isinstance(tree, ast.Module) else ast.Module([], [])
                own = Document(unit.path, unit.text)
                subject = _Subject(unit, body, one, summary, seen[one].get(unit) or _Seen([], []), own)
                known = self._kept[unit] = (one, layout, _about(definition.name, subject))
            elif exploration is not None and exploration in self._summaries:
                summaries[exploration] = self._summaries[exploration]
            kept[unit] = known
            parts.append(Placed(unit.first_row, unit.rows, known[2]))
        self._kept, self._summaries = kept, summaries
        return Answers(file.document, analysis.diagnostics, tuple(parts))

    def _summary(self, exploration: Exploration, name: str, layout: _Layout) -> Summary:
        """The summary of a class, which takes some time to make, with the rows where its layers are now."""
        known = self._summaries.get(exploration)
        if known is None:
            return summary_of(exploration, name)
        before, summary = known
        return summary if _rows(before) == _rows(layout) else moved_summary(summary, before)


def _rows(layout: _Layout) -> list[int]:
    """The rows at which the definitions begin: while these are the same, so are the rows that answers speak of."""
    return [row for row, _ in layout]


class _Seen(NamedTuple):
    """What a pass saw in one definition: the results of calls and operators, and what names were bound to."""

    results: list[tuple[ast.AST, Any]]
    bound: list[tuple[str, ast.AST, Any]]


def _seen_by_unit(one: Pass) -> dict[Unit, _Seen]:
    found: dict[Unit, _Seen] = {}
    for operation in one.trace.operations:
        found.setdefault(operation.place.unit, _Seen([], [])).results.append((operation.place.node, operation.result))
    for call in one.trace.module_calls:
        if call.place is not None:
            found.setdefault(call.place.unit, _Seen([], [])).results.append((call.place.node, call.output))
    for (_, _, name), (place, value) in one.trace.assigned.items():
        found.setdefault(place.unit, _Seen([], [])).bound.append((name, place.node, value))
    return found


class _Subject(NamedTuple):
    """A definition with the pass that is shown for it, and its summary if it is a model."""

    unit: Unit
    tree: ast.Module
    one: Pass
    summary: Summary | None
    seen: _Seen
    document: Document

    def span(self, node: ast.AST) -> Span:
        """The span of a node in rows of the definition."""
        return self.document.span(node)


class _Made(NamedTuple):
    """A construction in the text, with the first module that it makes, and how many that are."""

    node: ast.Call
    module: Module
    row: SummaryRow
    times: int


def _about(name: str, subject: _Subject) -> About:
    rows = len(subject.document.lines)
    summary = subject.summary
    cls = next((node for node in subject.tree.body if isinstance(node, ast.ClassDef)), None)
    with using(subject.one.facts):
        made = list(_made(subject, summary)) if summary is not None else []
        layers = tuple(_layers(subject, summary)) if summary is not None and cls is not None else ()
        hovers = [*_layer_hovers(subject, made, layers), *_expressions(subject)]
        lenses: tuple[Lens, ...] = ()
        if cls is not None and summary is not None:
            title, kind = class_lens(summary), subject.span(cls)
            lenses = (Lens(Span(kind.start, kind.start), title, name),)
            hovers += [Hover(_name_span(subject, cls), class_text(summary)), *_signatures(subject, cls, summary)]
        return About(
            name=name,
            rows=rows,
            hints=(*_shape_hints(subject), *_count_hints(subject, made)),
            hovers=tuple(h for h in hovers if h.text),
            names=tuple(_names(subject)),
            lenses=lenses,
            symbols=tuple(_symbols(subject, summary, layers)),
            layers=layers,
            uses=tuple(_uses(subject, cls, {layer.name for layer in layers})) if cls is not None else (),
            fits=tuple(_fits(subject, made)),
            summary=summary,
        )


def _name_span(subject: _Subject, node: ast.ClassDef | _Function) -> Span:
    """Where the name of a class or function stands."""
    row = node.lineno
    line = subject.unit.line(row)
    before = len(line.encode()[: node.col_offset].decode())
    column = line.find(node.name, before + len("def")) + 1
    start = Position(row, max(1, column))
    return Span(start, start._replace(column=start.column + len(node.name)))


def _made(subject: _Subject, summary: Summary) -> Iterator[_Made]:
    rows = {row.path: row for row in summary.rows}
    found: dict[int, _Made] = {}
    counts: Counter[int] = Counter()
    for path, module in named_modules(subject.one.model):
        place = module.created
        if (
            path
            and isinstance(place, Place)
            and place.unit is subject.unit
            and isinstance(place.node, ast.Call)
            and path in rows
        ):
            counts[id(place.node)] += 1
            found.setdefault(id(place.node), _Made(place.node, module, rows[path], 1))
    return (one._replace(times=counts[key]) for key, one in found.items())


def _layers(subject: _Subject, summary: Summary) -> Iterator[Layer]:
    rows = {row.path: row for row in summary.rows}
    for name, module in vars(subject.one.model).get("_modules", {}).items():
        if isinstance(module, Module) and name in rows:
            place = module.created
            here = isinstance(place, Place) and place.unit is subject.unit
            detail = ", ".join(filter(None, [flow(rows[name]), _count(rows[name])]))
            yield Layer(name, module.type_name, detail, subject.span(place.node) if here else None)


def _count(row: SummaryRow) -> str:
    return f"{size_text(row.params)} parameters" if row.params is not None and row.params != 0 else ""


def _layer_hovers(subject: _Subject, made: list[_Made], layers: tuple[Layer, ...]) -> Iterator[Hover]:
    texts = {one.row.path: layer_text(one.module, one.row, one.times) for one in made}
    for one in made:
        yield Hover(subject.span(one.node.func), texts[one.row.path])
    names = {layer.name for layer in layers}
    for node in ast.walk(subject.tree):
        if isinstance(node, ast.Attribute) and _is_self(node.value) and node.attr in names and node.attr in texts:
            yield Hover(subject.span(node), texts[node.attr])


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _expressions(subject: _Subject) -> Iterator[Hover]:
    """What calls and operators give."""
    results = {id(node): (node, value) for node, value in subject.seen.results}
    for node, value in results.values():
        text = " ".join(subject.unit.source(node).split())
        yield Hover(subject.span(node), described(text if len(text) <= 60 else "...", value, subject.one))


def _functions(tree: ast.Module) -> list[_Function]:
    return [node for node in ast.walk(tree) if isinstance(node, _Function)]


def _rows_of(subject: _Subject, row: int) -> range:
    """The rows of the innermost function around a row, or of everything."""
    around = [f for f in _functions(subject.tree) if f.lineno <= row <= (f.end_lineno or f.lineno)]
    if not around:
        return range(1, subject.unit.text.count("\n") + 2)
    inner = max(around, key=lambda f: f.lineno)
    return range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)


def _names(subject: _Subject) -> Iterator[Known]:
    for name, node, value in subject.seen.bound:
        if name != "return":
            start = subject.span(node).start
            text = described(name, value, subject.one)
            if text:
                yield Known(name, start, _rows_of(subject, start.row), text)
    for function in _functions(subject.tree):
        if function.name == "forward" and isinstance(subject.one.model, Module):
            rows = range(function.lineno, (function.end_lineno or function.lineno) + 1)
            for name, value in subject.one.inputs.items():
                text = described(name, value, subject.one)
                if text:
                    yield Known(name, Position(function.lineno, 1), rows, text)


def _shape_hints(subject: _Subject) -> Iterator[Hint]:
    """The shapes of what a statement assigns, at its end; of several names each with its own."""
    ends: dict[int, ast.stmt] = {}
    for node in ast.walk(subject.tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            ends.update({id(inner): node for target in _targets(node) for inner in ast.walk(target)})
        elif isinstance(node, ast.Return):
            ends[id(node)] = node
    found: dict[int, tuple[ast.stmt, list[tuple[str, Any]]]] = {}
    for name, node, value in subject.seen.bound:
        if id(node) in ends:
            statement = ends[id(node)]
            found.setdefault(id(statement), (statement, []))[1].append((name, value))
    for statement, values in found.values():
        shapes = [(name, brief(value, subject.one)) for name, value in values]
        shown = [(name, shape) for name, shape in shapes if shape]
        if shown:
            label = shown[0][1] if len(values) == 1 else ", ".join(f"{name}: {shape}" for name, shape in shown)
            tooltip = "\n\n".join(described(name, value, subject.one) for name, value in values)
            same = len(values) == 1 and _keeps_shape(values[0][1], statement, subject)
            yield Hint(subject.span(statement).end, label, tooltip, "shape", same)


def _targets(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _keeps_shape(value: Any, statement: ast.stmt, subject: _Subject) -> bool:
    """Whether a tensor has the shape of the one that the statement begins with."""
    if not isinstance(value, Tensor):
        return False
    inside = {id(node) for node in ast.walk(statement)}
    first = value
    while first.origin is not None and first.origin.inputs and isinstance(first.origin.place, Place):
        if id(first.origin.place.node) not in inside:
            break
        first = first.origin.inputs[0]
    return first is not value and shape_of(first, subject.one) == shape_of(value, subject.one)


def _count_hints(subject: _Subject, made: list[_Made]) -> Iterator[Hint]:
    """The numbers of parameters at constructions, of the outermost one on a line."""
    outer: dict[int, tuple[Span, _Made]] = {}
    for one in made:
        span = subject.span(one.node)
        row = span.end.row
        if row not in outer or span.end > outer[row][0].end:
            outer[row] = span, one
    for span, one in outer.values():
        if one.row.params is not None and one.row.params != 0:
            count = size_text(one.row.params)
            label = f"{one.times} × {count}" if one.times > 1 else count
            yield Hint(span.end, label, layer_text(one.module, one.row, one.times), "count")


def _signatures(subject: _Subject, cls: ast.ClassDef, summary: Summary) -> Iterator[Hover]:
    for node in cls.body:
        if isinstance(node, _Function) and node.name == "forward":
            yield Hover(
                _name_span(subject, node), f"```python\n{signature_text(summary, brief(subject.one.output, subject.one))}\n```"
            )


def _symbols(subject: _Subject, summary: Summary | None, layers: tuple[Layer, ...]) -> Iterator[Symbol]:
    for node in subject.tree.body:
        if isinstance(node, ast.ClassDef):
            parts = [
                Symbol(layer.name, "layer", f"{layer.type} {layer.detail}".strip(), layer.made, layer.made)
                for layer in layers
                if layer.made is not None
            ]
            for inner in node.body:
                if isinstance(inner, _Function):
                    shapes = signature_text(summary, brief(subject.one.output, subject.one)) if summary is not None else ""
                    detail = shapes.partition("forward")[2] if inner.name == "forward" else ""
                    parts.append(Symbol(inner.name, "method", detail, subject.span(inner), _name_span(subject, inner)))
            detail = class_lens(summary) if summary is not None else ""
            yield Symbol(node.name, "class", detail, subject.span(node), _name_span(subject, node), tuple(parts))
        elif isinstance(node, _Function):
            yield Symbol(node.name, "function", "", subject.span(node), _name_span(subject, node))


def _uses(subject: _Subject, cls: ast.ClassDef, names: set[str]) -> Iterator[tuple[str, Span]]:
    """Where `self.name` is read, for each of the names: the span of the name."""
    for node in ast.walk(cls):
        if isinstance(node, ast.Attribute) and _is_self(node.value) and node.attr in names:
            end = subject.span(node).end
            yield node.attr, Span(end._replace(column=end.column - len(node.attr)), end)


def _fits(subject: _Subject, made: list[_Made]) -> Iterator[Fit]:
    """What the layers are given, for the parameter of their construction that says it."""
    given = {id(call.module): call.inputs for call in reversed(subject.one.trace.module_calls)}
    for failure in subject.one.trace.failures:
        if failure.module is not None and "input" in failure.arguments:
            given[id(failure.module)] = (failure.arguments["input"].value,)
    for one in made:
        inputs = given.get(id(one.module), ())
        shape = shape_of(inputs[0], subject.one) if inputs else None
        for parameter, axis in _INPUT_AXES.items():
            if shape is not None and hasattr(one.module, parameter) and -len(shape) <= axis < len(shape):
                why = f"the size of dimension {axis} of its input {show_shape(shape)}"
                yield Fit(subject.span(one.node), parameter, show(shape[axis]), why)
