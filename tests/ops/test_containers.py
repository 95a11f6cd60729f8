"""Containers hold, number and hand out their children as torch's do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ops.mirror import OURS, both, method
from torchlint.ops.representation import module_repr
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import named_parameters
from torchlint.values.unknown import Unknown


def _layers(t: Any, *widths: int) -> list[Any]:
    return [t.nn.Linear(w, w) for w in widths]


def _sequential(t: Any) -> Any:
    return t.nn.Sequential(*_layers(t, 1, 2, 3))


def _list(t: Any) -> Any:
    return t.nn.ModuleList(_layers(t, 1, 2, 3))


def _dict(t: Any) -> Any:
    return t.nn.ModuleDict({f"k{w}": layer for w, layer in zip((1, 2, 3), _layers(t, 1, 2, 3))})


def _after(make: Callable[[Any], Any], name: str, *args: Any) -> Callable[[Any], Any]:
    def run(t: Any) -> Any:
        module = make(t)
        given = [a(t) if callable(a) else a for a in args]
        method(module, name, *given)
        return module

    return run


def _of(make: Callable[[Any], Any], name: str, *args: Any) -> Callable[[Any], Any]:
    return lambda t: method(make(t), name, *[a(t) if callable(a) else a for a in args])


def _nine(t: Any) -> Any:
    return t.nn.Linear(9, 9)


CASES: dict[str, Callable[[Any], Any]] = {}
for _name, _make in (("sequential", _sequential), ("list", _list)):
    CASES |= {
        f"{_name} append": _after(_make, "append", _nine),
        f"{_name} extend": _after(_make, "extend", lambda t: _layers(t, 7, 8)),
        f"{_name} insert": _after(_make, "insert", 1, _nine),
        f"{_name} set": _after(_make, "__setitem__", -1, _nine),
        f"{_name} delete": _after(_make, "__delitem__", 0),
        f"{_name} delete slice": _after(_make, "__delitem__", slice(0, 2)),
        f"{_name} pop": _after(_make, "pop", 1),
        f"{_name} popped": _of(_make, "pop", -1),
        f"{_name} item": _of(_make, "__getitem__", -2),
        f"{_name} slice": _of(_make, "__getitem__", slice(1, None)),
        f"{_name} reversed slice": _of(_make, "__getitem__", slice(None, None, 2)),
        f"{_name} add": _of(_make, "__add__", _make),
        f"{_name} beyond": _of(_make, "__getitem__", 3),
        f"{_name} before": _of(_make, "__setitem__", -4, _nine),
        f"{_name} pop beyond": _of(_make, "pop", 7),
    }
CASES |= {
    "sequential times": _of(_sequential, "__mul__", 2),
    "sequential times 0": _of(_sequential, "__mul__", 0),
    "sequential insert beyond": _after(_sequential, "insert", 5, _nine),
    "list insert beyond": _after(_list, "insert", 3, _nine),
    "dict set": _after(_dict, "__setitem__", "k2", _nine),
    "dict delete": _after(_dict, "__delitem__", "k2"),
    "dict pop": _after(_dict, "pop", "k1"),
    "dict clear": _after(_dict, "clear"),
    "dict update": _after(_dict, "update", lambda t: {"new": _nine(t), "k1": _nine(t)}),
    "dict update pairs": _after(_dict, "update", lambda t: [("new", _nine(t))]),
    "dict item": _of(_dict, "__getitem__", "k3"),
    "dict missing": _of(_dict, "__getitem__", "k4"),
    "sequential of list": lambda t: t.nn.Sequential(_layers(t, 1, 2)),
    "list of one": lambda t: t.nn.ModuleList(_nine(t)),
    "list of numbers": lambda t: t.nn.ModuleList([1, 2]),
    "parameters append": _after(lambda t: t.nn.ParameterList([t.tensor(2)]), "append", lambda t: t.tensor(3)),
    "parameters set": _after(lambda t: t.nn.ParameterList([t.tensor(2)]), "__setitem__", 0, lambda t: t.tensor(3)),
    "parameters beyond": _of(lambda t: t.nn.ParameterList([t.tensor(2)]), "__getitem__", 1),
    "parameters slice": _of(lambda t: t.nn.ParameterList([t.tensor(2), t.tensor(3)]), "__getitem__", slice(1, 2)),
    "parameter dict set": _after(lambda t: t.nn.ParameterDict(), "__setitem__", "a", lambda t: t.tensor(3)),
    "parameter dict missing": _of(lambda t: t.nn.ParameterDict(), "__getitem__", "a"),
}


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_torch(name: str) -> None:
    """After each operation both print alike and name their parameters alike, or both refuse."""
    try:
        theirs: Any = CASES[name](both(lambda t: t)[1])
    except Exception:
        with pytest.raises(ShapeError):
            CASES[name](OURS)
        return
    ours = CASES[name](OURS)
    assert module_repr(ours) == str(theirs)
    assert [(n, list(p.shape)) for n, p in named_parameters(ours)] == [(n, list(p.shape)) for n, p in theirs.named_parameters()]


def test_dict_views_and_membership() -> None:
    """Keys, values and items come in the order of addition."""
    for model in both(_dict):
        assert list(method(model, "keys")) == ["k1", "k2", "k3"]
        assert [k for k, _ in method(model, "items")] == ["k1", "k2", "k3"]
        assert list(method(model, "values"))[2] is method(model, "__getitem__", "k3")
        assert method(model, "__contains__", "k1") and not method(model, "__contains__", "x")
        assert method(model, "__len__") == 3


def test_unknown_index_is_undecided() -> None:
    """An index that is not known gives no answer instead of a wrong one."""
    with pytest.raises(Undecided):
        method(_list(OURS), "__getitem__", Unknown("a flag"))


def test_sequential_calls_its_children_in_order() -> None:
    """The result is that of the last child."""
    model = OURS.nn.Sequential(OURS.nn.Linear(2, 3), OURS.nn.Linear(3, 4))
    assert model.forward(OURS.tensor(5, 2)).shape == (5, 4)
