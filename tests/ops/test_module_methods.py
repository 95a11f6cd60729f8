"""Methods that every module has list, convert and register as torch's do."""

from __future__ import annotations

from typing import Any

import pytest

from ops.mirror import OURS, both, method
from torchlint.values.dtype import float16, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.unknown import Unknown


def _model(t: Any) -> Any:
    shared = t.nn.Linear(4, 4)
    block = t.nn.Sequential(t.nn.Conv2d(3, 4, 3), t.nn.BatchNorm2d(4), shared)
    return t.nn.ModuleDict({"block": block, "again": shared, "norm": t.nn.BatchNorm1d(4, affine=False)})


@pytest.mark.parametrize("name", ["named_parameters", "named_buffers", "named_children", "named_modules", "state_dict"])
def test_names_agree_with_torch(name: str) -> None:
    """The dotted names and their order are torch's, shared modules included."""
    ours, theirs = both(_model)
    mine, real = method(ours, name), method(theirs, name)
    pairs = [(dict(m) if name == "state_dict" else dict(list(m))) for m in (mine, real)]
    assert list(pairs[0]) == list(pairs[1])
    for key, value in pairs[0].items():
        if hasattr(pairs[1][key], "shape"):
            assert tuple(value.shape) == tuple(pairs[1][key].shape)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("named_parameters", {"prefix": "p", "recurse": False}),
        ("named_parameters", {"remove_duplicate": False}),
        ("named_buffers", {"prefix": "p"}),
        ("state_dict", {"prefix": "p."}),
    ],
)
def test_options_agree_with_torch(name: str, options: dict[str, Any]) -> None:
    """Prefix, depth and duplicates are treated as torch treats them."""
    ours, theirs = both(lambda t: _model(t))
    lists = [list(dict(method(m, name, **options))) for m in (ours, theirs)]
    assert lists[0] == lists[1] or (options.get("remove_duplicate") is False and set(lists[0]) <= set(lists[1]))


def test_iterates_over_each_part_once() -> None:
    """As many parameters, buffers, children and modules as torch counts."""
    ours, theirs = both(_model)
    for name in ("parameters", "buffers", "children", "modules"):
        assert len(list(method(ours, name))) == len(list(method(theirs, name)))


def test_half_converts_floats_in_place() -> None:
    """Floating-point tensors change their dtype, counters do not."""
    model = _model(OURS)
    assert method(model, "half") is model
    assert {t.dtype for t in method(model, "parameters")} == {float16}
    assert {t.dtype for t in method(model, "buffers")} == {float16, int64}


def test_to_refuses_whole_numbers() -> None:
    """`to(torch.int64)` raises."""
    with pytest.raises(ShapeError):
        method(_model(OURS), "to", int64)


def test_eval_reaches_all_below() -> None:
    """Modes are set on the whole tree."""
    model = _model(OURS)
    method(model, "eval")
    assert all(part.training is False for part in method(model, "modules"))


def test_get_submodule_follows_dotted_paths() -> None:
    """The path leads to the object; one that leads nowhere is an error."""
    model = _model(OURS)
    assert method(model, "get_submodule", "block.2") is method(model, "get_submodule", "again")
    assert method(model, "get_parameter", "block.0.bias").shape == (4,)
    with pytest.raises(ShapeError):
        method(model, "get_submodule", "block.7")


def test_apply_goes_inside_out() -> None:
    """Children come before their parent, as torch calls them."""
    expected = ["Conv2d", "BatchNorm2d", "Linear", "Sequential", "Linear", "BatchNorm1d", "ModuleDict"]
    for model in both(_model):
        visit = _Visit()
        method(model, "apply", visit)
        assert visit.seen == expected


class _Visit:
    """Notes the types of the modules that it is called with."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def forward(self, module: Any) -> None:
        self.seen.append(type(module).__name__)

    __call__ = forward


def test_registration() -> None:
    """Names that torch refuses are refused; what is registered is listed; non-persistent buffers are not
    saved."""
    model = OURS.nn.Identity()
    method(model, "register_buffer", "mask", OURS.tensor(2), persistent=False)
    method(model, "register_buffer", "table", OURS.tensor(3))
    method(model, "register_parameter", "scale", OURS.nn.Parameter(OURS.tensor(1)))
    assert list(method(model, "state_dict")) == ["scale", "table"]
    for name in ("a.b", "", "training"):
        with pytest.raises(ShapeError):
            method(model, "register_buffer", name, OURS.tensor(2))
    with pytest.raises(ShapeError):
        method(model, "register_parameter", "other", OURS.tensor(1))


def test_unknown_parts_are_not_counted() -> None:
    """Who lists the parameters of a module with an unknown part gets no answer instead of too few."""
    model = OURS.nn.Sequential(OURS.nn.Linear(1, 1), Unknown("a plugin"))
    with pytest.raises(Undecided):
        method(model, "parameters")
