"""Functions that `torch` has beside those of `torch.nn.functional`, with the arguments of its C++ library in their order.

A reduction is a number there: 0 for none (the default, whatever the C++ library's is), 1 for the mean, 2 for the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.adaptive_pooling import (
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    fractional_max_pool2d,
    fractional_max_pool3d,
)
from torchlint.ops.agree import normalize_dim, require_rank, require_same
from torchlint.ops.bilinear import bilinear
from torchlint.ops.classification_losses import ctc_loss
from torchlint.ops.embedding import embedding
from torchlint.ops.embedding_losses import cosine_embedding_loss, margin_ranking_loss, triplet_margin_loss
from torchlint.ops.losses import (
    binary_cross_entropy_with_logits,
    chosen_reduction,
    hinge_embedding_loss,
    kl_div,
    poisson_nll_loss,
)
from torchlint.ops.normalization import batch_norm, group_norm, instance_norm, layer_norm
from torchlint.ops.padding import pad as padded
from torchlint.ops.pixels import channel_shuffle
from torchlint.ops.registry import op
from torchlint.ops.resampling import affine_grid, grid_sample
from torchlint.ops.results import like, result
from torchlint.values.dtype import bool_
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown

_REDUCTIONS = {0: "none", 1: "mean", 2: "sum"}


def _spoken(reduction: object) -> object:
    """The reduction that a number stands for."""
    if isinstance(reduction, Unknown):
        return reduction
    return chosen_reduction(_REDUCTIONS.get(reduction, str(reduction)) if isinstance(reduction, int) else reduction)


@op("torch.batch_norm", ranks=(4, 3, 2))
def torch_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: object,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Tensor:
    """`[N, C, ...]` normalized per channel."""
    return batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)


@op("torch.instance_norm", ranks=(4, 3))
def torch_instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: object,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Tensor:
    """`[N, C, ...]` normalized per sample and channel."""
    return instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)


@op("torch.native_batch_norm", ranks=(4, 3, 2))
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: object,
    eps: object,
) -> tuple[Tensor, Tensor, Tensor]:
    """What `batch_norm` gives, and the mean and the inverse deviation that it took from the batch."""
    normalized = batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)
    saved = (input.shape[1],) if training else (0,)
    return normalized, result(saved, normalized.dtype, input), result(saved, normalized.dtype, input)


@op("torch.native_layer_norm", ranks=(3, 2, 4))
def native_layer_norm(
    input: Tensor, normalized_shape: Shape, weight: Tensor | None, bias: Tensor | None, eps: object
) -> tuple[Tensor, Tensor, Tensor]:
    """What `layer_norm` gives, and the mean and the inverse deviation of each row."""
    normalized = layer_norm(input, normalized_shape, weight, bias)
    rest = len(normalized_shape)
    rows = (*input.shape[: input.ndim - rest], *(1 for _ in range(rest)))
    return normalized, result(rows, input.dtype, input), result(rows, input.dtype, input)


@op("torch.native_group_norm", ranks=(4, 3, 2))
def native_group_norm(
    input: Tensor, weight: Tensor | None, bias: Tensor | None, N: Size, C: Size, HxW: Size, group: Size, eps: object
) -> tuple[Tensor, Tensor, Tensor]:
    """What `group_norm` gives, and the mean and the inverse deviation of each group."""
    normalized = group_norm(input, group, weight, bias)
    return normalized, result((N, group), input.dtype, input), result((N, group), input.dtype, input)


@op("torch.native_dropout")
def native_dropout(input: Tensor, p: object, train: object) -> tuple[Tensor, Tensor]:
    """The tensor with some elements left out, and which ones are not."""
    return like(input), like(input, bool_)


@op("torch.native_channel_shuffle", "torch.nn.functional.native_channel_shuffle", ranks=(4, 3))
def native_channel_shuffle(input: Tensor, groups: Size) -> Tensor:
    """The channels of groups interleaved."""
    return channel_shuffle(input, groups)


@op("torch.embedding")
def torch_embedding(
    weight: Tensor, indices: Tensor, padding_idx: object = -1, scale_grad_by_freq: object = False, sparse: object = False
) -> Tensor:
    """`[...]` of ids to `[..., embedding_dim]`."""
    return embedding(indices, weight)


@op("torch.constant_pad_nd")
def constant_pad_nd(input: Tensor, pad: Shape, value: object = 0) -> Tensor:
    """Sizes added before and after, from the last dimension on."""
    return padded(input, pad)


def _register_sampler(name: str, *ranks: int) -> None:
    @op(f"torch.{name}", ranks=ranks)
    def function(
        input: Tensor, grid: Tensor, interpolation_mode: object, padding_mode: object, align_corners: object
    ) -> Tensor:
        require_rank(input, ranks, "[N, C, H, W]" if ranks[0] == 4 else "[N, C, D, H, W]")
        return grid_sample(input, grid)

    function.__doc__ = "`[N, C, H, W]` read at the places of `[N, H_out, W_out, 2]`, or the same with a depth."


_register_sampler("grid_sampler", 4, 5)
_register_sampler("grid_sampler_2d", 4)
_register_sampler("grid_sampler_3d", 5)


@op("torch.affine_grid_generator", ranks=(3,))
def affine_grid_generator(theta: Tensor, size: Shape, align_corners: object) -> Tensor:
    """The places that affine maps send a grid of that size to."""
    return affine_grid(theta, size, align_corners)


@op("torch.adaptive_max_pool1d", "torch.nn.functional.adaptive_max_pool1d_with_indices", ranks=(3, 2))
def adaptive_max_pool1d_with_indices(input: Tensor, output_size: object, return_indices: object = False) -> Any:
    """The maxima and their indices."""
    return adaptive_max_pool1d(input, output_size, True)


@op("torch.nn.functional.adaptive_max_pool2d_with_indices", ranks=(4, 3))
def adaptive_max_pool2d_with_indices(input: Tensor, output_size: object, return_indices: object = False) -> Any:
    """The maxima and their indices."""
    return adaptive_max_pool2d(input, output_size, True)


@op("torch.nn.functional.adaptive_max_pool3d_with_indices", ranks=(5, 4))
def adaptive_max_pool3d_with_indices(input: Tensor, output_size: object, return_indices: object = False) -> Any:
    """The maxima and their indices."""
    return adaptive_max_pool3d(input, output_size, True)


@op("torch.nn.functional.fractional_max_pool2d_with_indices", ranks=(4, 3))
def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Size | Shape,
    output_size: object = None,
    output_ratio: object = None,
    return_indices: object = False,
    _random_samples: object = None,
) -> Any:
    """The maxima and their indices."""
    return fractional_max_pool2d(input, kernel_size, output_size, output_ratio, True)


@op("torch.nn.functional.fractional_max_pool3d_with_indices", ranks=(5, 4))
def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Size | Shape,
    output_size: object = None,
    output_ratio: object = None,
    return_indices: object = False,
    _random_samples: object = None,
) -> Any:
    """The maxima and their indices."""
    return fractional_max_pool3d(input, kernel_size, output_size, output_ratio, True)


@op("torch.bilinear")
def torch_bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input1 @ weight[k] @ input2` for each output feature."""
    return bilinear(input1, input2, weight, bias)


@op("torch.fake_quantize_per_tensor_affine")
def fake_quantize_per_tensor_affine(
    input: Tensor, scale: object, zero_point: object, quant_min: object, quant_max: object
) -> Tensor:
    """Every element rounded as if it were quantized: the same shape."""
    return like(input)


@op("torch.fake_quantize_per_channel_affine")
def fake_quantize_per_channel_affine(
    input: Tensor, scale: Tensor, zero_point: Tensor, axis: Size, quant_min: object, quant_max: object
) -> Tensor:
    """Every element rounded as if it were quantized, with one scale for each slice along `axis`: the same shape."""
    size = input.shape[normalize_dim(axis, input.ndim, "axis")]
    for name, numbers in (("scale", scale), ("zero_point", zero_point)):
        unfit = ShapeError(
            "broadcast-mismatch",
            f"`{name}` of {{callee}} has one number for each of {show(size)} slices, but is {show_shape(numbers.shape)}",
            blame="input",
            torch="scale and zero-point need to have the same dimensions",
            label=show_shape(input.shape),
        )
        if numbers.ndim != 1:
            raise unfit
        require_same(numbers.shape[0], size, lambda unfit=unfit: unfit)  # type: ignore[misc]
    return like(input)


@op("torch.conv_tbc", "torch.nn.functional.conv_tbc", ranks=(3,))
def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: Size = 0) -> Tensor:
    """`[T, N, C_in]` with a kernel `[k, C_in, C_out]` to `[T + 2 * pad - k + 1, N, C_out]`."""
    require_rank(input, (3,), "[T, N, C]")
    require_rank(weight, (3,), "a kernel [k, C_in, C_out]", "weight")
    require_same(
        input.shape[2],
        weight.shape[1],
        lambda: ShapeError(
            "conv-in-channels",
            f"{{callee}} takes {show(weight.shape[1])} channels, but {{input}} has {show(input.shape[2])}",
            blame="input",
            torch="Input dim 2 (input channels) is not == dim 1 in the weight tensor",
            label=show_shape(input.shape),
        ),
    )
    steps = input.shape[0] + 2 * pad - weight.shape[0] + 1
    return result((steps, input.shape[1], weight.shape[2]), input.dtype, input, weight, strides=None)


@op("torch.ctc_loss")
def torch_ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: object,
    target_lengths: object,
    blank: object = 0,
    reduction: object = 0,
    zero_infinity: object = False,
) -> Tensor:
    """The connectionist temporal classification loss."""
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, _spoken(reduction), zero_infinity)


@op("torch.kl_div")
def torch_kl_div(input: Tensor, target: Tensor, reduction: object = 0, *, log_target: object = False) -> Tensor:
    """The Kullback-Leibler divergence of log-probabilities from probabilities, broadcast."""
    return kl_div(input, target, reduction=_spoken(reduction))


@op("torch.poisson_nll_loss")
def torch_poisson_nll_loss(
    input: Tensor, target: Tensor, log_input: object, full: object, eps: object, reduction: object
) -> Tensor:
    """The negative log-likelihood of counts, broadcast."""
    return poisson_nll_loss(input, target, reduction=_spoken(reduction))


@op("torch.hinge_embedding_loss")
def torch_hinge_embedding_loss(input: Tensor, target: Tensor, margin: object = 1.0, reduction: object = 0) -> Tensor:
    """The distance for targets of 1, what is missing to the margin for -1, broadcast."""
    return hinge_embedding_loss(input, target, reduction=_spoken(reduction))


@op("torch.margin_ranking_loss")
def torch_margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: object = 0.0, reduction: object = 0
) -> Tensor:
    """Whether the first is ranked above the second, by the margin."""
    return margin_ranking_loss(input1, input2, target, reduction=_spoken(reduction))


@op("torch.cosine_embedding_loss")
def torch_cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: object = 0.0, reduction: object = 0
) -> Tensor:
    """Whether pairs are similar or not, by their cosine."""
    return cosine_embedding_loss(input1, input2, target, reduction=_spoken(reduction))


@op("torch.triplet_margin_loss")
def torch_triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: object = 1.0,
    p: object = 2.0,
    eps: object = 1e-6,
    swap: object = False,
    reduction: object = 0,
) -> Tensor:
    """Whether the positive is nearer to the anchor than the negative, by the margin."""
    return triplet_margin_loss(anchor, positive, negative, reduction=_spoken(reduction))


@op("torch.binary_cross_entropy_with_logits")
def torch_binary_cross_entropy_with_logits(
    input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None, reduction: object = 0
) -> Tensor:
    """The binary cross entropy of logits."""
    return binary_cross_entropy_with_logits(input, target, weight, reduction=_spoken(reduction), pos_weight=pos_weight)


def _register_cell(name: str) -> None:
    @op(f"torch.{name}_cell")
    def function(
        input: Tensor,
        hx: Tensor | Sequence[Tensor],
        w_ih: Tensor,
        w_hh: Tensor,
        b_ih: Tensor | None = None,
        b_hh: Tensor | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:
        states = hx if isinstance(hx, tuple) else (hx,)
        for name, given, weight in (("input", input, w_ih), ("hx", states[0], w_hh)):
            wanted, features = weight.shape[-1], given.shape[-1]
            require_same(
                features,
                wanted,
                lambda name=name, given=given, wanted=wanted: ShapeError(  # type: ignore[misc]
                    "recurrent-input-size",
                    f"{{callee}} takes {show(wanted)} features in `{name}`, but {{{name}}} is {show_shape(given.shape)}",
                    blame=name,
                    torch="mat1 and mat2 shapes cannot be multiplied",
                    label=show_shape(given.shape),
                ),
            )
        made = [result((*input.shape[:-1], w_hh.shape[-1]), input.dtype, input, w_ih) for _ in states]
        return (made[0], made[1]) if isinstance(hx, tuple) else made[0]

    function.__doc__ = "One step of a recurrent layer, of `[N, input_size]` and states of `[N, hidden_size]`."


for _name in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
    _register_cell(_name)
