"""The texts of files as somebody sees them: what an editor holds of a file that is open, else what is on disk."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from torchlint.source.document import Document


@lru_cache(maxsize=4096)
def real(path: str) -> str:
    """One name for a file, however links lead to it."""
    return os.path.realpath(path)


class Texts:
    """Reads files. Any thread may: a document that is held is replaced as a whole."""

    def __init__(self) -> None:
        self._held: dict[str, Document] = {}

    def hold(self, path: str, document: Document) -> None:
        """An editor has the file open, with this text."""
        self._held[real(path)] = document

    def release(self, path: str) -> None:
        """The editor has closed the file: what is on disk holds again."""
        self._held.pop(real(path), None)

    def holds(self, path: str) -> bool:
        """Whether an editor has the file open."""
        return real(path) in self._held

    def read(self, path: str) -> Document:
        """The document of a file. Raises OSError, and DecodeError where the bytes are not text."""
        held = self._held.get(real(path))
        return Document.read(Path(path)) if held is None else held

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a file, for who looks for words of ASCII only. Raises OSError."""
        held = self._held.get(real(path))
        return Path(path).read_bytes() if held is None else held.text.encode(errors="replace")
