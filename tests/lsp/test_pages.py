"""The page of a rule, from where its finding stands in an editor."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from session import EGLOT, NEOVIM, VSCODE, Session, editor
from torchlint.lsp import pages

WRONG = "import torch\nfrom torch import nn\n\nmodel = nn.Linear(10, 5)\nmodel(torch.zeros(2, 8))\n"
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rules" / "linear-in-features.md").as_uri()
TITLE = "Open the page of linear-in-features"


async def openings(session: Session, uri: str, items: list[types.Diagnostic], only: list[str] | None = None) -> list[Any]:
    """The actions on the findings of a file that open a page."""
    context = types.CodeActionContext(items, only=only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), items[0].range, context)
    actions = await session.client.text_document_code_action_async(params) or []
    return [action for action in actions if action.command is not None]


@editor(VSCODE)
async def test_a_pulled_finding_leads_to_its_page(session: Session) -> None:
    """Its code is a link to a file that is there and says what the rule is about."""
    uri = session.open("net.py", WRONG)
    (found,) = (await session.pulled(uri)).items
    assert found.code_description.href == PAGE
    everything = await session.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    assert [item.code_description.href for one in everything.items for item in one.items] == [PAGE]


@editor(EGLOT)
async def test_a_client_that_knows_no_links_gets_none(session: Session) -> None:
    """What a client does not announce is not sent, and what it could not execute is not offered."""
    uri = session.open("net.py", WRONG)
    (found,) = await session.published(uri)
    assert found.code_description is None
    assert await openings(session, uri, [found]) == []


@pytest.mark.parametrize("client", [VSCODE, NEOVIM])
def test_the_page_is_opened(client: str, tmp_path: Path) -> None:
    """An action of no kind, which is not there for who wants fixes; the client is asked to show the page."""

    @editor(client)
    async def opened(session: Session) -> None:
        uri = session.open("net.py", WRONG)
        items = (await session.pulled(uri)).items
        (action,) = await openings(session, uri, items)
        assert (action.title, action.kind, action.edit, action.is_preferred) == (TITLE, "", None, None)
        assert [one.code for one in action.diagnostics] == ["TL101"]
        for kind in ("quickfix", "source.fixAll", "source.fixAll.torchlint", "refactor"):
            assert await openings(session, uri, items, [kind]) == []
        assert action.command.command in session.server.execute_command_provider.commands
        await session.client.workspace_execute_command_async(
            types.ExecuteCommandParams(action.command.command, action.command.arguments)
        )
        assert [one.uri for one in session.client.shown_documents] == [PAGE]

    opened(tmp_path)


@editor(VSCODE)
async def test_one_action_for_one_page(session: Session) -> None:
    """Two findings of one rule under the cursor have one page."""
    line = "a = nn.Linear(3, 4)(torch.zeros(2, 5)), nn.Linear(3, 4)(torch.zeros(2, 6))\n"
    uri = session.open("net.py", "import torch\nfrom torch import nn\n\n" + line)
    items = (await session.pulled(uri)).items
    assert [item.code for item in items] == ["TL101", "TL101"]
    assert [action.title for action in await openings(session, uri, items)] == [TITLE]


def test_an_installed_package_has_its_pages_inside(tmp_path: Path) -> None:
    """Where there is no checkout, the file is in `torchlint/pages`; where that lacks, there is no page."""
    package = tmp_path / "site-packages" / "torchlint"
    (package / "lsp").mkdir(parents=True)
    shutil.copy(pages.__file__, package / "lsp")
    (package / "pages").mkdir()
    (package / "pages" / "bad-call.md").write_text("# bad-call\n")
    spec = importlib.util.spec_from_file_location("installed_pages", package / "lsp" / "pages.py")
    assert spec is not None and spec.loader is not None
    installed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(installed)
    assert installed.page_of("bad-call") == (package / "pages" / "bad-call.md").as_uri()
    assert installed.page_of("linear-in-features") is None
