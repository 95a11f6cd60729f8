"""The `torch` namespace: operations and layers by their dotted names, and the facts of the world about everything else."""

from __future__ import annotations

from typing import Any

from torchlint.interpreter.arrays import tensor_of
from torchlint.interpreter.functions import HostFunction, TensorType
from torchlint.interpreter.objects import Namespace
from torchlint.interpreter.stdlib.autograd import AutogradFunction
from torchlint.interpreter.stdlib.library import IDENTITY, NOTHING, TRANSPARENT_DECORATOR
from torchlint.interpreter.stdlib.pytree import PYTREE
from torchlint.interpreter.stdlib.vectorizing import vmap
from torchlint.ops.attributes import DEVICE
from torchlint.ops.registry import LAYERS, OPERATIONS, LayerType
from torchlint.values.dtype import DTYPES, float32
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor, TorchSize
from torchlint.values.unknown import Unknown, Unruled

MODULE = LayerType("torch.nn.Module", Module, ())

_ALIASES = (
    ("torch.nn.modules.utils.", "torch.nn.modules.utils."),
    ("torch.nn.parameter.", "torch.nn."),
    ("torch.functional.", "torch."),
    ("torch.ao.quantization.", "torch.quantization."),
    ("torch.ao.nn.quantized.", "torch.nn.quantized."),
    ("torch.autograd.Variable", "torch.Variable"),
    ("torch.autograd.function.Function", "torch.autograd.Function"),
)
_FALSE = HostFunction("false", lambda m, *a: False, takes_unknown=True)
_NAMESPACES = {
    "torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.nn.utils", "torch.nn.utils.rnn", "torch.nn.modules",
    "torch.nn.parameter", "torch.nn.utils.parametrizations", "torch.nn.attention", "torch.linalg", "torch.fft", "torch.special",
    "torch.jit", "torch.cuda", "torch.cuda.amp", "torch.amp", "torch.utils", "torch.utils.checkpoint", "torch.utils.data",
    "torch.optim", "torch.optim.lr_scheduler", "torch.autograd", "torch.backends", "torch.backends.cudnn", "torch.distributed",
    "torch.onnx", "torch.compiler", "torch.fx", "torch.hub", "torch.distributions", "torch.version", "torch.overrides",
    "torch.ops", "torch.random", "torch.testing", "torch.profiler", "torch.mps", "torch.func", "torch._dynamo", "torch.sparse",
    "torch.nn.parallel", "torch.functional", "torch.multiprocessing", "torch.quantization", "torch.types",
    "torch.ao", "torch.ao.quantization", "torch.ao.nn", "torch.ao.nn.quantized", "torch.nn.quantized",
    "torch.nn.modules.utils", "torch.masked", "torch.export", "torch.library", "torch._C", "torch.serialization",
    "torch.utils.tensorboard", "torch.utils._pytree", "torch.ops.torchvision",
}  # fmt: skip


def _ntuple(count: int) -> HostFunction:
    def run(m: Any, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return tuple(value)
        return (value,) * count

    return HostFunction(f"ntuple({count})", run, takes_unknown=True)


def _ntuple_factory(m: Any, count: int, *rest: Any) -> Any:
    return _ntuple(count)


_TENSOR_TYPES = {
    "Tensor": "float32", "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "LongTensor": "int64",
    "IntTensor": "int32", "ByteTensor": "uint8", "BoolTensor": "bool",
}  # fmt: skip


def _tensor_type(dtype: str) -> Any:
    """`torch.FloatTensor(2, 3)` makes a tensor of those sizes, `torch.FloatTensor([2, 3])` one of those elements."""

    def run(m: Any, *data: Any, **kwargs: Any) -> Any:
        options = {"dtype": DTYPES[dtype]}
        is_list = len(data) == 1 and isinstance(data[0], (list, tuple)) and not isinstance(data[0], TorchSize)
        if is_list or (len(data) == 1 and tensor_of(data[0]) is not None):
            return m.call_operation(OPERATIONS["torch.tensor"], data, options)
        if any(isinstance(d, Tensor) for d in data):
            return m.unknown("a tensor is made of a tensor by its type")
        if "size" in kwargs:
            data = (kwargs["size"],)
        return m.call_operation(OPERATIONS["torch.empty"], data or (0,), options)

    return run


def _parameter(m: Any, data: Any = None, requires_grad: Any = True) -> Any:
    if isinstance(data, Unknown):
        return Unknown(data.reason, data.place, ("parameter", data.key))
    if data is None:
        data = Tensor((0,))
    if not isinstance(data, Tensor):
        return m.unknown("a Parameter is made of something that is no tensor")
    made = Tensor(data.shape, data.dtype, strides=data._strides, device=data.device, is_parameter=True)
    made.requires_grad = requires_grad if isinstance(requires_grad, bool) else True
    m.note_construction(made)
    return made


def _buffer(m: Any, data: Any = None, *, persistent: Any = True) -> Any:
    if not isinstance(data, Tensor):
        return data if isinstance(data, Unknown) else m.unknown("a Buffer is made of something that is no tensor")
    made = Tensor(data.shape, data.dtype, strides=data._strides, device=data.device)
    made.is_buffer = True
    return made


def _size(m: Any, values: Any = ()) -> Any:
    return TorchSize(tuple(m.iterate(values)))


def _is_tensor_like(m: Any, value: Any) -> Any:
    return value if isinstance(value, Unknown) else isinstance(value, Tensor)


def _assert(m: Any, condition: Any, message: Any) -> None:
    """`torch._assert`: an `assert` that tracing keeps."""
    if not isinstance(condition, Tensor) and not m.truth(condition):
        raise m.raise_stated(AssertionError(message if isinstance(message, str) else ""))


def _fork(m: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    return m.call_value(function, args, kwargs)


def _variable(m: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
    """What `Variable` wraps is a tensor already."""
    return data


def _annotate(m: Any, type_: Any, value: Any) -> Any:
    return value


def _data_parallel(m: Any, module: Any, *args: Any, **kwargs: Any) -> Any:
    return module


def _has(function: Any) -> HostFunction:
    return HostFunction(getattr(function, "__name__", "torch"), function, takes_unknown=True)


_SPECIALS: dict[str, Any] = {
    **PYTREE,
    "torch.nn.Module": MODULE,
    "torch.autograd.Function": AutogradFunction,
    "torch.nn.Parameter": TensorType("Parameter", _parameter),
    "torch.nn.Buffer": _has(_buffer),
    "torch.Variable": _has(_variable),
    "torch.nn.DataParallel": _has(_data_parallel),
    "torch.nn.parallel.DistributedDataParallel": _has(_data_parallel),
    "torch.Size": _has(_size),
    "torch.overrides.is_tensor_like": _has(_is_tensor_like), "torch.types._Number": (int, float, bool),
    "torch.types.Number": (int, float, bool),
    **{
        f"torch.{device}{name}": TensorType(device + name, _tensor_type(dtype), DTYPES[dtype])
        for name, dtype in _TENSOR_TYPES.items()
        for device in ("", "cuda.")
        if device + name != "cuda.Tensor"
    },
    "torch.jit.is_scripting": _FALSE, "torch.jit.is_tracing": _FALSE, "torch.compiler.is_compiling": _FALSE,
    "torch.compiler.is_dynamo_compiling": _FALSE, "torch.compiler.is_exporting": _FALSE,
    "torch.cuda.is_current_stream_capturing": _FALSE, "torch._dynamo.is_compiling": _FALSE,
    "torch.onnx.is_in_onnx_export": _FALSE, "torch.is_autocast_enabled": _FALSE, "torch._C._get_tracing_state": _FALSE,
    "torch.overrides.has_torch_function": _FALSE, "torch.overrides.has_torch_function_unary": _FALSE,
    "torch.overrides.has_torch_function_variadic": _FALSE, "torch.fx.is_fx_tracing": _FALSE,
    "torch.jit.script": TRANSPARENT_DECORATOR, "torch.jit.ignore": TRANSPARENT_DECORATOR, "torch.jit.unused": IDENTITY,
    "torch.jit.export": IDENTITY, "torch.jit.script_method": IDENTITY, "torch.jit.interface": IDENTITY,
    "torch.jit.script_if_tracing": IDENTITY, "torch.jit.annotate": _has(_annotate), "torch.jit._overload_method": IDENTITY,
    "torch.jit.Final": IDENTITY, "torch.compile": TRANSPARENT_DECORATOR, "torch.fx.wrap": IDENTITY,
    "torch.no_grad": TRANSPARENT_DECORATOR, "torch.enable_grad": TRANSPARENT_DECORATOR,
    "torch.inference_mode": TRANSPARENT_DECORATOR, "torch.set_grad_enabled": NOTHING, "torch.autocast": TRANSPARENT_DECORATOR,
    "torch.cuda.amp.autocast": TRANSPARENT_DECORATOR, "torch.amp.autocast": TRANSPARENT_DECORATOR,
    "torch.compiler.disable": TRANSPARENT_DECORATOR, "torch._dynamo.disable": TRANSPARENT_DECORATOR,
    "torch.compiler.allow_in_graph": IDENTITY, "torch._dynamo.allow_in_graph": IDENTITY,
    "torch.vmap": _has(vmap), "torch.func.vmap": _has(vmap),
    "torch.jit.fork": _has(_fork), "torch.jit.wait": IDENTITY, "torch.manual_seed": NOTHING, "torch.set_num_threads": NOTHING,
    "torch.get_default_device": HostFunction("get_default_device", lambda m: DEVICE, True),
    "torch.get_default_dtype": HostFunction("get_default_dtype", lambda m: float32, True),
    "torch._assert": _has(_assert), "torch.set_float32_matmul_precision": NOTHING, "torch._C._log_api_usage_once": NOTHING,
    "torch.nn.modules.utils._single": _ntuple(1), "torch.nn.modules.utils._pair": _ntuple(2),
    "torch.nn.modules.utils._triple": _ntuple(3), "torch.nn.modules.utils._quadruple": _ntuple(4),
    "torch.nn.modules.utils._ntuple": _has(_ntuple_factory), "torch.pi": 3.141592653589793, "torch.inf": float("inf"),
    "torch.nan": float("nan"), "torch.strided": None, "torch.contiguous_format": None, "torch.preserve_format": None,
}  # fmt: skip

_MAKERS = ("torch.nn.", "torch.hub.", "torch.jit.", "torch.ao.", "torch.quantization.", "torch.export.")
"""Where functions without a rule may make modules; others make tensors and numbers."""

_namespaces: dict[str, Namespace] = {}


def torch_namespace(name: str) -> Namespace:
    """The torch module of that dotted name."""
    namespace = _namespaces.get(name)
    if namespace is None:
        namespace = _namespaces[name] = Namespace(name, {}, lambda attribute: torch_value(f"{name}.{attribute}"))
    return namespace


def type_of_tensor(value: Tensor) -> TensorType:
    """`type(tensor)`: no subclass but that of parameters is told apart."""
    found: TensorType = _SPECIALS["torch.nn.Parameter" if value.is_parameter else "torch.Tensor"]
    return found


def torch_value(name: str) -> Any:
    """What a dotted name below `torch` means; an Unknown that says so where there is no rule."""
    found = _find(name)
    if found is not None:
        return found
    for prefix, target in _ALIASES:
        if name.startswith(prefix) and prefix != target:
            return torch_value(target + name[len(prefix) :])
    if name.startswith("torch.nn.modules.") and name.rsplit(".", 1)[-1][:1].isupper():
        return torch_value("torch.nn." + name.rsplit(".", 1)[-1])
    if name in _NAMESPACES or (name.startswith("torch.nn.modules.") and name.count(".") == 3):
        return torch_namespace(name)
    return Unruled(name, f"`{name}` has no rule", None, ("torch", name), is_plain=not name.startswith(_MAKERS))


def _find(name: str) -> Any:
    for table in (_SPECIALS, OPERATIONS, LAYERS):
        if name in table:
            return table[name]
    if name.startswith("torch.") and name.count(".") == 1:
        return DTYPES.get(name[6:])
    return None
