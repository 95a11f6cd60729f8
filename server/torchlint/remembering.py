"""What an analysis keeps of a file for the next one, while somebody types: definitions by their texts, and their passes.

A pass holds as long as the units do that it may have read: those whose names it reaches, and the loose statements that make
these names or that may change anything. A unit keeps its identity while its text is the same, wherever it moves; so a set of
units is a key, and typing in one class runs this class and its users again, and nothing else.

A definition that does not parse while it is typed is stood for by its last text that did: its users go on with that.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from torchlint.diagnostics import Diagnostic, Span
from torchlint.interpreter.budget import Budget
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.modules import Piece, World, read_pieces
from torchlint.interpreter.objects import Namespace
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Unit
from torchlint.interpreter.uses import is_same
from torchlint.source.document import Document
from torchlint.source.outline import Definition, parse

_WORD = re.compile(r"\w+")
_ENTRY_POINTS = re.compile(r"main$|test_")
_LOADING_SECONDS = 2.0
_NOTHING: Mapping[str, Any] = MappingProxyType({})
Key = frozenset[Unit]
T = TypeVar("T")


class _Statement(NamedTuple):
    """A loose statement: the names that it makes, None if it may do anything, and those that it reads."""

    makes: frozenset[str] | None
    reads: frozenset[str]


@dataclass(eq=False)
class _Content:
    """A piece that parses; a definition is one statement that makes its name. The tree is kept, for passes know its nodes."""

    tree: ast.Module
    statements: list[_Statement]

    @classmethod
    def of(cls, tree: ast.Module) -> _Content:
        return cls(tree, [_Statement(_made_by(s), _read_by(s)) for s in tree.body])


def _made_by(statement: ast.stmt) -> frozenset[str] | None:
    """The names that a statement makes, if that is all it does: none for one that runs after all others are made."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        names = [alias.asname or alias.name.partition(".")[0] for alias in statement.names]
        return None if "*" in names else frozenset(names)
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not statement.decorator_list:
        return frozenset({statement.name})
    targets = statement.targets if isinstance(statement, ast.Assign) else ()
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    if targets and all(isinstance(t, ast.Name) for t in targets):
        return frozenset(t.id for t in targets if isinstance(t, ast.Name))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return frozenset()
    if isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test):
        return frozenset(n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return None


def _read_by(statement: ast.stmt) -> frozenset[str]:
    """Every name in it, and every word of its strings: annotations, and what `globals()` may be asked for."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            found.update(_WORD.findall(node.value))
    return frozenset(found)


class Stale(NamedTuple):
    """A definition that does not parse at the moment: the piece that stands for it, and what was last said of it."""

    unit: Unit
    name: str
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class _Script:
    """A run of the module-level code, with the machine that loads what nobody had asked for."""

    names: tuple[tuple[str, str], ...]
    key: Key
    namespace: Namespace
    run: Pass
    machine: Machine
    failures: int


class Memory:
    """The definitions of one file in their last texts, and the passes that hold for them."""

    def __init__(self) -> None:
        self.stale: list[Stale] = []
        self._world: World | None = None
        self._settings: object = None
        self._pieces: list[Piece] = []
        self._good: dict[tuple[str, str], tuple[Piece, tuple[Diagnostic, ...]]] = {}
        self._contents: dict[Unit, _Content] = {}
        self._always: set[Unit] = set()
        self._always_read: set[str] = set()
        self._makers: defaultdict[str, list[tuple[Unit, frozenset[str]]]] = defaultdict(list)
        self._script: _Script | None = None
        self._passes: dict[tuple[str, str], tuple[Key, Mapping[str, Any], Any]] = {}

    def copy(self) -> Memory:
        """What knows the same and forgets nothing here, for a text that nobody will see."""
        other = copy.copy(self)
        other._good, other._contents, other._passes = dict(self._good), dict(self._contents), dict(self._passes)
        return other

    def begin(self, document: Document, world: World, settings: object) -> tuple[list[Piece], list[Piece]]:
        """The pieces to run, with the last good text for a definition that does not parse, and those that do not parse."""
        if world is not self._world or settings != self._settings:
            self._world, self._settings, self._script = world, settings, None
            self._passes.clear()
        known: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit, definition in reversed(self._pieces):
            known[definition.text].append(unit)
        pieces: list[Piece] = []
        broken: list[Piece] = []
        self.stale = []
        for unit, definition in read_pieces(document, checked=True):
            if known[definition.text]:
                moved = known[definition.text].pop()
                moved.first_row, moved.rows = unit.first_row, None
                unit = moved
            piece = Piece(unit, definition)
            if self._read(piece):
                pieces.append(piece)
                continue
            broken.append(piece)
            good = self._good.get((definition.kind, definition.name)) if definition.name else None
            if good is not None and not any(p.unit is good[0].unit for p in pieces):
                pieces.append(_standing_for(piece, good[0]))
                self.stale.append(Stale(good[0].unit, definition.name, tuple(_moved(good[1], good[0].unit))))
            else:
                pieces.append(piece)
        self._pieces = pieces
        units = {unit for unit, _ in pieces}
        self._contents = {unit: content for unit, content in self._contents.items() if unit in units}
        self._index()
        return pieces, broken

    @property
    def pieces(self) -> list[Piece]:
        """What was run last, in the order of the file."""
        return self._pieces

    def is_stale(self, unit: Unit) -> bool:
        """Whether the unit stands for a text that does not parse."""
        return any(one.unit is unit for one in self.stale)

    def _read(self, piece: Piece) -> bool:
        """Whether the piece parses."""
        if piece.unit not in self._contents:
            tree = parse(piece.definition)
            if not isinstance(tree, ast.Module):
                return False
            self._contents[piece.unit] = _Content.of(tree)
        return True

    def script(self, run: Callable[[list[Piece]], tuple[Namespace, Pass]]) -> tuple[Namespace, Pass]:
        """The run of the module-level code, which holds while nothing that it reaches has changed."""
        assert self._world is not None
        pieces = [p for p in self._pieces if p.unit not in self._contents or self._contents[p.unit].statements]
        names = tuple((d.kind, d.name) for _, d in pieces)
        words = {d.name for _, d in pieces if _ENTRY_POINTS.match(d.name)}
        loose = [u for u, d in pieces if d.kind == "statements" or d.decorated]
        key = self._reached(words, loose)
        kept = self._script
        if kept is not None and kept.names == names and kept.key == key and self._world.renew(self._pieces, kept.namespace):
            self._world.main, self._world.machine = kept.namespace, kept.machine
            kept.machine.budget = Budget(seconds=_LOADING_SECONDS)
            del kept.run.trace.failures[kept.failures :]  # of classes that were loaded after it
            return kept.namespace, kept.run
        self._script = None
        namespace, one = run(self._pieces)
        self._script = _Script(names, key, namespace, one, self._world.current, len(one.trace.failures))
        return namespace, one

    def explored(self, kind: str, name: str, explore: Callable[[], T], given: Mapping[str, Any] = _NOTHING) -> T:
        """What exploring a class or a function finds, which holds while nothing that it reaches has changed, nor what it is
        `given` from elsewhere."""
        key = self._reached({name}, [])
        kept = self._passes.get((kind, name))
        if kept is None or kept[0] != key or not _are_same(kept[1], given):
            self._passes.pop((kind, name), None)
            kept = self._passes[kind, name] = (key, given, explore())
        found: T = kept[2]
        return found

    def end(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """Keep what was said of each definition; to what was said now is added what was last said of the stale ones."""
        stale = {one.unit for one in self.stale}
        names = {(d.kind, d.name) for _, d in self._pieces}
        self._good = {key: good for key, good in self._good.items() if key in names}
        for piece in self._pieces:
            unit, definition = piece
            if unit in self._contents and unit not in stale and definition.name:
                rows = range(unit.first_row, unit.first_row + len(Document("", unit.text).lines))
                own = tuple(_shifted(d, 1 - unit.first_row) for d in diagnostics if d.span.start.row in rows)
                self._good[definition.kind, definition.name] = (piece, own)
        for kind in {kind for kind, _ in self._passes}:
            for key in [k for k in self._passes if k[0] == kind and not any(k[1] == name for _, name in names)]:
                del self._passes[key]
        return (*diagnostics, *(d for one in self.stale for d in one.diagnostics))

    def _reached(self, words: Iterable[str], units: Iterable[Unit]) -> Key:
        """The units that what has these names and units may read."""
        found = set(units)
        known = set(words).union(self._always_read, *(s.reads for unit in found for s in self._statements(unit)))
        found |= self._always
        waiting = list(known)
        for word in waiting:
            for unit, reads in self._makers.get(word, ()):
                found.add(unit)
                new = reads - known
                known |= new
                waiting += new
        return frozenset(found)

    def _statements(self, unit: Unit) -> list[_Statement]:
        return self._contents[unit].statements if unit in self._contents else []

    def _index(self) -> None:
        """Find who makes each name; what may do anything, and what does not parse, is always reached."""
        self._always = {unit for unit, _ in self._pieces if unit not in self._contents}
        self._always_read = set()
        self._makers = defaultdict(list)
        for unit, content in self._contents.items():
            for statement in content.statements:
                if statement.makes is None:
                    self._always.add(unit)
                    self._always_read |= statement.reads
                for name in statement.makes or ():
                    self._makers[name].append((unit, statement.reads))


def _are_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return before.keys() == now.keys() and all(is_same(value, now[name]) for name, value in before.items())


def _standing_for(broken: Piece, good: Piece) -> Piece:
    """The last good piece in the place of one that does not parse."""
    old, new = Document("", good.unit.text).lines, Document("", broken.unit.text).lines
    rows: list[int] = []
    for _, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        last = max(new_start, new_end - 1)
        rows += [min(new_start + i, last) + 1 for i in range(end - start)]
    good.unit.first_row = broken.unit.first_row
    good.unit.rows = tuple(min(row, len(new)) for row in rows)
    return Piece(good.unit, Definition(*good.definition[:3], broken.unit.first_row, good.definition.decorated))


def _moved(diagnostics: Iterable[Diagnostic], unit: Unit) -> Iterator[Diagnostic]:
    """What was said in rows of the unit, in rows of the file; its fixes are for a text that is no more."""
    for one in diagnostics:
        start, end = one.span
        span = Span(start._replace(row=unit.row(start.row)), end._replace(row=unit.row(end.row)))
        yield replace(one, span=span, fix=None)


def _shifted(diagnostic: Diagnostic, rows: int) -> Diagnostic:
    start, end = diagnostic.span
    return replace(diagnostic, span=Span(start._replace(row=start.row + rows), end._replace(row=end.row + rows)), fix=None)
