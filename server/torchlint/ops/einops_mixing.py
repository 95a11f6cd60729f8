"""`einops.layers.torch.EinMix`: an einsum with a weight that the layer makes, between two rearrangements."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show
from torchlint.ops.einops import ELLIPSIS, GROUPED_ELLIPSIS, einsum, mismatch, parse, parse_side, transformed
from torchlint.ops.elementwise import add
from torchlint.ops.registry import layer
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor, parameter


def _flat(text: str) -> list[str]:
    """The axes of one side in order, without parentheses."""
    return [ELLIPSIS if name == GROUPED_ELLIPSIS else name for axis in parse_side(text) for name in axis]


def _unwanted(names: set[str], message: str, torch: str) -> None:
    if names:
        spoken = ", ".join(f"`{name}`" for name in sorted(names))
        raise mismatch(message.format(spoken), torch.format(sorted(names)))


@layer("einops.layers.torch.EinMix")
class EinMix(Module):
    """`EinMix("b (h c) -> b h d", weight_shape="h c d", h=2, c=8, d=4)`."""

    def __init__(self, pattern: str, weight_shape: str, bias_shape: str | None = None, **axes_lengths: Size) -> None:
        super().__init__()
        self.pattern = pattern
        self.weight_shape = weight_shape
        self.bias_shape = bias_shape
        self.axes_lengths = axes_lengths
        parse(pattern)
        self._left, _, self._right = pattern.partition("->")
        left, right, weight = set(_flat(self._left)), set(_flat(self._right)), _flat(weight_shape)
        _unwanted(right - left - set(weight), "{} is on the right side of {{pattern}} only", "Unrecognized identifiers {}")
        _unwanted(
            set(weight) - set(axes_lengths),
            "the length of {} of the weight is not given",
            "Dimension {} of weight should be specified",
        )
        _unwanted(set(axes_lengths) - left - set(weight), "{} is no axis of {{pattern}}", "Axes {} are not used in pattern")
        _unwanted(set(weight) - left - right, "{} of the weight is not in {{pattern}}", "Weight axes {} are redundant")
        self.weight = parameter(*(axes_lengths[name] for name in weight))
        self.bias = None if bias_shape is None else parameter(*self._bias_sizes(bias_shape))

    def _bias_sizes(self, bias_shape: str) -> list[Size]:
        """One size for each axis of the output, 1 for those that the bias does not depend on; `...` comes before all."""
        names, flat = set(_flat(bias_shape)), _flat(self._right)
        _unwanted(names - set(flat), "{} of the bias is not in the output", "Bias axes {} not present in output")
        _unwanted(
            names - set(self.axes_lengths), "the length of {} of the bias is not given", "Sizes not provided for bias axes {}"
        )
        return [self.axes_lengths[name] if name in names else 1 for name in flat if name != ELLIPSIS]

    def forward(self, input: Tensor) -> Tensor:
        flat_left, flat_right = " ".join(_flat(self._left)), " ".join(_flat(self._right))
        own = {name: length for name, length in self.axes_lengths.items() if name in _flat(self._left)}
        split = transformed(input, f"{self._left} -> {flat_left}", "rearrange", own)
        mixed = einsum(split, self.weight, f"{flat_left}, {self.weight_shape} -> {flat_right}")
        if self.bias is not None:
            mixed = add(mixed, self.bias)
        return transformed(mixed, f"{flat_right} -> {self._right}", "rearrange", {})

    def extra_repr(self) -> str:
        shown = [repr(self.pattern), f"'{self.weight_shape}'"]
        if self.bias_shape is not None:
            shown.append(f"'{self.bias_shape}'")
        return ", ".join([*shown, *(f"{name}={show(length)}" for name, length in self.axes_lengths.items())])
