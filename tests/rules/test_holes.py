"""`...` in the place of a size: TL122 and TL121, with torch as the judge of every number."""

from __future__ import annotations

import itertools
import textwrap

import pytest
import torch

from rules.snippets import check, fixed, net, said, script

_RESIDUAL = """
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(..., ..., kernel_size=...)
        self.conv2 = nn.Conv2d(64, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(..., ..., kernel_size=...)

    def forward(self, x):
        y = torch.relu(self.conv1(x))
        y = torch.relu(self.conv2(y))
        return x + self.conv3(y)


def main():
    block = Block()
    block(torch.randn(8, 256, 32, 32))


main()
"""


def run(text: str) -> None:
    """Real torch runs it."""
    exec(text, {"__name__": "__main__", "torch": torch, "nn": torch.nn, "F": torch.nn.functional})


def raises(text: str) -> bool:
    try:
        run(text)
    except (RuntimeError, ValueError, TypeError, ZeroDivisionError):
        return True
    return False


def filled(text: str, *numbers: object) -> str:
    """The text with a number in each hole."""
    for number in numbers:
        text = text.replace("...", str(number), 1)
    return text


def test_the_holes_of_a_residual_block_are_solved_together() -> None:
    """What the convolution between them, the call and the addition say leaves one number for each, and torch runs them."""
    document = script(_RESIDUAL)
    assert [message for _, message, _ in said(document)] == [
        "`in_channels` can only be 256",
        "`out_channels` can only be 64",
        "`kernel_size` can only be 1",
        "`in_channels_2` can only be 32",
        "`out_channels_2` can only be 256",
        "`kernel_size_2` can only be 1",
    ]
    text = fixed(document)
    assert text == filled(_RESIDUAL, 256, 64, 1, 32, 256, 1).strip()
    run(text)


def test_a_declared_input_decides_as_a_call_does() -> None:
    """The same block in a container, with its input in a comment and no call."""
    layers = "nn.Conv2d(..., ..., kernel_size=...), nn.Conv2d(64, 32, 3, padding=1), nn.Conv2d(..., ..., kernel_size=...)"
    document = net("[N, 256, 32, 32]", "return x + self.body(x)", f"self.body = nn.Sequential({layers})")
    assert [message.rpartition(" ")[2] for _, message, _ in said(document)] == ["256", "64", "1", "32", "256", "1"]


def test_where_there_is_no_end_some_numbers_are_told() -> None:
    """A generator and its critic leave a kernel and a padding open that go together: torch runs those that are told."""
    text = """
    up = nn.Sequential(nn.ConvTranspose2d(8, 4, kernel_size=...), nn.ConvTranspose2d(4, 1, 4, 2, padding=...))
    down = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 1))
    down(up(torch.randn(2, 8, 1, 1)))
    """
    assert [message for _, message, _ in said(script(text))] == [
        "`kernel_size` can be 13, 14, 15, 16, ...",
        "`padding` can be 0, 1, 2, 3, ...",
    ]
    for kernel, padding in ((13, 0), (14, 1), (15, 2), (16, 3)):
        run(filled(textwrap.dedent(text), kernel, padding))


def test_no_other_number_runs() -> None:
    """Around the answer torch rejects every other choice of kernel sizes and of each number of channels."""
    right = (256, 64, 1, 32, 256, 1)
    others = [(*right[:2], a, *right[3:5], b) for a, b in itertools.product((1, 2, 3), repeat=2)]
    others += [(*right[:i], right[i] + step, *right[i + 1 :]) for i in (0, 1, 3, 4) for step in (-1, 1)]
    assert [numbers for numbers in others if not raises(filled(_RESIDUAL, *numbers))] == [right]


_LAYERS = """
class Net(nn.Module):
    def __init__(self{arguments}):
        super().__init__()
        self.layers = nn.Sequential({layers})

    def forward(self, x):
        return self.layers(x)


Net()(torch.randn({shape}))
"""

_CASES: dict[str, tuple[str, str, list[list[int]]]] = {
    "features": ("nn.Linear(10, 20), nn.ReLU(), nn.Linear(..., 5)", "4, 10", [[20]]),
    "both sides of a width": ("nn.Linear(10, ...), nn.LayerNorm(24), nn.Linear(..., 5)", "4, 10", [[24], [24]]),
    "flattened image": ("nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(..., 5)", "4, 1, 28, 28", [[864]]),
    "kernel": ("nn.Conv2d(1, 6, ...), nn.Flatten(), nn.Linear(6 * 24 * 24, 5)", "4, 1, 28, 28", [[5]]),
    "kernel of a pool": ("nn.MaxPool2d(...), nn.Flatten(), nn.Linear(49, 5)", "4, 1, 28, 28", [[4]]),
    "stride": ("nn.Conv2d(1, 1, 3, stride=..., padding=1), nn.Flatten(), nn.Linear(100, 5)", "4, 1, 28, 28", [[3]]),
    "padding, which may be 0": (
        "nn.Conv2d(3, 8, 3, stride=2, padding=...), nn.Conv2d(8, 8, 3, stride=2, padding=1), nn.Flatten(), nn.Linear(512, 2)",
        "4, 3, 32, 32",
        [[0, 1]],
    ),
    "one of two sides": ("nn.Conv2d(1, 1, (3, ...)), nn.Flatten(), nn.Linear(26 * 20, 5)", "4, 1, 28, 28", [[9]]),
    "divisors": ("nn.GroupNorm(..., 12)", "4, 12, 8", [[1, 2, 3, 4, 6, 12]]),
    "channels after a shuffle": ("nn.PixelShuffle(2), nn.Conv2d(..., 8, 3)", "1, 32, 6, 6", [[8]]),
    "input of a recurrent layer": ("nn.Embedding(50, 12), nn.Linear(12, 30), nn.GRU(..., 16)", "0", [[30]]),
}


@pytest.mark.parametrize("name", _CASES)
def test_what_fits_is_what_torch_runs(name: str) -> None:
    """Of the numbers from 0 to 40, those that are told run and no other does."""
    layers, shape, told = _CASES[name]
    text = _LAYERS.format(arguments="", layers=layers, shape=shape)
    if "Embedding" in layers:
        text = text.replace("torch.randn(0)", "torch.zeros(7, 3, dtype=torch.long)")
    messages = [message for rule, message, _ in said(script(text)) if rule == "hole"]
    assert [message.partition(" can only be ")[2] for message in messages] == [spoken(values) for values in told]
    for index, values in enumerate(told):
        first = [choice[0] for choice in told]
        candidates = sorted({*range(41), *values})
        fit = [n for n in candidates if not raises(filled(text, *first[:index], n, *first[index + 1 :]))]
        assert fit == values


def spoken(values: list[int]) -> str:
    return " or ".join([", ".join(map(str, values[:-1])), str(values[-1])] if len(values) > 1 else map(str, values))


_OPEN = [
    ("nn.Linear(10, ...)", "can be any number"),
    ("nn.Linear(dim, ...), nn.ReLU(), nn.Linear(..., 3)", "must be out_features"),
    ("nn.Linear(..., 2 * dim), nn.Linear(..., 3)", "must be 2*dim"),
    ("nn.Conv2d(3, 8, 5), nn.Flatten(), nn.Linear(..., 3)", "must be 8*(H - 4)*(W - 4)"),
]


@pytest.mark.parametrize(("layers", "told"), _OPEN)
def test_what_others_choose_is_told_as_a_size(layers: str, told: str) -> None:
    """Without a call that decides, a hole says what it depends on, and there is no fix."""
    text = _LAYERS.format(arguments=", dim", layers=layers, shape="1").partition("\n\n\nNet()")[0]
    findings = check(script(text))
    assert told in findings[-1].message
    assert all(finding.fix is None for finding in findings)


def test_a_number_given_at_the_call_site_is_a_hole_too() -> None:
    """The hole is in the call of the user's own class; what the class does with it decides."""
    text = """
    class Block(nn.Module):
        def __init__(self, channels, width):
            super().__init__()
            self.conv = nn.Conv2d(channels, width, 3, padding=1)
            self.norm = nn.BatchNorm2d(width)

        def forward(self, x):
            return self.norm(self.conv(x))


    class Net(nn.Module):
        def __init__(self, width=...):
            super().__init__()
            self.first = Block(3, width)
            self.second = Block(..., 16)
            self.last = nn.Conv2d(16, 5, ...)

        def forward(self, x):
            return self.last(self.second(F.pixel_shuffle(self.first(x), 4))).view(-1, 5)


    Net(64)(torch.randn(2, 3, 8, 8))
    net = Net(32)
    """
    assert [(m, t) for _, m, t in said(script(text)) if "can only" in m] == [("`in_channels` can only be 4", "...")]


def test_one_hole_has_one_number_in_every_instance() -> None:
    """Two blocks that need different numbers exclude each other; the notes say where."""
    text = """
    class Head(nn.Module):
        def __init__(self, classes):
            super().__init__()
            self.fc = nn.Linear(..., classes)

        def forward(self, x):
            return self.fc(x)


    first, second = Head(3), Head(4)
    first(torch.randn(2, 10))
    second(torch.randn(2, {width}))
    """
    assert said(script(text.format(width=10))) == [("hole", "`in_features` can only be 10", "...")]
    (found,) = check(script(text.format(width=12)))
    assert (found.name, found.message) == ("unsolvable-hole", "no number fits `in_features`")
    assert found.notes[0].message == "`self.fc` takes 10 features, but `x` has 12"


def test_what_two_classes_need_of_a_third_excludes_each_other() -> None:
    """Each of them alone would find a number; the hole has but one."""
    text = """
    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(..., 2)

        def forward(self, x):
            return self.fc(x)


    class Small(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.head = nn.Linear(8, 16), Head()

        def forward(self, x):
            return self.head(self.body(x))


    class Large(Small):
        def __init__(self):
            super().__init__()
            self.body = nn.Linear(8, 32)
    """
    (found,) = check(script(text))
    assert (found.name, found.message) == ("unsolvable-hole", "no number fits `in_features` everywhere")
    assert [note.message for note in found.notes] == ["`Small` of [B, 8] needs 16", "`Large` of [B, 8] needs 32"]


def test_a_default_that_nobody_relies_on_decides_nothing() -> None:
    """The script gives another width than the default: its number is the one that runs."""
    text = """
    class Net(nn.Module):
        def __init__(self, width=8):
            super().__init__()
            self.first, self.second = nn.Linear(4, width), nn.Linear(..., 2)

        def forward(self, x):
            return self.second(self.first(x))


    Net(16)(torch.randn(3, 4))
    """
    assert said(script(text)) == [("hole", "`in_features` can only be 16", "...")]


_ELLIPSES = {
    "indexes": "x = torch.zeros(2, 3, 4)\ny = x[..., 0] + x[0, ..., :1].sum()\nx[..., 1] = 5",
    "stubs": "def stub(x: int) -> int: ...",
    "annotations": "from typing import Tuple\ndef f(x: Tuple[int, ...] = (1, 2)) -> None: ...\nf()",
    "equations": "y = torch.einsum('...ij,...jk->...ik', torch.zeros(2, 3), torch.zeros(3, 4))",
    "a given index": "def pick(x, where=...):\n    return x[where]\npick(torch.zeros(2, 3), (..., 0)).view(2)",
    "the default of an index": "def pick(x, where=...):\n    return x[where]\npick(torch.zeros(2, 3)).view(6)",
    "fields": "class C:\n    width: int = ...\n    def __init__(s, w): s.width = w\nnn.Linear(C(3).width, 2)(torch.ones(3))",
    "a mark": "def g(a=...):\n    if a is ...:\n        a = 4\n    return nn.Linear(a, 2)\ng()(torch.zeros(1, 4))",
}


@pytest.mark.parametrize("name", _ELLIPSES)
def test_an_ellipsis_that_is_no_size_is_none(name: str) -> None:
    """Indexes, stubs, annotations and marks of a missing default stay what they are in Python."""
    run(_ELLIPSES[name])
    assert said(script(_ELLIPSES[name])) == []


def test_an_opaque_condition_makes_the_fix_unsafe() -> None:
    """What holds on one path only is no proof for the other."""
    text = """
    import random

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(4, 8), nn.Linear(..., 2)

        def forward(self, x):
            if random.random() > 0.5:
                x = self.first(x)
            return self.second(x)
    """
    (found,) = check(script(text))
    assert found.fix is None or found.fix.applicability.value == "unsafe"
