"""Sample values of symbols: a point that satisfies every fact shows what is possible without a search."""

from __future__ import annotations

from torchlint.dims.expr import Symbol


class Point(dict[Symbol, int]):
    """A value for every symbol: what was not set is chosen by the point's number, the same each time."""

    __slots__ = ("number",)

    def __init__(self, number: int = 0, values: dict[Symbol, int] | None = None) -> None:
        super().__init__(values or {})
        self.number = number

    def __missing__(self, symbol: Symbol) -> int:
        value = self[symbol] = max(symbol.minimum, _value(symbol, self.number))
        return value

    def moved(self, values: dict[Symbol, int]) -> Point:
        """The point with other values for some symbols."""
        return Point(self.number, {**self, **values})


def _value(symbol: Symbol, number: int) -> int:
    spread = sum(symbol.name.encode())  # differs between most names, and never between runs
    if number == 0:
        return symbol.minimum
    if number == 1:
        return 64
    if number == 2:
        return 224
    if number == 3:
        return 8 * (3 + spread % 11)
    if number == 4:
        return 7 + 2 * (spread % 13)
    return 1024 + spread % 101


def various() -> list[Point]:
    """Points that differ in size, in parity, and in whether symbols are equal."""
    return [Point(number) for number in range(6)]
