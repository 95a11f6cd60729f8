"""What is open in the editor: files, and notebooks, whose cells are one program in their order."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from lsprotocol import types

from torchlint.diagnostics import Diagnostic, Position, Span
from torchlint.editor.answers import Answers
from torchlint.editor.describing import Describer
from torchlint.editor.moving import Move
from torchlint.lsp.positions import Encoding
from torchlint.remembering import Memory
from torchlint.source.document import Document

_MAGIC = re.compile(r"^[ \t]*[%!?].*|^.*\?$", re.MULTILINE)


class Cell:
    """A text in the editor: a whole file, or a cell of a notebook."""

    def __init__(self, uri: str, text: str, version: int | None) -> None:
        self.uri = uri
        self.version = version
        self.document = Document(uri, text)

    def change(self, changes: Iterable[types.TextDocumentContentChangeEvent], encoding: Encoding) -> None:
        """Apply the client's edits, in their order."""
        for change in changes:
            old = self.document
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = (
                    encoding.offset(place, old.text, old.lines, old.starts) for place in (change.range.start, change.range.end)
                )
                self.document = old.replace(old.text[:start] + change.text + old.text[max(start, end) :])
            else:
                self.document = old.replace(change.text)


class Program:
    """One program with what is known of it. `path` is how it is named in messages; a file has one cell.

    `generation` counts its edits; `known` is the generation that `diagnostics` are about. `reads` are the files that they rest
    on, and `looks_around` says that they depend on the other files of the project as well. Answers may be older than the text:
    what they say is moved with the lines. `is_new` says that there are none yet, for a text that nobody has edited. `chosen`
    are the keys of the contexts that the user wants to see, by class.
    """

    def __init__(self, key: str, path: str, cells: list[Cell], is_notebook: bool = False) -> None:
        self.key = key
        self.path = path
        self.cells = cells
        self.is_notebook = is_notebook
        self.generation = 0
        self.known = -1
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.reads: frozenset[str] = frozenset()
        self.looks_around = False
        self.answers = Answers(Document(path, ""))
        self.memory = Memory()
        self.describer = Describer()
        self.seconds = 0.0
        self.asked = False
        self.waiting: list[asyncio.Future[None]] = []
        self.expecting: list[asyncio.Future[None]] = []
        self.is_new = True
        self.chosen: dict[str, str] = {}
        self._document: Document | None = None
        self._said_of = self.answers.document
        self._move: tuple[Document, Document, Move] | None = None

    @property
    def document(self) -> Document:
        """The text of the whole program."""
        if self._document is None:
            if self.is_notebook:
                texts = [_MAGIC.sub(lambda found: _pass(found[0]), cell.document.text) for cell in self.cells]
                self._document = Document(self.path, "".join(text + "\n" for text in texts))
            else:
                self._document = self.cells[0].document.replace(self.cells[0].document.text)
                self._document.path = self.path
        return self._document

    def edited(self) -> None:
        """Note that a text, or the order of the cells, is another one."""
        self._document = None
        self.outdated()

    def outdated(self) -> None:
        """Note that what is known is not about the present text, or about the files that it imports as they are now."""
        self.generation += 1
        self.expect_nothing()

    def say(self, generation: int, document: Document, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Take over what an analysis found."""
        self.known, self._said_of, self.diagnostics = generation, document, diagnostics
        if generation == self.generation:
            self.release()

    def answer(self, answers: Answers) -> None:
        """Take over the answers after an analysis."""
        self.answers = answers
        self.expect_nothing()

    def expect_nothing(self) -> None:
        """Answer those who wait for answers with what there is."""
        self.is_new = False
        _let_go(self.expecting)

    def release(self) -> None:
        """Answer those who wait for the diagnostics."""
        _let_go(self.waiting)

    def found(self) -> list[tuple[Diagnostic, Move]]:
        """What was found last, each with the way to its place in the text as it is now."""
        move = Move(self._said_of.lines, self.document.lines)
        return [(diagnostic, move) for diagnostic in self.diagnostics]

    @property
    def move(self) -> Move:
        """From the text that the answers are about to the text as it is now."""
        old, new = self.answers.document, self.document
        if self._move is None or self._move[0] is not old or self._move[1] is not new:
            self._move = (old, new, Move(old.lines, new.lines))
        return self._move[2]

    def cell(self, uri: str) -> Cell | None:
        """The cell with that address."""
        return next((cell for cell in self.cells if cell.uri == uri), None)

    def row_before(self, wanted: Cell) -> int:
        """How many rows the cells before one have."""
        rows = 0
        for cell in self.cells:
            if cell is wanted:
                break
            rows += len(cell.document.lines)
        return rows

    def located(self, span: Span) -> tuple[Cell, Span] | None:
        """The cell that a span of the program begins in, and the span there."""
        rows = 0
        for cell in self.cells:
            count = len(cell.document.lines)
            if span.start.row <= rows + count:
                start, end = (place._replace(row=place.row - rows) for place in span)
                if end.row > count:
                    end = Position(count, len(cell.document.lines[-1]) + 1)
                return cell, Span(start, end)
            rows += count
        return None


def _let_go(waiting: list[asyncio.Future[None]]) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(None)
    waiting.clear()


def _pass(line: str) -> str:
    """What stands for a magic command: nothing that runs, of the same length."""
    return "#" + line[1:] if len(line) == len(line.lstrip()) else line[: len(line) - len(line.lstrip())] + "pass"
