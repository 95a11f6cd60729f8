"""Evaluation of expressions."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.bindings import binds_around, is_bound_nowhere, is_undefined, writes_names
from torchlint.interpreter.budget import MAX_COLLECTION, MAX_INT_BITS, BudgetExhausted, check_width
from torchlint.interpreter.frames import MISSING, Frame
from torchlint.interpreter.machine import Site
from torchlint.interpreter.places import Place
from torchlint.interpreter.repeating import COLLECTED, Repeating
from torchlint.interpreter.stdlib.builtin import BUILTINS
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.rounds import ITERATOR, Rounds, Series, sequence
from torchlint.values.unknown import OpenArguments, Unknown


class Expressions(Repeating):
    """The values of expression nodes."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        value = _EVALUATORS[node.__class__](self, node, frame)
        if frame.seen is not None:
            self.trace.see(frame.seen, node, value)
        return value

    def evaluate_all(self, nodes: list[ast.expr], frame: Frame) -> list[Any]:
        """The values of a display or an argument list, stars expanded: Rounds may be among them."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                self.site = Site(frame, node)
                value = self.evaluate(node.value, frame)
                values.extend(iter(value) if isinstance(value, OpenArguments) else self.iterate_parts(value))
                if len(values) > MAX_COLLECTION:
                    raise BudgetExhausted("collection size")
            else:
                values.append(self.evaluate(node, frame))
        return values

    def _display(self, nodes: list[ast.expr], kind: type, frame: Frame) -> Any:
        try:
            return sequence(self.evaluate_all(nodes, frame), kind)
        except Undecided as undecided:
            return self.unknown(str(undecided))

    def eval_constant(self, node: ast.Constant, frame: Frame) -> Any:
        if type(node.value) is int and node.value.bit_length() > MAX_INT_BITS:
            return self.unknown(f"an integer of more than {MAX_INT_BITS} bits")
        if node.value is ... and frame.unit.checked and not frame.is_class:
            return self.trace.hole(Place(frame.unit, node))
        return node.value

    def eval_name(self, node: ast.Name, frame: Frame) -> Any:
        value = frame.lookup(node.id)
        if value is not MISSING:
            return value
        value = BUILTINS.get(node.id, MISSING)
        if value is not MISSING:
            return value
        if not frame.unit.checked and self.read_on(frame.module):
            return self.eval_name(node, frame)
        self.site = Site(frame, node)
        is_checked = frame.unit.checked  # what a library lacks is there: who loads it may put names into it
        if is_checked and (is_undefined(node.id, frame) or self._is_too_early(node.id, frame)):
            return self.fail(_undefined(node.id, frame), node.id, {})
        return self.unknown(f"`{node.id}` is not defined")

    def _is_too_early(self, name: str, frame: Frame) -> bool:
        """Whether a script, all of which was followed so far, uses a name of its module before the statement that binds it."""
        is_script = self.loading is frame.module and frame.unit.checked
        if not is_script or self.doubts or frame.module.is_partial or "__star__" in frame.module.members:
            return False
        return not writes_names(frame.module) and not binds_around(name, frame)

    def eval_attribute(self, node: ast.Attribute, frame: Frame) -> Any:
        value = self.evaluate(node.value, frame)
        self.site = Site(frame, node)
        return self.get_attribute(value, node.attr)

    def eval_subscript(self, node: ast.Subscript, frame: Frame) -> Any:
        value = self.evaluate(node.value, frame)
        index = self.evaluate(node.slice, frame)
        self.site = Site(frame, node)
        return self.get_item(value, index)

    def eval_slice(self, node: ast.Slice, frame: Frame) -> Any:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.evaluate(part, frame) for part in parts))

    def eval_tuple(self, node: ast.Tuple, frame: Frame) -> Any:
        return self._display(node.elts, tuple, frame)

    def eval_list(self, node: ast.List, frame: Frame) -> Any:
        return self._display(node.elts, list, frame)

    def eval_set(self, node: ast.Set, frame: Frame) -> Any:
        return self.make_set(self.evaluate_all(node.elts, frame))

    def make_set(self, values: list[Any]) -> Any:
        """A set of values; Unknown if one of them is."""
        unknown = next((v for v in values if isinstance(v, Unknown)), None)
        return self.derived("set", unknown) if unknown else set(values)

    def eval_dict(self, node: ast.Dict, frame: Frame) -> Any:
        made: dict[Any, Any] = {}
        for key_node, value_node in zip(node.keys, node.values):
            value = self.evaluate(value_node, frame)
            if key_node is None:
                if isinstance(value, dict):
                    made.update(value)
                    continue
                return self.derived("dict", value if isinstance(value, Unknown) else self.unknown("unpacks no dict"))
            key = self.evaluate(key_node, frame)
            if isinstance(key, Unknown):
                return self.derived("dict", key)
            try:
                made[key] = value
            except TypeError as error:
                raise self.raise_host(error) from None
        if not made:
            self.note_container(made, frame)
        return made

    def eval_binop(self, node: ast.BinOp, frame: Frame) -> Any:
        left = self.evaluate(node.left, frame)
        right = self.evaluate(node.right, frame)
        self.site = Site(frame, node)
        return self.binary(type(node.op), left, right)

    def eval_unaryop(self, node: ast.UnaryOp, frame: Frame) -> Any:
        operand = self.evaluate(node.operand, frame)
        self.site = Site(frame, node)
        return self.unary(type(node.op), operand)

    def eval_boolop(self, node: ast.BoolOp, frame: Frame) -> Any:
        stop_at = isinstance(node.op, ast.Or)
        value: Any = None
        for part in node.values[:-1]:
            value = self.evaluate(part, frame)
            self.site = Site(frame, part)
            if self.truth(value) is stop_at:
                return stop_at if isinstance(value, Unknown) and _is_condition(part) else value
        return self.evaluate(node.values[-1], frame)

    def eval_compare(self, node: ast.Compare, frame: Frame) -> Any:
        left = self.evaluate(node.left, frame)
        result: Any = True
        for index, (operator, right_node) in enumerate(zip(node.ops, node.comparators)):
            right = self.evaluate(right_node, frame)
            self.site = Site(frame, node)
            if index and not self.truth(result):
                return False
            result = self.compare(type(operator), left, right)
            left = right
        return result

    def eval_ifexp(self, node: ast.IfExp, frame: Frame) -> Any:
        test = self.evaluate(node.test, frame)
        self.site = Site(frame, node.test)
        branch = node.body if self.truth(test) else node.orelse
        return self.evaluate(branch, frame)

    def eval_lambda(self, node: ast.Lambda, frame: Frame) -> Any:
        return self.make_function(node, frame)

    def eval_namedexpr(self, node: ast.NamedExpr, frame: Frame) -> Any:
        value = self.evaluate(node.value, frame)
        self.assign(node.target, value, frame)
        return value

    def eval_starred(self, node: ast.Starred, frame: Frame) -> Any:
        return tuple(self.iterate(self.evaluate(node.value, frame)))

    def eval_joinedstr(self, node: ast.JoinedStr, frame: Frame) -> Any:
        parts = [self.evaluate(part, frame) for part in node.values]
        unknown = next((part for part in parts if isinstance(part, Unknown)), None)
        return "".join(map(str, parts)) if unknown is None else self.derived("fstring", unknown)

    def eval_formattedvalue(self, node: ast.FormattedValue, frame: Frame) -> Any:
        value = self.evaluate(node.value, frame)
        spec = self.evaluate(node.format_spec, frame) if node.format_spec is not None else ""
        if isinstance(value, Unknown) or isinstance(spec, Unknown):
            return self.derived("format", value, spec)
        if isinstance(value, (Expr, Real)):
            return self.unknown("a symbolic size becomes text")
        if not isinstance(value, (bool, int, float, str, type(None), tuple, list)):
            return self.unknown(f"the text of a {type(value).__name__} is not modelled")
        if isinstance(value, (tuple, list)):
            value = self.call_value(self.builtin("repr"), (value,), {})
            if not isinstance(value, str):
                return self.unknown("the text of what holds something unknown")
        text = _CONVERSIONS[node.conversion](value) if node.conversion in _CONVERSIONS else value
        check_width(spec)
        try:
            return format(text, spec)
        except (ValueError, TypeError) as error:
            raise self.raise_host(error) from None

    def eval_listcomp(self, node: ast.ListComp, frame: Frame) -> Any:
        return self._comprehend(node, frame, lambda scope: self.evaluate(node.elt, scope), list)

    def eval_generatorexp(self, node: ast.GeneratorExp, frame: Frame) -> Any:
        return self._comprehend(node, frame, lambda scope: self.evaluate(node.elt, scope), _iterator)

    def eval_setcomp(self, node: ast.SetComp, frame: Frame) -> Any:
        return self._comprehend(node, frame, lambda scope: self.evaluate(node.elt, scope), self.make_set)

    def eval_dictcomp(self, node: ast.DictComp, frame: Frame) -> Any:
        def pair(scope: Frame) -> tuple[Any, Any]:
            return self.evaluate(node.key, scope), self.evaluate(node.value, scope)

        def build(pairs: list[tuple[Any, Any]]) -> Any:
            unknown = next((k for k, _ in pairs if isinstance(k, Unknown)), None)
            return self.derived("dict", unknown) if unknown else dict(pairs)

        return self._comprehend(node, frame, pair, build)

    def _comprehend(self, node: Any, frame: Frame, element: Callable[[Frame], Any], build: Callable[[list[Any]], Any]) -> Any:
        scope = Frame(frame.unit, frame.module, frame if not frame.is_class else frame.enclosing, frame.function)
        scope.receiver, scope.is_doubtful = frame.receiver, frame.is_doubtful
        if frame.is_class:
            scope.names.update(frame.names)
        scope.names[COLLECTED] = []
        try:
            self._collect(node.generators, scope, element)
        except Undecided as undecided:
            self.site = Site(frame, node)
            return self.unknown(str(undecided))
        found = scope.names[COLLECTED]
        if isinstance(found, Series) and build in (list, _iterator):
            found.kind = list if build is list else ITERATOR
            return found
        return build(found) if isinstance(found, list) else found

    def _collect(self, generators: list[ast.comprehension], scope: Frame, element: Callable[[Frame], Any]) -> None:
        """Append to what a comprehension collects, for each value of the first generator."""
        for value in self.iterate_parts(self.evaluate(generators[0].iter, scope)):
            self._collect_of(generators, scope, element, (value,))

    def _collect_of(
        self, generators: list[ast.comprehension], scope: Frame, element: Callable[[Frame], Any], items: tuple[Any, ...]
    ) -> None:
        """Likewise, for these values of the first generator."""
        head, *rest = generators
        for item in items:
            if isinstance(item, Rounds):
                self.run_rounds(item, scope, partial(self._collect_of, generators, scope, element))
                continue
            self.assign(head.target, item, scope)
            if not self._passes(head.ifs, scope):
                continue
            if rest:
                self._collect(rest, scope, element)
            else:
                self.budget.step()
                _append(scope.names[COLLECTED], element(scope))

    def _passes(self, tests: list[ast.expr], scope: Frame) -> bool:
        for test in tests:
            condition = self.evaluate(test, scope)
            if isinstance(condition, Unknown):
                raise Undecided(condition.reason)
            if not self.truth(condition):
                return False
        return True

    def eval_yield(self, node: ast.Yield, frame: Frame) -> Any:
        value = None if node.value is None else self.evaluate(node.value, frame)
        self._yield_to(frame, value)
        return self.unknown("what is sent into a generator is not followed")

    def eval_yieldfrom(self, node: ast.YieldFrom, frame: Frame) -> Any:
        for value in self.iterate_parts(self.evaluate(node.value, frame)):
            self._yield_to(frame, value)
        return None

    def _yield_to(self, frame: Frame, value: Any) -> None:
        target: Frame | None = frame
        while target is not None and target.yields is None and target.on_yield is None:
            target = target.enclosing
        if target is not None and target.on_yield is not None:
            target.on_yield(value)
            return
        parts = None if target is None else target.yields
        if parts is not None:
            _append(parts, value)

    def eval_await(self, node: ast.Await, frame: Frame) -> Any:
        return self.evaluate(node.value, frame)


_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


def _undefined(name: str, frame: Frame) -> ShapeError:
    near = difflib.get_close_matches(name, [*frame.visible_names(), *BUILTINS], n=1)
    repair = {"rename": (name, near[0])} if near else None
    message = f"`{name}` is not defined"
    said = f"name '{name}' is not defined"
    return ShapeError("undefined-name", message, torch=said, repair=repair, always=is_bound_nowhere(name, frame))


def _append(found: Any, value: Any) -> None:
    """Append to what is collected: a list, which may have become one of a symbolic length, or Unknown."""
    parts = found.parts if isinstance(found, Series) else found if isinstance(found, list) else None
    if parts is not None:
        parts.append(value)
        if len(parts) > MAX_COLLECTION:
            raise BudgetExhausted("collection size")


def _iterator(values: list[Any]) -> Iterator[Any]:
    return iter(values)


def _is_condition(node: ast.expr) -> bool:
    return isinstance(node, (ast.Compare, ast.UnaryOp))


_EVALUATORS: dict[type, Callable[[Any, Any, Frame], Any]] = {
    getattr(ast, name): getattr(Expressions, f"eval_{name.lower()}")
    for name in (
        "Constant", "Name", "Attribute", "Subscript", "Slice", "Tuple", "List", "Set", "Dict", "BinOp", "UnaryOp", "BoolOp",
        "Compare", "IfExp", "Lambda", "NamedExpr", "Starred", "JoinedStr", "FormattedValue", "ListComp", "GeneratorExp",
        "SetComp", "DictComp", "Yield", "YieldFrom", "Await",
    )
}  # fmt: skip
_EVALUATORS[ast.Call] = lambda machine, node, frame: machine.eval_call(node, frame)
