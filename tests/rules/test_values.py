"""Values of the wrong kind, and calls that cannot be made: TL113, TL115 to TL118, TL125, TL202, TL206, TL209."""

from __future__ import annotations

from typing import Any

import pytest

from rules.snippets import check, fixed, net, said, script
from torchlint.diagnostics import Severity
from torchlint.source.document import Document

_CASES = {
    "result of a recurrent layer": (
        net("[N, 10, 64]", "y = self.gru(x)\nreturn torch.relu(y)", "self.gru = nn.GRU(64, 32)"),
        "unpack-mismatch",
        "`y` is a tuple of 2, not a tensor",
        "y",
    ),
    "method of a tuple": (
        net("[N, 10, 64]", "y = self.gru(x)\nreturn y.view(-1)", "self.gru = nn.GRU(64, 32)"),
        "unpack-mismatch",
        "`y` is a tuple of 2, not a tensor: it has no `view`",
        "y",
    ),
    "index of a tuple": (
        net("[N, 10, 64]", "return self.gru(x)[:, -1]", "self.gru = nn.GRU(64, 32)"),
        "unpack-mismatch",
        "`self.gru(x)` is a tuple of 2, but is indexed like a tensor",
        "self.gru(x)",
    ),
    "sum with a tuple": (
        net("[N, 10, 64]", "return x + self.gru(x)", "self.gru = nn.GRU(64, 64)"),
        "unpack-mismatch",
        "`self.gru(x)` is a tuple of 2, not a tensor",
        "self.gru(x)",
    ),
    "shape": (
        net("[N, 64]", "b, c, h = x.shape\nreturn x"),
        "unpack-mismatch",
        "`x.shape` has 2 sizes, but is unpacked into 3 names",
        "b, c, h",
    ),
    "chunks": (
        net("[N, 64]", "a, b = x.chunk(3, dim=1)\nreturn a"),
        "unpack-mismatch",
        "`x.chunk(3, dim=1)` has 3 values, but is unpacked into 2 names",
        "a, b",
    ),
    "integers into a linear layer": (
        net("[N, 64]", "return self.fc(x.long())", "self.fc = nn.Linear(64, 3)"),
        "dtype-mismatch",
        "`self.fc` computes in float32, but `x.long()` is int64",
        "x.long()",
    ),
    "floats into an embedding": (
        script("ids = torch.rand(4)\nnn.Embedding(10, 3)(ids)"),
        "dtype-mismatch",
        "`nn.Embedding(10, 3)` looks up int64 or int32 ids, but `ids` is float32",
        "ids",
    ),
    "float size": (
        script("layer = nn.Linear(64, 64 / 4)"),
        "dtype-mismatch",
        "`out_features` of `nn.Linear` must be a whole number, but is the float 16.0",
        "64 / 4",
    ),
    "classes as floats": (
        script("loss = F.cross_entropy(torch.randn(8, 10), torch.randn(8))"),
        "dtype-mismatch",
        "the class indices of `F.cross_entropy` must be int64, but `torch.randn(8)` is float32",
        "torch.randn(8)",
    ),
    "targets of another batch": (
        script("loss = F.cross_entropy(torch.rand(80, 10), torch.randint(10, (8,)))"),
        "loss-shape",
        "`F.cross_entropy` takes a target of [80] for `torch.rand(80, 10)` of [80, 10], but `torch.randint(10, (8,))` is [8]",
        "torch.randint(10, (8,))",
    ),
    "binary targets of whole numbers": (
        script("loss = nn.BCEWithLogitsLoss()(torch.rand(8, 1), torch.randint(2, (8, 1)))"),
        "dtype-mismatch",
        "`nn.BCEWithLogitsLoss()` takes a target of floats, but `torch.randint(2, (8, 1))` is int64",
        "torch.randint(2, (8, 1))",
    ),
    "binary targets of another rank": (
        script("loss = nn.BCELoss()(torch.rand(8, 1), torch.rand(8))"),
        "loss-shape",
        "`nn.BCELoss()` takes a target of the input's shape, but `torch.rand(8, 1)` is [8, 1] and `torch.rand(8)` is [8]",
        "torch.rand(8)",
    ),
    "layer called with too much": (
        net("[N, 64]", "return self.fc(x, x)", "self.fc = nn.Linear(64, 3)"),
        "bad-call",
        "`self.fc` takes 1 positional argument, but 2 are given",
        "self.fc(x, x)",
    ),
    "layer made with too little": (
        script("layer = nn.Linear(64)"),
        "bad-call",
        "`nn.Linear` is called without `out_features`",
        "nn.Linear(64)",
    ),
    "unknown keyword": (
        script("layer = nn.Conv2d(3, 8, 3, colour=1)"),
        "bad-call",
        "`nn.Conv2d` has no argument `colour`",
        "colour=1",
    ),
    "None for a tensor": (
        net("[N, 64]", "return self.fc(None)", "self.fc = nn.Linear(64, 3)"),
        "bad-call",
        "`input` of `self.fc` must be a tensor, but is None",
        "None",
    ),
    "probability": (script("layer = nn.Dropout(1.5)"), "bad-call", "`p` of `nn.Dropout` is 1.5, not a probability", "1.5"),
    "own function": (
        script("def double(x):\n    return 2 * x\n\ndouble(1, 2)"),
        "bad-call",
        "`double` takes 1 positional argument, but 2 are given",
        "double(1, 2)",
    ),
    "list of layers": (
        net("[N, 64]", "return self.layers(x)", "layers = [nn.ReLU()]\nself.layers = nn.Sequential(layers)"),
        "sequential-of-list",
        "`nn.Sequential` takes modules, but is given a list of 1",
        "nn.Sequential(layers)",
    ),
    "pattern of einops": (
        script('from einops import rearrange\n\nrearrange(torch.zeros(2, 3, 4), "b c -> c b")'),
        "einops-mismatch",
        '`"b c -> c b"` takes 2 dimensions, but `torch.zeros(2, 3, 4)` is [2, 3, 4]',
        "torch.zeros(2, 3, 4)",
    ),
}


@pytest.mark.parametrize(("document", "rule", "message", "at"), _CASES.values(), ids=_CASES)
def test_says_what_is_wrong(document: Document, rule: str, message: str, at: str) -> None:
    """The one finding names what was given as it is written, and marks it."""
    assert said(document) == [(rule, message, at)]


@pytest.mark.parametrize(
    "document",
    [
        net("[N, 10, 64]", "y, h = self.gru(x)\nreturn y[:, -1]", "self.gru = nn.GRU(64, 32)"),
        net("[N, 10, 64]", "return self.gru(x)[0][:, -1]", "self.gru = nn.GRU(64, 32)"),
        net("[N, 64]", "y = (x, x)\nreturn y[0] if not hasattr(y, 'shape') else y.shape"),
        net("[N, 64]", "y = (x, x)\ntry:\n    return y.view(-1)\nexcept AttributeError:\n    return x"),
        net("[N, 64]", "y = (x, x)\ntry:\n    return y[:, 0]\nexcept TypeError:\n    return x"),
        net("[N, 64]", "b, *rest = x.shape\nreturn x"),
        script("layer = nn.Linear(64, 64 // 4)"),
        script("layer = nn.Dropout(1 / 4)"),
        script("loss = F.cross_entropy(torch.randn(8, 10), torch.randn(8, 10))"),
        script("loss = nn.BCELoss()(torch.rand(8, 1), torch.rand(8, 1))"),
        script("layers = nn.ModuleList([nn.ReLU()])"),
    ],
    ids=lambda document: document.text.splitlines()[-1].strip(),
)
def test_is_silent_where_it_fits(document: Document) -> None:
    """Nothing is said of the near miss that Python and torch accept."""
    assert said(document) == []


def test_note_says_what_the_module_returned() -> None:
    """A tuple that is used as a tensor: the shapes that the module returned, and where."""
    document = net(
        "[5, 3, 32]", "y = self.lstm(x)\nreturn self.fc(y)", "self.lstm = nn.LSTM(32, 64)\nself.fc = nn.Linear(64, 10)"
    )
    (found,) = check(document)
    note = found.notes[0]
    assert note.message == "`self.lstm` returned ([5, 3, 64], ([1, 3, 64], [1, 3, 64]))"
    assert note.span is not None and document.text_of(note.span) == "self.lstm(x)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nn.Linear(64, 64 / 4)", "nn.Linear(64, 64 // 4)"),
        ("nn.Linear(64, out_features=64/4)", "nn.Linear(64, out_features=64//4)"),
        ("torch.zeros(2, 64 / 4)", "torch.zeros(2, 64 // 4)"),
        ("torch.zeros((2, 64 / 4, 32 / 4))", "torch.zeros((2, 64 // 4, 32 // 4))"),
        ("nn.Linear(64, (64)  # a/b\n    / 4)", "nn.Linear(64, (64)  # a/b\n    // 4)"),
        ("nn.Linear(64, 64 / 4 + 1)", "nn.Linear(64, 64 / 4 + 1)"),
        ("nn.Linear(64, int(64) * 0.5)", "nn.Linear(64, int(64) * 0.5)"),
    ],
)
def test_division_of_a_size_is_made_whole(before: str, after: str) -> None:
    """`/` becomes `//` where the size is one division, and nowhere else."""
    document = script(f"made = {before}")
    assert [d.name for d in check(document)] == ["dtype-mismatch"]
    assert fixed(document) == f"made = {after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("nn.Conv2d(3, 8, kernal_size=3)", "nn.Conv2d(3, 8, kernel_size=3)"),
        ("nn.LSTM(3, 8, batchfirst=True)", "nn.LSTM(3, 8, batch_first=True)"),
        ("torch.zeros(3).mean(dims=0)", "torch.zeros(3).mean(dim=0)"),
        ("nn.Conv2d(3, 8, 3, colour=1)", "nn.Conv2d(3, 8, 3, colour=1)"),
        ("nn.Conv2d(3, 8, kernel_size=3, kernal_size=3)", "nn.Conv2d(3, 8, kernel_size=3, kernal_size=3)"),
    ],
)
def test_keyword_is_renamed_to_its_near_miss(before: str, after: str) -> None:
    """A keyword is renamed if it nearly spells one that is not given; others stay."""
    document = script(f"made = {before}")
    assert [d.name for d in check(document)] == ["bad-call"]
    assert fixed(document) == f"made = {after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("F.mse_loss(p, t)", "F.mse_loss(p.squeeze(-1), t)"),
        ("F.l1_loss(t, p)", "F.l1_loss(t, p.squeeze(-1))"),
        ("F.huber_loss(input=p, target=t)", "F.huber_loss(input=p.squeeze(-1), target=t)"),
        ("nn.SmoothL1Loss()(p * 2, t)", "nn.SmoothL1Loss()((p * 2).squeeze(-1), t)"),
        ("F.mse_loss(p, t[None])", "F.mse_loss(p, t[None])"),
    ],
)
def test_loss_that_broadcasts_both_sides(before: str, after: str) -> None:
    """Predictions `[N, 1]` and targets `[N]` lose the last dimension; where it is not that, there is only the warning."""
    document = script(f"p, t = torch.rand(8, 1), torch.rand(8)\nloss = {before}")
    (found,) = check(document)
    assert (found.name, found.severity) == ("loss-broadcast", Severity.WARNING)
    assert "[8, 1]" in found.message and "broadcast to [8, 8]: the loss compares each with every other" in found.message
    assert fixed(document).endswith(f"loss = {after}")


@pytest.mark.parametrize(
    ("first", "second"),
    [((8, 1), (8, 1)), ((8,), (8,)), ((8, 3), (8, 1)), ((8, 3), (3,)), ((8, 3), ()), ((1, 1), (1,))],
    ids=str,
)
def test_loss_that_broadcasts_one_side_is_meant(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    """A loss whose broadcast shape is that of one of its arguments compares nothing with everything."""
    assert said(script(f"loss = F.mse_loss(torch.rand({first}), torch.rand({second}))")) == []


def test_loss_that_runs_with_many_shapes_is_reported_once() -> None:
    """The class on its own, the script, and each turn of a loop meet the same call."""
    document = net("[N, 4]", "return F.mse_loss(self.fc(x), x[:, 0])", "self.fc = nn.Linear(4, 1)")
    calls = "\nmodel = Net()\nfor size in (8, 16):\n    model(torch.rand(size, 4))\n"
    (found,) = check(document.replace(document.text + calls))
    assert found.name == "loss-broadcast"


_INIT = "class Net(nn.Module):\n    def __init__(self):\n{}\n\n    def forward(self, x):\n        return self.fc(x)"


def test_call_of_super_comes_first() -> None:
    """One finding, at the first assignment; the call is put below the docstring."""
    document = script(
        _INIT.format('        """Ours."""\n        self.fc = nn.Linear(8, 8)\n        self.bn = nn.BatchNorm1d(8)')
    )
    message = "the module `fc` is assigned before `nn.Module.__init__` has run"
    assert said(document) == [("missing-super-init", message, "self.fc")]
    assert '"""Ours."""\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n' in fixed(document)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("self.fc = nn.Parameter(torch.zeros(3))", "parameter"),
        ('self.register_buffer("fc", torch.zeros(3))', "buffer"),
        ('self.add_module("fc", nn.ReLU())', "module"),
    ],
)
def test_everything_that_is_registered_needs_super(line: str, kind: str) -> None:
    """Parameters, buffers and modules are named for what they are."""
    document = script(_INIT.format(f"        {line}").replace("self.fc(x)", "x"))
    assert [d.message for d in check(document)] == [f"the {kind} `fc` is assigned before `nn.Module.__init__` has run"]


_BARE = """
class Scale({base}):
    def __init__(self, *args):
        {init}

    def forward(self, x):
        return x * 3


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = Scale(nn.ReLU(), nn.ReLU())

    def forward(self, x):
        return self.scale(x)
"""


@pytest.mark.parametrize("base", ["nn.Module", "nn.Sequential"])
def test_call_of_what_has_no_hooks(base: str) -> None:
    """A constructor that never reaches torch's own is reported where the module is called; it is mended where it stands."""
    document = script(_BARE.format(base=base, init="self.n = 3"))
    scope: dict[str, Any] = {}
    exec(document.text, scope)
    with pytest.raises(AttributeError, match="'Scale' object has no attribute '_backward_hooks'"):
        scope["Net"]()(scope["torch"].zeros(2))
    message = "`self.scale` is called, but `nn.Module.__init__` has never run: the constructor of `Scale` leaves it out"
    assert said(document) == [("missing-super-init", message, "self.scale(x)")]
    assert ("super().__init__()\n        self.n = 3" in fixed(document)) is (base == "nn.Module")


@pytest.mark.parametrize("init", ["self.n = 3\n        nn.Module.__init__(self)", "super().__init__(*args)", "begin(self)"])
def test_call_of_what_torch_has_set_up(init: str) -> None:
    """However torch's constructor is reached, or may be: nothing is said."""
    assert check(script("from elsewhere import begin\n" + _BARE.format(base="nn.Sequential", init=init))) == ()


def test_attributes_that_something_unknown_may_set() -> None:
    """A module that hands itself out while it is made may be given any attribute."""
    body = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {}\n\n"
    body += "    def forward(self, x):\n        return self.foo(x)\n\n\nNet()(torch.zeros(2, 3))"
    assert check(script("from elsewhere import begin\n" + body.format("begin(self)"))) == ()
    assert [one.name for one in check(script(body.format("pass")))] == ["undefined-attribute"]


def test_call_of_super_that_comes_too_late_is_not_repeated() -> None:
    """There is one finding without a fix, and what was assigned before is still there."""
    document = script(_INIT.format("        self.fc = nn.Linear(8, 8)\n        super().__init__()"))
    (found,) = check(document)
    assert (found.name, found.fix) == ("missing-super-init", None)


@pytest.mark.parametrize(
    "line", ["self.size = 8\n        super().__init__()", "super(Net, self).__init__()", "nn.Module.__init__(self)"]
)
def test_numbers_may_come_before_super(line: str) -> None:
    """What torch does not register may be assigned at any time, and any form of the call does."""
    assert said(script(_INIT.format(f"        {line}\n        self.fc = nn.Linear(8, 8)"))) == []


@pytest.mark.parametrize(
    ("made", "fixes_to"),
    [
        ("nn.Sequential([nn.ReLU(), nn.Tanh()])", "nn.Sequential(*[nn.ReLU(), nn.Tanh()])"),
        ("nn.ModuleList([[nn.ReLU()], [nn.Tanh()]])", None),
    ],
)
def test_list_is_unpacked_for_a_sequential(made: str, fixes_to: str | None) -> None:
    """A star is put before the only argument of a `Sequential`, and of nothing else."""
    document = script(f"layers = {made}")
    assert [d.name for d in check(document)] == ["sequential-of-list"]
    assert fixed(document) == f"layers = {fixes_to or made}"


def test_attribute_is_renamed_to_its_near_miss() -> None:
    """The name alone is marked."""
    document = net("[N, 64]", "return self.linaer(x)", "self.linear = nn.Linear(64, 3)")
    assert said(document) == [("undefined-attribute", "`Net` has no attribute `linaer`", "linaer")]
    assert "self.linear(x)" in fixed(document)


def test_module_that_cannot_be_made_is_reported_once() -> None:
    """Nothing is said of the attributes that its constructor would have made."""
    document = script(
        """
        class Block(nn.Module):
            def __init__(self, size):
                super().__init__()
                self.fc = nn.Linear(size, size)

            def forward(self, x):
                return self.fc(x)

        block = Block()
        block(torch.rand(2, 3))
        print(block.fc.weight)
        """
    )
    assert said(document) == [("bad-call", "`Block` is called without `size`", "Block()")]
