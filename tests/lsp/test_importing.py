"""Files that import each other, while they are open and not saved."""

from __future__ import annotations

from lsprotocol import types

from session import EGLOT, VSCODE, Session, editor

MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 10)

    def forward(self, x):
        return self.fc(x)
"""
WIDER = MODEL.replace("20, 10", "30, 10")
TRAIN = "import torch\nfrom model import Net\n\nnet = Net()\nnet(torch.zeros(8, 20))\n"


def close(session: Session, uri: str) -> None:
    session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))


def codes(report: object) -> list[str]:
    return [item.code for item in report.items]  # type: ignore[attr-defined]


@editor(VSCODE)
async def test_what_imports_a_file_sees_it_as_it_is_typed(session: Session) -> None:
    """An edit that is not saved counts for the other file, is undone with it, and is gone when the file is closed."""
    model, train = session.open("model.py", MODEL), session.open("train.py", TRAIN)
    assert codes(await session.pulled(train)) == []
    session.type(model, WIDER)
    assert codes(await session.pulled(train)) == ["TL101"]
    assert codes(await session.pulled(model)) == []
    session.type(model, MODEL)
    assert codes(await session.pulled(train)) == []
    session.type(model, WIDER)
    assert codes(await session.pulled(train)) == ["TL101"]
    close(session, model)
    assert codes(await session.pulled(train)) == []


@editor(EGLOT)
async def test_findings_of_users_are_published_anew(session: Session) -> None:
    """A client that does not pull is told of the file in which nobody has typed."""
    model, train = session.open("model.py", MODEL), session.open("train.py", TRAIN)
    assert await session.published(train) == []
    session.client.diagnostics.pop(train)
    session.type(model, WIDER)
    assert [one.code for one in await session.published(train)] == ["TL101"]


@editor(VSCODE)
async def test_imports_over_several_files(session: Session) -> None:
    """A file in between does not keep an edit from those that need it; it may be opened later, and unsaved."""
    (session.folder / "model.py").write_text(MODEL)
    (session.folder / "between.py").write_text("from model import Net as Model\n")
    train = session.open(
        "train.py", TRAIN.replace("from model import Net", "import between").replace("Net()", "between.Model()")
    )
    assert codes(await session.pulled(train)) == []
    model = session.open("model.py", MODEL)
    session.type(model, WIDER)
    assert codes(await session.pulled(train)) == ["TL101"]
    close(session, model)
    assert codes(await session.pulled(train)) == []


@editor(VSCODE)
async def test_a_file_that_is_opened_last_sees_what_is_typed_elsewhere(session: Session) -> None:
    """What was read of a file for one that is open before is not shown to one that is opened after an edit."""
    model, first = session.open("model.py", MODEL), session.open("first.py", TRAIN)
    assert codes(await session.pulled(first)) == []
    session.type(model, WIDER)
    second = session.open("second.py", TRAIN)
    assert codes(await session.pulled(second)) == ["TL101"]
    assert codes(await session.pulled(first)) == ["TL101"]


@editor(VSCODE)
async def test_files_that_import_each_other(session: Session) -> None:
    """An edit reaches the file itself through one that imports it."""
    text = "import model\nimport torch\n\n\ndef run():\n    return model.Net()(torch.zeros(8, 20))\n"
    (session.folder / "helper.py").write_text(text)
    model = session.open("model.py", "import helper\n" + MODEL + "\n\nhelper.run()\n")
    assert codes(await session.pulled(model)) == []
    train = session.open("train.py", "import helper\n\nhelper.run()\n")
    assert codes(await session.pulled(train)) == []
    session.type(model, "import helper\n" + WIDER + "\n\nhelper.run()\n")
    await session.pulled(model)
    found = (await session.pulled(train)).items
    session.type(model, "import helper\n" + MODEL + "\n\nhelper.run()\n")
    assert codes(await session.pulled(model)) == []
    assert codes(await session.pulled(train)) == []
    assert found


@editor(VSCODE)
async def test_what_nothing_uses_is_used_as_soon_as_another_file_does(session: Session) -> None:
    """Also by one that the file has nothing to do with, while it is typed and when it is changed by others."""
    made = "        self.fc = nn.Linear(20, 10)\n"
    model = session.open("model.py", MODEL.replace(made, made + made.replace("self.fc", "self.extra")))
    user = session.open("tool.py", "def run(net, x):\n    return net.fc(x)\n")
    assert codes(await session.pulled(model)) == ["TL207"]
    session.type(user, "def run(net, x):\n    return net.extra(x)\n")
    assert codes(await session.pulled(model)) == []
    close(session, user)
    assert codes(await session.pulled(model)) == ["TL207"]
    (session.folder / "tool.py").write_text("def run(net, x):\n    return net.extra(x)\n")
    event = types.FileEvent(user, types.FileChangeType.Changed)
    session.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert codes(await session.pulled(model)) == []
