"""What fits where a size is left open with `...`, and who asks for that."""

from __future__ import annotations

from collections.abc import Iterator

from torchlint.dims.expr import symbols_of
from torchlint.dims.printing import plain
from torchlint.dims.requirements import requirement
from torchlint.interpreter.holes import FilledHole, Need
from torchlint.interpreter.places import Place
from torchlint.rules.why import shown_inputs, what_fits

_MOST_NEEDS = 3
_MOST_FACTS = 3
_LONGEST_TEXT = 60


def hole_text(filled: FilledHole) -> str:
    """Markdown about a hole: what fits, and why."""
    if filled.conflict:
        needs = [f"- {_maker(need)} needs {plain(need.size)}" for need in filled.conflict[:_MOST_NEEDS]]
        return "\n".join([f"no number fits `{filled.name}` everywhere", "", *needs])
    deciding = [need for need in filled.needs if not isinstance(need.size, int) or need.size in filled.values]
    lines = dict.fromkeys(line for need in deciding[:_MOST_NEEDS] for line in _why(need))
    return "\n".join([f"`{filled.name}` {what_fits(filled)}", "", *(f"- {line}" for line in lines)])


def _maker(need: Need) -> str:
    inputs = shown_inputs(need.one)
    return f"`{need.one.model.type_name}` of {inputs}" if inputs else "the code of the module"


def _why(need: Need) -> Iterator[str]:
    """What the program asks of the size, where it does, and what the class is fed."""
    symbols = symbols_of(need.hole)
    facts = [fact for fact in need.one.facts.assumed() if not symbols.isdisjoint(fact.relation.symbols())]
    for relation, source in [fact for fact in facts if fact.relation[:2] != (1, "divides")][:_MOST_FACTS]:
        if isinstance(source, Place) and source.unit.checked:
            text = " ".join(source.text.split())
            where = f"`{text}`, line {source.row}," if text and len(text) <= _LONGEST_TEXT else f"line {source.row}"
            yield f"{where} needs {requirement(relation)}"
    inputs = shown_inputs(need.one)
    if inputs:
        yield f"`{need.one.model.type_name}` is fed {inputs}"
