"""The layers of the losses: they hold the options and call the functional form."""

from __future__ import annotations

from torchlint.dims.expr import Expr, Size
from torchlint.dims.real import Real
from torchlint.ops.classification_losses import (
    cross_entropy,
    ctc_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    nll_loss,
)
from torchlint.ops.coercion import Number, type_name
from torchlint.ops.embedding_losses import (
    cosine_embedding_loss,
    margin_ranking_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from torchlint.ops.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    mse_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
)
from torchlint.ops.registry import layer
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


class _Loss(Module):
    """A loss with a reduction; the two deprecated arguments decide it where they are given."""

    def __init__(self, size_average: object = None, reduce: object = None, reduction: object = "mean") -> None:
        super().__init__()
        if size_average is not None or reduce is not None:
            summed = "sum" if size_average is False else "mean"
            reduction = "none" if reduce is False else summed
        self.reduction = reduction


class _WeightedLoss(_Loss):
    """A loss with a weight for each class, which is a buffer."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: object = None,
        reduce: object = None,
        reduction: object = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


@layer("torch.nn.L1Loss")
class L1Loss(_Loss):
    """The absolute difference."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return mse_loss(input, target, reduction=self.reduction)


@layer("torch.nn.MSELoss")
class MSELoss(_Loss):
    """The squared difference."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return mse_loss(input, target, reduction=self.reduction)


@layer("torch.nn.SoftMarginLoss")
class SoftMarginLoss(_Loss):
    """`log(1 + exp(-target * input))`."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return soft_margin_loss(input, target, reduction=self.reduction)


@layer("torch.nn.MultiLabelMarginLoss")
class MultiLabelMarginLoss(_Loss):
    """How far wrong labels come near right ones."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return multilabel_margin_loss(input, target, reduction=self.reduction)


@layer("torch.nn.SmoothL1Loss")
class SmoothL1Loss(_Loss):
    """The squared difference near 0, the absolute one beyond."""

    def __init__(
        self, size_average: object = None, reduce: object = None, reduction: object = "mean", beta: object = 1.0
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


@layer("torch.nn.HuberLoss")
class HuberLoss(_Loss):
    """The squared difference near 0, the absolute one beyond."""

    def __init__(self, reduction: object = "mean", delta: object = 1.0) -> None:
        super().__init__(reduction=reduction)
        if not isinstance(delta, (int, float, Expr, Real, Unknown)):
            kind = type_name(delta)
            said = f"delta must be a float or int, got: {kind}"
            raise ShapeError("bad-call", f"`delta` of {{callee}} is a number, not a {kind}", blame="delta", torch=said)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return huber_loss(input, target, self.reduction, self.delta)


@layer("torch.nn.PoissonNLLLoss")
class PoissonNLLLoss(_Loss):
    """The negative log-likelihood of counts."""

    def __init__(
        self,
        log_input: object = True,
        full: object = False,
        size_average: object = None,
        eps: object = 1e-8,
        reduce: object = None,
        reduction: object = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return poisson_nll_loss(log_input, target, reduction=self.reduction)


@layer("torch.nn.GaussianNLLLoss")
class GaussianNLLLoss(_Loss):
    """The negative log-likelihood of normal distributions."""

    def __init__(self, *, full: object = False, eps: object = 1e-6, reduction: object = "mean") -> None:
        super().__init__(reduction=reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | Number) -> Tensor:
        return gaussian_nll_loss(input, target, var, reduction=self.reduction)


@layer("torch.nn.KLDivLoss")
class KLDivLoss(_Loss):
    """The Kullback-Leibler divergence of log-probabilities from probabilities."""

    def __init__(
        self,
        size_average: object = None,
        reduce: object = None,
        reduction: object = "mean",
        log_target: object = False,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return kl_div(input, target, reduction=self.reduction)


@layer("torch.nn.HingeEmbeddingLoss")
class HingeEmbeddingLoss(_Loss):
    """The distance for targets of 1, what is missing to the margin for -1."""

    def __init__(
        self, margin: object = 1.0, size_average: object = None, reduce: object = None, reduction: object = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return hinge_embedding_loss(input, target, self.margin, reduction=self.reduction)


@layer("torch.nn.BCELoss")
class BCELoss(_WeightedLoss):
    """The cross entropy of probabilities."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return binary_cross_entropy(input, target, self.weight, reduction=self.reduction)


@layer("torch.nn.BCEWithLogitsLoss")
class BCEWithLogitsLoss(_Loss):
    """The cross entropy of logits."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: object = None,
        reduce: object = None,
        reduction: object = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


@layer("torch.nn.NLLLoss", "torch.nn.NLLLoss2d")
class NLLLoss(_WeightedLoss):
    """The negative log-likelihood of class indices."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: object = None,
        ignore_index: object = -100,
        reduce: object = None,
        reduction: object = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return nll_loss(input, target, self.weight, reduction=self.reduction)


@layer("torch.nn.CrossEntropyLoss")
class CrossEntropyLoss(_WeightedLoss):
    """The cross entropy of logits with class indices or probabilities."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: object = None,
        ignore_index: object = -100,
        reduce: object = None,
        reduction: object = "mean",
        label_smoothing: object = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return cross_entropy(input, target, self.weight, reduction=self.reduction, label_smoothing=self.label_smoothing)


@layer("torch.nn.MultiLabelSoftMarginLoss")
class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The mean of binary cross entropies over the classes."""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return multilabel_soft_margin_loss(input, target, self.weight, reduction=self.reduction)


@layer("torch.nn.MultiMarginLoss")
class MultiMarginLoss(_WeightedLoss):
    """How far wrong classes come near the right one."""

    def __init__(
        self,
        p: object = 1,
        margin: object = 1.0,
        weight: Tensor | None = None,
        size_average: object = None,
        reduce: object = None,
        reduction: object = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if isinstance(p, int) and p not in (1, 2):
            raise ShapeError(
                "bad-call", f"`p` of {{callee}} is 1 or 2, not {p}", blame="p", torch="only p == 1 and p == 2 supported"
            )
        if weight is not None and weight.ndim != 1:
            raise ShapeError(
                "wrong-rank",
                f"`weight` of {{callee}} is one value for each class, but {{weight}} has {weight.ndim} dimensions",
                blame="weight",
                torch=f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.ndim}D instead",
            )
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return multi_margin_loss(input, target, self.p, self.margin, self.weight, reduction=self.reduction)


@layer("torch.nn.CosineEmbeddingLoss")
class CosineEmbeddingLoss(_Loss):
    """How near the cosine of two vectors is to the target."""

    def __init__(
        self, margin: object = 0.0, size_average: object = None, reduce: object = None, reduction: object = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return cosine_embedding_loss(input1, input2, target, self.margin, reduction=self.reduction)


@layer("torch.nn.MarginRankingLoss")
class MarginRankingLoss(_Loss):
    """Whether the first of two scores is the larger by the margin."""

    def __init__(
        self, margin: object = 0.0, size_average: object = None, reduce: object = None, reduction: object = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return margin_ranking_loss(input1, input2, target, self.margin, reduction=self.reduction)


@layer("torch.nn.TripletMarginLoss")
class TripletMarginLoss(_Loss):
    """Whether the positive is nearer to the anchor than the negative, by the margin."""

    def __init__(
        self,
        margin: object = 1.0,
        p: object = 2.0,
        eps: object = 1e-6,
        swap: object = False,
        size_average: object = None,
        reduce: object = None,
        reduction: object = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return triplet_margin_loss(anchor, positive, negative, self.margin, reduction=self.reduction)


@layer("torch.nn.TripletMarginWithDistanceLoss")
class TripletMarginWithDistanceLoss(_Loss):
    """The triplet loss with a distance of one's own."""

    def __init__(
        self,
        *,
        distance_function: object = None,
        margin: object = 1.0,
        swap: object = False,
        reduction: object = "mean",
    ) -> None:
        super().__init__(reduction=reduction)
        self.distance_function = distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> object:
        return triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            reduction=self.reduction,
        )


@layer("torch.nn.CTCLoss")
class CTCLoss(_Loss):
    """The connectionist temporal classification loss."""

    def __init__(self, blank: Size = 0, reduction: object = "mean", zero_infinity: object = False) -> None:
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(self, log_probs: Tensor, targets: Tensor, input_lengths: object, target_lengths: object) -> Tensor:
        return ctc_loss(log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction)
