"""The contexts of a class, and the choice of the one that hints and hovers show."""

from __future__ import annotations

from typing import Any

from torchlint.editor.answers import About
from torchlint.lsp.programs import Program
from torchlint.lsp.state import Server


def register(server: Server) -> None:
    """Add these features."""
    server.feature("torchlint/contexts")(_contexts)
    server.feature("torchlint/chooseContext")(_choose)


def class_in(params: Any) -> str | None:
    """The parameter `class` of a request, if there is one."""
    # pygls makes named tuples of parameters, and gives one whose name is a word of Python the name of its number.
    return next((value for key, value in params._asdict().items() if key.startswith("_")), None)


async def _contexts(server: Server, params: Any) -> dict[str, Any] | None:
    """The contexts of the class at a position, or of that name: what each is, and whether it is the one that is shown."""
    found = server.find(params.textDocument.uri)
    if found is None:
        return None
    program, _ = found
    await server.answered(program)
    about = _class(server, program, params)
    if about is None:
        return None
    contexts = [
        {"key": one.key, "label": one.label, "detail": one.detail, "isShown": number == about.chosen}
        for number, one in enumerate(about.choices)
    ]
    return {"class": about.name, "contexts": contexts}


def _class(server: Server, program: Program, params: Any) -> About | None:
    name, place = class_in(params), getattr(params, "position", None)
    if name is not None:
        return next((p.about for p in program.answers.parts if p.about.name == name and p.about.choices), None)
    found = server.place(params.textDocument.uri, place) if place is not None else None
    part = program.answers.at(found[1].row) if found is not None else None
    return part.about if part is not None and part.about.choices else None


async def _choose(server: Server, params: Any) -> bool:
    """Show the class of that name in the context of that key; whether there is one."""
    found = server.find(params.textDocument.uri)
    name = class_in(params)
    if found is None or name is None:
        return False
    program, _ = found
    await server.choose(program, name, params.key)
    about = next((part.about for part in program.answers.parts if part.about.name == name), None)
    return about is not None and any(one.key == params.key for one in about.choices)
