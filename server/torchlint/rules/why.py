"""Why sizes cannot agree, in notes: what the program asked of them before, and the proof."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.diagnostics import Note
from torchlint.dims.expr import Expr, by_age, product, symbols_of
from torchlint.dims.facts import using
from torchlint.dims.printing import plain, show_shape
from torchlint.dims.reasons import reason_of
from torchlint.dims.relation import Relation, content
from torchlint.dims.requirements import requirement
from torchlint.interpreter.holes import FilledHole
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.values.tensor import InputTensor, Tensor

_LONGEST_TEXT = 80
_MOST_FACTS = 4
_LONGEST_SIZE = 60
_SOME = 4  # values where there is no end, or none is proved
_CHANNELS = 1


def why_not(failure: Failure, file: CheckedFile) -> list[Note]:
    """The earlier facts that exclude what the operation needs, each where it is asked for, and what is wrong with them."""
    contradiction = failure.error.contradiction
    if contradiction is None:
        return []
    reason = reason_of(contradiction)
    notes = [_asked_for(relation, source, file) for relation, source in reason.facts[:_MOST_FACTS]]
    if reason.proof:
        claim = _claim(contradiction.refused, failure) if reason.is_alone and contradiction.refused is not None else ""
        notes.append(Note(f"{claim}: {reason.proof}" if claim else reason.proof))
    return notes


def _asked_for(relation: Relation, source: object, file: CheckedFile) -> Note:
    place = source if isinstance(source, Place) else None
    text = place.text if place is not None and place.unit.checked else ""
    needs = requirement(relation)
    if not text or len(text) > _LONGEST_TEXT or "\n" in text:
        return file.note(f"the code needs {needs}", place)
    return file.note(f"the code says `{text}`" if needs in text else f"`{text}` needs {needs}", place)


def _claim(refused: Relation, failure: Failure) -> str:
    """What is refused, if it is that a size is a number: `20*H*W is never 310`, or `20 channels never flatten to 310`."""
    left, op, right = refused
    if isinstance(left, int):
        left, right = right, left
    if op != "==" or not isinstance(left, Expr) or not isinstance(right, int):
        return ""
    for argument in failure.arguments.values():
        channels = _flattened_channels(argument.value) if isinstance(argument.value, Tensor) else None
        if channels == content(left):
            return f"{channels} channels never flatten to {right}"
    return f"{plain(left)} is never {right}"


def _flattened_channels(tensor: Tensor) -> int | None:
    """The number of channels of the images that a tensor of features was flattened from."""
    made = maker_of(tensor)
    images = made.origin.inputs[0] if made.origin is not None and made.origin.inputs else None
    if made.ndim == 2 and images is not None and images.ndim > 2 and product(images.shape[1:]) == made.shape[1]:
        channels = images.shape[_CHANNELS]
        return channels if isinstance(channels, int) else None
    return None


def shown_inputs(one: Pass) -> str:
    """What a pass of a class feeds it: `[N, 3, H, W]`; "" for a script, or where nothing asks for a shape."""
    tensors = [v for v in one.inputs.values() if isinstance(v, Tensor)]
    with using(one.facts):
        return ", ".join(show_shape(t.shape) for t in tensors if not isinstance(t, InputTensor) or t.is_decided)


def maker_of(tensor: Tensor) -> Tensor:
    """The tensor that first had this shape, going back through operations that keep it."""
    current = tensor
    while current.origin is not None:
        previous = next((t for t in current.origin.inputs if t.shape == current.shape and not t.is_parameter), None)
        if previous is None:
            break
        current = previous
    return current


def what_fits(filled: FilledHole) -> str:
    """`can only be 640`, `must be 4*dim`: what a size that is left open may be, after its name."""
    if filled.is_all:
        return f"can only be {_listed(filled.values, 'or')}"
    if filled.size is not None:
        text = plain(filled.size)
        names = [symbol.name for symbol in by_age(symbols_of(filled.size))]
        return f"must be {text}" if len(text) <= _LONGEST_SIZE else f"depends on {_listed(names, 'and')}"
    return f"can be {', '.join(map(str, filled.values[:_SOME]))}, ..." if filled.values else "can be any number"


def _listed(values: Sequence[object], last: str) -> str:
    texts = [str(value) for value in values]
    return f" {last} ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
