"""By their keys questions are recognised: in one pass, and in another that goes the same way."""

from __future__ import annotations

from torchlint.dims.expr import Kind, symbol
from torchlint.interpreter.keys import Keys
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def test_another_pass_gives_the_same_keys() -> None:
    """Also to what has no text of its own, if it comes in the same order."""

    def asked() -> list[object]:
        keys = Keys()
        size = symbol("n", Kind.INPUT)
        values = [
            slice(None, 2),
            slice(size, Unknown("", key="k")),
            object(),
            Tensor((2,)),
            size,
            size + 1,
            [object()],
            (1, "a"),
        ]
        return [keys.of(value) for value in values]

    first, second = asked(), asked()
    assert first == second
    assert len(set(first)) == len(first)


def test_a_key_is_that_of_one_value() -> None:
    """The same object has one key, equal sizes have, and others have others; a tensor that is written to is another value."""
    keys = Keys()
    size, tensor = symbol("n", Kind.INPUT), Tensor((2,))
    before = keys.of(tensor)
    assert keys.of(tensor) == before
    assert keys.of(size + 1) == keys.of(1 + size) != keys.of(size)
    assert keys.of(Tensor((2,))) != before
    assert keys.of(slice(0, 2)) == keys.of(slice(0, 2)) != keys.of(slice(0, 3))
    tensor.written()
    assert keys.of(tensor) != before
