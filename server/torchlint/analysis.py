"""The one door to the analysis: `analyze` for what is wrong with a file, `summarize` for what a model is made of."""

from __future__ import annotations

import ast
import os
import traceback
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from torchlint.declarations import check_inputs, declared_inputs
from torchlint.diagnostics import Diagnostic, Note, Position, Severity, Span
from torchlint.interpreter.budget import check_wanted, now
from torchlint.interpreter.choices import conditional_failures
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.factories import factories
from torchlint.interpreter.modules import Piece, World
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.places import Place
from torchlint.interpreter.targets import explore_class, explore_factory, loaded, run_script
from torchlint.interpreter.uses import is_named, named_in, other_arguments
from torchlint.remembering import Memory
from torchlint.rules.conditions import under
from torchlint.rules.context import BrokenDefinition, CheckedFile, InternalError, ParsedUnit, WrongCall
from torchlint.rules.registry import RULES, Finding, Rule
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.source.finder import Finder, environment_paths
from torchlint.source.neighbours import Neighbours
from torchlint.source.nodes import nodes_of
from torchlint.source.outline import SyntaxProblem, parse
from torchlint.source.suppressions import Suppressions
from torchlint.source.texts import Texts
from torchlint.summarizing import summary_of
from torchlint.summary import InputSpec, Summary, SummaryError, Target
from torchlint.targeting import Named, explore_named, find_named

_FACTORIES_SHARE = 1.5  # for all of them
_CHOICES_SHARE = 0.25  # of the seconds of one class
_SCRIPT_SHARE = 2.5  # likewise: the code of a module also imports others


class Analysis(NamedTuple):
    """What is known of a file: its findings, in the order of the text, and the passes behind them."""

    diagnostics: tuple[Diagnostic, ...]
    file: CheckedFile


class Project:
    """Files that belong together: what has been read of them and of the packages they import."""

    def __init__(self, settings: Settings, root: Path, texts: Texts | None = None) -> None:
        """`texts` is where imported files are read from, the disk by default. Raises SettingsError for an input whose shape
        cannot be read."""
        check_inputs(settings)
        self.root = root
        roots = tuple(str(p) for p in (root, root / "src") if p.is_dir())
        finder = Finder(roots, environment_paths(settings.python or None, root))
        self.world = World(finder, settings.ask_torch, texts)
        self.neighbours = Neighbours(root, self.world.texts)


def analyze(document: Document, project: Project, settings: Settings, memory: Memory | None = None) -> Analysis:
    """Check one file: run it, run each of its classes on its own, and let the rules read what happened.

    With the `memory` of the analysis before, only what has changed since is run. Raises Cancelled.
    """
    memory = Memory() if memory is None else memory
    pieces, unparsed = memory.begin(document, project.world, settings)
    units = _parsed(pieces, memory)
    namespace, script = memory.script(
        lambda pieces: run_script(project.world, document, pieces, _SCRIPT_SHARE * settings.budget_seconds)
    )
    file = CheckedFile(document, units, namespace, script, {}, {}, {}, {}, project.neighbours, not unparsed)
    _explore_classes(file, project, settings, memory)
    _explore_factories(file, pieces, project, settings, memory)
    _explore_uses(file, project, settings, memory)
    _explore_choices(file, project, settings, memory)
    broken = [_broken(piece) for piece in unparsed]
    suppressions = Suppressions.of(document)
    found: set[Diagnostic] = set()
    for rule in RULES.values():
        if settings.enables(rule):
            found.update(_diagnostic(rule, finding, file) for finding in _findings(rule, file, broken))
        check_wanted()
    kept = [d for d in memory.end(tuple(found)) if not suppressions.silences(d)]
    return Analysis(tuple(sorted(set(kept), key=lambda d: (d.span, d.code, d.message))), file)


def _explore_classes(file: CheckedFile, project: Project, settings: Settings, memory: Memory) -> None:
    """Run each class on its own, with its defaults."""
    for cls in file.module_classes():
        if cls.lookup("forward")[0]:
            file.classes[cls.name] = memory.explored("class", cls.name, partial(_explore_class, cls, project, settings))


def _explore_class(
    cls: ClassValue, project: Project, settings: Settings, arguments: dict[str, Any] | None = None
) -> Exploration:
    seconds, paths = settings.budget_seconds, settings.max_paths
    return explore_class(project.world, cls, declared_inputs(cls, settings), seconds, paths, arguments=arguments)


def _explore_uses(file: CheckedFile, project: Project, settings: Settings, memory: Memory) -> None:
    """Run each class that fails also with the arguments that the file gives it instead of its defaults."""
    classes = {cls.name: cls for cls in file.module_classes() if cls.name in file.classes}
    explored = [*file.classes.items(), *((None, exploration) for exploration in file.factories.values())]
    for name, cls in classes.items():
        if any(one.trace.failures for one in file.classes[name].passes):
            others = [file.script, *(one for other, e in explored if other != name for one in e.passes)]
            trees = [tree for _, tree in file.units]
            wanted = other_arguments(cls, file.classes[name].main, others, trees)
            file.used[name] = [
                memory.explored(f"use {i}", name, partial(_explore_class, cls, project, settings, arguments), arguments)
                for i, arguments in enumerate(wanted)
            ]


def _explore_factories(file: CheckedFile, pieces: list[Piece], project: Project, settings: Settings, memory: Memory) -> None:
    """Run what the functions build that make models of the file's classes and that the script does not call."""
    deadline = now() + _FACTORIES_SHARE * settings.budget_seconds
    for name, reached in factories(pieces):
        function = loaded(file.namespace, name)
        if reached.isdisjoint(file.classes) or function is None or file.is_run_by_script(name):
            continue
        seconds = min(deadline - now(), settings.budget_seconds)
        if seconds <= 0:
            return
        explore = partial(explore_factory, project.world, function, seconds, settings.max_paths)
        file.factories[name] = memory.explored("factory", name, explore)


def _explore_choices(file: CheckedFile, project: Project, settings: Settings, memory: Memory) -> None:
    """Run the classes that nothing in the file constructs with other choices of who does."""
    names = named_in(tree for _, tree in file.units)
    for cls in file.module_classes():
        exploration = file.classes.get(cls.name)
        if exploration is not None and not is_named(cls, names):
            seconds, paths = _CHOICES_SHARE * settings.budget_seconds, settings.max_paths
            declared = declared_inputs(cls, settings)
            explore = partial(conditional_failures, project.world, cls, declared, exploration, seconds, paths)
            file.conditional[cls.name] = memory.explored("choices", cls.name, explore)


def _parsed(pieces: list[Piece], memory: Memory) -> list[ParsedUnit]:
    """The pieces that parse as they are now."""
    trees = [(unit, parse(definition)) for unit, definition in pieces if not memory.is_stale(unit)]
    return [ParsedUnit(unit, tree) for unit, tree in trees if isinstance(tree, ast.Module)]


def _broken(piece: Piece) -> BrokenDefinition:
    problem = parse(piece.definition)
    assert isinstance(problem, SyntaxProblem)
    column = len(piece.unit.line(problem.row)[: problem.column - 1].encode())
    node = ast.Pass(lineno=problem.row, col_offset=column, end_lineno=problem.row, end_col_offset=column)
    return BrokenDefinition(problem.message, Place(piece.unit, node))


def _findings(rule: Rule, file: CheckedFile, broken: list[BrokenDefinition]) -> Iterator[Finding]:
    """Everything that one rule says of the file."""
    check: Any = rule.check
    if rule.subject.startswith("ast."):
        node_type = getattr(ast, rule.subject[4:])
        for unit, tree in file.units:
            for node in nodes_of(tree, node_type):
                yield from _each(check(node, Place(unit, node), file))
        return
    for kind in rule.subject.split(" | "):
        for subject in _subjects(kind, rule, file, broken):
            yield from _each(check(subject, file))
    for conditional, subject in file.warnings:
        if rule.name == ("contract-violated" if isinstance(subject, WrongCall) else subject.error.rule):
            yield from (under(finding, conditional, file) for finding in _each(check(subject, file)))


def _subjects(kind: str, rule: Rule, file: CheckedFile, broken: list[BrokenDefinition]) -> Iterable[Any]:
    if kind == "Failure":
        return [f for f in file.failures() if f.error.rule == rule.name]
    if kind == "WrongCall":
        return file.wrong_calls()
    if kind == "Construction":
        return file.constructions()
    if kind == "FilledHole":
        return file.holes
    if kind == "Pass":
        return list(file.main_passes)
    if kind == "BrokenDefinition":
        return broken
    if kind == "InternalError":
        return [
            InternalError(message, place)
            for one in file.passes
            for message, place in one.trace.internal_errors
            if place is not None and file.here(place)
        ]
    raise TypeError(f"{rule.name} asks for `{kind}`, which nothing provides")


def _each(findings: Any) -> Iterator[Finding]:
    if isinstance(findings, Finding):
        yield findings
    elif findings is not None:
        yield from findings


def _diagnostic(rule: Rule, finding: Finding, file: CheckedFile) -> Diagnostic:
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=finding.severity or rule.severity,
        message=finding.message,
        path=file.document.path,
        span=_span(finding, file),
        notes=finding.notes,
        help=finding.help,
        fix=finding.fix,
        label=finding.label,
    )


def internal_error(document: Document, error: Exception) -> Diagnostic:
    """What is to be said of a file on which the analysis itself fails."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(frame.filename)}, line {frame.lineno}, in {frame.name}"
    return Diagnostic(
        "TL903",
        "internal-error",
        Severity.ERROR,
        "torchlint failed on this file; it was not checked",
        document.path,
        Span(Position(1, 1), Position(1, 1)),
        (Note(f"{type(error).__name__}: {error}"), Note(place)),
        help="report it, with the file if you can",
    )


def _span(finding: Finding, file: CheckedFile) -> Span:
    span = file.span(finding.place)
    node = finding.place.node
    if finding.part == "attribute" and isinstance(node, ast.Attribute):
        return span._replace(start=span.end._replace(column=max(1, span.end.column - len(node.attr))))
    return span


def summarize(target: Target, project: Project, settings: Settings) -> list[Summary]:
    """The summaries of a class, of what a function makes, or of the main classes of a file. Raises SummaryError."""
    return [_summary(named, target, project, settings) for named in find_named(target, project.world)]


class Reading(NamedTuple):
    """What reading makes of a name in a module: a summary, or the reason why there is none, and the inputs that are known."""

    module: str
    name: str | None
    summary: Summary | None
    problem: str
    inputs: tuple[InputSpec, ...]


def read_target(target: Target, project: Project, settings: Settings) -> list[Reading]:
    """As `summarize`, but with the reason beside a name that cannot be followed. Raises SummaryError where none is known."""
    given = tuple(InputSpec(None, shape, None) for shape in target.inputs)
    try:
        found = find_named(target, project.world)
    except SummaryError as error:
        if not target.name and target.path is not None:
            raise
        return [Reading(target.module or "", target.name, None, str(error), given)]
    readings = []
    for named in found:
        declared = declared_inputs(named.value, settings) if isinstance(named.value, ClassValue) else {}
        inputs = given or tuple(InputSpec(name, shape, None) for name, shape in declared.items())
        try:
            summary = _summary(named, target, project, settings)
            readings.append(Reading(named.namespace.name, named.name, summary, "", _inputs_to_run(summary, given, inputs)))
        except SummaryError as error:
            readings.append(Reading(named.namespace.name, named.name, None, str(error), inputs))
    return readings


def _inputs_to_run(summary: Summary, given: tuple[InputSpec, ...], declared: tuple[InputSpec, ...]) -> tuple[InputSpec, ...]:
    """What was given, in its order, with the dtypes that reading finds; else what reading finds."""
    if given and len(summary.inputs) == len(given):
        return tuple(g._replace(dtype=s.dtype) for g, s in zip(given, summary.inputs))
    return given or summary.inputs or declared


def _summary(named: Named, target: Target, project: Project, settings: Settings) -> Summary:
    declared = declared_inputs(named.value, settings) if isinstance(named.value, ClassValue) else {}
    exploration = explore_named(named, target, declared, project.world)
    return summary_of(exploration, exploration.main.model.type_name)
