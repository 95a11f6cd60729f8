"""The cross entropy of a linear map, computed without keeping the logits."""

from __future__ import annotations

import math

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.classification_losses import cross_entropy, require_class_weight, require_smoothing
from torchlint.ops.linear import Linear, linear
from torchlint.ops.registry import layer, op
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


def _require_shapes(input: Tensor, linear_weight: Tensor, linear_bias: Tensor | None) -> None:
    for name, tensor, least, most, spoken in (
        ("input", input, 1, 2, "[in_features] or [N, in_features]"),
        ("linear_weight", linear_weight, 2, math.inf, "[num_classes, .., in_features]"),
    ):
        if not least <= tensor.ndim <= most:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes {spoken}, but {{{name}}} is {show_shape(tensor.shape)}",
                blame=name,
                torch=f"expected {name} with another dimensionality, got {tensor.ndim}",
                label=show_shape(tensor.shape),
            )
    if linear_weight.ndim > 2 and input.ndim == 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} with `linear_weight` {show_shape(linear_weight.shape)} takes a batch, but {{input}} is "
            f"{show_shape(input.shape)}",
            blame="input",
            torch=f"K-dimensional loss defined by linear_weight shape {show_shape(linear_weight.shape)} requires batched input",
            label=show_shape(input.shape),
        )
    if linear_bias is not None:
        _require_bias(linear_bias, linear_weight.shape[:-1])


def _require_bias(linear_bias: Tensor, shape: Shape) -> None:
    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{linear_bias}} is {show_shape(linear_bias.shape)}, but there are {show_shape(shape)} logits",
            blame="linear_bias",
            torch=f"expected linear_bias shape {show_shape(shape)}, got {show_shape(linear_bias.shape)}",
            label=show_shape(linear_bias.shape),
        )

    if linear_bias.ndim != len(shape):
        raise unfit()
    for given, wanted in zip(linear_bias.shape, shape):
        require_same(given, wanted, unfit)


@op("torch.nn.functional.linear_cross_entropy")
def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: object = "mean",
    ignore_index: object = None,
    label_smoothing: object = 0.0,
    options: object = None,
) -> Tensor:
    """`cross_entropy(input @ linear_weight.T + linear_bias, target)`; a weight of more dimensions gives as many more losses."""
    _require_shapes(input, linear_weight, linear_bias)
    classes = linear_weight.shape[:-1]
    flat = Tensor((product(classes), linear_weight.shape[-1]), linear_weight.dtype)
    mapped = linear(input, flat, None)
    logits = Tensor((*input.shape[:-1], *classes), mapped.dtype, requires_grad=mapped.requires_grad, device=input.device)
    if target.shape == logits.shape and isinstance(ignore_index, int):
        raise ShapeError(
            "bad-call",
            "{callee} of probabilities has no `ignore_index`",
            blame="ignore_index",
            torch="ignore_index cannot be specified when target contains probabilities",
        )
    return cross_entropy(logits, target, weight, reduction=reduction, label_smoothing=label_smoothing)


@layer("torch.nn.LinearCrossEntropyLoss", ranks=(2, 1))
class LinearCrossEntropyLoss(Module):
    """The cross entropy of a linear map to `num_classes`, for each place of `out_features`."""

    def __init__(
        self,
        in_features: Size,
        num_classes: Size,
        *,
        out_features: Shape = (),
        bias: bool = False,
        device: object = None,
        dtype: DType | None = None,
        reduction: object = "mean",
        weight: Tensor | None = None,
        ignore_index: object = None,
        label_smoothing: object = 0.0,
        options: object = None,
    ) -> None:
        super().__init__()
        if options is not None:
            raise Undecided("options of the computation are not modelled")
        require_class_weight(weight, num_classes)
        require_smoothing(label_smoothing)
        self.register_buffer("weight", weight)
        self.reduction = reduction
        self.num_classes = num_classes
        self.out_features = out_features
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing
        self.linear = Linear(in_features, product((num_classes, *out_features)), bias, device, dtype)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        classes = (self.num_classes, *self.out_features)
        weight, bias = self.linear.weight, self.linear.bias
        return linear_cross_entropy(
            input,
            Tensor((*classes, self.linear.in_features), weight.dtype),
            target,
            linear_bias=None if bias is None else Tensor(classes, bias.dtype),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )

    def extra_repr(self) -> str:
        parts = {
            "in_features": show(self.linear.in_features),
            "num_classes": show(self.num_classes),
            "out_features": f"({', '.join(map(show, self.out_features))}{',' * (len(self.out_features) == 1)})",
            "bias": self.linear.bias is not None,
            "reduction": self.reduction,
            "ignore_index": self.ignore_index,
            "label_smoothing": self.label_smoothing,
            "options": None,
        }
        return ", ".join(f"{name}={value}" for name, value in parts.items())
