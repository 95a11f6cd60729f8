"""Random models whose sizes are symbols: `forward`s of a few lines that real torch runs for at least one input.

A program grows line by line: torch runs each candidate on one input, so that its next line is known to make sense there. Sizes
are written as people write them: read from shapes, left to `-1`, or numbers where a layer fixes them.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import NamedTuple

import torch

_HEAD = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n\n\n"
_DECLARED = {4: ("N", 3, "H", "W"), 3: ("N", "T", 8), 2: ("N", 6)}
_BASE = {"N": 2, "H": 12, "W": 9, "T": 5}
_LINES = (4, 9)
_TRIES = 60


class Program(NamedTuple):
    """The text of a file with one class `Net`, and the names and numbers of its input's shape."""

    text: str
    shape: tuple[str | int, ...]

    def run(self, sizes: dict[str, int]) -> tuple[int, ...] | None:
        """The output's shape in torch for an input of these sizes; None where torch raises."""
        scope: dict[str, object] = {}
        exec(compile(self.text, "program", "exec"), scope)
        net = scope["Net"]()  # type: ignore[operator]
        try:
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return tuple(net(torch.zeros([sizes.get(s, s) for s in self.shape])).shape)  # type: ignore[misc]
        except (RuntimeError, ValueError, IndexError, TypeError):
            return None


class _Tensor(NamedTuple):
    name: str
    shape: tuple[int, ...]


class _Writer:
    """One program in the making: layers, lines, and the tensors that there are."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.shape = _DECLARED[dice.choice(list(_DECLARED))]
        self.layers: list[str] = []
        self.lines: list[str] = []
        self.tensors = [_Tensor("x", tuple(_BASE.get(s, s) for s in self.shape))]  # type: ignore[arg-type]

    def program(self) -> Program:
        layers = "".join(f"        {line}\n" for line in self.layers)
        lines = "".join(f"        {line}\n" for line in (*self.lines, f"return {self.tensors[-1].name}"))
        declared = ", ".join(map(str, self.shape))
        text = (
            f"{_HEAD}class Net(nn.Module):\n    # torchlint: input x: [{declared}]\n"
            f"    def __init__(self):\n        super().__init__()\n{layers}\n    def forward(self, x):\n{lines}"
        )
        return Program(text, self.shape)

    def layer(self, text: str) -> str:
        """A new layer's attribute."""
        self.layers.append(f"self.l{len(self.layers)} = {text}")
        return f"self.l{len(self.layers) - 1}"

    def grow(self) -> None:
        """Add a line that torch runs for the base sizes, if one is found."""
        for _ in range(_TRIES):
            x = self.dice.choice(self.tensors[-2:])
            kept = list(self.layers)
            written = self.dice.choice(_WRITERS)(self, x)
            if written is not None:
                name = f"v{len(self.tensors)}"
                self.lines.append(f"{name} = {written}")
                self.tensors.append(_Tensor(name, ()))
                shape = self.program().run(_BASE)
                if shape is not None and 0 < len(shape) <= 6:
                    self.tensors[-1] = _Tensor(name, shape)
                    return
                self.lines.pop()
                self.tensors.pop()
            self.layers = kept


def random_program(seed: int) -> Program:
    """The program of that number."""
    writer = _Writer(random.Random(seed))
    for _ in range(writer.dice.randint(*_LINES)):
        writer.grow()
    return writer.program()


# Ways to write a line: each gets the writer and a tensor, and may pass.


def _convolution(w: _Writer, x: _Tensor) -> str | None:
    if len(x.shape) not in (3, 4):
        return None
    kernel, stride, padding = w.dice.randint(1, 4), w.dice.randint(1, 3), w.dice.randint(0, 2)
    layer = w.layer(
        f"nn.Conv{len(x.shape) - 2}d({x.shape[1]}, {w.dice.choice((2, 4, 6))}, {kernel}, stride={stride}, padding={padding})"
    )
    return f"{layer}({x.name})"


def _pool(w: _Writer, x: _Tensor) -> str | None:
    if len(x.shape) not in (3, 4):
        return None
    kind = w.dice.choice(("Max", "Avg"))
    return (
        f"{w.layer(f'nn.{kind}Pool{len(x.shape) - 2}d({w.dice.randint(2, 3)}, ceil_mode={w.dice.random() < 0.4})')}({x.name})"
    )


def _linear(w: _Writer, x: _Tensor) -> str:
    return f"{w.layer(f'nn.Linear({x.shape[-1]}, {w.dice.choice((3, 4, 8))})')}({x.name})"


def _norm(w: _Writer, x: _Tensor) -> str | None:
    if len(x.shape) == 4:
        return f"{w.layer(f'nn.BatchNorm2d({x.shape[1]})')}({x.name})"
    return f"{w.layer(f'nn.LayerNorm({x.shape[-1]})')}({x.name})"


def _recurrent(w: _Writer, x: _Tensor) -> str | None:
    if len(x.shape) != 3:
        return None
    both = w.dice.random() < 0.5
    return f"{w.layer(f'nn.GRU({x.shape[-1]}, 5, batch_first=True, bidirectional={both})')}({x.name})[0]"


def _flatten(w: _Writer, x: _Tensor) -> str:
    return w.dice.choice(
        (f"{x.name}.flatten(1)", f"{x.name}.view({x.name}.size(0), -1)", f"torch.flatten({x.name}, {w.dice.randint(0, 2)})")
    )


def _reshape(w: _Writer, x: _Tensor) -> str:
    n = x.name
    return w.dice.choice(
        (
            f"{n}.reshape({n}.shape[0], -1, 2)",
            f"{n}.reshape(-1, {n}.shape[-1])",
            f"{n}.reshape(*{n}.shape[:-1], 2, {n}.shape[-1] // 2)",
            f"{n}.reshape({n}.shape[0] * {n}.shape[1], -1)",
            f"{n}.unflatten(-1, (2, -1))",
        )
    )


def _order(w: _Writer, x: _Tensor) -> str:
    a, b = w.dice.randint(-3, 2), w.dice.randint(-3, 2)
    axes = list(range(len(x.shape)))
    w.dice.shuffle(axes)
    return w.dice.choice(
        (f"{x.name}.transpose({a}, {b})", f"{x.name}.permute({', '.join(map(str, axes))})", f"{x.name}.movedim({a}, {b})")
    )


def _reduce(w: _Writer, x: _Tensor) -> str:
    keep = w.dice.random() < 0.3
    how = w.dice.choice(("mean", "sum", "amax", "std"))
    return f"{x.name}.{how}({w.dice.randint(-2, 2)}, keepdim={keep})"


def _slice(w: _Writer, x: _Tensor) -> str:
    index = w.dice.choice(
        (
            "[:, 1:]",
            "[..., ::2]",
            "[:, -1]",
            "[..., :-1]",
            "[:, :, None]",
            "[:, {n}.shape[1] // 2 :]",
            "[..., 1:-1]",
            "[:, ::3]",
        )
    )
    return x.name + index.format(n=x.name)


def _join(w: _Writer, x: _Tensor) -> str:
    other = w.dice.choice(w.tensors)
    dim = w.dice.randint(-2, 2)
    return w.dice.choice((f"torch.cat([{x.name}, {other.name}], {dim})", f"torch.stack([{x.name}, {other.name}], {dim})"))


def _combine(w: _Writer, x: _Tensor) -> str:
    other = w.dice.choice(w.tensors)
    return w.dice.choice(
        (
            f"{x.name} + {other.name}",
            f"{x.name} @ {other.name}.transpose(-1, -2)",
            f"{x.name} * {x.name}.mean(-1, keepdim=True)",
            f"torch.where({x.name} > 0, {x.name}, {x.name}.new_zeros({x.name}.shape[-1]))",
        )
    )


def _pieces(w: _Writer, x: _Tensor) -> str:
    dim = w.dice.randint(-1, 2)
    return w.dice.choice(
        (
            f"{x.name}.chunk({w.dice.randint(2, 3)}, {dim})[0]",
            f"{x.name}.chunk(2, {dim})[-1]",
            f"{x.name}.split({w.dice.randint(1, 4)}, {dim})[0]",
            f"{x.name}.unfold({dim}, 3, {w.dice.randint(1, 2)})",
        )
    )


def _size(w: _Writer, x: _Tensor) -> str:
    n = x.name
    return w.dice.choice(
        (
            f"F.pad({n}, ({w.dice.randint(0, 2)}, {w.dice.randint(0, 2)}))",
            f"F.interpolate({n}, scale_factor={w.dice.choice((2, 3))})",
            f"{n}.repeat_interleave(2, {w.dice.randint(-1, 1)})",
            f"{n}.unsqueeze({w.dice.randint(-2, 2)}).expand_as({n}.unsqueeze(0) + {n}.unsqueeze(1))",
            f"torch.zeros({n}.shape[0], {n}.shape[-1] + 1)",
            f"{n}.new_zeros({n}.size(1), 2 * {n}.size(0))",
        )
    )


_WRITERS: tuple[Callable[[_Writer, _Tensor], str | None], ...] = (
    _convolution, _pool, _linear, _norm, _recurrent, _flatten, _reshape, _order, _reduce, _slice, _join, _combine, _pieces,
    _size,
)  # fmt: skip
