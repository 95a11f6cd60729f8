"""Sequences of unequal lengths: packed, padded and unpadded (`torch.nn.utils.rnn`).

How long the sequences are is data, unless the lengths are known numbers.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import known_int, require, require_same
from torchlint.ops.dtypes import result_type
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.ops.slicing import larger
from torchlint.values.dtype import int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown

_Packed = namedtuple("_Packed", ("data", "batch_sizes", "sorted_indices", "unsorted_indices"))


class PackedSequence(_Packed):
    """All steps of a batch of sequences, one after the other: `data` is `[sum of lengths, *features]`.

    `batch` is the number of sequences, `longest` the length of the longest.
    """

    data: Tensor
    batch: Size
    longest: Size

    def holding(self, data: Tensor) -> PackedSequence:
        """Other elements for the same sequences."""
        return packed_sequence(data, self.batch, self.longest, self.sorted_indices, self.unsorted_indices)


def packed_sequence(data: Tensor, batch: Size, longest: Size, order: Tensor | None, back: Tensor | None) -> PackedSequence:
    """Sequences whose steps are in `data`, and the orders that sort and unsort them."""
    made = PackedSequence(data, Tensor((longest,), int64), order, back)
    made.batch = batch
    made.longest = longest
    return made


def _known(lengths: object) -> tuple[int, ...] | None:
    values = lengths.values if isinstance(lengths, Tensor) else lengths
    if isinstance(values, (list, tuple)) and values and all(isinstance(v, int) for v in values):
        return tuple(values)
    return None


@op("torch.nn.utils.rnn.pack_padded_sequence")
def pack_padded_sequence(
    input: Tensor, lengths: Tensor | object, batch_first: bool = False, enforce_sorted: bool | Unknown = True
) -> PackedSequence:
    """`[T, N, *]` (or `[N, T, *]`) and `N` lengths, packed."""
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a batch of sequences, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="Dimension out of range (expected to be in range of [-1, 0], but got 1)",
            label=show_shape(input.shape),
        )
    batch, longest = (input.shape[0], input.shape[1]) if batch_first else (input.shape[1], input.shape[0])
    _require_lengths(lengths, batch)
    known = _known(lengths)
    total: Size = symbol("n", Kind.DATA) if known is None else sum(known)
    most: Size = symbol("L", Kind.DATA) if known is None else max(known)
    if known is not None:
        require(
            most,
            "<=",
            longest,
            lambda: ShapeError(
                "dim-out-of-range",
                f"the longest of {{lengths}} is {show(most)}, but the sequences of {{input}} have {show(longest)} steps",
                blame="lengths",
                torch="Expected all sequence lengths to be at most the length of the input",
                label=show_shape(input.shape),
            ),
        )
    data = result((total, *input.shape[2:]), input.dtype, input)
    order = None if enforce_sorted is True else Tensor((batch,), int64)
    back = None if enforce_sorted is True else Tensor((batch,), int64)
    return packed_sequence(data, batch, most, order, back)


def _require_lengths(lengths: object, batch: Size) -> None:
    if isinstance(lengths, Tensor):
        if lengths.ndim != 1:
            raise ShapeError(
                "wrong-rank",
                f"{{lengths}} must have 1 dimension, but is {show_shape(lengths.shape)}",
                blame="lengths",
                torch="`lengths` should be a 1D tensor",
                label=show_shape(lengths.shape),
            )
        count = lengths.shape[0]
    elif isinstance(lengths, (list, tuple)):
        count = len(lengths)
    else:
        return
    require_same(
        count,
        batch,
        lambda: ShapeError(
            "recurrent-input-size",
            f"{{lengths}} has {show(count)} lengths, but {{input}} is a batch of {show(batch)}",
            blame="lengths",
            torch=f"Expected `len(lengths)` to be equal to batch_size, but got {show(count)} (batch_size={show(batch)})",
        ),
    )


@op("torch.nn.utils.rnn.pad_packed_sequence")
def pad_packed_sequence(
    sequence: object, batch_first: bool = False, padding_value: object = 0.0, total_length: Size | None = None
) -> tuple[Tensor, Tensor]:
    """`[T, N, *]` (or `[N, T, *]`) with `T` the longest length (or `total_length`), and the `N` lengths."""
    packed = _require_packed(sequence)
    length = packed.longest
    if total_length is not None:
        require(
            total_length,
            ">=",
            length,
            lambda: ShapeError(
                "dim-out-of-range",
                f"`total_length` {show(total_length)} is less than the longest sequence, {show(packed.longest)}",
                blame="total_length",
                torch="Expected total_length to be at least the length of the longest sequence in input",
            ),
        )
        length = total_length
    lead: Shape = (packed.batch, length) if batch_first else (length, packed.batch)
    data = packed.data
    padded = result((*lead, *data.shape[1:]), data.dtype, data, strides=None)
    return padded, Tensor((packed.batch,), int64)


def _require_packed(sequence: object) -> PackedSequence:
    if isinstance(sequence, PackedSequence):
        return sequence
    if isinstance(sequence, Tensor):
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes a packed sequence, but {{sequence}} is a tensor {show_shape(sequence.shape)}",
            blame="sequence",
            torch="'Tensor' object has no attribute 'batch_sizes'",
            label=show_shape(sequence.shape),
        )
    raise Undecided(sequence.reason if isinstance(sequence, Unknown) else "a packed sequence is not followed")


def _require_sequences(sequences: Sequence[Tensor]) -> Size:
    """The longest length of sequences that agree in all other sizes."""
    if not sequences:
        raise ShapeError(
            "cat-mismatch",
            "{callee} is given no sequences",
            blame="sequences",
            torch="received an empty list of sequences",
        )
    first = sequences[0].shape
    longest: Size = 0
    for index, tensor in enumerate(sequences):
        _require_alike(first, tensor.shape, index)
        longest = larger(longest, tensor.shape[0])
    return longest


def _require_alike(first: Shape, other: Shape, index: int) -> None:
    def unequal() -> ShapeError:
        return ShapeError(
            "cat-mismatch",
            f"sequence 0 is {show_shape(first)}, but sequence {index} is {show_shape(other)}",
            blame="sequences",
            torch="The size of the sequences must match except in dimension 0",
            label=show_shape(other),
        )

    if len(first) != len(other) or not first:
        raise unequal()
    for a, b in zip(first[1:], other[1:]):
        require_same(a, b, unequal)


@op("torch.nn.utils.rnn.pad_sequence")
def pad_sequence(
    sequences: Sequence[Tensor] | Tensor,
    batch_first: bool = False,
    padding_value: object = 0.0,
    padding_side: object = "right",
) -> Tensor:
    """Sequences `[L, *]` as one tensor `[T, N, *]` (or `[N, T, *]`), `T` being the longest length."""
    if isinstance(sequences, Tensor):
        if sequences.ndim < 2:
            raise Undecided("a tensor of numbers is used as a list of sequences")
        count, longest, rest = sequences.shape[0], sequences.shape[1], sequences.shape[2:]
        dtype = sequences.dtype
        tensors: tuple[Tensor, ...] = (sequences,)
    else:
        tensors = tuple(sequences)
        longest = _require_sequences(tensors)
        count, rest, dtype = len(tensors), tensors[0].shape[1:], result_type(*tensors)
    lead: Shape = (count, longest) if batch_first else (longest, count)
    return result((*lead, *rest), dtype, *tensors)


@op("torch.nn.utils.rnn.pack_sequence")
def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool | Unknown = True) -> PackedSequence:
    """Sequences `[L, *]` packed."""
    longest = _require_sequences(sequences)
    total: Size = 0
    for tensor in sequences:
        total = total + tensor.shape[0]
    data = result((total, *sequences[0].shape[1:]), result_type(*sequences), *sequences)
    count = len(sequences)
    order = None if enforce_sorted is True else Tensor((count,), int64)
    back = None if enforce_sorted is True else Tensor((count,), int64)
    return packed_sequence(data, count, longest, order, back)


@op("torch.nn.utils.rnn.unpad_sequence")
def unpad_sequence(padded_sequences: Tensor, lengths: object, batch_first: bool = False) -> list[Tensor]:
    """The sequences of a padded batch, each at its own length."""
    shape = padded_sequences.shape
    if len(shape) < 2:
        raise Undecided("a tensor of numbers is used as a batch of sequences")
    count = known_int(shape[0] if batch_first else shape[1], "the number of sequences")
    known = _known(lengths)
    sizes: list[Size] = [symbol("n", Kind.DATA, minimum=0) for _ in range(count)] if known is None else list(known)
    return [result((size, *shape[2:]), padded_sequences.dtype, padded_sequences, strides=None) for size in sizes]


@op("torch.nn.utils.rnn.unpack_sequence")
def unpack_sequence(packed_sequences: object) -> list[Tensor]:
    """The sequences that were packed."""
    packed = _require_packed(packed_sequences)
    data = packed.data
    count = known_int(packed.batch, "the number of sequences")
    return [result((symbol("n", Kind.DATA, minimum=0), *data.shape[1:]), data.dtype, data, strides=None) for _ in range(count)]
