"""The server's state: what is open, what is known of it, and when it is analysed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

from torchlint import __version__
from torchlint.analysis import internal_error
from torchlint.diagnostics import Diagnostic, Position
from torchlint.editor.answers import Answers
from torchlint.editor.describing import Describer
from torchlint.editor.open_sizes import Opened, opened, sizes_that_fit
from torchlint.editor.typing_in import Size
from torchlint.lsp.closed import ClosedFiles, Progress, Report, Walk
from torchlint.lsp.positions import Encoding
from torchlint.lsp.programs import Cell, Program
from torchlint.lsp.progressing import Shown
from torchlint.lsp.protocol import Protocol
from torchlint.lsp.reporting import reported
from torchlint.lsp.scheduling import Worker
from torchlint.lsp.workspaces import Display, Workspaces
from torchlint.remembering import Memory
from torchlint.source.document import Document
from torchlint.source.texts import real

_LEAST_DELAY, _MOST_DELAY = 0.005, 0.2
_PATIENCE = 3.0
"""Seconds that somebody waits for answers who could be told something older."""
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook=types.NotebookDocumentFilterNotebookType(notebook_type="jupyter-notebook"),
            cells=[types.NotebookCellLanguage(language="python")],
        )
    ]
)
_log = logging.getLogger(__name__)


class Server(LanguageServer):
    """A pygls server that knows the open programs."""

    def __init__(self, walk: Walk) -> None:
        super().__init__("torchlint", __version__, protocol_cls=Protocol, notebook_document_sync=_NOTEBOOKS)
        self.programs: dict[str, Program] = {}
        self.workspaces = Workspaces()
        self.worker = Worker()
        self.closed_files = ClosedFiles(self.workspaces, walk, self._later)
        self.shown_progress = Shown(self)
        self.encoding = Encoding()
        self.pulls = False
        self._has_links = False
        self.options: dict[str, Any] = {}  # settings that the client gave when it started the server
        self.has_settings = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._is_refreshing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, params: types.InitializeParams) -> None:
        """What the client can and where it is."""
        self.encoding = Encoding(str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding)))
        self.closed_files.reported = self.reported
        self.closed_files.tell, self.closed_files.moved = self._tell, self._moved
        self.pulls = get_capability(params.capabilities, "text_document.diagnostic") is not None
        linking = [f"text_document.{field}.code_description_support" for field in ("diagnostic", "publish_diagnostics")]
        self._has_links = any(get_capability(params.capabilities, field) for field in linking)
        folders = [uris.to_fs_path(folder.uri) for folder in params.workspace_folders or []]
        if not folders and params.root_uri:
            folders = [uris.to_fs_path(params.root_uri)]
        self.workspaces.open([Path(path) for path in folders if path])
        options = params.initialization_options
        given = options.get("torchlint", options) if isinstance(options, dict) else {}
        self.options = dict(given) if isinstance(given, dict) else {}
        for folder in self.workspaces.folders:
            folder.values = self.options
        self.worker.start()

    def path_of(self, uri: str) -> str:
        """The file that an address names; one that is nowhere on disk is named by its address."""
        return uris.to_fs_path(uri) or uri

    def find(self, uri: str) -> tuple[Program, Cell] | None:
        """The program with the file or cell of that address."""
        for program in self.programs.values():
            cell = program.cell(uri)
            if cell is not None:
                return program, cell
        return None

    def place(self, uri: str, position: types.Position) -> tuple[Program, Position] | None:
        """A position of the client in the text that the answers are about."""
        found = self.find(uri)
        if found is None:
            return None
        program, cell = found
        own = self.encoding.read(position, cell.document.lines)
        return program, own._replace(row=program.move.back(own.row + program.row_before(cell)))

    def reported(self, program: Program) -> dict[str, list[types.Diagnostic]]:
        """The diagnostics of each cell of a program, as the client understands them."""
        return reported(program, self.encoding, self.workspaces.texts, self._has_links)

    def display(self, program: Program) -> Display:
        """What is to be shown of a program."""
        return self.workspaces.folder(Path(program.path)).display

    def opened(self, program: Program) -> None:
        """A file or notebook was opened: it is analysed at once."""
        self.programs[program.key] = program
        self.closed_files.forget(program.path)
        self._hold(program)
        self._submit(program)

    def closed(self, key: str) -> None:
        """A file or notebook was closed: nothing is said of it any more."""
        program = self.programs.pop(key, None)
        if program is not None:
            self.worker.cancel(key)
            self.workspaces.texts.release(program.path)
            self.workspaces.leave(program.path)
            program.release()
            program.expect_nothing()
            self._outdate_users(program)
            self._submit_users(program)
            self.clear(cell.uri for cell in program.cells)
            self.look_again([program.path])

    def clear(self, addresses: Iterable[str]) -> None:
        """Say nothing of these files or cells any more."""
        if not self.pulls:
            for uri in addresses:
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def edited(self, program: Program) -> None:
        """A program has another text: it is analysed when the typing pauses, the later the longer that takes."""
        program.edited()
        self.worker.cancel(program.key)
        self.worker.cancel(_sizes_of(program))
        self._hold(program)
        timer = self._timers.pop(program.key, None)
        if timer is not None:
            timer.cancel()
        delay = min(max(program.seconds / 8, _LEAST_DELAY), _MOST_DELAY)
        self._timers[program.key] = asyncio.get_running_loop().call_later(delay, self._submit, program)

    def _hold(self, program: Program) -> None:
        """The files that import this one see its text from now on."""
        if not program.is_notebook:
            self.workspaces.texts.hold(program.path, program.document)
            self._outdate_users(program)

    def _outdate_users(self, program: Program) -> None:
        for user in self._users(program):
            user.outdated()
            self.worker.cancel(user.key)

    def _submit_users(self, program: Program) -> None:
        for user in self._users(program):
            self._submit_one(user)
        if not program.is_notebook:
            self.look_again([program.path])

    def look_again(self, paths: Iterable[str]) -> None:
        """Analyse the closed files among these and those that import them, when nothing else is to be done."""
        self.closed_files.again(paths)
        self.go_on()

    def look_around_again(self) -> None:
        """Analyse what is open and depends on files that are not imported: one has changed."""
        for program in self.programs.values():
            if program.looks_around:
                program.outdated()
                self._submit_one(program)

    def go_on(self) -> None:
        """Analyse what is left of the closed files."""
        self._loop = asyncio.get_running_loop()
        self.worker.when_idle(self.closed_files.step)

    def _users(self, program: Program) -> list[Program]:
        """The other open programs of which something is said that this one may change: it is imported, or looked into."""
        path = real(program.path)
        others = [other for other in self.programs.values() if other is not program]
        return [other for other in others if path in other.reads or other.looks_around]

    def analyse_again(self) -> None:
        """Analyse everything that is open: files or settings have changed."""
        self.workspaces.forget()
        for program in self.programs.values():
            program.generation += 1
            self._submit_one(program)
        self.closed_files.begin()
        self.go_on()

    async def known(self, program: Program) -> None:
        """Wait until the diagnostics are about the text as it is now."""
        if program.known != program.generation:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            program.waiting.append(future)
            await future

    async def answered(self, program: Program) -> None:
        """Wait a moment for the first answers about a text that nobody has edited; nobody waits while somebody types."""
        if program.is_new:
            await self.next_answers(program)

    async def next_answers(self, program: Program) -> None:
        """Wait a moment for the answers of the analysis that runs."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        program.expecting.append(future)
        await asyncio.wait([future], timeout=_PATIENCE)

    async def choose(self, program: Program, name: str, key: str) -> None:
        """Show the class in that context from now on."""
        program.chosen[name] = key
        self._submit_one(program)
        await self.next_answers(program)

    async def sizes(self, program: Program, position: Position) -> list[Size]:
        """What fits the argument of a layer at a position, where it lacks: after what is to be said of the text as it is."""
        wanted, generation = opened(program.document, position), program.generation
        if wanted is None:
            return []
        await self.known(program)
        if generation != program.generation:
            return []
        future: asyncio.Future[list[Size]] = asyncio.get_running_loop().create_future()
        self.worker.submit(_sizes_of(program), partial(self._find_sizes, program, wanted, future))
        await asyncio.wait([future], timeout=_PATIENCE)
        return future.result() if future.done() else []

    def _find_sizes(self, program: Program, wanted: Opened, future: asyncio.Future[list[Size]]) -> None:
        """In the worker's thread: analyse the text with holes, as if nobody had."""
        analysis, _ = self.workspaces.analyse(wanted.document, program.path, program.memory.copy())
        self._later(_settle, future, sizes_that_fit(analysis, wanted))

    def _submit(self, program: Program) -> None:
        """Analyse the program, and then those that import it."""
        self._submit_one(program)
        self._submit_users(program)

    def _submit_one(self, program: Program) -> None:
        timer = self._timers.pop(program.key, None)
        if timer is not None:
            timer.cancel()
        if self.programs.get(program.key) is program:
            self._loop = asyncio.get_running_loop()
            self.worker.submit(program.key, partial(self._analyse, program, program.generation, program.document))
            self._tell_problems()

    def _analyse(self, program: Program, generation: int, document: Document) -> None:
        """In the worker's thread: find what is wrong, say it, and then prepare the answers."""
        began = time.monotonic()
        try:
            analysis, program.reads = self.workspaces.analyse(document, program.path, program.memory)
            program.seconds = time.monotonic() - began
            program.looks_around = analysis.file.looks_around
            self._later(self._say, program, generation, document, analysis.diagnostics)
            answers = program.describer.describe(analysis, program.memory, dict(program.chosen))
            self._later(self._answer, program, answers)
        except Exception as error:
            _log.exception("the analysis of %s failed", program.path)
            program.memory, program.describer = Memory(), Describer()
            self._later(self._say, program, generation, document, (internal_error(document, error),))
            self._later(program.expect_nothing)

    def stop(self) -> None:
        """Leave what is left of the closed files, until one changes or somebody asks for them."""
        self.closed_files.stop()
        self.worker.pause()

    def _tell(self, report: Report) -> None:
        """Say what was found in a closed file; a client that pulls asks for it when all is done, or sooner."""
        self._is_refreshing = self.pulls
        if not self.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(report.uri, report.items))

    def _moved(self, progress: Progress | None) -> None:
        self.shown_progress.moved(progress)
        if progress is None and self._is_refreshing:
            self._is_refreshing = False
            self.refresh("workspace.diagnostics", self.workspace_diagnostic_refresh_async)

    def _later(self, function: Callable[..., None], *args: object) -> None:
        """Call something in the event loop."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(function, *args)

    def _say(self, program: Program, generation: int, document: Document, found: tuple[Diagnostic, ...]) -> None:
        if self.programs.get(program.key) is not program:
            return
        program.say(generation, document, found)
        if not self.pulls:
            for uri, items in self.reported(program).items():
                cell = program.cell(uri)
                version = cell.version if cell is not None else None
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items, version))
        elif generation != program.generation or not program.asked:
            self.refresh("workspace.diagnostics", self.workspace_diagnostic_refresh_async)
        program.asked = False

    def _answer(self, program: Program, answers: Answers) -> None:
        if self.programs.get(program.key) is program:
            program.answer(answers)
            self.refresh("workspace.inlay_hint", self.workspace_inlay_hint_refresh_async)
            self.refresh("workspace.code_lens", self.workspace_code_lens_refresh_async)

    def refresh(self, field: str, ask: Callable[[None], Awaitable[None]]) -> None:
        """Ask the client to ask again, if it can be asked."""
        if get_capability(self.client_capabilities, f"{field}.refresh_support"):
            task: asyncio.Task[None] = asyncio.ensure_future(_quietly(ask))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _tell_problems(self) -> None:
        problems, self.workspaces.problems = self.workspaces.problems, []
        for problem in dict.fromkeys(problems):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"torchlint: {problem}"))


def _sizes_of(program: Program) -> str:
    """The name of the job that finds sizes in a program."""
    return f"{program.key} sizes"


def _settle(future: asyncio.Future[list[Size]], found: list[Size]) -> None:
    if not future.done():
        future.set_result(found)


async def _quietly(ask: Callable[[None], Awaitable[None]]) -> None:
    try:
        await ask(None)
    except Exception as error:
        _log.debug("the client did not refresh: %s", error)
