"""What torch tests itself with and has no rule here, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from ops.names import REGISTERED
from ops.torch_samples import infos_of
from torchlint.ops.registry import LAYERS

_SPARSE = "sparse tensors are not modelled"
_GPU = "compiles a kernel for a GPU"
_INSIDE = "an inner function of torch that models do not call"
_SCALED = "scaled matrix products of 8-bit floats need a GPU"

REASONS: dict[str, str] = {
    "sparse.sampled_addmm": _SPARSE,
    "to_sparse": _SPARSE,
    **dict.fromkeys(
        (
            "jiterator_unary", "jiterator_binary", "jiterator_binary_return_by_ref", "jiterator_2inputs_2outputs",
            "jiterator_4inputs_with_extra_args",
        ),
        _GPU,
    ),
    **dict.fromkeys(("torch._scaled_mm", "torch._scaled_mm_v2"), _SCALED),
    **dict.fromkeys(
        (
            "_batch_norm_with_update", "_chunk_cat", "_native_batch_norm_legit", "_segment_reduce", "_softmax_backward_data",
            "_unsafe_masked_index", "_unsafe_masked_index_put_accumulate", "_upsample_bilinear2d_aa", "native_dropout_backward",
            "max_pool2d_with_indices_backward", "slice", "torch.ops.aten._efficient_attention_forward",
            "torch.ops.aten._flash_attention_forward", "torch.ops.aten._safe_softmax.default",
        ),
        _INSIDE,
    ),
}  # fmt: skip


def without_a_rule() -> set[str]:
    """The names in torch's `op_db` and `module_db` whose samples judge none of ours."""
    judged = {index for name in REGISTERED for index in infos_of(name)}
    operations = {info.name for index, info in enumerate(op_db) if index not in judged}
    return operations | set(_layers_without_a_rule())


def _layers_without_a_rule() -> Iterator[str]:
    for info in module_db:
        name = f"torch.nn.{info.module_cls.__name__}"
        if name not in LAYERS:
            yield name
