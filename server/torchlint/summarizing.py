"""From a finished pass to the table of a model's layers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence, Set
from typing import Any

from torchlint.accepting import accepted
from torchlint.dims.expr import Kind, Size, Symbol, exact_quotient, product, substitute, symbols_of
from torchlint.dims.printing import factored, plain, show
from torchlint.dims.requirements import requirement
from torchlint.graphing import graph_of
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.objects import NamedTuple
from torchlint.interpreter.operating import end_of
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import ModuleCall, tensors_in
from torchlint.ops.representation import module_repr
from torchlint.summary import InputSpec, Requirement, Shape, ShapeTree, Summary, SummaryRow
from torchlint.values.errors import Undecided
from torchlint.values.module import Module, counted, entries, is_whole, named_modules
from torchlint.values.rounds import Rounds, Series
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, Unknown

_FEW = 3


def summary_of(exploration: Exploration, name: str) -> Summary:
    """The summary of a module that was built and run."""
    one = exploration.main
    model: Module = one.model
    undecided = _undecided_shapes(exploration)
    rows = tuple(_rows(one, model, undecided.keys()))
    doubt = exploration.doubt
    return Summary(
        class_name=name,
        input=tuple(shape for v in tensors_in([*one.inputs.values()]) if (shape := _shape_of(one, v)) is not None),
        rows=rows,
        total_params=None if doubt else _count(one, model),
        trainable_params=None if doubt else _count(one, model, only_trained=True),
        buffers=_count(one, model, "_buffers"),
        total_mult_adds=rows[0].mult_adds,
        notes=(*_notes(one), *_doubts(doubt, undecided.values()), *_suppositions(one)),
        representation=_representation(model),
        inputs=_inputs(one),
        fails_at=_first_failure(one),
        is_inferred=_is_inferred(one),
        accepts=accepted(exploration) if one.is_clean else (),
        requires=_requirements(exploration) if one.is_clean else (),
        graph=graph_of(one),
    )


def _doubts(doubt: Place | None, undecided: Iterable[Place | None]) -> Iterable[str]:
    if doubt is not None:
        yield f"the count depends on `{doubt.text}`, which is not known{_where(doubt)}"
    for place in dict.fromkeys(undecided):
        if place is not None:
            yield f"shapes depend on `{place.text}`, which is not known{_where(place)}"


def _suppositions(one: Pass) -> Iterable[str]:
    places = dict.fromkeys(q.place for q in one.answers.asked.values() if q.is_likely and q.place is not None)
    for place in list(places)[:_FEW]:
        yield f"`{place.text}` is as the defaults of environment variables make it{_where(place)}"


def _inputs(one: Pass) -> tuple[InputSpec, ...]:
    """The tensors that `forward` was given; none if nothing asked for the shape of any."""
    tensors = {name: v for name, v in one.inputs.items() if isinstance(v, Tensor)}
    if not any(_is_decided(tensor) for tensor in tensors.values()):
        return ()
    return tuple(
        InputSpec(name, shape, tensor.dtype.name if _is_decided(tensor) else None)
        for name, tensor in tensors.items()
        if (shape := _shape_of(one, tensor)) is not None
    )


def _shape_of(one: Pass, value: Any) -> Shape | None:
    """The shape of a tensor; of one that nothing has asked for, the one that it would have been given."""
    try:
        return _resolved(one, value.shape) if isinstance(value, Tensor) else None
    except Undecided:  # it may be no tensor at all
        return None


def _representation(model: Module) -> str:
    """What `print(model)` shows; a module that contains itself, which has no end there, is named only."""
    try:
        return module_repr(model)
    except RecursionError:
        return f"{model.type_name}(...)"


def _is_inferred(one: Pass) -> bool:
    tensors = [v for v in one.inputs.values() if isinstance(v, InputTensor) and v.is_decided]
    return bool(tensors) and all(tensor.is_inferred for tensor in tensors)


def _requirements(exploration: Exploration) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(requirement(relation), (source.unit.path, source.row) if isinstance(source, Place) else None)
        for relation, source in exploration.contract
    )


def _is_decided(tensor: Tensor) -> bool:
    return not isinstance(tensor, InputTensor) or tensor.is_decided


def _first_failure(one: Pass) -> tuple[str, int] | None:
    places = [failure.inside or failure.place for failure in one.trace.failures]
    if one.raised is not None and isinstance(one.raised.place, Place):
        places.append(one.raised.place)
    return (places[0].unit.path, places[0].row) if places else None


def _count(one: Pass, module: Module, registry: str = "_parameters", only_trained: bool = False) -> Size | None:
    if any(_why_open(m) is not None for _, m in named_modules(module)):
        return None
    tensors = counted(module, registry, one.facts)
    if tensors is None:
        return None
    return _total(one, (pair for pair in tensors if pair[0].requires_grad or not only_trained))


def parameter_count(one: Pass, module: Module) -> Size | None:
    """The number of parameters of a module that was built in a pass; None where it is not known."""
    return _count(one, module)


def _why_open(module: Module) -> str | None:
    """Why it may hold parameters that were not seen, if it may."""
    cls = module.interpreted_class
    reason: str | None = module.open_ended or (cls.open_ended if cls is not None else None)
    if reason is not None:
        return reason
    state = vars(module)
    modules = [(name, child) for name, child, _ in entries(module)]
    for name, child in (*modules, *state.items()):
        if isinstance(child, Unknown) and (name not in state or _may_hold_parameters(child)):
            return f"`{name}` is unknown: {child.reason}{_where(child.place)}"
    return None


def _may_hold_parameters(value: Any) -> bool:
    """Whether an attribute may be a module or a Parameter; what the caller chooses is one if it is called."""
    if isinstance(value, Free):
        return value.is_called
    if isinstance(value, Series) and value.parts is not None:
        return False  # a list registers nothing
    return isinstance(value, Unknown) and not value.is_plain


_Calls = dict[int, list[ModuleCall]]
"""The calls of each module, by its id."""


def _calls(one: Pass) -> _Calls:
    calls: dict[int, list[ModuleCall]] = {}
    for call in one.trace.module_calls[one.calls_to_build :]:
        calls.setdefault(id(call.module), []).append(call)
    return calls


def _undecided_shapes(exploration: Exploration) -> dict[tuple[str, str], Place | None]:
    """What depends on a condition that nobody can decide, with that: ("input" or "output", path of a module)."""
    found: dict[tuple[str, str], Place | None] = {}
    known = _shapes_by_path(exploration.main)
    for place, other in exploration.otherwise:
        if other.is_clean and isinstance(other.model, Module):
            shapes = _shapes_by_path(other)
            found.update({key: place for key, shape in known.items() if key in shapes and shapes[key] != shape})
    return found


def _shapes_by_path(one: Pass) -> dict[tuple[str, str], str]:
    """The shapes of what modules are given and give, as texts: each pass has symbols of its own."""
    calls = _calls(one)
    shapes: dict[tuple[str, str], str] = {}
    for path, module in named_modules(one.model):
        if id(module) in calls:
            call = calls[id(module)][0]
            shapes["input", path] = _text(_shapes(one, call.inputs) if call.inputs else None)
            shapes["output", path] = _text(_shapes(one, call.output))
    return shapes


def _text(shape: ShapeTree | None) -> str:
    return "?" if shape is None else f"[{', '.join(_text(s) if isinstance(s, tuple) else plain(s) for s in shape)}]"


def _rows(one: Pass, model: Module, undecided: Set[tuple[str, str]]) -> Iterable[SummaryRow]:
    calls = _calls(one)
    seen: set[int] = set()

    def visit(module: Module, path: str, depth: int, rounds: Rounds | None, around: Size) -> Iterable[SummaryRow]:
        repeated = id(module) in seen
        seen.add(id(module))
        call = calls[id(module)][0] if id(module) in calls else None
        own = [t for t in vars(module).get("_parameters", {}).values() if t is not None]
        is_undecided = ("output", path) in undecided or (not path and bool(undecided))
        times = one.facts.resolve(rounds.count) if rounds is not None else 1
        around = around * times
        yield SummaryRow(
            path=path,
            type=module.type_name,
            depth=depth,
            input_shape=_shapes(one, call.inputs) if call and call.inputs and ("input", path) not in undecided else None,
            output_shape=_shapes(one, call.output) if call and ("output", path) not in undecided else None,
            params=_count(one, module),
            own_params=None if _why_open(module) is not None else _total(one, ((tensor, 1) for tensor in own)),
            formula=count_formula([_resolved(one, tensor.shape) for tensor in own]),
            mult_adds=None if is_undecided else _cost(one, module, calls, around) if path else _total_cost(one, calls),
            place=_place(module),
            repeated=repeated,
            times=times,
        )
        if not repeated:
            for name, child, inner in entries(module):
                if isinstance(child, Module):
                    yield from visit(child, f"{path}.{name}" if path else name, depth + 1, inner, around)

    yield from visit(model, "", 0, None, 1)


def _total(one: Pass, tensors: Iterable[tuple[Tensor, Size]]) -> Size:
    total: Size = 0
    for tensor, times in tensors:
        total = total + one.facts.resolve(times * tensor.numel())
    return total


def _total_cost(one: Pass, calls: _Calls) -> Size | None:
    """Multiply-adds of the whole pass, with what layers do that are not registered anywhere; None where some are not known."""
    model = calls.get(id(one.model))
    if model is None or one.trace.uncounted or not all(_is_followed(call) for call in model):
        return None
    return _per_sample(one, one.trace.costs.values())


def _cost(one: Pass, module: Module, calls: _Calls, times: Size) -> Size | None:
    """Multiply-adds of the module and all below it, which stands for so many that are alike; None for one that did not run, or
    where some are not known."""
    inside = [child for _, child in named_modules(module)]
    ran = [call for child in inside for call in calls.get(id(child), ())]
    uncounted = one.trace.exhausted is not None or any(id(child) in one.trace.uncounted for child in inside)
    if not ran or uncounted or not all(_is_followed(call) for call in ran):
        return None
    return exact_quotient(_per_sample(one, (one.trace.costs.get(id(child), 0) for child in inside)), times)


def _is_followed(call: ModuleCall) -> bool:
    """Whether each step of a forward was: what is not known may cost something."""
    return call.ended and call.gaps.start == call.gaps.stop


def _per_sample(one: Pass, costs: Iterable[Size]) -> Size:
    """The sum of costs, for one sample where the batch size is free."""
    total: Size = 0
    for cost in costs:
        total = total + cost
    total = one.facts.resolve(total)
    ones: dict[Symbol, Size] = {s: 1 for s in symbols_of(total) if s.kind is Kind.BATCH}
    return substitute(total, ones)


def _shapes(one: Pass, value: Any) -> ShapeTree | None:
    """The shapes in a value: one shape for one tensor, nested tuples for several."""
    if isinstance(value, Tensor):
        return _shape_of(one, value)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (list, tuple, NamedTuple)):
        found = tuple(s for s in (_shapes(one, v) for v in value) if s is not None)
        if not found:
            return None
        return found[0] if len(found) == 1 and len(value) == 1 else found
    return None


def _resolved(one: Pass, shape: Shape) -> Shape:
    return tuple(one.facts.resolve(size) for size in shape)


def count_formula(own: Sequence[Shape]) -> str | None:
    """The arithmetic of a layer's own parameters, by their shapes: `16 * (5 * 5) * 6 + 16 = 2,416`."""
    if not own:
        return None
    total = sum((product(shape) for shape in own), 0)
    count = f"{total:,}" if isinstance(total, int) else factored(total)
    sum_of_products = " + ".join(_product(shape) for shape in own)
    return sum_of_products if sum_of_products == count else f"{sum_of_products} = {count}"


def _product(shape: Shape) -> str:
    texts = [_factor(size) for size in shape]
    if len(shape) > 2:  # a convolution's weight: [out, in, *kernel]
        kernel = " * ".join(texts[2:])
        return f"{texts[0]} * ({kernel}) * {texts[1]}"
    return " * ".join(reversed(texts)) if texts else "1"


def _factor(size: Size) -> str:
    text = show(size)
    return f"({text})" if any(c in text for c in "+-/ ") else text


def _place(module: Module) -> tuple[str, int] | None:
    created = module.created
    return (created.unit.path, created.row) if isinstance(created, Place) else None


def _notes(one: Pass) -> Iterable[str]:
    if one.raised is not None:
        yield f"{end_of(one.raised)}{_where(one.raised.place)}"
    for failure in one.trace.failures[:3]:
        said = failure.error.torch or failure.error.message
        yield f"torch would raise: {said}{_where(failure.inside or failure.place)}"
    if one.trace.exhausted is not None:
        yield f"the analysis stopped early: its budget of {one.trace.exhausted} is used up"
    gap = next((gap for gap in one.trace.gaps if not gap.fails), None)
    if isinstance(one.output, Unknown):
        yield f"the output is unknown: {one.output.reason}{_where(one.output.place)}"
    elif gap is not None and one.raised is None and one.trace.exhausted is None:
        yield f"not all of it could be followed: {gap.reason}{_where(gap.place)}"
    for path, module in named_modules(one.model):
        reason = _why_open(module)
        if reason is not None:
            yield f"`{path or module.type_name}` may hold more than was seen: {reason}"
            break
        if any(isinstance(child, Rounds) and not is_whole(child) for child in vars(module).get("_modules", {}).values()):
            yield f"the modules of `{path or module.type_name}` are not all alike: one of them was changed"
            break


def _where(place: object) -> str:
    """Where that is, with the path as short as it gets."""
    if not isinstance(place, Place):
        return ""
    path = place.unit.path
    if os.path.isabs(path):
        path = min(path, os.path.relpath(path), key=len)
    return f" ({path}:{place.row})"
