"""What the server offers, by the handlers that it has, and what the client can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchlint.lsp import types
from torchlint.lsp.structures import Structure, written

_PROVIDERS = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: "diagnosticProvider",
    types.TEXT_DOCUMENT_HOVER: "hoverProvider",
    types.TEXT_DOCUMENT_INLAY_HINT: "inlayHintProvider",
    types.TEXT_DOCUMENT_CODE_LENS: "codeLensProvider",
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: "documentSymbolProvider",
    types.TEXT_DOCUMENT_CODE_ACTION: "codeActionProvider",
    types.TEXT_DOCUMENT_DEFINITION: "definitionProvider",
    types.TEXT_DOCUMENT_REFERENCES: "referencesProvider",
    types.TEXT_DOCUMENT_COMPLETION: "completionProvider",
    types.TEXT_DOCUMENT_SIGNATURE_HELP: "signatureHelpProvider",
    types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY: "callHierarchyProvider",
    types.WORKSPACE_EXECUTE_COMMAND: "executeCommandProvider",
}
_INCREMENTAL = 2
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            types.NotebookDocumentFilterNotebookType("jupyter-notebook"), [types.NotebookCellLanguage("python")]
        )
    ]
)
_ENCODINGS = ("utf-8", "utf-16", "utf-32")


def offered(features: Mapping[str, Structure | None], encoding: str) -> dict[str, Any]:
    """The capabilities of a server with these features, each with its options."""
    providers = {_PROVIDERS[name]: written(options) or True for name, options in features.items() if name in _PROVIDERS}
    return {
        "positionEncoding": encoding,
        "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": {"includeText": False}},
        "notebookDocumentSync": written(_NOTEBOOKS),
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        **providers,
    }


class ClientCapabilities:
    """What a client says that it can."""

    def __init__(self, given: Any = None) -> None:
        self._given = given

    def get(self, path: str) -> Any:
        """The value at a path such as `textDocument.hover`, or None."""
        found = self._given
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def encoding(self) -> str:
        """The units of columns: the first of those that the client likes that are known here."""
        liked = self.get("general.positionEncodings")
        return next((name for name in liked if name in _ENCODINGS), "utf-16") if isinstance(liked, list) else "utf-16"
