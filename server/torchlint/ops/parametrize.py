"""`torch.nn.utils.parametrize`: tensors of a module computed by modules of the user's own.

The tensor is computed once, when it is registered. What a `right_inverse` makes of it first is not followed.
"""

from __future__ import annotations

from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import same
from torchlint.ops.parametrizations import ParametrizationList, original_of, parametrized
from torchlint.ops.registry import op
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import call
from torchlint.values.tensor import Tensor


def _holder_of(module: Module, name: str) -> ParametrizationList | None:
    """What holds the originals of that tensor, if it is parametrized."""
    table = vars(module)["_modules"].get("parametrizations")
    holder = table._modules.get(name) if isinstance(table, Module) else None
    return holder if isinstance(holder, ParametrizationList) else None


@op("torch.nn.utils.parametrize.register_parametrization")
def register_parametrization(module: Module, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> Module:
    """The module itself, whose tensor is what the parametrization makes of the one that it had."""
    tensor = original_of(module, tensor_name)
    cls = parametrization.interpreted_class
    if cls is not None and cls.lookup("right_inverse")[0]:
        raise Undecided("what a parametrization stores of a tensor is not followed")
    made = call(parametrization, tensor)
    if not isinstance(made, Tensor):
        raise Undecided("what a parametrization gives is not known")
    if not unsafe and (made.ndim != tensor.ndim or any(same(a, b) is Truth.NO for a, b in zip(made.shape, tensor.shape))):
        raise ShapeError(
            "bad-call",
            f"`{tensor_name}` is {show_shape(tensor.shape)}, but {{parametrization}} makes {show_shape(made.shape)} of it",
            blame="parametrization",
            torch="Registering a parametrization may not change the shape of the tensor, unless `unsafe` flag is enabled.",
            result=module,
        )
    holder = _holder_of(module, tensor_name)
    if holder is None:
        parametrized(module, tensor_name, [tensor], parametrization)
    else:
        holder.add_module(str(len([name for name in holder._modules if name.isdigit()])), parametrization)
    module._forget(tensor_name)
    vars(module)[tensor_name] = Tensor(made.shape, made.dtype, requires_grad=made.requires_grad, device=made.device)
    return module


@op("torch.nn.utils.parametrize.is_parametrized")
def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether that tensor of the module, or any, is parametrized."""
    if module.open_ended is not None:
        raise Undecided(module.open_ended)
    if tensor_name is not None:
        return _holder_of(module, tensor_name) is not None
    return "parametrizations" in vars(module)["_modules"]


@op("torch.nn.utils.parametrize.remove_parametrizations")
def remove_parametrizations(module: Module, tensor_name: str, leave_parametrized: bool = True) -> Module:
    """The module itself, with a plain parameter again: what was computed last, or the original."""
    holder = _holder_of(module, tensor_name)
    if holder is None:
        if module.open_ended is not None:
            raise Undecided(module.open_ended)
        raise ShapeError(
            "bad-call",
            f"`{tensor_name}` of {{module}} is not parametrized",
            blame="tensor_name",
            torch=f"Module {module.type_name} does not have a parametrization on {tensor_name}",
            result=module,
        )
    originals = [original for original in holder._parameters.values() if original is not None]
    kept = original_of(module, tensor_name) if leave_parametrized or len(originals) != 1 else originals[0]
    module._forget(tensor_name)
    table = vars(module)["_modules"]["parametrizations"]
    table._forget(tensor_name)
    if not table._modules:
        module._forget("parametrizations")
    made = Tensor(kept.shape, kept.dtype, requires_grad=True, device=kept.device, is_parameter=True)
    module.register_parameter(tensor_name, made)
    return module
