"""What a message says of sizes that nobody wrote as numbers: why they cannot agree, and where that was asked for."""

from __future__ import annotations

import pytest

from rules.snippets import check, script
from torchlint.source.document import Document


def notes(document: Document) -> list[str]:
    """The notes of the only finding, those of a place with its row."""
    (found,) = check(document)
    return [f"{n.message} :{n.span.start.row}" if n.span is not None else n.message for n in found.notes]


_IMAGES = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 20, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(20, 1, 2, stride=2)
        self.fc = nn.Linear({features}, 10)

    def forward(self, x):
        y = self.conv(x)
        {forward}
"""


def test_what_never_flattens_to_a_number() -> None:
    """The proof is about the channels, in words that stand alone."""
    document = script(_IMAGES.format(features=310, forward="return self.fc(y.flatten(1))"))
    assert "20 channels never flatten to 310: 310 is not a multiple of 20" in notes(document)


def test_what_was_needed_before_is_named_with_its_place() -> None:
    """An odd side fits the layer, but not the addition before it."""
    document = script(_IMAGES.format(features=33 * 33, forward="return self.fc((x + self.up(y)).sum(1).flatten(1))"))
    said = notes(document)
    assert "4*((H + 1)//2)*((W + 1)//2) is never 1089: 1089 is not a multiple of 4" in said
    document = script(
        _IMAGES.format(features=20 * 49, forward="self.up(y[:, :, :5, :5])\n        return self.fc(y.flatten(1))")
    )
    assert check(document) == ()


_HEADS = """
class Attention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        {check}
        self.out = nn.Linear(dim, dim)
        self.last = nn.Linear(96, 10)

    def forward(self, x):
        return self.last(self.out(x))
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("assert dim % 7 == 0", ["the code says `assert dim % 7 == 0` :8", "96 is not a multiple of 7"]),
        ("nn.GroupNorm(7, dim)", ["`nn.GroupNorm(7, dim)` needs dim % 7 == 0 :8", "96 is not a multiple of 7"]),
        ("assert dim == 64", ["the code says `assert dim == 64` :8"]),
    ],
)
def test_the_condition_that_excludes_a_size_is_named(code: str, said: list[str]) -> None:
    """Asserts and layers say what they need, where they stand; numbers that differ need no proof."""
    found = notes(script(_HEADS.format(check=code)))
    assert [n for n in found if "needs" in n or "says `" in n or "multiple" in n] == said


def test_two_layers_that_exclude_each_other() -> None:
    """One input, two sizes: the note says who else asked."""
    body = """
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(10, 5)
            self.b = nn.Linear(20, 5)

        def forward(self, x):
            y = self.a(x)
            return y + self.b(x)
    """
    assert "`self.a(x)` needs D == 10 :12" in notes(script(body))
