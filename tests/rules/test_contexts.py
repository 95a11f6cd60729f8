"""What counts as a mistake where a file constructs a class in several ways."""

from __future__ import annotations

from rules.snippets import said, script

_BLOCK = """
class Block(nn.Module):
    def __init__(self, channels, padding=1):
        super().__init__()
        self.first = nn.Conv2d(channels, 8, 3, stride=2, padding=padding)
        self.second = nn.MaxPool2d(3, stride=2)

    def forward(self, x):
        return torch.cat([self.first(x), self.second(x)], 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(3{given})

    def forward(self, x):
        return self.block(x)
"""


def test_a_default_that_the_file_never_relies_on_is_no_mistake() -> None:
    """A class that fails with its defaults only, and that the file gives other arguments, is not reported."""
    assert said(script(_BLOCK.format(given=", padding=0"))) == []


def test_a_default_that_the_file_relies_on_is_a_mistake() -> None:
    """Whoever constructs the class without the argument gets the default."""
    assert [name for name, _, _ in said(script(_BLOCK.format(given="")))] == ["cat-mismatch"]


def test_what_fails_with_every_argument_is_a_mistake() -> None:
    """An argument that does not mend the class does not silence it either."""
    assert [name for name, _, _ in said(script(_BLOCK.format(given=", padding=2")))] == ["cat-mismatch"]
