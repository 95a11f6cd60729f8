"""Notebooks: the cells are one program in their order."""

from __future__ import annotations

from lsprotocol import types

from session import VSCODE, Session, editor

_LAYER = "from torch import nn\nimport torch\nlayer = nn.Linear(8, 4)"
_USE = "%timeit 1\nlayer(torch.zeros(2, 7))"


def _open(session: Session, *texts: str) -> tuple[str, list[str]]:
    uri = session.uri("book.ipynb")
    cells = [f"vscode-notebook-cell:{session.folder}/book.ipynb#{i}" for i in range(len(texts))]
    book = types.NotebookDocument(
        uri, "jupyter-notebook", 0, [types.NotebookCell(types.NotebookCellKind.Code, cell) for cell in cells]
    )
    items = [types.TextDocumentItem(cell, "python", 0, text) for cell, text in zip(cells, texts)]
    session.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(book, items))
    return uri, cells


def _change(session: Session, uri: str, change: types.NotebookDocumentCellChanges) -> None:
    session.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(1, uri), types.NotebookDocumentChangeEvent(cells=change)
        )
    )


@editor(VSCODE)
async def test_a_cell_knows_what_the_cells_before_it_made(session: Session) -> None:
    """A finding is in its own cell, and gone when another cell is edited so that it fits."""
    uri, (first, second) = _open(session, _LAYER, _USE)
    assert (await session.pulled(first)).items == []
    (found,) = (await session.pulled(second)).items
    assert (found.code, found.range.start.line) == ("TL101", 1)
    edit = types.TextDocumentContentChangePartial(types.Range(types.Position(2, 18), types.Position(2, 19)), "7")
    content = types.NotebookDocumentCellContentChanges(types.VersionedTextDocumentIdentifier(1, first), [edit])
    _change(session, uri, types.NotebookDocumentCellChanges(text_content=[content]))
    assert (await session.pulled(second)).items == []


@editor(VSCODE)
async def test_cells_are_moved_and_removed(session: Session) -> None:
    """What a removed cell made is not there any more; nothing is said of the cell itself."""
    uri, (first, second) = _open(session, _LAYER, _USE)
    assert len((await session.pulled(second)).items) == 1
    swapped = [types.NotebookCell(types.NotebookCellKind.Code, cell) for cell in (second, first)]
    array = types.NotebookCellArrayChange(0, 2, swapped)
    _change(session, uri, types.NotebookDocumentCellChanges(structure=types.NotebookDocumentCellChangeStructure(array)))
    assert {item.code for item in (await session.pulled(second)).items} == {"TL224"}
    array = types.NotebookCellArrayChange(0, 1, [])
    gone = [types.TextDocumentIdentifier(second)]
    structure = types.NotebookDocumentCellChangeStructure(array, did_close=gone)
    _change(session, uri, types.NotebookDocumentCellChanges(structure=structure))
    assert (await session.pulled(second)).items == []
    assert (await session.pulled(first)).items == []
