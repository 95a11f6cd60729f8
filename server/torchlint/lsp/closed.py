"""Findings in files that nobody has open, where the settings ask for them: looked for when there is nothing else to do."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pygls import uris

from torchlint.analysis import internal_error
from torchlint.diagnostics import Diagnostic, Severity
from torchlint.interpreter.budget import Cancelled
from torchlint.lsp.programs import Cell, Program
from torchlint.lsp.reporting import result_id
from torchlint.lsp.workspaces import Workspaces
from torchlint.remembering import Memory
from torchlint.source.document import DecodeError, Document
from torchlint.source.texts import real

Walk = Callable[[Path, tuple[str, ...], Path], Iterator[Path]]
_log = logging.getLogger(__name__)


class Report(NamedTuple):
    """What is said of one file: its address, the items and their identity; `reads` are the files that it rests on."""

    uri: str
    items: list[types.Diagnostic]
    identity: str
    reads: frozenset[str]


class Progress(NamedTuple):
    """How far the work is."""

    done: int
    total: int


class ClosedFiles:
    """The files of the workspace that are not open, and what is known of them.

    The thread that analyses calls `step` again and again; everything else belongs to the event loop. `tell` is called there
    with each new report, `moved` with the progress of the work, and with None when it is done or has been stopped; `reported`
    makes the items of a file for the client.
    """

    def __init__(self, workspaces: Workspaces, walk: Walk, later: Callable[..., None]) -> None:
        self.reports: dict[str, Report] = {}
        self._workspaces = workspaces
        self._walk = walk
        self._later = later
        self._lock = threading.Lock()
        self._left: dict[str, None] = {}
        self._known: dict[str, str] = {}  # the names of the files, by where links lead
        self._round = 0
        self._is_listed = True
        self._is_stopped = False
        self._asked = self._answered = 0  # how often there was something new to do, and which of these times is done with
        self._total = 0
        self._waiting: list[asyncio.Future[None]] = []
        self.tell: Callable[[Report], None] = lambda report: None
        self.reported: Callable[[Program], dict[str, list[types.Diagnostic]]] = lambda program: {}
        self.moved: Callable[[Progress | None], None] = lambda progress: None

    def begin(self) -> None:
        """Look for the files again, and at all of them; what was known holds until then."""
        with self._lock:
            self._round += 1
            self._asked += 1
            self._is_listed = self._is_stopped = False
            self._left.clear()
            self._total = 0

    def again(self, paths: Iterable[str]) -> None:
        """Look again at these files, and at those that import them."""
        changed = {real(path) for path in paths}
        users = [path for path, report in self.reports.items() if not changed.isdisjoint(report.reads)]
        with self._lock:
            new = [path for path in (*changed, *users) if path in self._known and path not in self._left]
            self._left.update(dict.fromkeys(new))
            self._total += len(new)
            self._asked += bool(new)

    def forget(self, path: str) -> None:
        """The file was opened: nothing is said of it here."""
        self.reports.pop(real(path), None)
        with self._lock:
            self._left.pop(real(path), None)

    @property
    def is_busy(self) -> bool:
        """Whether there is something left to do, or to be told."""
        return not self._is_stopped and self._answered != self._asked

    def stop(self) -> None:
        """Do no more until something changes, or somebody waits for the rest."""
        with self._lock:
            self._is_stopped = True
        self._finish(self._answered)

    def go_on(self) -> None:
        """Take up again what was stopped."""
        with self._lock:
            self._is_stopped = False
            self._asked += bool(self._left)

    async def done(self) -> None:
        """Wait until everything is known, or somebody has stopped the work."""
        if self.is_busy:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    def step(self) -> bool:
        """In the thread that analyses: do the next piece; whether there is more. Raises Cancelled, and loses nothing."""
        with self._lock:
            if self._is_stopped:
                return False
            number, asked, is_listed = self._round, self._asked, self._is_listed
            path = next(iter(self._left), None)
            if path is not None:
                del self._left[path]
        if not is_listed:
            self._list(number)
        elif path is None:
            self._later(self._finish, asked)
            return False
        else:
            try:
                self._look(self._known[path], number)
            except Cancelled:
                with self._lock:
                    if number == self._round:
                        self._left[path] = None
                raise
        return True

    def _list(self, number: int) -> None:
        found: dict[str, str] = {}
        for folder in self._workspaces.folders[1:]:
            configuration = self._workspaces.configuration(folder.path / "settings")
            if configuration.settings.diagnostic_scope == "workspace":
                files = self._walk(folder.path, configuration.settings.exclude, configuration.root)
                for path in files:
                    found.setdefault(real(str(path)), str(path))
        with self._lock:
            if number == self._round:
                self._is_listed = True
                self._known = found
                self._left = {name: None for name in found if not self._workspaces.texts.holds(name)}
                self._total = len(self._left)
        self._later(self._drop)

    def _look(self, path: str, number: int) -> None:
        if self._workspaces.texts.holds(path):
            return
        reads: frozenset[str] = frozenset()
        found: tuple[Diagnostic, ...] = ()
        document = Document(path, "")
        try:
            document = Document.read(Path(path))
            analysis, reads = self._workspaces.analyse(document, path, Memory())
            found = analysis.diagnostics
        except OSError as error:
            _log.info("%s cannot be read: %s", path, error)
        except DecodeError as error:
            document = error.document
            found = (Diagnostic("TL901", "syntax-error", Severity.ERROR, error.message, path, error.span),)
        except Exception as error:
            _log.exception("the analysis of %s failed", path)
            found = (internal_error(document, error),)
        finally:
            self._workspaces.leave(path)
        self._later(self._take, number, document, found, reads)

    def _take(self, number: int, document: Document, found: tuple[Diagnostic, ...], reads: frozenset[str]) -> None:
        path, name = document.path, real(document.path)
        if number != self._round or self._workspaces.texts.holds(path):
            return
        uri = uris.from_fs_path(path) or path
        program = Program(uri, path, [Cell(uri, document.text, None)])
        program.say(0, program.document, found)
        items = self.reported(program)[uri]
        report = self.reports[name] = Report(uri, items, result_id(items), reads)
        self.tell(report)
        with self._lock:
            progress = Progress(self._total - len(self._left), self._total)
        if not self._is_stopped:
            self.moved(progress)

    def _drop(self) -> None:
        """Say nothing more of files that are gone or left out."""
        for name in [name for name in self.reports if name not in self._known]:
            self.tell(self.reports.pop(name)._replace(items=[]))

    def _finish(self, asked: int) -> None:
        """Everything is told that there was to do when it was asked for."""
        self._answered = asked
        if not self.is_busy:
            with self._lock:
                self._total = len(self._left)
            self.moved(None)
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()
