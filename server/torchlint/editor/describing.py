"""From a finished analysis to answers about each definition of the file; those of a definition that did not change are kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from torchlint.analysis import Analysis
from torchlint.diagnostics import Span
from torchlint.dims.facts import using
from torchlint.dims.printing import show, show_shape
from torchlint.editor.answers import About, Answers, Choice, Fit, Lens, Placed
from torchlint.editor.calls import calls
from torchlint.editor.classes import class_lens, context_text
from torchlint.editor.contexts import Context, Contexts
from torchlint.editor.extracting import extractions
from torchlint.editor.hints import hints
from torchlint.editor.hovers import hovers, names
from torchlint.editor.moving import moved_summary
from torchlint.editor.outline import layers, symbols, uses
from torchlint.editor.shapes import shape_of
from torchlint.editor.subject import Subject
from torchlint.interpreter.budget import check_wanted
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.passes import Pass, part_of
from torchlint.interpreter.places import Unit
from torchlint.remembering import Memory
from torchlint.source.outline import parse
from torchlint.summarizing import summary_of
from torchlint.summary import Summary
from torchlint.values.module import Module

_INPUT_AXES = {
    "in_features": -1, "input_size": -1, "embed_dim": -1, "normalized_shape": -1,
    "in_channels": 1, "num_features": 1, "num_channels": 1,
}  # fmt: skip
"""The parameters of layers that say a size of their input, and which."""
_Layout = tuple[tuple[int, Unit], ...]


class _Kept(NamedTuple):
    """An answer with what it was made of: it holds while that and the rows of the definitions are the same."""

    basis: Any
    rows: list[int]
    about: About


class Describer:
    """Answers about one file, kept for the definitions and passes that they hold for."""

    def __init__(self) -> None:
        self._kept: dict[Unit, _Kept] = {}
        self._summaries: dict[Exploration, tuple[_Layout, Summary]] = {}

    def describe(self, analysis: Analysis, memory: Memory, chosen: Mapping[str, str] | None = None) -> Answers:
        """The answers after an analysis; `chosen` are the keys of the contexts that are to be shown, by class. Raises
        Cancelled, and keeps what it has found until then."""
        file = analysis.file
        layout = tuple((unit.first_row, unit) for unit, _ in memory.pieces)
        rows = [row for row, _ in layout]
        contexts = Contexts(file, memory.pieces)
        kept: dict[Unit, _Kept] = {}
        summaries: dict[Exploration, tuple[_Layout, Summary]] = {}
        parts: list[Placed] = []
        for unit, definition in memory.pieces:
            check_wanted()
            found = contexts.of(unit, definition)
            wanted = (chosen or {}).get(definition.name)
            number = next((i for i, context in enumerate(found) if context.key == wanted), 0)
            context = found[number]
            holes = tuple(hole for hole in file.holes if hole.place.unit is unit)
            basis = ([(c.key, c.one, c.call) for c in found], number, holes)
            known = self._kept.get(unit)
            if known is None or ((known.basis != basis or known.rows != rows) and not memory.is_stale(unit)):
                tree = parse(definition)
                body = tree if isinstance(tree, ast.Module) else ast.Module([], [])
                one, summary = self._shown(context, definition.name, layout)
                about = _about(definition.name, Subject(unit, body, found, number, one, summary, holes))
                known = self._kept[unit] = _Kept(basis, rows, about)
            if context.exploration in self._summaries:
                summaries[context.exploration] = self._summaries[context.exploration]
            kept[unit] = known
            parts.append(Placed(unit.first_row, unit.rows, known.about))
        self._kept, self._summaries = kept, summaries
        return Answers(file.document, analysis.diagnostics, tuple(parts))

    def _shown(self, context: Context, name: str, layout: _Layout) -> tuple[Pass, Summary | None]:
        """The pass that is shown of a context, and the summary of the model in it."""
        one, exploration = context.one, context.exploration
        if exploration is not None and isinstance(one.model, Module):
            title = name if context.module is not None else one.model.type_name
            return one, self._summary(exploration, title, layout)
        if context.call is None:
            return one, None
        one = part_of(one, context.call)
        summary = summary_of(Exploration(one, one, [one], settled=True), one.model.type_name)
        # What the code asks of its input and arguments is a matter of the class on its own.
        return one, summary._replace(is_inferred=False, accepts=(), requires=())

    def _summary(self, exploration: Exploration, name: str, layout: _Layout) -> Summary:
        """The summary of a class on its own, which takes some time to make, with the rows where its layers are now."""
        known = self._summaries.get(exploration)
        summary = summary_of(exploration, name) if known is None else known[1]
        if known is not None and [row for row, _ in known[0]] != [row for row, _ in layout]:
            summary = moved_summary(summary, known[0])
        self._summaries[exploration] = layout, summary
        return summary


def _about(name: str, subject: Subject) -> About:
    with using(subject.one.facts):
        parts = tuple(layers(subject))
        return About(
            name=name,
            rows=len(subject.document.lines),
            hints=tuple(hints(subject)),
            hovers=tuple(hovers(subject)),
            names=tuple(names(subject)),
            lenses=tuple(_lenses(name, subject)),
            symbols=tuple(symbols(subject, parts)),
            layers=parts,
            uses=tuple(uses(subject, parts)),
            fits=tuple(_fits(subject)),
            calls=tuple(calls(subject)),
            extractions=tuple(extractions(subject)),
            choices=tuple(Choice(one.key, one.label, context_text(one)) for one in subject.contexts if one.label),
            chosen=subject.chosen,
            summary=subject.summary,
        )


def _lenses(name: str, subject: Subject) -> Iterator[Lens]:
    if subject.cls is None or subject.summary is None:
        return
    start = subject.span(subject.cls).start
    yield Lens(Span(start, start), class_lens(subject.summary), name)
    count = len(subject.contexts)
    if count > 1:
        label = subject.context.label.replace("`", "")
        yield Lens(Span(start, start), f"context {subject.chosen + 1} of {count}: {label}", name, is_choice=True)


def _fits(subject: Subject) -> Iterator[Fit]:
    """What the layers are given, for the parameter of their construction that says it."""
    given = {id(call.module): call.inputs for call in reversed(subject.one.trace.module_calls)}
    for failure in subject.one.trace.failures:
        if failure.module is not None and "input" in failure.arguments:
            given[id(failure.module)] = (failure.arguments["input"].value,)
    for one in subject.made:
        inputs = given.get(id(one.module), ())
        shape = shape_of(inputs[0], subject.one) if inputs else None
        for parameter, axis in _INPUT_AXES.items():
            if shape is not None and hasattr(one.module, parameter) and -len(shape) <= axis < len(shape):
                why = f"the size of dimension {axis} of its input {show_shape(shape)}"
                yield Fit(subject.span(one.node), parameter, show(shape[axis]), why)
