"""`torchlint server`: what the client says of documents, settings and files; the answers are in the other files."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.capabilities import get_capability

from torchlint.lsp import acting, calling, choosing, navigating, showing
from torchlint.lsp.closed import Walk
from torchlint.lsp.programs import Cell, Program
from torchlint.lsp.reporting import SOURCE, result_id
from torchlint.lsp.state import Server

_SWITCH_SECONDS = 0.0005
"""How long the thread of the analysis may keep the interpreter from one that has an answer to give."""
_COLLECT_EVERY = (30_000, 5, 5)
"""Allocations between collections, and how many of each kind there are to one of the next: a server runs for days, so what a
pass leaves in cycles is looked for three times as often as in a command, which ends."""
_log = logging.getLogger(__name__)


def serve(tcp: str, log_file: str, verbose: int, walk: Walk) -> int:
    """Serve one client, over standard streams or a socket, until it ends the session; `walk` finds the files of a folder."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(filename=log_file or None, level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    sys.setswitchinterval(_SWITCH_SECONDS)
    server = make_server(walk)
    gc.freeze()
    gc.set_threshold(*_COLLECT_EVERY)
    if tcp:
        host, _, port = tcp.rpartition(":")
        server.start_tcp(host or "127.0.0.1", int(port))
    else:
        server.start_io()
    return 0


def make_server(walk: Walk) -> Server:
    """A server with every feature."""
    server = Server(walk)
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.SHUTDOWN)(_shutdown)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_did_close)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(_notebook_did_open)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(_notebook_did_change)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(_notebook_did_close)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_did_change_configuration)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_did_change_files)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_did_change_folders)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(_cancel_progress)
    for part in (showing, navigating, calling, acting, choosing):
        part.register(server)
    return server


def _initialize(server: Server, params: types.InitializeParams) -> None:
    server.begin(params)
    if server.pulls:
        options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=True, identifier=SOURCE)
        server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_diagnose)
        server.feature(types.WORKSPACE_DIAGNOSTIC)(_diagnose_workspace)


async def _initialized(server: Server, params: types.InitializedParams) -> None:
    await _read_settings(server)
    server.closed_files.begin()
    server.go_on()
    server.has_settings.set()
    if get_capability(server.client_capabilities, "workspace.did_change_watched_files.dynamic_registration"):
        watchers = [types.FileSystemWatcher(pattern) for pattern in ("**/*.py", "**/pyproject.toml")]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        watch = types.Registration("torchlint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        try:
            await server.client_register_capability_async(types.RegistrationParams([watch]))
        except Exception as error:
            _log.warning("the client watches no files: %s", error)


def _shutdown(server: Server, params: None) -> None:
    server.worker.end()


async def _read_settings(server: Server) -> None:
    """Ask the client for its settings, if it can be asked; they hold for what is open as well."""
    if not get_capability(server.client_capabilities, "workspace.configuration"):
        return
    folders = server.workspaces.folders
    items = [types.ConfigurationItem(uris.from_fs_path(str(f.path)) if i else None, "torchlint") for i, f in enumerate(folders)]
    try:
        found = await asyncio.wait_for(server.workspace_configuration_async(types.ConfigurationParams(items)), 10)
    except Exception as error:
        _log.warning("the client gives no settings: %s", error)
        return
    changed = False
    for folder, values in zip(folders, found):
        read = {**server.options, **_plain(values)}
        changed = changed or read != folder.values
        folder.values = read
    if changed:
        server.analyse_again()


def _plain(values: Any) -> dict[str, Any]:
    return dict(values) if isinstance(values, dict) else {}


async def _did_change_configuration(server: Server, params: types.DidChangeConfigurationParams) -> None:
    given = params.settings
    if isinstance(given, dict) and isinstance(given.get("torchlint"), dict):
        for folder in server.workspaces.folders:
            folder.values = {**server.options, **_plain(given["torchlint"])}
        server.analyse_again()
    await _read_settings(server)


def _did_change_files(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    paths = [server.path_of(event.uri) for event in params.changes]
    is_renewed = any(event.type != types.FileChangeType.Changed for event in params.changes)
    if is_renewed or any(path.endswith("pyproject.toml") or server.workspaces.has_read(path) for path in paths):
        server.analyse_again()
    else:
        server.look_around_again()
        server.look_again(path for path in paths if not server.workspaces.texts.holds(path))


async def _did_change_folders(server: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    gone = {server.path_of(folder.uri) for folder in params.event.removed}
    left = [folder.path for folder in server.workspaces.folders[1:] if str(folder.path) not in gone]
    server.workspaces.open([*left, *(Path(server.path_of(folder.uri)) for folder in params.event.added)])
    await _read_settings(server)
    server.analyse_again()


def _did_open(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    one = params.text_document
    server.opened(Program(one.uri, server.path_of(one.uri), [Cell(one.uri, one.text, one.version)]))


def _did_change(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    found = server.find(params.text_document.uri)
    if found is not None:
        program, cell = found
        cell.change(params.content_changes, server.encoding)
        cell.version = params.text_document.version
        server.edited(program)


def _did_close(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.closed(params.text_document.uri)


def _notebook_did_open(server: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    book = params.notebook_document
    texts = {one.uri: one for one in params.cell_text_documents}
    cells = [Cell(c.document, texts[c.document].text, texts[c.document].version) for c in book.cells if c.document in texts]
    server.opened(Program(book.uri, server.path_of(book.uri), cells, is_notebook=True))


def _notebook_did_change(server: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    program = server.programs.get(params.notebook_document.uri)
    changes = params.change.cells
    if program is None or changes is None:
        return
    if changes.structure is not None:
        array = changes.structure.array
        gone = program.cells[array.start : array.start + array.delete_count]
        texts = {one.uri: Cell(one.uri, one.text, one.version) for one in changes.structure.did_open or []}
        moved = {cell.uri: cell for cell in gone}
        new = [texts.get(cell.document) or moved.get(cell.document) for cell in array.cells or []]
        program.cells[array.start : array.start + array.delete_count] = [cell for cell in new if cell is not None]
        left = {cell.uri for cell in program.cells}
        server.clear(cell.uri for cell in gone if cell.uri not in left)
    for content in changes.text_content or []:
        cell = program.cell(content.document.uri)
        if cell is not None:
            cell.change(content.changes, server.encoding)
            cell.version = content.document.version
    server.edited(program)


def _notebook_did_close(server: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    server.closed(params.notebook_document.uri)


async def _diagnose(server: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    uri = params.text_document.uri
    found = server.find(uri)
    if found is None:
        return types.RelatedFullDocumentDiagnosticReport([])
    found[0].asked = True
    await server.known(found[0])
    items = server.reported(found[0]).get(uri, [])
    identity = result_id(items)
    if identity == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=identity)
    return types.RelatedFullDocumentDiagnosticReport(items, result_id=identity)


async def _diagnose_workspace(server: Server, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
    """What is known of every file, from memory: clients ask again and again. Who shows progress waits until all is known."""
    if params.work_done_token is not None:
        await _everything(server, params.work_done_token)
    before = {one.uri: one.value for one in params.previous_result_ids}
    reports: list[types.WorkspaceDocumentDiagnosticReport] = []

    def add(uri: str, items: list[types.Diagnostic], identity: str, version: int | None) -> None:
        if before.pop(uri, None) == identity:
            reports.append(types.WorkspaceUnchangedDocumentDiagnosticReport(uri, identity, version))
        else:
            reports.append(types.WorkspaceFullDocumentDiagnosticReport(uri, items, version, result_id=identity))

    for program in server.programs.values():
        if program.known >= 0:
            for uri, items in server.reported(program).items():
                cell = program.cell(uri)
                add(uri, items, result_id(items), cell.version if cell is not None else None)
    for report in server.closed_files.reports.values():
        add(report.uri, report.items, report.identity, None)
    reports += [types.WorkspaceFullDocumentDiagnosticReport(uri, []) for uri in before if server.find(uri) is None]
    return types.WorkspaceDiagnosticReport(reports)


async def _everything(server: Server, token: types.ProgressToken) -> None:
    """Wait until everything is known, with the progress on a token of the client. If that is cancelled, so is the work."""
    server.shown_progress.begin(token)
    try:
        await server.has_settings.wait()
        server.closed_files.go_on()
        server.go_on()
        for program in list(server.programs.values()):
            await server.known(program)
        await server.closed_files.done()
    except asyncio.CancelledError:
        server.stop()
        raise
    finally:
        server.shown_progress.end(token)


def _cancel_progress(server: Server, params: types.WorkDoneProgressCancelParams) -> None:
    if server.shown_progress.knows(params.token):
        server.stop()
