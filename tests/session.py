"""A client for tests of the language server: what a real editor says it can, and the few things that tests do."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Union

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import register_lsp_features

_SERVER = Path(__file__).resolve().parent.parent / "server"
_CAPABILITIES = Path(__file__).resolve().parent / "lsp" / "capabilities"
_SECONDS = 20
_PATIENCE = 2.0
VSCODE, NEOVIM, EGLOT = "vscode-1.139.1", "nvim-0.11.4", "eglot-1.9"


class Session:
    """One client and one server, with a folder."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.refreshed = asyncio.Event()

    def uri(self, name: str) -> str:
        """The address of a file in the folder."""
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> str:
        """Open a file, which is also written to disk; returns its address."""
        (self.folder / name).write_text(text)
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 0
        self.client.diagnostics.pop(uri, None)
        item = types.TextDocumentItem(uri, "python", 0, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def type(self, uri: str, text: str) -> None:
        """Replace the whole text."""
        self.texts[uri] = text
        self.change(uri, types.TextDocumentContentChangeWholeDocument(text))

    def change(self, uri: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Send edits."""
        self.versions[uri] += 1
        self.client.diagnostics.pop(uri, None)
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, list(changes)))

    async def published(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics that are published next."""
        while uri not in self.client.diagnostics:
            await asyncio.sleep(0.005)
        return list(self.client.diagnostics[uri])

    async def pulled(self, uri: str, previous: str | None = None) -> Any:
        """The report that the server gives when it is asked."""
        identifier = types.TextDocumentIdentifier(uri)
        params = types.DocumentDiagnosticParams(identifier, previous_result_id=previous)
        report = await self.client.text_document_diagnostic_async(params)
        if isinstance(report, types.RelatedFullDocumentDiagnosticReport):
            report.items = list(report.items)
        return report

    async def hover(self, uri: str, line: int, character: int) -> str:
        """The text of a hover, or ""."""
        where = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.client.text_document_hover_async(where)
        return "" if found is None else str(getattr(found.contents, "value", found.contents))

    async def hints(self, uri: str, lines: int = 1000) -> dict[int, list[str]]:
        """The inlay hints by line."""
        span = types.Range(types.Position(0, 0), types.Position(lines, 0))
        found = await self.client.text_document_inlay_hint_async(types.InlayHintParams(types.TextDocumentIdentifier(uri), span))
        by_line: dict[int, list[str]] = {}
        for hint in found or []:
            by_line.setdefault(hint.position.line, []).append(str(hint.label))
        return by_line

    async def settled(self, uri: str) -> Any:
        """The report about the text that was sent last, once the answers about it are there as well.

        They come a moment after the report, and then the server asks for hints to be asked for. A message that came at once
        would be missed: hence no more than a moment of patience.
        """
        report = await self.pulled(uri)
        self.refreshed.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.refreshed.wait(), _PATIENCE)
        return report

    async def until(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """The first answer that is something: answers come a moment after the diagnostics."""
        while not (found := await ask()):
            await asyncio.sleep(0.01)
        return found


def _converter() -> Any:
    """That of pygls, which takes a code action that has a command for a command."""
    converter = default_converter()

    def structure(given: Any, _: Any) -> Any:
        return converter.structure(given, types.Command if isinstance(given.get("command"), str) else types.CodeAction)

    converter.register_structure_hook(Union[types.Command, types.CodeAction], structure)  # noqa: UP007 - so lsprotocol names it
    return converter


def editor(
    capabilities: str,
    settings: dict[str, Any] | None = None,
    seconds: float = _SECONDS,
    options: dict[str, Any] | None = None,
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., None]]:
    """A test that is given a `Session` of a client with the capabilities of that editor, which has these settings when it is
    asked for them, and those `options` to begin with."""

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        async def run(folder: Path, *args: Any, **kwargs: Any) -> None:
            client = LanguageClient(converter_factory=_converter)
            register_lsp_features(client)
            client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
            client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda params: None)
            client.set_configuration({"torchlint": settings or {}})
            environment = {**os.environ, "PYTHONPATH": str(_SERVER)}
            await client.start_io(sys.executable, "-m", "torchlint", "server", "-v", env=environment)
            read = json.loads((_CAPABILITIES / f"{capabilities}.json").read_text())
            can = get_converter().structure(read["capabilities"], types.ClientCapabilities)
            place = types.WorkspaceFolder(folder.as_uri(), folder.name)
            params = types.InitializeParams(
                can, root_uri=folder.as_uri(), workspace_folders=[place], initialization_options=options
            )
            client.capabilities = can
            try:
                result = await client.initialize_async(params)
                client.initialized(types.InitializedParams())
                session = Session(client, folder)
                client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)(lambda params: session.refreshed.set())
                session.server = result.capabilities  # type: ignore[attr-defined]
                await test(session, *args, **kwargs)
                await client.shutdown_async(None)
                client.exit(None)
                await asyncio.sleep(0.05)
            finally:
                process = client._server
                if process is not None and process.returncode is None:
                    process.kill()
                await asyncio.wait_for(client.stop(), 5)

        @functools.wraps(test)
        def wrapped(tmp_path: Path) -> None:
            asyncio.run(asyncio.wait_for(run(tmp_path), seconds))

        del wrapped.__wrapped__  # type: ignore[attr-defined]  # pytest reads the signature
        return wrapped

    return decorate
