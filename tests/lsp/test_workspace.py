"""Findings in files that nobody has open."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from session import EGLOT, VSCODE, Session, editor

WRONG = "import torch\nfrom torch import nn\n"
WRONG += "model = nn.Sequential(nn.Linear(8, 12), nn.Linear(10, 5))\nmodel(torch.zeros(2, 8))\n"
RIGHT = WRONG.replace("10, 5", "12, 5")
USES = "import torch\nfrom part import layer\nlayer(torch.zeros(2, 8))\n"
EVERYTHING = {"diagnosticScope": "workspace"}
SLOW = "from torch import nn\n" + "".join(
    f"class Net{i}(nn.Module):\n    def forward(self, x):\n        n = 0\n        for i in range(90000):\n"
    "            n = (3 * n + i) % 1001\n        return x + n\n"
    for i in range(20)
)


def write(session: Session, **files: str) -> None:
    for name, text in files.items():
        path = session.folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def tell(session: Session, name: str, kind: types.FileChangeType) -> None:
    event = types.FileEvent(session.uri(name), kind)
    session.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


async def everything(session: Session, known: dict[str, str] | None = None, token: str | None = "all") -> dict[str, Any]:
    """The reports by the names of files."""
    before = [types.PreviousResultId(session.uri(name), value) for name, value in (known or {}).items()]
    params = types.WorkspaceDiagnosticParams(before, work_done_token=token)
    found = await session.client.workspace_diagnostic_async(params)
    return {one.uri.removeprefix(session.folder.as_uri() + "/"): one for one in found.items}


def codes(reports: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [item.code for item in report.items] for name, report in reports.items()}


@editor(VSCODE, EVERYTHING)
async def test_closed_files_are_reported_where_the_settings_ask_for_it(session: Session) -> None:
    """All of them but what `check` leaves out, with their identities; one that is opened is reported as it is typed."""
    (session.folder / ".gitignore").write_text("ignored.py\n")
    write(session, wrong=WRONG, right=RIGHT, ignored=WRONG, build__made=WRONG, package__deep=WRONG)
    tell(session, "wrong.py", types.FileChangeType.Created)
    reports = await everything(session)
    assert codes(reports) == {"wrong.py": ["TL101"], "right.py": [], "package/deep.py": ["TL101"]}
    again = await everything(session, {name: report.result_id for name, report in reports.items()})
    assert {report.kind for report in again.values()} == {"unchanged"}
    uri = session.open("wrong.py", WRONG)
    session.type(uri, RIGHT)
    await session.pulled(uri)
    assert codes(await everything(session))["wrong.py"] == []
    session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert codes(await everything(session))["wrong.py"] == ["TL101"]


@editor(VSCODE, EVERYTHING)
async def test_closed_files_are_named_as_the_folder_names_them(session: Session) -> None:
    """Where a link leads elsewhere, the client knows the link."""
    elsewhere = session.folder.parent / f"{session.folder.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "real.py").write_text(WRONG)
    (session.folder / "linked.py").symlink_to(elsewhere / "real.py")
    tell(session, "linked.py", types.FileChangeType.Created)
    assert codes(await everything(session)) == {"linked.py": ["TL101"]}


@editor(VSCODE)
async def test_closed_files_are_silent_by_default(session: Session) -> None:
    """Nobody asked for them."""
    write(session, wrong=WRONG)
    tell(session, "wrong.py", types.FileChangeType.Created)
    assert await everything(session) == {}


@editor(VSCODE, EVERYTHING)
async def test_closed_files_change(session: Session) -> None:
    """By themselves, by a file that they import, on disk or as it is typed; and they go."""
    part = "from torch import nn\nlayer = nn.Linear(8, 2)\n"
    write(session, wrong=WRONG, part=part, uses=USES)
    tell(session, "wrong.py", types.FileChangeType.Created)
    reports = await everything(session)
    assert codes(reports) == {"wrong.py": ["TL101"], "part.py": [], "uses.py": []}
    write(session, wrong=RIGHT)
    tell(session, "wrong.py", types.FileChangeType.Changed)
    assert codes(await everything(session))["wrong.py"] == []
    write(session, part=part.replace("8", "9"))
    tell(session, "part.py", types.FileChangeType.Changed)
    assert codes(await everything(session))["uses.py"] == ["TL101"]
    uri = session.open("part.py", part.replace("8", "9"))
    session.type(uri, part)
    await session.pulled(uri)
    assert codes(await everything(session))["uses.py"] == []
    (session.folder / "uses.py").unlink()
    tell(session, "uses.py", types.FileChangeType.Deleted)
    gone = await everything(session, {"uses.py": reports["uses.py"].result_id})
    assert gone["uses.py"].result_id is None
    assert "uses.py" not in await everything(session)


@editor(EGLOT, options=EVERYTHING)
async def test_closed_files_are_published_where_nobody_pulls(session: Session) -> None:
    """And are taken back when they are gone."""
    write(session, wrong=WRONG)
    tell(session, "wrong.py", types.FileChangeType.Created)
    uri = session.uri("wrong.py")
    while not await session.published(uri):
        await asyncio.sleep(0.01)
    (session.folder / "wrong.py").unlink()
    tell(session, "wrong.py", types.FileChangeType.Deleted)
    while await session.published(uri):
        await asyncio.sleep(0.01)


@editor(EGLOT)
async def test_closed_files_are_not_published_by_default(session: Session) -> None:
    """Only what is open is."""
    write(session, wrong=WRONG)
    tell(session, "wrong.py", types.FileChangeType.Created)
    await session.published(session.open("right.py", RIGHT))
    assert session.uri("wrong.py") not in session.client.diagnostics


@editor(VSCODE, {**EVERYTHING, "budgetSeconds": 60})
async def test_closed_files_keep_no_open_file_waiting(session: Session) -> None:
    """An analysis of a closed file gives way at once, and is done in the end unless somebody stops it; who waits may."""
    write(session, slow=SLOW)
    tell(session, "slow.py", types.FileChangeType.Created)
    waiting = asyncio.ensure_future(everything(session, token="slow"))
    while "slow" not in session.client.progress_reports:
        await asyncio.sleep(0.01)
    uri = session.open("wrong.py", WRONG)
    assert [item.code for item in (await session.pulled(uri)).items] == ["TL101"]
    assert not waiting.done()
    begun = session.client.progress_reports["slow"]
    assert (begun[0].kind, begun[0].cancellable) == ("begin", True)
    session.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams("slow"))
    assert "slow.py" not in await waiting
    assert session.client.progress_reports["slow"][-1].kind == "end"


@editor(VSCODE, {**EVERYTHING, "budgetSeconds": 0.3})
async def test_progress_is_shown_where_nobody_waits(session: Session) -> None:
    """The client is asked for a token; on it the work begins, moves and ends."""
    write(session, wrong=WRONG, right=RIGHT, slow=SLOW[: SLOW.index("class Net1")])
    tell(session, "wrong.py", types.FileChangeType.Created)
    shown = session.client.progress_reports
    while not any(report and report[-1].kind == "end" for report in shown.values()):
        await asyncio.sleep(0.01)
    for report in shown.values():
        assert [one.kind for one in report][:1] == ["begin"]
        assert all(one.message.endswith(" of 3 files") for one in report if one.kind == "report")
    assert len(await everything(session, token=None)) == 3


@editor(VSCODE, {**EVERYTHING, "budgetSeconds": 60})
async def test_who_waits_for_everything_may_take_it_back(session: Session) -> None:
    """The request is answered as cancelled, at once."""
    write(session, slow=SLOW)
    tell(session, "slow.py", types.FileChangeType.Created)
    params = types.WorkspaceDiagnosticParams([], work_done_token="slow")
    await cancelled(session, types.WORKSPACE_DIAGNOSTIC, params)
    assert await everything(session, token=None) == {}


async def cancelled(session: Session, method: str, params: object) -> None:
    """Send a request, take it back, and expect the answer that says so."""
    asked = session.client.protocol.send_request_async(method, params, msg_id="taken back")
    waiting = asyncio.ensure_future(asked)
    await asyncio.sleep(0.05)
    session.client.cancel_request(types.CancelParams("taken back"))
    with pytest.raises(JsonRpcException) as raised:
        await asyncio.wait_for(waiting, 2)
    assert raised.value.code == types.LSPErrorCodes.RequestCancelled


@editor(VSCODE, {"budgetSeconds": 60})
async def test_requests_are_taken_back_while_an_analysis_runs(session: Session) -> None:
    """A hover and a report that wait for the analysis are answered as cancelled; an edit ends the analysis itself."""
    uri = session.open("slow.py", SLOW)
    document = types.TextDocumentIdentifier(uri)
    await cancelled(session, types.TEXT_DOCUMENT_DIAGNOSTIC, types.DocumentDiagnosticParams(document))
    await cancelled(session, types.TEXT_DOCUMENT_HOVER, types.HoverParams(document, types.Position(0, 0)))
    session.type(uri, WRONG)
    report = await asyncio.wait_for(session.pulled(uri), 5)
    assert [item.code for item in report.items] == ["TL101"]
