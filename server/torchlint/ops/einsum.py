"""`torch.einsum`: letters, `...`, repeated letters, implicit output, and the form with lists of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import require_same, same
from torchlint.ops.matmul import require_one_dtype
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.runtime import spend
from torchlint.values.tensor import CONTIGUOUS, Tensor
from torchlint.values.unknown import Unknown

ELLIPSIS = "..."
Term = tuple[str, ...]  # letters, one of which may be ELLIPSIS


@op("torch.einsum")
def einsum(equation: str | Tensor, *operands: object) -> Tensor:
    """The sum of products that the equation says."""
    inputs, output, tensors = _parsed(equation, operands)
    if not tensors:
        raise _malformed("{callee} is given no tensors", "einsum(): must provide at least one operand")
    if len(inputs) != len(tensors):
        raise _malformed(
            f"{{equation}} has {len(inputs)} operand{'s' * (len(inputs) != 1)}, but {{callee}} is given {len(tensors)}",
            f"einsum(): {'fewer' if len(inputs) > len(tensors) else 'more'} operands were provided than "
            "specified in "
            "the equation",
        )
    sizes: dict[str, Size] = {}
    where: dict[str, int] = {}
    spread = max((t.ndim - len(i) + 1 for i, t in zip(inputs, tensors) if ELLIPSIS in i), default=0)
    for index, (term, tensor) in enumerate(zip(inputs, tensors)):
        for letter, size in zip(_spelled(term, tensor, index, spread), tensor.shape):
            _agree(letter, size, sizes, where, index, tensors)
    if output is None:
        output = _implicit(inputs, spread)
    letters = _output_letters(output, sizes, spread)
    require_one_dtype(*tensors, names=("operands",) * len(tensors))
    shape = tuple(sizes[letter] for letter in letters)
    summed = [n for letter, n in sizes.items() if letter not in letters]
    if len(tensors) > 1 and summed:  # without a sum it multiplies element by element
        spend(product(shape) * product(summed))
    # torch multiplies in an order of its own and returns a permuted view of the product.
    return result(shape, tensors[0].dtype, *tensors, strides=CONTIGUOUS if len(shape) < 2 and len(tensors) > 1 else None)


def _malformed(message: str, torch: str) -> ShapeError:
    return ShapeError("matmul-mismatch", message, blame="equation", torch=torch)


def _parsed(equation: str | Tensor, operands: tuple[object, ...]) -> tuple[list[Term], Term | None, tuple[Tensor, ...]]:
    if isinstance(equation, str):
        left, arrow, right = equation.replace(" ", "").partition("->")
        tensors = _tensors(operands)
        return [_term(part) for part in left.split(",")], _term(right) if arrow else None, tensors
    inputs: list[Term] = []
    found: list[object] = []
    rest: list[object] = [equation, *operands]
    while len(rest) > 1:
        found.append(rest.pop(0))
        inputs.append(_sublist(rest.pop(0)))
    return inputs, _sublist(rest[0]) if rest else None, _tensors(tuple(found))


def _tensors(operands: tuple[object, ...]) -> tuple[Tensor, ...]:
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    for operand in operands:
        if isinstance(operand, Unknown):
            raise Undecided(operand.reason)
        if not isinstance(operand, Tensor):
            raise ShapeError(
                "bad-call",
                "an operand of {callee} is no tensor",
                blame="operands",
                torch="einsum(): operands must be tensors",
            )
    return operands  # type: ignore[return-value]


def _term(text: str) -> Term:
    letters: list[str] = []
    position = 0
    while position < len(text):
        if text.startswith(ELLIPSIS, position) and ELLIPSIS not in letters:
            letters.append(ELLIPSIS)
            position += 3
            continue
        letter = text[position]
        if not (letter.isascii() and letter.isalpha()):
            raise _malformed(
                f"`{letter}` in {{equation}} is no letter",
                f"einsum(): invalid subscript given at index {position} in the equation string, subscripts must be in [a-zA-Z]",
            )
        letters.append(letter)
        position += 1
    return tuple(letters)


def _sublist(value: object) -> Term:
    if not isinstance(value, (list, tuple)):
        raise Undecided("the subscripts of an einsum are not a list of numbers")
    letters: list[str] = []
    for entry in value:
        if entry is ...:
            letters.append(ELLIPSIS)
        elif isinstance(entry, int) and 0 <= entry < 52:
            letters.append(chr(65 + entry) if entry < 26 else chr(71 + entry))
        else:
            raise _malformed(
                "a subscript of {callee} is not in [0, 52)",
                "einsum(): not a valid subscript, must be in range [0, 52)",
            )
    return tuple(letters)


def _spelled(term: Term, tensor: Tensor, index: int, spread: int) -> list[str]:
    """The letter of each dimension of the tensor; the dimensions of `...` are `.0`, `.1`, ... from the front."""
    letters: list[str] = []
    own = tensor.ndim - len(term) + 1
    for letter in term:
        if letter == ELLIPSIS:
            letters.extend(f".{d}" for d in range(spread - own, spread))
        else:
            letters.append(letter)
    if len(letters) != tensor.ndim or (ELLIPSIS in term and own < 0):
        text = "".join(term)
        raise ShapeError(
            "wrong-rank",
            f"operand {index} of {{callee}} is {show_shape(tensor.shape)}, which has {tensor.ndim} "
            f"dimension{'s' * (tensor.ndim != 1)}, not those of `{text}`",
            blame="operands",
            torch=f"einsum(): the number of subscripts in the equation ({len(term)}) does not match the "
            "number of "
            f"dimensions ({tensor.ndim}) for operand {index}",
            label=show_shape(tensor.shape),
        )
    return letters


def _agree(
    letter: str,
    size: Size,
    sizes: dict[str, Size],
    where: dict[str, int],
    index: int,
    tensors: Sequence[Tensor],
) -> None:
    """One letter is one size in all operands; a 1 broadcasts."""
    known = sizes.get(letter)
    if known is None or (same(known, 1) is Truth.YES and known != size):
        if known is not None and where[letter] == index:
            raise _repeated(letter, known, size, index)
        sizes[letter], where[letter] = size, index
        return
    if same(size, 1) is Truth.YES and known != size:
        if where[letter] == index:
            raise _repeated(letter, known, size, index)
        return
    spoken = f"index `{letter}`" if not letter.startswith(".") else "a dimension of `...`"
    first = where[letter]
    if first == index:
        require_same(known, size, lambda: _repeated(letter, known, size, index))
        return
    require_same(
        known,
        size,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{spoken} of {{equation}} is {show(known)} in operand {first} "
            f"{show_shape(tensors[first].shape)} and "
            f"{show(size)} in operand {index} {show_shape(tensors[index].shape)}",
            blame="operands",
            torch=f"einsum(): subscript {letter} has size {show(size)} for operand {index} which does not "
            "broadcast "
            f"with previously seen size {show(known)}",
            label=show_shape(tensors[index].shape),
        ),
    )


def _repeated(letter: str, known: Size, size: Size, index: int) -> ShapeError:
    return ShapeError(
        "matmul-mismatch",
        f"index `{letter}` of {{equation}} stands for {show(known)} and for {show(size)} in operand {index}",
        blame="operands",
        torch=f"einsum(): subscript {letter} is repeated for operand {index} but the sizes don't match, "
        f"{show(size)} != {show(known)}",
    )


def _implicit(inputs: list[Term], spread: int) -> Term:
    """Without an arrow: `...` first, then every letter that comes once, sorted."""
    letters = [letter for term in inputs for letter in term if letter != ELLIPSIS]
    once = sorted(letter for letter in set(letters) if letters.count(letter) == 1)
    return (ELLIPSIS, *once) if spread else tuple(once)


def _output_letters(output: Term, sizes: dict[str, Size], spread: int) -> list[str]:
    letters: list[str] = []
    for letter in output:
        if letter == ELLIPSIS:
            letters.extend(f".{d}" for d in range(spread))
            continue
        if letter in letters:
            raise _malformed(
                f"index `{letter}` stands twice in the output of {{equation}}",
                f"einsum(): output subscript {letter} appears more than once in the output",
            )
        if letter not in sizes:
            raise _malformed(
                f"index `{letter}` of the output of {{equation}} is in no operand",
                f"einsum(): output subscript {letter} does not appear in the equation for any input operand",
            )
        letters.append(letter)
    return letters
