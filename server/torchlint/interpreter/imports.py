"""Who imports whom: which files an analysis of a file rests on, and whether their texts are still those that were read."""

from __future__ import annotations

from collections import defaultdict

from torchlint.source.document import DecodeError, Document
from torchlint.source.texts import Texts, real


class Imports:
    """The imports that have run, by files, and what was read of the files.

    A file that is imported by a name that the program computes counts as imported by every one.
    """

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._imports: defaultdict[str, set[str]] = defaultdict(set)
        self._read: dict[str, int] = {}
        self._held: set[str] = set()

    def note(self, importer: str, path: str) -> None:
        """The file imports the one at `path`; "" is whoever it may be."""
        self._imports[real(importer) if importer else ""].add(real(path))

    def read(self, path: str) -> Document:
        """The document of a file. Raises OSError, and DecodeError where the bytes are not text."""
        name = real(path)
        if self._texts.holds(name):
            self._held.add(name)
        document = self._texts.read(path)
        self._read[name] = hash(document.text)
        return document

    def of(self, path: str) -> frozenset[str]:
        """Every file that the one at `path` imports, and that these import in turn."""
        waiting = [real(path), ""]
        found: set[str] = set()
        while waiting:
            new = self._imports.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)

    def are_old(self, path: str) -> bool:
        """Whether an editor shows another text now of a file that the one at `path` imports than was read."""
        return any(self._is_old(one) for one in self.of(path))

    def _is_old(self, path: str) -> bool:
        if path not in self._read or not (path in self._held or self._texts.holds(path)):
            return False
        try:
            return hash(self._texts.read(path).text) != self._read[path]
        except (OSError, DecodeError):
            return True
