"""`print(model)` shows what torch shows, character by character."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from ops.mirror import both
from torchlint.dims.expr import symbol
from torchlint.ops.containers import Sequential
from torchlint.ops.linear import Linear
from torchlint.ops.representation import module_repr
from torchlint.values.unknown import Unknown

MODELS = {
    "empty containers": lambda t: t.nn.Sequential(t.nn.Sequential(), t.nn.ModuleList(), t.nn.ModuleDict()),
    "sequential": lambda t: t.nn.Sequential(t.nn.Conv2d(3, 8, 3, padding="same", bias=False), t.nn.BatchNorm2d(8)),
    "named": lambda t: t.nn.Sequential(OrderedDict(a=t.nn.Linear(2, 3), b=t.nn.Sequential(t.nn.Linear(3, 4)))),
    "repeats": lambda t: t.nn.ModuleList([*(t.nn.Linear(2, 2) for _ in range(4)), t.nn.Linear(2, 3), t.nn.Linear(2, 2)]),
    "repeated blocks": lambda t: t.nn.ModuleList(
        t.nn.Sequential(t.nn.Linear(2, 2), t.nn.ModuleList([t.nn.Linear(1, 1), t.nn.Linear(1, 1)])) for _ in range(2)
    ),
    "dict": lambda t: t.nn.ModuleDict({"conv": t.nn.Conv1d(1, 2, 3, groups=1), "pool": t.nn.MaxPool2d(2, (1, 2))}),
    "parameter list": lambda t: t.nn.ParameterList([t.tensor(2, 3), t.tensor(), 3]),
    "parameter dict": lambda t: t.nn.ParameterDict({"b": t.tensor(2, 3), "a": t.tensor(1), "c": "text"}),
    "parameters below": lambda t: t.nn.Sequential(t.nn.ParameterList([t.tensor(2, 3), t.tensor(4)])),
    "one parameter": lambda t: t.nn.ModuleDict({"p": t.nn.ParameterDict({"a": t.tensor(1)})}),
    "pads": lambda t: t.nn.Sequential(
        t.nn.ZeroPad2d(1),
        t.nn.ConstantPad1d((1, 2), 0.5),
        t.nn.ReflectionPad2d((1, 2, 3, 4)),
        t.nn.Identity(),
    ),
    "pools": lambda t: t.nn.Sequential(
        t.nn.AvgPool1d(2),
        t.nn.AvgPool2d(2),
        t.nn.AdaptiveAvgPool2d((None, 7)),
        t.nn.LPPool2d(2, 3),
        t.nn.MaxUnpool2d(2),
    ),
    "norms": lambda t: t.nn.Sequential(
        t.nn.LayerNorm(8),
        t.nn.LayerNorm([3, 4], bias=False),
        t.nn.GroupNorm(2, 4),
        t.nn.RMSNorm(4),
        t.nn.InstanceNorm2d(3),
    ),
    "transposed": lambda t: t.nn.ConvTranspose2d(3, 8, (2, 3), 2, 1, output_padding=1, dilation=2, padding_mode="zeros"),
}


@pytest.mark.parametrize("name", MODELS)
def test_prints_as_torch(name: str) -> None:
    """The text is torch's."""
    ours, theirs = both(MODELS[name])
    assert module_repr(ours) == str(theirs)


def test_symbols_and_unknown_children() -> None:
    """Sizes that a caller chooses print by their names, what is unknown as dots."""
    dim = symbol("dim")
    model = Sequential(Linear(dim, dim * 4), Unknown("a plugin"))
    assert module_repr(model) == ("Sequential(\n  (0): Linear(in_features=dim, out_features=4*dim, bias=True)\n  (1): ...\n)")
