"""What is known about symbols, whoever chooses them: substitutions, bounds, and relations that are neither
yet.

Everything here speaks of *some* choice of the symbols: a fact is refused only if no choice at all makes it
hold together with the others. `facts` adds who may choose.
"""

from __future__ import annotations

from torchlint.dims.expr import Expr, Kind, Size, Symbol, of_atom, substitute, symbols_of, terms_of
from torchlint.dims.intervals import Box, Empty, narrow, symbol_interval
from torchlint.dims.printing import show
from torchlint.dims.relation import Constraint, Relation, constraint, implied, refutation

_ELIMINATION = (Kind.HOLE, Kind.DATA, Kind.INPUT, Kind.PARAMETER, Kind.BATCH)  # whom to substitute first
_ROUNDS = 24


class Contradiction(Exception):
    """A fact cannot hold together with what is known; `proof` says why in a few words."""

    def __init__(self, proof: str) -> None:
        super().__init__(proof)
        self.proof = proof


class Store:
    """Invariant: no substituted symbol occurs in a value, a bound or a pending relation."""

    __slots__ = ("_resolved", "box", "equated", "pending", "values")

    def __init__(self) -> None:
        self.values: dict[Symbol, Size] = {}
        self.box: Box = {}
        self.pending: dict[Relation, Constraint] = {}
        self.equated: set[Symbol] = set()  # every symbol that an equation or a divisibility spoke of
        self._resolved: dict[Expr, Size] = {}

    def copy(self) -> Store:
        """An independent store that knows the same."""
        other = Store()
        other.values = dict(self.values)
        other.box = dict(self.box)
        other.pending = dict(self.pending)
        other.equated = set(self.equated)
        return other

    def resolve(self, size: Size) -> Size:
        """The size with every substitution made."""
        if isinstance(size, int) or not self.values:
            return size
        found = self._resolved.get(size)
        if found is None:
            found = self._resolved[size] = substitute(size, self.values)
        return found

    def resolved(self, relation: Relation) -> Relation:
        """The relation with every substitution made."""
        return Relation(self.resolve(relation.left), relation.op, self.resolve(relation.right))

    def record(self, relation: Relation) -> None:
        """Add a fact. Raises Contradiction, and leaves the store in pieces: work on a copy."""
        relation = self.resolved(relation)
        proof = refutation(relation, self.box)
        if proof is not None:
            raise Contradiction(proof)
        fact = constraint(relation)
        if relation.op in ("==", "divides"):
            self.equated |= symbols_of(fact.size)
        if implied(fact, self.box) or fact in self.pending.values():
            return
        found = solved(fact.size) if fact.form == "==" else None
        if found is not None:
            self._bind(*found)
            return
        self.pending[relation] = fact
        self._settle(symbols_of(fact.size))

    def cluster(self, symbols: set[Symbol]) -> dict[Relation, Constraint]:
        """The pending relations that speak, directly or through others, of one of the symbols."""
        reached = set(symbols)
        found: dict[Relation, Constraint] = {}
        rest = {relation: symbols_of(fact.size) for relation, fact in self.pending.items()}
        grew = True
        while grew:
            grew = False
            for relation, mentioned in list(rest.items()):
                if mentioned & reached:
                    found[relation] = self.pending[relation]
                    reached |= mentioned
                    del rest[relation]
                    grew = True
        return found

    def _bind(self, symbol: Symbol, value: Size) -> None:
        low, high = symbol_interval(symbol, self.box)
        self.box.pop(symbol, None)
        self._resolved.clear()
        replace = {symbol: value}
        self.values = {s: substitute(v, replace) for s, v in self.values.items()}
        self.values[symbol] = value
        moved = [r for r, fact in self.pending.items() if symbol in symbols_of(fact.size)]
        for relation in moved:
            del self.pending[relation]
        if isinstance(value, int) and not low <= value <= high:
            bound = f"at least {low}" if value < low else f"at most {high}"
            raise Contradiction(f"{symbol.name} would be {value}, but is {bound}")
        self.record(Relation(value, ">=", int(low)))
        if high != float("inf"):
            self.record(Relation(value, "<=", int(high)))
        for relation in moved:
            self.record(relation)

    def _settle(self, symbols: set[Symbol]) -> None:
        """Tighten the bounds around some symbols; what becomes a number is substituted."""
        facts = self.cluster(symbols)
        propagate(facts, self.box)
        for relation, fact in facts.items():
            if implied(fact, self.box):
                del self.pending[relation]
        touched = set(symbols).union(*(symbols_of(fact.size) for fact in facts.values()))
        for symbol in sorted(touched, key=lambda s: s.key):
            if symbol not in self.values:
                low, high = symbol_interval(symbol, self.box)
                if low == high:
                    self._bind(symbol, int(low))


def propagate(facts: dict[Relation, Constraint], box: Box) -> None:
    """Narrow the box by every fact until nothing moves, or for some rounds. Raises Contradiction."""
    for _ in range(_ROUNDS):
        changed = False
        for relation, (form, size) in facts.items():
            if form == "!=":
                continue
            try:
                changed |= narrow(size, 0, 0 if form == "==" else float("inf"), box)
            except Empty:
                proof = refutation(relation, box)
                raise Contradiction(proof or f"nothing fits {show_relation(relation)}") from None
        if not changed:
            return


def show_relation(relation: Relation) -> str:
    """`H//2 == 5`; a divisibility reads `heads divides dim`."""
    return f"{show(relation.left)} {relation.op} {show(relation.right)}"


def solved(size: Size) -> tuple[Symbol, Size] | None:
    """A symbol and its value if `size == 0` is linear in it with a coefficient of 1 or -1."""
    best: tuple[tuple[int, int], Symbol, int] | None = None
    for monomial, coefficient in terms_of(size):
        if len(monomial) != 1 or monomial[0][1] != 1 or coefficient not in (1, -1):
            continue
        symbol = monomial[0][0]
        if isinstance(symbol, Symbol):
            rank = (_ELIMINATION.index(symbol.kind), -symbol.serial)
            if best is None or rank < best[0]:
                rest = size - of_atom(symbol) * coefficient
                if symbol not in symbols_of(rest):
                    best = (rank, symbol, coefficient)
    if best is None:
        return None
    _, symbol, coefficient = best
    return symbol, (size - of_atom(symbol) * coefficient) * -coefficient
