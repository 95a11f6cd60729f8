"""The server as editors meet it, each with the capabilities that it announces."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from session import EGLOT, NEOVIM, VSCODE, Session, editor

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.fc = nn.Linear(16 * 30 * 30, 10)

    def forward(self, x):
        x = self.conv(x)
        x = torch.flatten(x, 1)
        return self.fc(x)
"""
WRONG = NET.replace("16 * 30 * 30", "100").replace("nn.Linear(100", "nn.Linear(101")


@editor(EGLOT)
async def test_findings_are_published_where_nobody_pulls(session: Session) -> None:
    """A client that does not pull is told, with every edit, and is told nothing after the file is closed."""
    uri = session.open("net.py", WRONG)
    (found,) = await session.published(uri)
    assert (found.code, found.source, found.severity) == ("TL101", "torchlint", types.DiagnosticSeverity.Error)
    assert found.range.start.line == 13
    assert found.related_information
    session.type(uri, NET)
    assert await session.published(uri) == []
    session.type(uri, WRONG)
    assert len(await session.published(uri)) == 1
    session.client.diagnostics.pop(uri)
    session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert await session.published(uri) == []
    assert session.server.diagnostic_provider is None


@editor(VSCODE)
async def test_findings_are_pulled_and_not_published(session: Session) -> None:
    """A client that pulls gets the report of the text as it is, its identity, and no push."""
    uri = session.open("net.py", WRONG)
    report = await session.pulled(uri)
    assert [item.code for item in report.items] == ["TL101"]
    again = await session.pulled(uri, report.result_id)
    assert again.kind == "unchanged"
    session.type(uri, NET)
    report = await session.pulled(uri, report.result_id)
    assert report.items == []
    everything = await session.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    assert [(one.uri, list(one.items)) for one in everything.items] == [(uri, [])]
    assert session.client.diagnostics == {}


@editor(VSCODE)
async def test_edits_come_in_parts(session: Session) -> None:
    """Edits of ranges are applied in their order, in UTF-16 units."""
    uri = session.open("net.py", 's = "é😀"; print(s)\n' + NET)
    session.change(
        uri,
        types.TextDocumentContentChangePartial(types.Range(types.Position(0, 6), types.Position(0, 8)), "ab"),
        types.TextDocumentContentChangePartial(types.Range(types.Position(9, 28), types.Position(9, 40)), "7"),
    )
    report = await session.pulled(uri)
    assert [(item.code, item.range.start.line) for item in report.items] == [("TL101", 14)]


@editor(VSCODE)
async def test_columns_are_utf_16(session: Session) -> None:
    """A finding behind a character of two units starts two further."""
    uri = session.open("net.py", WRONG.replace("        return self.fc(x)", '        s = "😀"; return self.fc(x)'))
    (found,) = (await session.pulled(uri)).items
    assert found.range.start.character == 8 + len('s = "12"; return self.fc(')


@editor(NEOVIM)
async def test_columns_are_utf_8(session: Session) -> None:
    """The same in bytes, for a client that counts these."""
    uri = session.open("net.py", WRONG.replace("        return self.fc(x)", '        s = "😀"; return self.fc(x)'))
    (found,) = (await session.pulled(uri)).items
    assert found.range.start.character == 8 + len('s = "1234"; return self.fc(')


@editor(VSCODE)
async def test_hover_hints_lenses_and_outline(session: Session) -> None:
    """What is known of a class is shown where it stands."""
    uri = session.open("net.py", NET)
    document = types.TextDocumentIdentifier(uri)
    hints = await session.until(lambda: session.hints(uri))
    assert hints == {
        7: ["448"],
        8: ["144,010"],
        11: ["[N, 16, 30, 30]"],
        12: ["[N, 14400]"],
        13: ["[N, 10]"],
    }
    assert "16 * (3 * 3) * 3 + 16 = 448" in await session.hover(uri, 7, 25)
    assert "(32 + 2*0 - 3) / 1 + 1 = 30" in await session.hover(uri, 7, 25)
    assert "`x`: `[N, 3, 32, 32]`, float32" in await session.hover(uri, 11, 22)
    assert "`x`: `[N, 16, 30, 30]`, float32" in await session.hover(uri, 12, 26)
    assert "forward(x: [N, 3, 32, 32]) -> [N, 10]" in await session.hover(uri, 10, 10)
    assert "| `conv` | Conv2d |" in await session.hover(uri, 4, 7)
    (lens,) = await session.client.text_document_code_lens_async(types.CodeLensParams(document))
    assert lens.command.title.startswith("144,458 parameters · ")
    (symbol,) = await session.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert [child.name for child in symbol.children] == ["conv", "fc", "__init__", "forward"]


@editor(VSCODE)
async def test_answers_move_with_the_lines(session: Session) -> None:
    """While a new analysis runs, and while a class does not parse, answers stay with their lines."""
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))
    session.type(uri, NET.replace("    def forward", "        self.q = (\n\n    def forward"))
    assert (await session.hints(uri))[13] == ["[N, 16, 30, 30]"]
    await session.pulled(uri)
    await asyncio.sleep(0.2)
    assert (await session.hints(uri))[13] == ["[N, 16, 30, 30]"]


@editor(VSCODE)
async def test_a_fix_is_applied_and_the_finding_is_gone(session: Session) -> None:
    """Each finding has its fix and the comment that ignores it; both help."""
    text = "from torch import nn\nmodel = nn.Sequential(nn.Linear(8, 12), nn.Linear(10, 5))\n"
    text += "import torch\nmodel(torch.zeros(2, 8))\n"
    uri = session.open("net.py", text)
    items = (await session.pulled(uri)).items
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), items[0].range, types.CodeActionContext(items))
    actions = await session.client.text_document_code_action_async(params)
    fixes = ["make it `nn.Linear(12, 5)`", "Ignore linear-in-features on this line"]
    assert [action.title for action in actions] == [*fixes, "Open the page of linear-in-features"]
    for action in actions[:2]:
        assert [one.code for one in action.diagnostics] == ["TL101"]
        session.type(uri, applied(text, action.edit.changes[uri]))
        assert (await session.pulled(uri)).items == []
        session.type(uri, text)
        await session.pulled(uri)


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """The text after edits, in ASCII."""
    lines = text.splitlines(keepends=True)
    starts = [sum(len(line) for line in lines[:i]) for i in range(len(lines) + 1)]
    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character), reverse=True):
        start = starts[edit.range.start.line] + edit.range.start.character
        end = starts[edit.range.end.line] + edit.range.end.character
        text = text[:start] + edit.new_text + text[end:]
    return text


@editor(VSCODE)
async def test_from_a_use_to_its_construction(session: Session) -> None:
    """`self.fc` leads to where the layer is made, and from there to every use."""
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))
    document, place = types.TextDocumentIdentifier(uri), types.Position(13, 21)
    found = await session.client.text_document_definition_async(types.DefinitionParams(document, place))
    assert (found.range.start.line, found.range.start.character) == (8, 18)
    params = types.ReferenceParams(types.ReferenceContext(True), document, place)
    references = await session.client.text_document_references_async(params)
    assert sorted(one.range.start.line for one in references) == [8, 13]


@editor(VSCODE)
async def test_completion_knows_layers_and_a_call_gets_its_signature(session: Session) -> None:
    """Behind `self.` stand the layers with their shapes; in a call of a layer, its signature helps."""
    uri = session.open("net.py", WRONG)
    await session.until(lambda: session.hints(uri))
    document = types.TextDocumentIdentifier(uri)

    async def complete(line: int, character: int) -> dict[str, str]:
        params = types.CompletionParams(document, types.Position(line, character))
        found = await session.client.text_document_completion_async(params)
        return {item.label: item.detail or "" for item in found.items} if found is not None else {}

    assert "Conv2d [N, 3, " in (await complete(11, 17))["conv"]
    signature = await session.client.text_document_signature_help_async(
        types.SignatureHelpParams(document, types.Position(8, 28))
    )
    assert signature.signatures[0].label.startswith("Linear(in_features, out_features, bias=True")
    assert signature.active_parameter == 0


@editor(VSCODE)
async def test_a_layer_is_extracted(session: Session) -> None:
    """Where the cursor is on a layer that `forward` makes, and not elsewhere on the line; the file is as it should be then."""
    text = NET.replace("        return self.fc(x)", "        return self.fc(nn.Identity()(x))")
    uri = session.open("net.py", text)

    async def offered(character: int, only: list[str] | None = None) -> list[types.CodeAction]:
        place = types.Position(13, character)
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, place), context)
        return list(await session.client.text_document_code_action_async(params) or [])

    await session.until(lambda: session.hints(uri))
    assert await offered(10, ["refactor.extract"]) == []
    assert await offered(28, ["quickfix"]) == []
    (action,) = await offered(28, ["refactor"])
    assert (action.title, action.kind) == ("Extract into `__init__` as `self.identity1 = nn.Identity()`", "refactor.extract")
    after = applied(text, action.edit.changes[uri])
    assert "        self.identity1 = nn.Identity()\n\n    def forward" in after
    assert "return self.fc(self.identity1(x))" in after


@editor(VSCODE)
async def test_the_size_that_fits_is_completed(session: Session) -> None:
    """In a call of a layer, by keyword and by position, also while the call is being typed; with the reason. The signature
    follows the argument."""
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))
    document = types.TextDocumentIdentifier(uri)

    async def fits(written: str) -> dict[str, str | None]:
        session.type(uri, NET)
        await session.pulled(uri)
        session.type(uri, NET.replace("nn.Linear(16 * 30 * 30, 10)", written))
        place = types.Position(8, 18 + len(written.rstrip(")")))
        found = await session.client.text_document_completion_async(types.CompletionParams(document, place))
        return {item.label: item.detail for item in found.items} if found is not None else {}

    why = "the size of dimension -1 of its input [N, 14400]"
    assert await fits("nn.Linear(") == {"in_features=14400": why}
    assert await fits("nn.Linear()") == {"in_features=14400": why}
    assert await fits("nn.Linear(in_features=)") == {"14400": why}
    assert await fits("nn.Linear(out_features=)") == {}
    assert await fits("nn.Linear(14400, )") == {}
    session.type(uri, NET.replace("16 * 30 * 30, 10", "16 * 30 * 30, bias="))
    where = types.SignatureHelpParams(document, types.Position(8, 18 + len("nn.Linear(16 * 30 * 30, bias=")))
    signature = await session.client.text_document_signature_help_async(where)
    assert signature.signatures[0].parameters[signature.active_parameter].label == "bias=True"


@editor(VSCODE)
async def test_the_size_that_fits_is_found_where_none_was_written(session: Session) -> None:
    """Whatever was analysed before, also a call without sizes; nothing of that is reported, and all else is as before."""
    net = NET.replace("    def forward", "    # torchlint: input x: [N, 3, 32, 32]\n    def forward")
    uri = session.open("net.py", net.replace("nn.Linear(16 * 30 * 30, 10)", "nn.Linear()"))
    document = types.TextDocumentIdentifier(uri)
    missing = (await session.pulled(uri)).items

    async def fits(written: str) -> list[str]:
        typed, _, rest = written.partition("|")
        session.type(uri, net.replace("nn.Linear(16 * 30 * 30, 10)", typed + rest))
        await session.settled(uri)
        place = types.Position(8, 18 + len(typed))
        found = await session.client.text_document_completion_async(types.CompletionParams(document, place))
        return [item.label for item in found.items] if found is not None else []

    assert await fits("nn.Linear(|)") == ["in_features=14400"]
    assert await fits("nn.Linear(|, 10)") == ["in_features=14400"]
    assert await fits("nn.Linear(out_features=10, in_features=|)") == ["14400"]
    assert await fits("nn.Linear(14400, |)") == []
    assert await fits("nn.Linear(|)") == ["in_features=14400"]
    assert (await session.pulled(uri)).items == missing
    assert [item.code for item in missing] == ["TL118"]


@editor(VSCODE)
async def test_the_summary_of_a_class(session: Session) -> None:
    """The client's own view gets what the command line gives, with the range of the class."""
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))
    params = {"textDocument": {"uri": uri}, "class": "Net"}
    found = await session.client.protocol.send_request_async("torchlint/summary", params)
    assert found.total_params == 144458
    assert found.range.start.line == 4
    assert [row.path for row in found.layers] == ["", "conv", "fc"]
    session.type(uri, NET + NET.replace("Net", "Other").replace("Linear", "LazyLinear").replace("16 * 30 * 30, ", ""))

    async def other() -> object:
        params = {"textDocument": {"uri": uri}, "class": "Other"}
        found = await session.client.protocol.send_request_async("torchlint/summary", params)
        return found is not None and found.range.start.line == 18 and found

    assert len((await session.until(other)).layers) == 3


@editor(VSCODE, {"inlayHints": {"counts": False, "unchangedShapes": False}, "ignore": ["linear-in-features"]})
async def test_settings_of_the_editor_hold(session: Session) -> None:
    """Settings are asked for, and hold at once."""
    uri = session.open("net.py", WRONG)
    while (await session.pulled(uri)).items:
        await asyncio.sleep(0.01)
    hints = await session.until(lambda: session.hints(uri))
    assert 8 not in hints


@editor(VSCODE, options={"ignore": ["linear-in-features"]})
async def test_settings_come_with_the_start(session: Session) -> None:
    """What a client says when it starts the server holds as long as it says nothing else."""
    uri = session.open("net.py", WRONG)
    assert (await session.pulled(uri)).items == []


@editor(VSCODE, {"ignore": []}, options={"torchlint": {"ignore": ["linear-in-features"]}})
async def test_settings_that_are_asked_for_come_first(session: Session) -> None:
    """The client's answer holds, not what it said at the start."""
    uri = session.open("net.py", WRONG)
    while not (await session.pulled(uri)).items:
        await asyncio.sleep(0.01)


@editor(VSCODE)
async def test_an_imported_file_changes(session: Session) -> None:
    """What depends on a file is analysed again when the client says that it has changed."""
    (session.folder / "sizes.py").write_text("WIDTH = 16 * 30 * 30\n")
    text = NET.replace("16 * 30 * 30", "WIDTH").replace("3, 16, 3", "3, 17, 3")
    uri = session.open("net.py", "from sizes import WIDTH\n" + text)
    assert len((await session.pulled(uri)).items) == 1
    (session.folder / "sizes.py").write_text("WIDTH = 17 * 30 * 30\n")
    event = types.FileEvent(session.uri("sizes.py"), types.FileChangeType.Changed)
    session.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    assert (await session.pulled(uri)).items == []


@editor(VSCODE)
async def test_a_file_that_is_closed_keeps_nobody_waiting(session: Session) -> None:
    """A report that was asked for before the file was closed comes all the same."""
    uri = session.open("net.py", WRONG)
    asked = asyncio.ensure_future(session.pulled(uri))
    await asyncio.sleep(0)
    session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert (await asked).kind == "full"


@editor(VSCODE)
async def test_what_is_unnecessary_is_faded(session: Session) -> None:
    """A layer that nothing uses has the tag by which editors fade it."""
    made = "        self.fc = nn.Linear(16 * 30 * 30, 10)\n"
    uri = session.open("net.py", NET.replace(made, made + made.replace("self.fc", "self.extra")))
    (found,) = (await session.pulled(uri)).items
    assert (found.code, list(found.tags), found.range.start.line) == ("TL207", [types.DiagnosticTag.Unnecessary], 9)


@editor(VSCODE)
async def test_all_fixes_at_once(session: Session) -> None:
    """`source.fixAll.torchlint` applies what is safe, and only when it is asked for."""
    text = (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.conv = nn.Conv2d(3, 16, 5)\n        self.fc = nn.Linear(..., 10)\n\n    def forward(self, x):\n"
        "        return self.fc(torch.relu(self.conv(x)).flatten(1))\n\n\nNet()(torch.randn(8, 3, 32, 32))\n"
    )
    uri = session.open("net.py", text)
    document, span = types.TextDocumentIdentifier(uri), types.Range(types.Position(0, 0), types.Position(20, 0))
    context = types.CodeActionContext([], only=["source.fixAll.torchlint"])
    (action,) = await session.client.text_document_code_action_async(types.CodeActionParams(document, span, context))
    assert "nn.Linear(12544, 10)" in applied(text, action.edit.changes[uri])
