"""The server's state: what is open, what is known of it, and when it is analysed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from torchlint.analysis import analyze, internal_error
from torchlint.diagnostics import Diagnostic, Position
from torchlint.editor.answers import Answers
from torchlint.editor.describing import Describer
from torchlint.lsp import types
from torchlint.lsp.capabilities import ClientCapabilities
from torchlint.lsp.positions import Encoding
from torchlint.lsp.programs import Cell, Program
from torchlint.lsp.reporting import reported
from torchlint.lsp.rpc import INVALID_REQUEST, NOT_INITIALIZED, Endpoint, Handler, RpcError
from torchlint.lsp.scheduling import Worker
from torchlint.lsp.structures import Structure
from torchlint.lsp.uris import path_of
from torchlint.lsp.workspaces import Display, Workspaces
from torchlint.remembering import Memory
from torchlint.source.document import Document

_LEAST_DELAY, _MOST_DELAY = 0.005, 0.2
_log = logging.getLogger(__name__)


class Server(Endpoint):
    """An endpoint that knows the open programs."""

    def __init__(self) -> None:
        super().__init__()
        self.features: dict[str, Structure | None] = {}
        self.client = ClientCapabilities()
        self.programs: dict[str, Program] = {}
        self.workspaces = Workspaces()
        self.worker = Worker()
        self.encoding = Encoding()
        self.pulls = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stage = "new"

    def feature(self, method: str, options: Structure | None = None) -> Callable[[Handler], None]:
        """Let a method be handled, and offer it to the client."""

        def register(handler: Handler) -> None:
            self.features[method] = options
            self.handle(method, handler)

        return register

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has ended the session as it should."""
        return self._stage == "ended"

    def check(self, method: str) -> None:
        """Nothing comes before `initialize`, and after `shutdown` nothing but the end."""
        if self._stage == "new" and method != types.INITIALIZE:
            raise RpcError(NOT_INITIALIZED, f"`{method}` before `initialize`")
        if self._stage == "ended":
            raise RpcError(INVALID_REQUEST, f"`{method}` after `shutdown`")
        self._stage = "ended" if method == types.SHUTDOWN else "open"

    def begin(self, params: types.InitializeParams) -> None:
        """What the client can and where it is."""
        self.client = ClientCapabilities(params.capabilities)
        self.encoding = Encoding(self.client.encoding())
        self.pulls = self.client.get("textDocument.diagnostic") is not None
        folders = [path_of(folder.uri) for folder in params.workspace_folders or []]
        if not folders and params.root_uri:
            folders = [path_of(params.root_uri)]
        self.workspaces.open([Path(path) for path in folders if path])
        self.worker.start()

    def path_of(self, uri: str) -> str:
        """The file that an address names; one that is nowhere on disk is named by its address."""
        return path_of(uri) or uri

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

    def display(self, program: Program) -> Display:
        """What is to be shown of a program."""
        return self.workspaces.folder(Path(program.path)).display

    def opened(self, program: Program) -> None:
        """A file or notebook was opened: it is analysed at once."""
        self.programs[program.key] = program
        self._submit(program)

    def closed(self, key: str) -> None:
        """A file or notebook was closed: nothing is said of it any more."""
        program = self.programs.pop(key, None)
        if program is not None:
            self.worker.cancel(key)
            program.release()
            self.clear(cell.uri for cell in program.cells)

    def clear(self, addresses: Iterable[str]) -> None:
        """Say nothing of these files or cells any more."""
        if not self.pulls:
            for uri in addresses:
                self.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, types.PublishDiagnosticsParams(uri, []))

    def edited(self, program: Program) -> None:
        """A program has another text: it is analysed when the typing pauses, the later the longer that takes."""
        program.edited()
        self.worker.cancel(program.key)
        timer = self._timers.pop(program.key, None)
        if timer is not None:
            timer.cancel()
        delay = min(max(program.seconds / 8, _LEAST_DELAY), _MOST_DELAY)
        self._timers[program.key] = asyncio.get_running_loop().call_later(delay, self._submit, program)

    def analyse_again(self) -> None:
        """Analyse everything that is open: files or settings have changed."""
        self.workspaces.forget()
        for program in self.programs.values():
            program.generation += 1
            self._submit(program)

    async def known(self, program: Program) -> None:
        """Wait until the diagnostics are about the text as it is now."""
        if program.known != program.generation:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            program.waiting.append(future)
            await future

    def _submit(self, program: Program) -> None:
        self._timers.pop(program.key, None)
        if self.programs.get(program.key) is program:
            self.worker.submit(program.key, partial(self._analyse, program, program.generation, program.document))
            self._tell_problems()

    def _analyse(self, program: Program, generation: int, document: Document) -> None:
        """In the worker's thread: find what is wrong, say it, and then prepare the answers."""
        began = time.monotonic()
        try:
            configuration = self.workspaces.configuration(Path(program.path))
            project = self.workspaces.project(configuration)
            analysis = analyze(document, project, configuration.settings, program.memory)
            program.seconds = time.monotonic() - began
            self._later(self._say, program, generation, document, analysis.diagnostics)
            answers = program.describer.describe(analysis, program.memory)
            self._later(self._answer, program, answers)
        except Exception as error:
            _log.exception("the analysis of %s failed", program.path)
            program.memory, program.describer = Memory(), Describer()
            self._later(self._say, program, generation, document, (internal_error(document, error),))

    def _later(self, function: Callable[..., None], *args: object) -> None:
        """Call something in the event loop."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(function, *args)

    def _say(self, program: Program, generation: int, document: Document, found: tuple[Diagnostic, ...]) -> None:
        if self.programs.get(program.key) is not program:
            return
        program.say(generation, document, found)
        if not self.pulls:
            for uri, items in reported(program, self.encoding).items():
                cell = program.cell(uri)
                version = cell.version if cell is not None else None
                self.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, types.PublishDiagnosticsParams(uri, items, version))
        elif generation != program.generation or not program.asked:
            self.refresh("workspace.diagnostics", types.WORKSPACE_DIAGNOSTIC_REFRESH)
        program.asked = False

    def _answer(self, program: Program, answers: Answers) -> None:
        if self.programs.get(program.key) is program:
            program.answers = answers
            self.refresh("workspace.inlayHint", types.WORKSPACE_INLAY_HINT_REFRESH)
            self.refresh("workspace.codeLens", types.WORKSPACE_CODE_LENS_REFRESH)

    def refresh(self, field: str, method: str) -> None:
        """Ask the client to ask again, if it can be asked."""
        if self.client.get(f"{field}.refreshSupport"):
            self.spawn(self._ask_quietly(method))

    async def _ask_quietly(self, method: str) -> None:
        try:
            await self.request(method)
        except RpcError as error:
            _log.debug("%s: %s", method, error)

    def _tell_problems(self) -> None:
        problems, self.workspaces.problems = self.workspaces.problems, []
        for problem in dict.fromkeys(problems):
            self.notify(types.WINDOW_SHOW_MESSAGE, types.ShowMessageParams(types.MessageType.Warning, f"torchlint: {problem}"))
