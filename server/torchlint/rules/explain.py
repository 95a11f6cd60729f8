"""From a failure of the trace to words: the user's own names, where the sizes came from, and the number that would fit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from torchlint.diagnostics import Applicability, Edit, Fix, Note
from torchlint.dims.expr import Expr, symbols_of
from torchlint.dims.facts import using
from torchlint.dims.printing import show, show_shape
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.ops.registry import LAYER_OF_CLASS
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding
from torchlint.rules.why import maker_of, why_not
from torchlint.values.module import Module
from torchlint.values.tensor import InputTensor, Tensor

_LONGEST_NAME = 40
_LONGEST_CALL = 80
_MOST_TENSORS = 3
_PLACEHOLDER = re.compile(r"\{(\w+)(?:\.(\d+))?\}")


def explain(failure: Failure, file: CheckedFile, speaker: str = "torch") -> Finding:
    """The finding that a failure is, with notes for the layer, for each tensor that disagrees and in torch's own words.

    `speaker` is the library that raises, if it is another one.
    """
    failure = failure._replace(callee=file.callee_of(failure))
    error = failure.error
    message = _fill(error.message, failure)
    notes: list[Note] = []
    if failure.module is not None:
        notes += _about_layer(failure, failure.module, file)
    with using(file.facts_of(failure.error)):
        notes += _about_tensors(failure, file)
    if failure.inside is not None:
        where = "it is raised here" if failure.inside.unit.checked else "it fails inside the library, here"
        notes.append(file.note(where, failure.inside))
    notes += why_not(failure, file)
    notes += [Note(_fill(note, failure)) for note in error.notes]
    if error.torch:
        notes.append(Note(f"{speaker} says: {_fill(error.torch, failure)}"))
    fix = _repair(failure, file)
    return Finding(
        message, _blamed(failure), tuple(notes), fix.message if fix is not None else None, fix, error.label, _part(failure)
    )


def _fill(text: str, failure: Failure) -> str:
    def replace(match: re.Match[str]) -> str:
        name, index = match.groups()
        if index is not None:
            return _element_text(name, int(index), failure)
        if name == "callee":
            return f"`{failure.callee}`" if _is_short(failure.callee) else "the layer" if failure.module else "the call"
        return _argument_text(name, failure)

    return _PLACEHOLDER.sub(replace, text)


def _is_line(text: str) -> bool:
    return bool(text) and len(text) <= _LONGEST_CALL and "\n" not in text


def _is_short(text: str) -> bool:
    return bool(text) and len(text) <= _LONGEST_NAME and "\n" not in text


def _argument_text(name: str, failure: Failure) -> str:
    argument = failure.arguments.get(name)
    if argument is not None and argument.node is not None and failure.inside is None:
        text = failure.place.unit.source(argument.node)
        if _is_short(text):
            return f"`{text}`"
    return {"input": "its input", "other": "the other operand", "tensors": "the list"}.get(name, f"its `{name}`")


def _element_text(name: str, index: int, failure: Failure) -> str:
    """An element of a list argument, as it is written if the list is written out."""
    argument = failure.arguments.get(name)
    node = argument.node if argument is not None and failure.inside is None else None
    if isinstance(node, (ast.List, ast.Tuple)) and not any(isinstance(e, ast.Starred) for e in node.elts[: index + 1]):
        text = failure.place.unit.source(node.elts[index])
        if _is_short(text):
            return f"`{text}`"
    return f"tensor {index}"


def _blamed(failure: Failure) -> Place:
    argument = failure.arguments.get(failure.error.blame or "")
    if argument is not None and argument.node is not None and failure.inside is None:
        return Place(failure.place.unit, argument.node)
    keyword = _keyword(failure.place.node, failure.error.blame)
    return Place(failure.place.unit, keyword) if keyword is not None else failure.place


def _keyword(node: ast.AST, name: str | None) -> ast.keyword | None:
    if isinstance(node, ast.Call):
        return next((k for k in node.keywords if k.arg == name and name), None)
    return None


def _part(failure: Failure) -> str:
    return "attribute" if failure.error.rule == "undefined-attribute" else ""


def _about_layer(failure: Failure, module: Module, file: CheckedFile) -> list[Note]:
    created = module.created
    if not isinstance(created, Place) or not isinstance(created.node, ast.Call):
        return []
    text = created.text
    if not _is_line(text) or not _is_short(failure.callee) or text == failure.callee:
        return []
    return [file.note(f"`{failure.callee}` is `{text}`", created)]


def _about_tensors(failure: Failure, file: CheckedFile) -> list[Note]:
    notes: list[Note] = []
    seen: set[int] = set()
    for text, node, value in _tensors(failure):
        if value.is_parameter or id(value) in seen:
            continue
        seen.add(id(value))
        maker = maker_of(value)
        if isinstance(maker, InputTensor):
            which = "an input" if text == f"`{maker.name}`" else f"of the shape of the input `{maker.name}`"
            notes.append(Note(f"{text} is {which}: {show_shape(value.shape)}"))
            continue
        if maker.origin is None or not isinstance(maker.origin.place, Place):
            continue
        place = maker.origin.place
        if not place.unit.checked or place.node is failure.place.node:
            continue
        sources = list(dict.fromkeys(show_shape(t.shape) for t in maker.origin.inputs if not t.is_parameter))[:_MOST_TENSORS]
        if not sources and place.node is node:
            continue
        shape = show_shape(value.shape)
        made = f"became {shape} from {' and '.join(sources)}" if sources else f"was made as {shape}"
        notes.append(file.note(f"{text} {made}", place))
    return notes


def _tensors(failure: Failure) -> Iterator[tuple[str, ast.AST | None, Tensor]]:
    """The tensors that went in, with how they are written; of a list, the first few."""
    for name, argument in failure.arguments.items():
        value = argument.value
        if isinstance(value, Tensor):
            yield _argument_text(name, failure), argument.node, value
        elif isinstance(value, (list, tuple)) and name != "input":
            for index, element in enumerate(value[:_MOST_TENSORS]):
                if isinstance(element, Tensor):
                    yield _element_text(name, index, failure), None, element


_ARITHMETIC = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)


def _repair(failure: Failure, file: CheckedFile) -> Fix | None:
    """Change the constructor's argument to the size that fits, where it is written in this file in numbers or by the names of
    the sizes."""
    wanted = failure.error.repair
    if not wanted:
        return None
    if "rename" in wanted:
        return _rename(failure, file, wanted["rename"])
    module = failure.module
    created = module.created if module is not None else None
    if module is None or not isinstance(created, Place) or not file.here(created) or not isinstance(created.node, ast.Call):
        return None
    call = created.node
    written = _written_arguments(call, module)
    edits: list[tuple[ast.expr, str]] = []
    for name, value in wanted.items():
        node = written.get(name)
        text = _replacement(node, value) if node is not None else None
        if node is None or text is None:
            return None
        edits.append((node, text))
    if not edits:
        return None
    text = _edited(created, edits)
    made = tuple(Edit(file.span(Place(created.unit, node)), new) for node, new in edits)
    return Fix(f"make it `{text}`", made, Applicability.UNSAFE) if _is_line(text) else None


def _replacement(node: ast.expr, value: object) -> str | None:
    """How to write the size in the place of the expression: a number for one made of numbers, or a formula of its names."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    if any(not isinstance(n, (*_ARITHMETIC, ast.Name)) for n in ast.walk(node)):
        return None
    if type(value) is int:
        return str(value) if not names else None
    if not isinstance(value, Expr) or not {s.name for s in symbols_of(value)} <= names:
        return None
    text = show(value)
    return None if "**" in text else text.replace("*", " * ")


def _rename(failure: Failure, file: CheckedFile, names: object) -> Fix | None:
    old, new = names if isinstance(names, tuple) else ("", "")
    node = failure.place.node
    keyword = _keyword(node, old)
    if keyword is not None:
        span = file.span(Place(failure.place.unit, keyword))
        end = span.start._replace(column=span.start.column + len(old))
        return Fix(f"write `{new}`", (Edit(span._replace(end=end), new),), Applicability.SAFE)
    if isinstance(node, ast.Name) and node.id == old:
        return Fix(f"write `{new}`", (Edit(file.span(failure.place), new),), Applicability.UNSAFE)
    if isinstance(node, ast.Attribute) and node.attr == old:
        span = file.span(failure.place)
        start = span.end._replace(column=span.end.column - len(old))
        return Fix(f"write `{new}`", (Edit(span._replace(start=start), new),), Applicability.UNSAFE)
    return None


def _written_arguments(call: ast.Call, module: Module) -> dict[str, ast.expr]:
    layer = LAYER_OF_CLASS.get(type(module))
    if layer is None or any(isinstance(a, ast.Starred) for a in call.args):
        return {}
    names = [p.name for p in layer.init.signature.positional][1:]
    return {**dict(zip(names, call.args)), **{k.arg: k.value for k in call.keywords if k.arg is not None}}


def _edited(place: Place, edits: list[tuple[ast.expr, str]]) -> str:
    text = place.text
    base = int(getattr(place.node, "col_offset", 0))
    if "\n" in text:
        return ""
    data = text.encode()
    for node, new in sorted(edits, key=lambda e: -e[0].col_offset):
        end = node.end_col_offset or node.col_offset
        data = data[: node.col_offset - base] + new.encode() + data[end - base :]
    return data.decode()
