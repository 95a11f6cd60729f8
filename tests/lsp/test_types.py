"""The structures of the protocol against `lsprotocol`, which is made from the specification."""

from __future__ import annotations

import typing
from enum import Enum
from typing import Any

import attrs
import lsprotocol.types as specified
import pytest
from lsprotocol.converters import get_converter

from torchlint.lsp import types
from torchlint.lsp.structures import Structure, json_name, read, written

_OURS = {name: value for name, value in vars(types).items() if isinstance(value, type)}
STRUCTURES = {n: v for n, v in _OURS.items() if issubclass(v, Structure) and v is not Structure}
ENUMS = {n: v for n, v in _OURS.items() if issubclass(v, Enum) and v.__module__.startswith("torchlint")}
METHODS = {n: v for n, v in vars(types).items() if n.isupper() and isinstance(v, str)}
_UNION = "TextDocumentContentChangeEvent"
_CONVERTER = get_converter()


@pytest.mark.parametrize("name", sorted(STRUCTURES.keys() - {_UNION}))
def test_a_structure_is_as_specified(name: str) -> None:
    """Fields have the names of the specification, in its order, and those that must be there have no default."""
    ours, wanted = STRUCTURES[name], {field.name: field for field in attrs.fields(getattr(specified, name))}
    assert [field for field in wanted if field in ours._fields] == list(ours._fields)
    for field in ours._fields:
        if hasattr(ours, field):
            assert getattr(ours, field) == (None if field == "settings" else wanted[field].default)
        else:
            assert wanted[field].default is attrs.NOTHING


@pytest.mark.parametrize("name", sorted(STRUCTURES.keys() - {_UNION}))
def test_a_structure_is_read_by_others(name: str) -> None:
    """What is written has all that must be there, and is read again as it was."""
    sent = written(_sample(STRUCTURES[name]))
    assert written(read(STRUCTURES[name], sent)) == sent
    theirs = getattr(specified, name)
    required = {field.name for field in attrs.fields(theirs) if field.default is attrs.NOTHING}
    if required <= set(STRUCTURES[name]._fields) and "capabilities" not in required:
        assert _CONVERTER.unstructure(_CONVERTER.structure(sent, theirs)).items() >= sent.items()
    else:
        assert name.endswith("Params")  # which are read and never written


def _sample(kind: Any) -> Any:
    """A value with every field."""
    if isinstance(kind, type) and issubclass(kind, Structure):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _field(name, hints[name], kind) for name in kind._fields})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if typing.get_origin(kind) is not None:
        first = typing.get_args(kind)
        if "Sequence" in str(typing.get_origin(kind)):
            return [_sample(first[0])]
        if "Mapping" in str(typing.get_origin(kind)):
            return {"file:///a.py": _sample(first[1])}
        return _sample(first[0])
    return {str: "text", int: 1, bool: True, Any: {"a": 1}}[kind]


def _field(name: str, hint: Any, kind: type[Structure]) -> Any:
    if name in ("children", "documentation"):
        return None
    return getattr(kind, name, None) or _sample(hint)


@pytest.mark.parametrize("name", sorted(ENUMS))
def test_words_are_as_specified(name: str) -> None:
    """Each member has the value of the specification."""
    assert {m.name: m.value for m in ENUMS[name]}.items() <= {m.name: m.value for m in getattr(specified, name)}.items()


def test_methods_are_as_specified() -> None:
    """The names of requests and notifications."""
    assert {name: getattr(specified, name) for name in METHODS} == METHODS


@pytest.mark.parametrize("sent", [{}, {"textDocument": None}, {"textDocument": {"uri": 3}, "position": {}}, []])
def test_what_is_wrong_is_not_read(sent: Any) -> None:
    """A message without what it needs is refused, and does not fail later in a handler."""
    with pytest.raises(TypeError):
        read(types.HoverParams, sent)


def test_names_are_those_of_json() -> None:
    """`text_document` is `textDocument`, and a word of Python loses its line."""
    assert (json_name("text_document"), json_name("from_ranges"), json_name("from_")) == ("textDocument", "fromRanges", "from")
