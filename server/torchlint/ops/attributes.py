"""What code asks of a tensor: sizes, strides, dtype and device. What a shape does not tell is Unknown."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import decide_same, normalize_dim, same
from torchlint.ops.registry import attribute, op
from torchlint.ops.strides import is_contiguous, view_of
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor, TorchSize
from torchlint.values.unknown import Unknown


@op("torch.Tensor.size")
def size(input: Tensor, dim: Size | None = None) -> TorchSize | Size:
    """The shape, or one size of it."""
    if dim is None:
        return TorchSize(input.shape)
    return input.shape[_existing(input, dim)]


def _existing(input: Tensor, dim: Size) -> int:
    axis = normalize_dim(dim, input.ndim)
    if input.ndim == 0:
        raise ShapeError(
            "dim-out-of-range",
            "{input} has no dimensions",
            blame="dim",
            torch="Dimension specified as 0 but tensor has no dimensions",
        )
    return axis


@op("torch.Tensor.stride")
def stride(input: Tensor, dim: Size | None = None) -> tuple[Size, ...] | Size:
    """The strides in elements, or one of them."""
    if input.strides is None:
        raise Undecided("the memory layout is not modelled")
    return input.strides if dim is None else input.strides[_existing(input, dim)]


@op("torch.Tensor.dim", "torch.Tensor.ndimension")
def dim(input: Tensor) -> int:
    """The number of dimensions."""
    return input.ndim


@op("torch.numel", "torch.Tensor.numel", "torch.Tensor.nelement")
def numel(input: Tensor) -> Size:
    """The number of elements."""
    return input.numel()


@op("torch.Tensor.__len__")
def length(input: Tensor) -> Size:
    """The size of the first dimension."""
    if input.ndim == 0:
        raise ShapeError("wrong-rank", "{input} has no dimension to take the length of", torch="len() of a 0-d tensor")
    return input.shape[0]


@op("torch.Tensor.element_size")
def element_size(input: Tensor) -> int:
    """The bytes of one element."""
    return input.dtype.bits // 8


@op("torch.Tensor.is_contiguous")
def is_contiguous_method(input: Tensor, memory_format: object = None) -> bool:
    """Whether the elements lie row-major without gaps."""
    if memory_format is not None:
        raise Undecided("memory formats are not modelled")
    answer = is_contiguous(input)
    if answer is Truth.UNKNOWN:
        raise Undecided("the memory layout depends on the sizes")
    return answer is Truth.YES


@op("torch.is_floating_point", "torch.Tensor.is_floating_point")
def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a float."""
    return input.dtype.is_floating_point


@op("torch.is_complex", "torch.Tensor.is_complex")
def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex."""
    return input.dtype.is_complex


@op("torch.is_tensor")
def is_tensor(obj: object) -> bool:
    """Whether it is a tensor."""
    if isinstance(obj, Unknown):
        raise Undecided(obj.reason)
    return isinstance(obj, Tensor)


@op("torch.is_signed", "torch.Tensor.is_signed")
def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers."""
    return input.dtype.signed


@op("torch.is_same_size", "torch.Tensor.is_same_size")
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether the shapes are equal."""
    if input.ndim != other.ndim:
        return False
    return all(decide_same(a, b) for a, b in zip(input.shape, other.shape))


@op("torch.is_nonzero", "torch.Tensor.is_nonzero", "torch.Tensor.__bool__")
def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not 0."""
    count = input.numel()
    if same(count, 1) is Truth.NO:
        shown = "no value" if count == 0 else "more than one value"
        raise ShapeError(
            "unpack-mismatch",
            f"{{input}} {show_shape(input.shape)} has no truth value: it does not hold one element",
            blame="input",
            torch=f"Boolean value of Tensor with {shown} is ambiguous",
            label=show_shape(input.shape),
        )
    if input.values is None or not isinstance(input.values[0], (bool, int, float)):
        raise Undecided("a condition reads the elements of a tensor")
    return bool(input.values[0])


@op("torch.Tensor.dim_order")
def dim_order(input: Tensor, *, ambiguity_check: object = False) -> tuple[int, ...]:
    """The dimensions from the outermost in memory to the innermost."""
    strides = [stride for stride in input.strides or () if isinstance(stride, int)]
    if len(strides) < input.ndim:
        raise Undecided("the memory layout depends on the sizes")
    return tuple(sorted(range(input.ndim), key=lambda d: -strides[d]))


@op("torch.is_conj", "torch.Tensor.is_conj", "torch.is_neg", "torch.Tensor.is_neg")
def is_conj(input: Tensor) -> bool:
    """Whether the elements are still to be conjugated (or negated): of real tensors never."""
    if input.dtype.is_complex:
        raise Undecided("lazy conjugation is not modelled")
    return False


@attribute("torch.Tensor.shape")
def shape_attribute(input: Tensor) -> TorchSize:
    """The shape."""
    return TorchSize(input.shape)


@attribute("torch.Tensor.ndim")
def ndim_attribute(input: Tensor) -> int:
    """The number of dimensions."""
    return input.ndim


@attribute("torch.Tensor.dtype")
def dtype_attribute(input: Tensor) -> DType:
    """The dtype."""
    return input.dtype


@attribute("torch.Tensor.itemsize")
def itemsize(input: Tensor) -> int:
    """The bytes of one element."""
    return input.dtype.bits // 8


@attribute("torch.Tensor.nbytes")
def nbytes(input: Tensor) -> Size:
    """The bytes of all elements."""
    return input.numel() * (input.dtype.bits // 8)


DEVICE = Unknown("the device is chosen by the caller", key="device")


@attribute("torch.Tensor.device")
def device(input: Tensor) -> str | Unknown:
    """The device where code pins one."""
    if input.device is None:
        return DEVICE
    return input.device


def _register_device(kind: str) -> None:
    @attribute(f"torch.Tensor.is_{kind}")
    def function(input: Tensor) -> bool | Unknown:
        if input.device is None:
            return Unknown("the device is chosen by the caller", key=f"is_{kind}")
        return input.device.startswith(kind)

    function.__doc__ = f"Whether it lies on a device of the kind `{kind}`."


for _kind in ("cpu", "cuda", "ipu", "maia", "mps", "mtia", "xla", "xpu"):
    _register_device(_kind)


@attribute("torch.Tensor.requires_grad")
def requires_grad(input: Tensor) -> bool | Unknown:
    """Whether gradients are recorded: known where it has been said, and of parameters."""
    if input.requires_grad or input.is_parameter:
        return input.requires_grad
    return Unknown("whether gradients are recorded is chosen by the caller", key=("requires_grad", id(input)))


@attribute("torch.Tensor.is_leaf")
def is_leaf(input: Tensor) -> bool | Unknown:
    """Whether no operation made it: known of parameters."""
    return True if input.is_parameter else Unknown("how the tensor was made is not followed")


@attribute("torch.Tensor.data")
def data(input: Tensor) -> Tensor:
    """The same elements without gradients."""
    result = view_of(input, input.shape, input.strides, input.values)
    result.requires_grad = False
    return result


@attribute("torch.Tensor.grad")
def grad(input: Tensor) -> Unknown:
    """The gradient, or None before the first backward pass."""
    return Unknown("whether there is a gradient depends on what ran before")


@attribute("torch.Tensor.grad_fn")
def grad_fn(input: Tensor) -> Unknown:
    """The operation that made the tensor, where gradients are recorded."""
    return Unknown("how the tensor was made is not followed")


@attribute("torch.Tensor.name")
def name(input: Tensor) -> None:
    """Tensors of modules have no name of their own."""


@attribute(
    *(f"torch.Tensor.is_{kind}" for kind in ("sparse", "sparse_csr", "quantized", "meta", "mkldnn", "nested", "vulkan")),
)
def never(input: Tensor) -> bool:
    """No tensor here is sparse, quantized or on the meta device."""
    return False


def _register_untold(name: str) -> None:
    @op(f"torch.Tensor.{name}")
    def function(input: Tensor, *args: object, **kwargs: object) -> Unknown:
        return Unknown(f"`{name}` depends on where the elements are, which is not modelled")

    function.__doc__ = f"`{name}`, which no shape tells."


for _name in (
    "data_ptr", "get_device", "is_inference", "is_pinned", "is_shared", "is_set_to", "storage", "storage_offset",
    "untyped_storage",
):  # fmt: skip
    _register_untold(_name)
