"""Weights computed from others: `weight_norm`, `spectral_norm` and their new forms in
`torch.nn.utils.parametrizations`.

The computed weight is a plain tensor of the shape of the original. Parametrizations of the user's own are in
`parametrize.py`.
"""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.ops.agree import normalize_dim
from torchlint.ops.containers import ModuleDict
from torchlint.ops.registry import op
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor, parameter


class ParametrizationList(Module):
    """The originals of one parametrized tensor, and the modules that compute it."""


class _WeightNorm(Module):
    """Direction times length."""


class _SpectralNorm(Module):
    """Divided by the largest singular value."""


class _Orthogonal(Module):
    """The nearest orthogonal matrix."""


def original_of(module: Module, name: str) -> Tensor:
    """The tensor of the module that is to be computed from others."""
    known, value = module.own_attribute(name)
    if not known and module.open_ended is not None:
        raise Undecided(module.open_ended)
    if known and not isinstance(value, Tensor) and value is not None:
        raise Undecided(f"the parameter `{name}` is not known")
    if not isinstance(value, Tensor):
        raise ShapeError(
            "undefined-attribute",
            f"{{module}} has no parameter `{name}`",
            blame="name",
            torch=f"'{module.type_name}' object has no attribute '{name}'",
            result=module,
        )
    return value


def _computed(module: Module, name: str, original: Tensor) -> None:
    """Leave a plain tensor where the parameter was."""
    module._forget(name)
    weight = Tensor(original.shape, original.dtype, requires_grad=original.requires_grad, device=original.device)
    vars(module)[name] = weight


def _like(original: Tensor, *shape: Size) -> Tensor:
    return parameter(*shape, dtype=original.dtype, requires_grad=original.requires_grad)


def _lengths(original: Tensor, dim: Size | None) -> Shape:
    """The shape of the lengths along every dimension but `dim`."""
    if dim is None or dim == -1:
        return ()
    axis = normalize_dim(dim, original.ndim)
    return tuple(size if d == axis else 1 for d, size in enumerate(original.shape))


def _matrix_sizes(module: Module, original: Tensor, dim: Size | None) -> tuple[Size, Size]:
    """Rows and columns of the weight as a matrix whose rows are its outputs."""
    outputs = 1 if getattr(module, "transposed", False) else 0
    axis = outputs if dim is None else normalize_dim(dim, original.ndim)
    return original.shape[axis], product([size for d, size in enumerate(original.shape) if d != axis])


@op("torch.nn.utils.weight_norm")
def weight_norm(module: Module, name: str = "weight", dim: Size | None = 0) -> Module:
    """The module itself, with `weight_g` and `weight_v` for `weight`."""
    original = original_of(module, name)
    lengths = _lengths(original, dim)
    _computed(module, name, original)
    module.register_parameter(f"{name}_g", _like(original, *lengths))
    module.register_parameter(f"{name}_v", original)
    return module


@op("torch.nn.utils.remove_weight_norm")
def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """The module itself, with one `weight` again."""
    original = original_of(module, f"{name}_v")
    for part in (f"{name}_g", f"{name}_v", name):
        module._forget(part)
    module.register_parameter(name, original)
    return module


@op("torch.nn.utils.spectral_norm")
def spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: object = 1,
    eps: object = 1e-12,
    dim: Size | None = None,
) -> Module:
    """The module itself, with `weight_orig` for `weight`, and the singular vectors as buffers."""
    original = original_of(module, name)
    rows, columns = _matrix_sizes(module, original, dim)
    _computed(module, name, original)
    module.register_parameter(f"{name}_orig", original)
    module.register_buffer(f"{name}_u", Tensor((rows,), original.dtype))
    module.register_buffer(f"{name}_v", Tensor((columns,), original.dtype))
    return module


@op("torch.nn.utils.remove_spectral_norm")
def remove_spectral_norm(module: Module, name: str = "weight") -> Module:
    """The module itself, with one `weight` again."""
    original = original_of(module, f"{name}_orig")
    for part in (f"{name}_orig", f"{name}_u", f"{name}_v", name):
        module._forget(part)
    module.register_parameter(name, original)
    return module


def parametrized(module: Module, name: str, originals: list[Tensor], step: Module) -> Module:
    """Move the originals of the tensor `name` below `module.parametrizations`."""
    table = vars(module)["_modules"].get("parametrizations")
    if table is None:
        table = ModuleDict()
        module.add_module("parametrizations", table)
    holder = ParametrizationList()
    for index, original in enumerate(originals):
        holder.register_parameter("original" if len(originals) == 1 else f"original{index}", original)
    holder.add_module("0", step)
    table[name] = holder
    return module


@op("torch.nn.utils.parametrizations.weight_norm")
def parametrized_weight_norm(module: Module, name: str = "weight", dim: Size | None = 0) -> Module:
    """The module itself, its weight computed from a length and a direction."""
    original = original_of(module, name)
    lengths = _lengths(original, dim)
    _computed(module, name, original)
    return parametrized(module, name, [_like(original, *lengths), original], _WeightNorm())


@op("torch.nn.utils.parametrizations.spectral_norm")
def parametrized_spectral_norm(
    module: Module,
    name: str = "weight",
    n_power_iterations: object = 1,
    eps: object = 1e-12,
    dim: Size | None = None,
) -> Module:
    """The module itself, its weight divided by its largest singular value."""
    original = original_of(module, name)
    step = _SpectralNorm()
    if original.ndim > 1:
        rows, columns = _matrix_sizes(module, original, dim)
        step.register_buffer("_u", Tensor((rows,), original.dtype))
        step.register_buffer("_v", Tensor((columns,), original.dtype))
    _computed(module, name, original)
    return parametrized(module, name, [original], step)


@op("torch.nn.utils.parametrizations.orthogonal")
def orthogonal(
    module: Module, name: str = "weight", orthogonal_map: object = None, *, use_trivialization: bool = True
) -> Module:
    """The module itself, its weight made orthogonal."""
    original = original_of(module, name)
    if original.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a matrix or batches of matrices, but `{name}` has {original.ndim} dimension",
            blame="name",
            torch=f"Expected a matrix or batch of matrices. Got a tensor of {original.ndim} dimensions.",
            result=module,
        )
    step = _Orthogonal()
    rows, columns = original.shape[-2:]
    if use_trivialization:
        if not isinstance(rows, int) or not isinstance(columns, int):
            raise Undecided("the base of an orthogonal weight of symbolic sizes")
        side = max(rows, columns)
        step.register_buffer("base", Tensor((*original.shape[:-2], side, side), original.dtype))
    _computed(module, name, original)
    return parametrized(module, name, [original], step)
