"""`AdaptiveLogSoftmaxWithLoss`: a softmax over very many classes, the rare ones in clusters with ever smaller projections."""

from __future__ import annotations

from collections import namedtuple

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import known_int, require_same
from torchlint.ops.containers import ModuleList, Sequential
from torchlint.ops.linear import Linear
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor

ASMoutput = namedtuple("ASMoutput", ("output", "loss"))


@layer("torch.nn.AdaptiveLogSoftmaxWithLoss", ranks=(2, 1))
class AdaptiveLogSoftmaxWithLoss(Module):
    """`[N, in_features]` with targets `[N]`, or `[in_features]` with one target."""

    def __init__(
        self,
        in_features: Size,
        n_classes: Size,
        cutoffs: Shape,
        div_value: object = 4.0,
        head_bias: bool = False,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(div_value, (int, float)):
            raise Undecided("`div_value` is not a known number")
        classes = known_int(n_classes, "`n_classes`")
        bounds = [known_int(cutoff, "a cutoff") for cutoff in cutoffs]
        if not bounds or sorted(set(bounds)) != bounds or bounds[0] <= 0 or bounds[-1] > classes - 1:
            raise ShapeError(
                "bad-call",
                f"`cutoffs` of {{callee}} must increase between 1 and {classes - 1}, but are {bounds}",
                blame="cutoffs",
                torch="cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each "
                "value is between 1 and n_classes-1",
            )
        self.in_features = in_features
        self.n_classes = classes
        self.cutoffs = [*bounds, classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = bounds[0]
        self.n_clusters = len(bounds)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, head_bias, device, dtype)
        self.tail = ModuleList(
            [self._cluster(index, known_int(in_features, "`in_features`"), device, dtype) for index in range(self.n_clusters)]
        )

    def _cluster(self, index: int, in_features: int, device: object, dtype: DType | None) -> Sequential:
        assert isinstance(self.div_value, (int, float))
        hidden = int(in_features // (self.div_value ** (index + 1)))
        classes = self.cutoffs[index + 1] - self.cutoffs[index]
        return Sequential(Linear(in_features, hidden, False, device, dtype), Linear(hidden, classes, False, device, dtype))

    def forward(self, input_: Tensor, target_: Tensor) -> ASMoutput:
        if target_.ndim > 1 or input_.ndim != target_.ndim + 1:
            raise ShapeError(
                "loss-shape",
                f"{{callee}} takes [N, {show(self.in_features)}] with targets [N], but {{input_}} is "
                f"{show_shape(input_.shape)} and {{target_}} {show_shape(target_.shape)}",
                blame="target_",
                torch="0D or 1D target tensor expected, multi-target not supported",
                label=show_shape(target_.shape),
            )
        if target_.ndim:
            require_same(
                input_.shape[0],
                target_.shape[0],
                lambda: ShapeError(
                    "loss-shape",
                    f"{{input_}} is a batch of {show(input_.shape[0])}, but {{target_}} of {show(target_.shape[0])}",
                    blame="target_",
                    torch="Input and target should have the same size in the batch dimension.",
                    label=show_shape(target_.shape),
                ),
            )
        self.head.forward(input_)
        output = result(target_.shape, input_.dtype, input_, self.head.weight)
        return ASMoutput(output, result((), input_.dtype, output))


@op("torch.nn.AdaptiveLogSoftmaxWithLoss.log_prob")
def log_prob(self: Module, input: Tensor) -> Tensor:
    """The logarithms of the probabilities of all classes: `[N, n_classes]`."""
    assert isinstance(self, AdaptiveLogSoftmaxWithLoss)
    self.head.forward(input)
    return result((*input.shape[:-1], self.n_classes), input.dtype, input, self.head.weight)


@op("torch.nn.AdaptiveLogSoftmaxWithLoss.predict")
def predict(self: Module, input: Tensor) -> Tensor:
    """The most probable class of each of the batch: `[N]`."""
    assert isinstance(self, AdaptiveLogSoftmaxWithLoss)
    self.head.forward(input)
    return result(input.shape[:-1], int64, input)
