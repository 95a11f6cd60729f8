"""A file as its top-level definitions, each parsed alone and kept by its text.

Half-typed files are cut as well as valid ones: what does not parse is one broken definition, and the next
`class`, `def` or decorator in the first column starts afresh even where a bracket or triple quote before it
is still open.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
import weakref
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from torchlint.source.scan import logical_lines

Kind = Literal["class", "function", "statements"]


class Definition(NamedTuple):
    """A top-level class or function with its decorators, or a run of other statements, comments, blank lines.

    `row` is the row of the file at which `text` starts. `name` is empty for statements.
    """

    kind: Kind
    name: str
    text: str
    row: int
    decorated: bool


class SyntaxProblem(NamedTuple):
    """Why a text does not parse; `row` and `column` count from 1 in that text, columns in code points."""

    message: str
    row: int
    column: int


_GAP = r"(?:[ \t\f]|\\\r?\n)+"
_HEAD = re.compile(rf"(?P<at>@)|(?:(?P<class>class)|(?:async{_GAP})?def)\b(?:{_GAP}(?P<name>\w+))?")
_CONTINUES = re.compile(r"(?:else|elif|except|finally)\b")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_NEXT_DEFINITION = re.compile(r"(?<=[\r\n])(?:class\b|def\b|async[ \t]+def\b|@)")
_NEXT_STATEMENT = re.compile(r"(?<=[\r\n])(?!else\b|elif\b|except\b|finally\b)[A-Za-z_@]")
_LINE_NUMBER = re.compile(r" \(detected at line \d+\)| on line \d+")
_RESCANS = 32  # each costs a scan of the rest of the file


@lru_cache(maxsize=8)
def outline(text: str) -> tuple[Definition, ...]:
    """The definitions of a file in order; their texts, joined, are the file."""
    pieces: list[_Piece] = []
    start = 0
    for _ in range(_RESCANS):
        if start == len(text):
            break
        start = _read(text, start, pieces)
    else:
        cuts = [start, *(m.start() for m in _NEXT_DEFINITION.finditer(text, start + 1)), len(text)]
        for left, right in pairwise(cuts):
            for piece in _pieces(text[left:right]):
                piece.shift(left)
                pieces.extend(_parts(text, piece))
    return tuple(_definitions(text, pieces))


class _Trees:
    """The trees of the texts that were parsed last, as many as `room` characters of text make, and those still in use."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used: weakref.WeakValueDictionary[str, ast.Module] = weakref.WeakValueDictionary()
        self._kept: dict[str, ast.Module | SyntaxProblem] = {}  # least recently used first
        self._lock = threading.Lock()

    def of(self, text: str) -> ast.Module | SyntaxProblem:
        """The tree of a text, or why there is none."""
        with self._lock:
            tree = self._kept.pop(text, None)
            if tree is not None:
                self._kept[text] = tree
                return tree
            tree = self._used.get(text)
        tree = _parse(text) if tree is None else tree
        with self._lock:
            if text not in self._kept:
                self._kept[text] = tree
                self._room -= len(text)
            if isinstance(tree, ast.Module):
                self._used[text] = tree
            while self._room < 0:
                oldest = next(iter(self._kept))
                del self._kept[oldest]
                self._room += len(oldest)
        return tree


_trees = _Trees(400_000)  # trees take some 40 bytes a character; a server keeps a text of every key that is typed


def _parse(text: str) -> ast.Module | SyntaxProblem:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            last = len(_NEWLINE.findall(text)) + 1  # Python may count one more, for a text that ends too early
            message = _LINE_NUMBER.sub("", error.msg)  # it counts from the start of the definition
            return SyntaxProblem(message, min(max(1, error.lineno or 1), last), max(1, error.offset or 1))
        except (RecursionError, MemoryError):
            return SyntaxProblem("too deeply nested to parse", 1, 1)
        except ValueError as error:  # NUL bytes before Python 3.12, lone surrogates
            return SyntaxProblem(str(error), 1, 1)


def parse(definition: Definition) -> ast.Module | SyntaxProblem:
    """The syntax tree of a definition, rows counting from 1 at its start.

    One tree is shared by all who ask for the same text: it is not to be changed.
    """
    return _trees.of(definition.text)


class _Piece:
    """`text[start:end]`; `cuts` are the starts of its statements, `head` that of its `class` or `def`."""

    __slots__ = ("cuts", "decorated", "end", "head", "kind", "name", "open", "start", "valid")

    def __init__(self, kind: Kind, start: int, end: int, cuts: list[int] | None = None) -> None:
        self.kind: Kind = kind
        self.name = ""
        self.start = self.head = start
        self.end = end
        self.cuts = [] if cuts is None else cuts
        self.decorated = False
        self.open = False  # decorators whose definition has not come yet
        self.valid = True

    def shift(self, offset: int) -> None:
        """Count from `offset` before."""
        self.start += offset
        self.head += offset
        self.end += offset
        self.cuts = [cut + offset for cut in self.cuts]


def _read(text: str, start: int, pieces: list[_Piece]) -> int:
    """Add the pieces from `start` on; returns where to start afresh after a break, or the end of the text."""
    for piece in _pieces(text, start):
        for part in _parts(text, piece):
            pieces.append(part)
            if part.valid:
                continue
            pattern = _NEXT_STATEMENT if part.kind == "statements" else _NEXT_DEFINITION
            recovery = pattern.search(text, part.head + 1, part.end)
            if recovery:
                part.end = recovery.start()
                return part.end
    return len(text)


def _parts(text: str, piece: _Piece) -> Iterator[_Piece]:
    """The piece if it parses or is one statement, else its statements."""
    piece.valid = isinstance(_trees.of(text[piece.start : piece.end]), ast.Module)
    if piece.valid or len(piece.cuts) < 2:
        yield piece
        return
    cuts = [piece.start, *piece.cuts[1:], piece.end]
    for left, right in pairwise(cuts):
        part = _Piece("statements", left, right)
        part.valid = isinstance(_trees.of(text[left:right]), ast.Module)
        yield part


def _pieces(text: str, start: int = 0) -> Iterator[_Piece]:
    """The text from `start` on as definitions and runs of statements, by its logical lines."""
    piece: _Piece | None = None
    end = start  # of the last piece or the blank lines and comments after it
    for line in logical_lines(text, start):
        if line.code < 0:
            continue
        if piece is not None and (line.indented or _CONTINUES.match(text, line.code)):
            piece.end = line.end
            continue
        head = None if line.indented else _HEAD.match(text, line.code)
        if piece is not None and piece.open:
            piece.end = line.end
            if head is None or not head["at"]:
                _close(piece, head, line.code)
            continue
        if head is None and piece is not None and piece.kind == "statements":
            piece.cuts.append(line.start)
            piece.end = line.end
            continue
        if piece is not None:
            yield piece
            end = piece.end
        if head is None:
            piece = _Piece("statements", end, line.end, [line.start])
            continue
        if end < line.start:
            yield _Piece("statements", end, line.start)
        piece = _Piece("function", line.start, line.end)
        if head["at"]:
            piece.decorated = piece.open = True
        else:
            _close(piece, head, line.code)
    if piece is not None:
        yield piece
        end = piece.end
    if end < len(text):
        yield _Piece("statements", end, len(text))


def _close(piece: _Piece, head: re.Match[str] | None, at: int) -> None:
    piece.open = False
    piece.head = at
    if head is None:
        piece.kind = "statements"
    else:
        piece.kind = "class" if head["class"] else "function"
        piece.name = head["name"] or ""


def _definitions(text: str, pieces: list[_Piece]) -> Iterator[Definition]:
    """Neighbouring statements joined where all or none of them parse."""
    row = 1
    joined: _Piece | None = None
    for piece in [*pieces, None]:
        if (
            joined is not None
            and piece is not None
            and joined.kind == piece.kind == "statements"
            and joined.valid == piece.valid
        ):
            joined.end = piece.end
            continue
        if joined is not None:
            content = text[joined.start : joined.end]
            yield Definition(joined.kind, joined.name, content, row, joined.decorated)
            row += sum(1 for _ in _NEWLINE.finditer(content))
        joined = piece
