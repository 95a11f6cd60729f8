"""Interval arithmetic on sizes: what bounds on the symbols say about a size,
and what those on a size say about them.

Both directions are sound and neither is complete: an interval may be too wide, never too narrow.
"""

from __future__ import annotations

import math

from torchlint.dims.expr import Atom, Monomial, Operation, Size, Symbol, atom_of, constant_of, from_terms

Interval = tuple[float, float]
"""Least and greatest value; an `int` each, or `math.inf` with its sign."""

Box = dict[Symbol, Interval]
"""The interval of each symbol; a symbol that is not in it is bounded by its `minimum` alone."""

ANY: Interval = (-math.inf, math.inf)
_HUGE = 1 << 256
_LARGEST_DENOMINATOR = 1 << 32


class Empty(Exception):
    """No value is left for some symbol."""


def symbol_interval(symbol: Symbol, box: Box) -> Interval:
    """The values that `symbol` may take."""
    found = box.get(symbol)
    return (symbol.minimum, math.inf) if found is None else found


def interval(size: Size, box: Box) -> Interval:
    """Bounds of the size when every symbol keeps to the box."""
    if isinstance(size, int):
        return _within_reach(size, size)
    low: float = 0
    high: float = 0
    for monomial, coefficient in size.terms:
        a, b = _scale(_monomial_interval(monomial, box), coefficient)
        low += a
        high += b
    return _within_reach(low, high)


def tight_interval(size: Size, box: Box) -> Interval:
    """Like `interval`, but knows that a floor division is close to its fraction: `7*((H + 6)//7) >= H`."""
    low, high = interval(size, box)
    if isinstance(size, int) or len(size.terms) < 2:
        return low, high
    common = math.lcm(*(_divisor(monomial) for monomial, _ in size.terms))
    if not 1 < common < _LARGEST_DENOMINATOR:
        return low, high
    least: Size = 0  # both times `common`
    most: Size = 0
    for monomial, coefficient in size.terms:
        divisor = _divisor(monomial)
        scale = coefficient * (common // divisor)
        if divisor > 1 and isinstance(monomial[0][0], Operation):
            below, above = (divisor - 1, 0) if scale > 0 else (0, divisor - 1)
            numerator = monomial[0][0].args[0]
            least = least + (numerator - below) * scale
            most = most + (numerator - above) * scale
        else:
            term = from_terms({monomial: scale})
            least, most = least + term, most + term
    return max(low, _ceil(interval(least, box)[0], common)), min(high, _floor(interval(most, box)[1], common))


def _divisor(monomial: Monomial) -> int:
    """The number that the only atom of the monomial divides by, else 1."""
    if len(monomial) == 1 and monomial[0][1] == 1:
        atom = monomial[0][0]
        if isinstance(atom, Operation) and atom.kind == "//" and isinstance(atom.args[1], int):
            return atom.args[1]
    return 1


def _monomial_interval(monomial: Monomial, box: Box) -> Interval:
    result: Interval = (1, 1)
    for atom, power in monomial:
        result = _times(result, _power(_atom_interval(atom, box), power))
    return result


def _atom_interval(atom: Atom, box: Box) -> Interval:
    if isinstance(atom, Symbol):
        return symbol_interval(atom, box)
    parts = [interval(arg, box) for arg in atom.args]
    if atom.kind == "max":
        return (max(p[0] for p in parts), max(p[1] for p in parts))
    if atom.kind == "min":
        return (min(p[0] for p in parts), min(p[1] for p in parts))
    (low, high), divisor = parts[0], (max(parts[1][0], 1), max(parts[1][1], 1))
    if atom.kind == "//":
        return (
            min(_floor(low, divisor[0]), _floor(low, divisor[1])),
            max(_floor(high, divisor[0]), _floor(high, divisor[1])),
        )
    if low >= 0 and high < divisor[0]:
        return (low, high)
    return (0, min(divisor[1] - 1, high) if low >= 0 else divisor[1] - 1)


def _within_reach(low: float, high: float) -> Interval:
    """A wider interval without huge ends: they would outgrow floats, and squaring them never ends."""
    if low > -_HUGE and high < _HUGE:
        return (low, high)
    return (
        -math.inf if low < -_HUGE else min(low, _HUGE),
        math.inf if high > _HUGE else max(high, -_HUGE),
    )


def _product(a: float, b: float) -> float:
    return 0 if a == 0 or b == 0 else a * b


def _scale(part: Interval, factor: int) -> Interval:
    if abs(factor) > _HUGE:
        return ANY
    low, high = _product(part[0], factor), _product(part[1], factor)
    return _within_reach(low, high) if factor >= 0 else _within_reach(high, low)


def _times(a: Interval, b: Interval) -> Interval:
    if a == (1, 1):
        return b
    corners = [_product(x, y) for x in a for y in b]
    return _within_reach(min(corners), max(corners))


def _power(part: Interval, power: int) -> Interval:
    result = part
    for _ in range(power - 1):
        result = _times(result, part)
    if power % 2 == 0:
        result = (max(result[0], 0), result[1])
    return result


def _floor(value: float, divisor: float) -> float:
    """`value // divisor` for a positive divisor, either of which may be infinite."""
    if math.isinf(value):
        return value if not math.isinf(divisor) else (0 if value > 0 else -1)
    if math.isinf(divisor):
        return 0 if value >= 0 else -1
    return value // divisor


def _ceil(value: float, divisor: float) -> float:
    return -_floor(-value, divisor)


def narrow(size: Size, low: float, high: float, box: Box) -> bool:
    """Shrink the box to what `low <= size <= high` leaves possible; whether it changed. Raises Empty."""
    if isinstance(size, int):
        if not low <= size <= high:
            raise Empty
        return False
    parts = [_scale(_monomial_interval(m, box), c) for m, c in size.terms]
    changed = False
    for i, (monomial, coefficient) in enumerate(size.terms):
        rest_low = sum(p[0] for j, p in enumerate(parts) if j != i)
        rest_high = sum(p[1] for j, p in enumerate(parts) if j != i)
        # An open end says nothing; inf - inf must not become nan.
        term_low = -math.inf if math.isinf(low) or math.isinf(rest_high) else low - rest_high
        term_high = math.inf if math.isinf(high) or math.isinf(rest_low) else high - rest_low
        if parts[i][0] > term_high or parts[i][1] < term_low:
            raise Empty
        if not monomial or abs(coefficient) > _HUGE or (parts[i][0] >= term_low and parts[i][1] <= term_high):
            continue
        if coefficient < 0:
            term_low, term_high = -term_high, -term_low
        divisor = abs(coefficient)
        changed |= _narrow_monomial(monomial, _ceil(term_low, divisor), _floor(term_high, divisor), box)
    return changed


def _narrow_monomial(monomial: Monomial, low: float, high: float, box: Box) -> bool:
    if len(monomial) == 1:
        return _narrow_power(monomial[0][0], monomial[0][1], low, high, box)
    changed = False
    for i, (atom, power) in enumerate(monomial):
        rest = _monomial_interval(monomial[:i] + monomial[i + 1 :], box)
        if rest[0] < 1:
            continue
        # x * r <= high for some r of a positive interval, and the same from below.
        x_high = _floor(high, rest[0] if high >= 0 else rest[1])
        x_low = _ceil(low, rest[1] if low > 0 else rest[0])
        changed |= _narrow_power(atom, power, x_low, x_high, box)
    return changed


def _narrow_power(atom: Atom, power: int, low: float, high: float, box: Box) -> bool:
    if power > 1:
        if _atom_interval(atom, box)[0] < 0:
            return False
        if high < 0:
            raise Empty
        high = high if math.isinf(high) else integer_root(int(high), power)
        low = 0 if low <= 0 else (low if math.isinf(low) else integer_root(int(low) - 1, power) + 1)
    return _narrow_atom(atom, low, high, box)


def integer_root(value: int, power: int) -> int:
    """The greatest integer whose `power`-th power is at most `value`, which is not negative."""
    if power == 2:
        return math.isqrt(value)
    low, high = 0, 1 << (value.bit_length() // power + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**power <= value:
            low = middle
        else:
            high = middle - 1
    return low


def _narrow_atom(atom: Atom, low: float, high: float, box: Box) -> bool:
    if isinstance(atom, Symbol):
        old = symbol_interval(atom, box)
        new = (max(old[0], low), min(old[1], high))
        if new[0] > new[1]:
            raise Empty
        if new == old:
            return False
        box[atom] = new
        return True
    if atom.kind == "//":
        return _narrow_quotient(atom, low, high, box)
    if atom.kind == "%":
        return _narrow_remainder(atom, low, high, box)
    return _narrow_extremum(atom, low, high, box)


def _narrow_quotient(atom: Operation, low: float, high: float, box: Box) -> bool:
    numerator, divisor = atom.args
    a, b = interval(divisor, box)
    a, b = max(a, 1), max(b, 1)
    least = _product(low, a if low >= 0 else b)
    most = _product(high, b if high >= 0 else a) + (b if high >= 0 else a) - 1
    changed = narrow(numerator, least, most, box)
    if not isinstance(divisor, int) and low > 0:  # n // d >= low > 0 needs d <= n // low
        changed |= narrow(divisor, 1, _floor(interval(numerator, box)[1], low), box)
    return changed


def _narrow_remainder(atom: Operation, low: float, high: float, box: Box) -> bool:
    numerator, divisor = atom.args
    if not isinstance(divisor, int):
        # A remainder is below its divisor; and it is the numerator itself where that is below the divisor.
        a, b = interval(numerator, box)
        return narrow(divisor, max(low, 0) + 1, b if 0 <= high < a else math.inf, box)
    low, high = max(low, 0), min(high, divisor - 1)
    if low > high:
        raise Empty
    a, b = interval(numerator, box)
    if not math.isinf(a) and not math.isinf(b) and a // divisor == b // divisor:
        start = a // divisor * divisor
        return narrow(numerator, start + low, start + high, box)
    if low == high and isinstance(atom_of(numerator - constant_of(numerator)), Symbol):
        least = a if math.isinf(a) else a + (low - a) % divisor
        most = b if math.isinf(b) else b - (b - low) % divisor
        return narrow(numerator, least, most, box)
    return False


def _narrow_extremum(atom: Operation, low: float, high: float, box: Box) -> bool:
    parts = [interval(arg, box) for arg in atom.args]
    if atom.kind == "max":
        each = [narrow(arg, -math.inf, high, box) for arg in atom.args]
        reach = [arg for arg, part in zip(atom.args, parts) if part[1] >= low]
    else:
        each = [narrow(arg, low, math.inf, box) for arg in atom.args]
        reach = [arg for arg, part in zip(atom.args, parts) if part[0] <= high]
    if not reach:
        raise Empty
    changed = any(each)
    if len(reach) == 1:
        if atom.kind == "max":
            changed |= narrow(reach[0], low, math.inf, box)
        else:
            changed |= narrow(reach[0], -math.inf, high, box)
    return changed
