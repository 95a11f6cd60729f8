"""What a tensor has in torch and has no rule here: reading it is Unknown, while any other name is the program's own."""

from __future__ import annotations

WITHOUT_RULE = frozenset({
    "_addmm_activation", "_autocast_to_full_precision", "_autocast_to_reduced_precision", "_backward_hooks", "_base",
    "_cdata", "_clear_non_serializable_cached_data", "_coalesced_", "_conj", "_conj_physical", "_dimI", "_dimV",
    "_dtensor__new__", "_fix_weakref", "_grad", "_grad_fn", "_has_symbolic_sizes_strides", "_indices", "_is_all_true",
    "_is_any_true", "_is_view", "_is_zerotensor", "_lazy_clone", "_make_subclass", "_make_wrapper_subclass",
    "_neg_view", "_nested_tensor_size", "_nested_tensor_storage_offsets", "_nested_tensor_strides", "_nnz",
    "_philox_normal_", "_philox_uniform_", "_post_accumulate_grad_hooks", "_python_dispatch", "_reduce_ex_internal",
    "_rev_view_func_unsafe", "_sparse_mask_projection", "_to_dense", "_to_sparse", "_to_sparse_bsc", "_to_sparse_bsr",
    "_to_sparse_csc", "_to_sparse_csr", "_typed_storage", "_use_count", "_values", "_version", "_view_func",
    "_view_func_unsafe", "apply_", "as_subclass", "ccol_indices", "coalesce", "col_indices", "const_data_ptr",
    "crow_indices", "dense_dim", "dequantize", "eig", "grad_dtype", "index", "indices", "int_repr", "ipu",
    "is_coalesced", "is_distributed", "layout", "lstsq", "map2_", "map_", "module_load", "mtia", "output_nr",
    "q_per_channel_axis", "q_per_channel_scales", "q_per_channel_zero_points", "q_scale", "q_zero_point", "qscheme",
    "record_stream", "register_post_accumulate_grad_hook", "reinforce", "resize", "resize_as", "resize_as_sparse_",
    "retains_grad", "row_indices", "set_", "slice_inverse", "smm", "solve", "sparse_dim", "sparse_mask",
    "sparse_resize_", "sparse_resize_and_clear_", "sspaddmm", "storage_type", "symeig", "to_mkldnn", "to_padded_tensor",
    "to_sparse", "to_sparse_bsc", "to_sparse_bsr", "to_sparse_coo", "to_sparse_csc", "to_sparse_csr", "values",
    "volatile", "xpu",
})  # fmt: skip
