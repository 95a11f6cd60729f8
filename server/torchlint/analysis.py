"""The one door to the analysis: `analyze` for what is wrong with a file, `summarize` for what a model is made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from torchlint.diagnostics import Diagnostic, Span
from torchlint.dims.expr import Size, Symbol
from torchlint.dims.parsing import parse_shape
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.interpreter import Interpreter, argument_text
from torchlint.interpreter.modules import Piece, World, read_pieces
from torchlint.interpreter.objects import ClassValue, FunctionValue, Namespace, Raised
from torchlint.interpreter.places import Place
from torchlint.interpreter.targets import explore_class, explore_target, loaded, run_script
from torchlint.rules.context import BrokenDefinition, CheckedFile, InternalError, ParsedUnit
from torchlint.rules.registry import RULES, Finding, Rule
from torchlint.settings import Settings, SettingsError, near_miss
from torchlint.source.document import Document
from torchlint.source.finder import Finder, environment_paths
from torchlint.source.outline import SyntaxProblem, parse
from torchlint.source.suppressions import Suppressions
from torchlint.summarizing import summary_of
from torchlint.summary import Summary, SummaryError, Target
from torchlint.values.module import Module
from torchlint.values.tensor import Shape

_DECLARATION = re.compile(r"#\s*torchlint:\s*input\s+(\w+)\s*:\s*(\[[^\]]*\])")
_SCRIPT_SECONDS = 5.0
_SCRIPT_SHARE = 2.5  # of the seconds of one class: the code of a module also imports others


class Analysis(NamedTuple):
    """What is known of a file: its findings, in the order of the text, and the passes behind them."""

    diagnostics: tuple[Diagnostic, ...]
    file: CheckedFile


class Project:
    """Files that belong together: what has been read of them and of the packages they import."""

    def __init__(self, settings: Settings, root: Path) -> None:
        """Raises SettingsError for an input whose shape cannot be read."""
        _check_inputs(settings)
        self.root = root
        roots = tuple(str(p) for p in (root, root / "src") if p.is_dir())
        self.world = World(Finder(roots, environment_paths(settings.python or None, root)))


def analyze(document: Document, project: Project, settings: Settings) -> Analysis:
    """Check one file: run it, run each of its classes on its own, and let the rules read what happened."""
    pieces = read_pieces(document, checked=True)
    units, broken = _parse_units(pieces)
    namespace, script = run_script(project.world, document, pieces, _SCRIPT_SHARE * settings.budget_seconds)
    file = CheckedFile(document, units, namespace, script, {})
    for cls in list(file.module_classes()):
        if cls.lookup("forward")[0]:
            declared = _declared(cls, settings)
            file.classes[cls.name] = explore_class(project.world, cls, declared, settings.budget_seconds, settings.max_paths)
    suppressions = Suppressions.of(document)
    found: set[Diagnostic] = set()
    for rule in RULES.values():
        if settings.enables(rule):
            found.update(_diagnostic(rule, finding, file) for finding in _findings(rule, file, broken))
    kept = [d for d in found if not suppressions.silences(d)]
    return Analysis(tuple(sorted(kept, key=lambda d: (d.span, d.code, d.message))), file)


def _parse_units(pieces: list[Piece]) -> tuple[list[ParsedUnit], list[BrokenDefinition]]:
    units: list[ParsedUnit] = []
    broken: list[BrokenDefinition] = []
    for unit, definition in pieces:
        tree = parse(definition)
        if isinstance(tree, SyntaxProblem):
            column = len(unit.line(tree.row)[: tree.column - 1].encode())
            node = ast.Pass(lineno=tree.row, col_offset=column, end_lineno=tree.row, end_col_offset=column)
            broken.append(BrokenDefinition(tree.message, Place(unit, node)))
        else:
            units.append(ParsedUnit(unit, tree))
    return units, broken


def _check_inputs(settings: Settings) -> None:
    for key, shapes in settings.inputs.items():
        for name, text in shapes.items():
            try:
                parse_shape(text, {})
            except ValueError as error:
                raise SettingsError(f"[tool.torchlint.inputs] {key}: {name} = {text!r}: {error}") from None


def _declared(cls: ClassValue, settings: Settings) -> dict[str, Shape]:
    """The shapes that comments in the class and the settings declare for the arguments of its `forward`."""
    texts = dict(_DECLARATION.findall(cls.unit.text))
    for key in (cls.name, f"{cls.name}.forward"):
        texts.update(settings.inputs.get(key, {}))
    scope: dict[str, Symbol | Size] = {}
    shapes: dict[str, Shape] = {}
    for name, text in texts.items():
        try:
            shapes[name] = parse_shape(text, scope)
        except ValueError:
            continue
    return shapes


def _findings(rule: Rule, file: CheckedFile, broken: list[BrokenDefinition]) -> Iterator[Finding]:
    """Everything that one rule says of the file."""
    check: Any = rule.check
    if rule.subject.startswith("ast."):
        node_type = getattr(ast, rule.subject[4:])
        for unit, tree in file.units:
            for node in _nodes(tree, node_type):
                yield from _each(check(node, Place(unit, node), file))
        return
    for subject in _subjects(rule, file, broken):
        yield from _each(check(subject, file))


def _subjects(rule: Rule, file: CheckedFile, broken: list[BrokenDefinition]) -> Iterable[Any]:
    if rule.subject == "Failure":
        return [f for f in file.failures() if f.error.rule == rule.name]
    if rule.subject == "Construction":
        return file.constructions()
    if rule.subject == "Pass":
        return list(file.main_passes)
    if rule.subject == "BrokenDefinition":
        return broken
    if rule.subject == "InternalError":
        return [
            InternalError(message, place)
            for one in file.passes
            for message, place in one.trace.internal_errors
            if place is not None and file.here(place)
        ]
    raise TypeError(f"{rule.name} asks for `{rule.subject}`, which nothing provides")


def _nodes(tree: ast.Module, node_type: type[ast.AST]) -> Iterator[Any]:
    return (node for node in ast.walk(tree) if isinstance(node, node_type))


def _each(findings: Any) -> Iterator[Finding]:
    if isinstance(findings, Finding):
        yield findings
    elif findings is not None:
        yield from findings


def _diagnostic(rule: Rule, finding: Finding, file: CheckedFile) -> Diagnostic:
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        message=finding.message,
        path=file.document.path,
        span=_span(finding, file),
        notes=finding.notes,
        help=finding.help,
        fix=finding.fix,
        label=finding.label,
    )


def _span(finding: Finding, file: CheckedFile) -> Span:
    span = file.span(finding.place)
    node = finding.place.node
    if finding.part == "attribute" and isinstance(node, ast.Attribute):
        return span._replace(start=span.end._replace(column=max(1, span.end.column - len(node.attr))))
    return span


def summarize(target: Target, project: Project, settings: Settings) -> list[Summary]:
    """The summaries of a class, of what a function returns, or of the main classes of a file. Raises SummaryError."""
    namespace = _target_namespace(target, project)
    names = [target.name] if target.name else _main_classes(namespace)
    if not names:
        raise SummaryError(f"no class in {target.path or target.module} derives from `nn.Module`")
    return [_summarize_one(name, target, namespace, project, settings) for name in names]


def _target_namespace(target: Target, project: Project) -> Namespace:
    world = project.world
    if target.path is not None:
        document = Document.read(target.path)
        namespace, _ = run_script(world, document, read_pieces(document, checked=True), _SCRIPT_SECONDS)
        return namespace
    module = target.module or ""
    path = world.finder.find(module)
    if path is None:
        raise SummaryError(f"there is no module `{module}` in the project or in the environment's packages")
    with_machine = explore_target(world, lambda machine: world.load(path, module), (), _SCRIPT_SECONDS)
    namespace = with_machine.main.model
    if not isinstance(namespace, Namespace):
        raise SummaryError(f"`{module}` could not be read")
    return namespace


def _main_classes(namespace: Namespace) -> list[str]:
    """The module classes that the file defines and no other class of it uses; all of them if each is used."""
    classes = _classes(namespace)
    runnable = [c for c in classes if c.lookup("forward")[0]]
    used = {node.id for cls in classes for node in ast.walk(cls.node) if isinstance(node, ast.Name) and node.id != cls.name}
    return [c.name for c in runnable if c.name not in used] or [c.name for c in runnable]


def _classes(namespace: Namespace) -> list[ClassValue]:
    values = [loaded(namespace, name) for name in list(namespace.members)]
    return [v for v in values if isinstance(v, ClassValue) and v.is_module and v.unit.path == namespace.path]


def _summarize_one(name: str, target: Target, namespace: Namespace, project: Project, settings: Settings) -> Summary:
    value = loaded(namespace, name)
    if value is None and namespace.resolve is not None:
        value = namespace.resolve(name)
    if not isinstance(value, (ClassValue, FunctionValue)):
        known = [n for n in namespace.members if isinstance(loaded(namespace, n), (ClassValue, FunctionValue))]
        where = target.path or target.module
        raise SummaryError(f"there is no class or function `{name}` in {where}{near_miss(name, known)}")
    exploration = _explore(value, target, namespace, project, settings)
    model = exploration.main.model
    _check_arguments(name, target, exploration)
    if not isinstance(model, Module):
        raise SummaryError(_why_no_model(name, exploration))
    return summary_of(exploration, value.name if isinstance(value, ClassValue) else model.type_name)


def _explore(
    value: ClassValue | FunctionValue, target: Target, namespace: Namespace, project: Project, settings: Settings
) -> Exploration:
    if isinstance(value, ClassValue) and not target.args and not target.inputs:
        return explore_class(project.world, value, _declared(value, settings), _SCRIPT_SECONDS, 1)
    if isinstance(value, ClassValue) and not target.args:
        return explore_class(project.world, value, {}, _SCRIPT_SECONDS, 1, given=target.inputs)

    def construct(machine: Interpreter) -> Any:
        return machine.call_with_text(value, target.args, namespace)

    return explore_target(project.world, construct, target.inputs, _SCRIPT_SECONDS)


def _check_arguments(name: str, target: Target, exploration: Exploration) -> None:
    """Raises SummaryError where the call with the given arguments is what fails."""
    for failure in exploration.main.trace.failures:
        if not failure.in_forward and failure.place.unit.text == argument_text(target.args):
            said = failure.error.torch or failure.error.message
            raise SummaryError(f"`{name}({target.args})` cannot be built: {said}")


def _why_no_model(name: str, exploration: Exploration) -> str:
    one = exploration.main
    if isinstance(one.raised, Raised):
        kind = getattr(one.raised.type, "__name__", None) or getattr(one.raised.type, "name", "an exception")
        return f"`{name}` raises {kind}{': ' + one.raised.message if one.raised.message else ''}"
    if one.trace.failures:
        error = one.trace.failures[0].error
        return f"`{name}` cannot be built: {error.torch or error.message}"
    if one.trace.exhausted is not None:
        return f"`{name}` could not be followed to its end: the budget of {one.trace.exhausted} is used up"
    reason = getattr(one.model, "reason", None)
    return f"`{name}` gives no module" + (f": {reason}" if reason else "")
