"""A text with its places: lines, offsets, and spans of syntax nodes in code points.

Bytes are read as Python reads them (a byte order mark, a `coding` cookie, UTF-8 otherwise) and written back
unchanged: line ends, form feeds and tabs are never touched. Bytes that do not decode are an error.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from torchlint.diagnostics import Edit, Position, Span

_LINE = re.compile(r"\r\n|\r|\n")  # what Python's tokenizer ends a line at: not what str.splitlines does
_BOM = "\ufeff"


class DecodeError(Exception):
    """Bytes that are not the text that they claim to be.

    `document` holds the text with the bad bytes replaced, to show the place; `span` is the first bad byte.
    """

    def __init__(self, message: str, document: Document, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.document = document
        self.span = span


class Document:
    """A file's text, exactly as it was read; `path` is how messages name it.

    Invariant: `encode()` of a document that was decoded gives the bytes back, where its encoding can do that.
    """

    def __init__(self, path: str, text: str, encoding: str = "utf-8", bom: bool = False) -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom

    @classmethod
    def read(cls, path: Path, name: str | None = None) -> Document:
        """The document of a file. Raises OSError, and DecodeError where the bytes are not text."""
        return cls.decode(path.read_bytes(), str(path) if name is None else name)

    @classmethod
    def decode(cls, data: bytes, path: str) -> Document:
        """The document that the bytes of a Python file mean. Raises DecodeError."""
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except SyntaxError:
            encoding = _cookie(data)  # unknown, or the first lines do not decode: the attempt below says which
        bom = data.startswith(_BOM.encode())
        body = data[3:] if bom else data
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        try:
            return cls(path, body.decode(encoding), encoding, bom)
        except UnicodeDecodeError as error:
            document = cls(path, body.decode(encoding, "replace"), encoding, bom)
            start = document.position(len(body[: error.start].decode(encoding, "replace")))
            message = f"byte 0x{body[error.start]:02x} is not {encoding}"
            raise DecodeError(message, document, Span(start, start._replace(column=start.column + 1))) from None
        except (LookupError, UnicodeError, ValueError):
            document = cls(path, body.decode("latin-1"))
            start = Position(1, 1)
            raise DecodeError(f"unknown encoding `{encoding}`", document, Span(start, start)) from None

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of `text`, by default its own, as this file stores them. Raises UnicodeEncodeError."""
        body = (self.text if text is None else text).encode(self.encoding)
        return _BOM.encode() + body if self.bom else body

    def replace(self, text: str) -> Document:
        """A document of the same file with another text."""
        return Document(self.path, text, self.encoding, self.bom)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses, by its first line."""
        found = _LINE.search(self.text)
        return found.group() if found else "\n"

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(m.end() for m in _LINE.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return _LINE.split(self.text)

    def position(self, offset: int) -> Position:
        """The row and column of an offset into the text; offsets beyond the end are the end."""
        offset = max(0, min(offset, len(self.text)))
        row = bisect_right(self.starts, offset)
        return Position(row, offset - self.starts[row - 1] + 1)

    def offset(self, position: Position) -> int:
        """The offset of a position; rows and columns outside the text are taken to its nearest place."""
        row = max(1, min(position.row, len(self.lines)))
        line = self.lines[row - 1]
        return self.starts[row - 1] + max(0, min(position.column - 1, len(line)))

    def span(self, node: ast.AST, first_row: int = 1) -> Span:
        """Where a node is that was parsed from text starting at `first_row` of this document.

        `ast` counts columns in UTF-8 bytes; a span counts code points.
        """
        row: int = getattr(node, "lineno", 1)
        start: int = getattr(node, "col_offset", 0)
        end_row: int = getattr(node, "end_lineno", None) or row
        end: int | None = getattr(node, "end_col_offset", None)
        shift = first_row - 1
        return Span(self._at_byte(row + shift, start), self._at_byte(end_row + shift, start if end is None else end))

    def _at_byte(self, row: int, column: int) -> Position:
        line = self.lines[row - 1] if row <= len(self.lines) else ""
        if not line.isascii():
            column = len(line.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
        return Position(row, column + 1)

    def text_of(self, span: Span) -> str:
        """The text that a span covers."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def edited(self, edits: list[Edit]) -> str:
        """The text after edits that do not overlap; line ends in them become the file's own."""
        pieces: list[str] = []
        done = 0
        for edit in sorted(edits, key=lambda e: e.span):
            pieces += (self.text[done : self.offset(edit.span.start)], _LINE.sub(self.newline, edit.text))
            done = self.offset(edit.span.end)
        return "".join((*pieces, self.text[done:]))


def _cookie(data: bytes) -> str:
    found = re.match(rb"(?:[^\n]*\n)?[ \t\f]*#[^\n]*?coding[:=][ \t]*([-\w.]+)", data)
    return found.group(1).decode() if found else "utf-8"
