"""Calls: of functions, classes, modules, operations and host functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from torchlint import torch_runtime
from torchlint.dims.expr import Expr
from torchlint.interpreter.activations import Activation
from torchlint.interpreter.annotations import Sizes
from torchlint.interpreter.bindings import CHANGES
from torchlint.interpreter.budget import MAX_DEPTH, BudgetExhausted, check_weight, clock_stopped
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import (
    BoundMethod,
    ClassMethod,
    FunctionValue,
    HostFunction,
    LayerInit,
    Managed,
    Partial,
    StaticMethod,
    TensorType,
)
from torchlint.interpreter.machine import Site
from torchlint.interpreter.missing import open_reason
from torchlint.interpreter.objects import ClassValue, GeneratedInit, Instance, NamedTupleType, Raised  # fmt: skip
from torchlint.interpreter.operating import Operating, find_unknown
from torchlint.interpreter.places import Place
from torchlint.interpreter.stdlib.builtin import HOST_TYPES
from torchlint.interpreter.trace import Mismatch
from torchlint.ops.coercion import type_name
from torchlint.ops.registry import LAYER_OF_CLASS, LayerType, Operation
from torchlint.values.errors import MoreRounds, ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.rounds import ITERATOR, Rounds, Series, has_rounds
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind, Signature
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, Likely, OpenArguments, OpenKeywords, Unknown, Unruled

_MAKERS = ("dict", "set", "OrderedDict", "defaultdict")  # of what a program means to fill
_PASS_ON = {"append", "get", "setdefault", "pop", "update", "setattr", "getattr", "partial", "print"}
"""Functions that hand an argument on and read nothing of it."""
_NO_MAPPINGS = (Expr, bool, int, float, str, tuple, list, set, Tensor, Module, FunctionValue, BoundMethod, type(None))
_NO_FUNCTIONS = (bool, int, float, str, tuple, list, dict, set, type(None))


class Calls(Operating):
    """What calling a value gives."""

    def eval_call(self, node: ast.Call, frame: Frame) -> Any:
        callee = self.evaluate(node.func, frame)
        args: tuple[Any, ...]
        try:
            args = tuple(self.evaluate_all(node.args, frame))
            if has_rounds(args) and not self._takes_rest(callee, args):
                raise Undecided("how many arguments are given is not known")
            kwargs = self._keywords(node, frame) if node.keywords or has_star(node) else {}
        except Undecided as undecided:
            self.site = Site(frame, node)
            if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                self.forget_container(node.func.value, frame)
            return self._call_with_unknown_arguments(callee, str(undecided))
        if isinstance(callee, Unknown) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
            self._change_one(node.func, callee, args, frame)
        self.budget.step()
        site = self.site = Site(frame, node)
        if isinstance(callee, HostFunction) and callee.name == "super" and not args:
            return self.implicit_super(frame)
        self.stack.append(site)
        path, self.callee_path = self.callee_path, []
        try:
            return self.call_value(callee, args, kwargs)
        finally:
            self.callee_path = path
            self.stack.pop()
            self.site = site

    def _change_one(self, method: ast.Attribute, callee: Unknown, args: tuple[Any, ...], frame: Frame) -> None:
        """A list, dict or container is changed, and nobody knows which."""
        self.forget_elements(method.value, frame)
        if not callee.is_plain and not isinstance(callee, Free) and any(isinstance(a, Module) for a in args):
            self.open_up(f"a layer is given to something unknown: {callee.reason}")

    def _takes_rest(self, callee: Any, args: tuple[Any, ...]) -> bool:
        """Whether the callee collects in one parameter (`*layers`) all arguments whose number is a symbol."""
        before = next(index for index, value in enumerate(args) if isinstance(value, Rounds))
        if isinstance(callee, BoundMethod):
            return self._takes_rest(callee.function, (callee.receiver, *args))
        if isinstance(callee, ClassValue):
            found, init, _ = callee.lookup("__init__")
            if isinstance(init, FunctionValue):
                return self._takes_rest(init, (None, *args))
            return (callee.is_module and not found) or self._takes_rest(LAYER_OF_CLASS.get(callee.host_base), args)
        if isinstance(callee, (LayerInit, LayerType)):
            before, signature = before + 1, self.constructor_of(callee.cls).signature
        elif isinstance(callee, (FunctionValue, Operation)):
            signature = callee.signature
        else:
            return False
        return signature.var_positional is not None and len(signature.positional) <= before

    def _keywords(self, node: ast.Call, frame: Frame) -> dict[str, Any]:
        kwargs: dict[str, Any] = self._opened(node, frame)
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
                continue
            self.site = Site(frame, node)
            given = value.payload if isinstance(value, Instance) and isinstance(value.payload, dict) else value
            if not isinstance(given, dict):
                may_be_other = open_reason(given)
                if may_be_other is not None:
                    raise Undecided(may_be_other)
                if isinstance(given, _NO_MAPPINGS):
                    message = f"argument after ** must be a mapping, not {type_name(given)}"
                    raise self.raise_host(TypeError(message))
                raise Undecided(given.reason if isinstance(given, Unknown) else "keyword arguments could not be followed")
            twice = next((name for name in given if name in kwargs), None)
            if twice is not None and not isinstance(given, OpenKeywords) and not isinstance(kwargs, OpenKeywords):
                raise self.raise_host(TypeError(f"got multiple values for keyword argument '{twice}'"))
            if isinstance(given, OpenKeywords):
                opened = given.others()
                opened.update(kwargs)
                kwargs = opened
            kwargs.update({str(name): part for name, part in given.items()})
        return kwargs

    def _opened(self, node: ast.Call, frame: Frame) -> dict[str, Any]:
        """No keywords yet; open ones if the call passes on positional arguments that a caller may have added to."""
        for argument in node.args:
            if isinstance(argument, ast.Starred) and isinstance(argument.value, (ast.Name, ast.Attribute)):
                value = self.evaluate(argument.value, frame)
                if isinstance(value, OpenArguments):
                    return OpenKeywords(value.chosen)
        return {}

    def _call_with_unknown_arguments(self, callee: Any, reason: str) -> Any:
        """A call whose argument list is not known: a constructor leaves its module open-ended, and nothing is known of a
        result."""
        receiver = getattr(callee, "receiver", None)
        if isinstance(receiver, Module):
            self._open(receiver, getattr(callee, "function", None), reason)
        if isinstance(callee, Free):
            callee.is_called = True
        return self.derived("call", callee) if isinstance(callee, Unknown) else self.unknown(reason)

    def call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The door for operations that call back (`Sequential`, `apply`, `checkpoint`), who go on from where they were."""
        site, path = self.site, self.callee_path
        parent = self.modules_running[-1] if self.modules_running else None
        if parent is not None and isinstance(function, Module):
            self.callee_path = [*path, (parent, function)]
        try:
            return self.call_value(function, args, kwargs)
        finally:
            self.site, self.callee_path = site, path

    def call_value(self, callee: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        kind = type(callee)
        if kind is FunctionValue:
            return self.call_function(callee, args, kwargs)
        if kind is Operation:
            return self.call_operation(callee, args, kwargs)
        if isinstance(callee, Module):
            own = self.find_method(callee, "__call__") if callee.interpreted_class is not None else None
            return self.call_module(callee, args, kwargs) if own is None else self.call_value(own, args, kwargs)
        if kind is BoundMethod:
            return self.call_value(callee.function, (callee.receiver, *args), kwargs)
        if kind is LayerType:
            return self.make_layer(callee, args, kwargs)
        if kind is ClassValue:
            return self.instantiate(callee, args, kwargs)
        if kind is HostFunction or kind is TensorType:
            return self.call_host(callee, args, kwargs)
        if kind is Partial:
            return self.call_value(callee.function, (*callee.args, *args), merged(callee.kwargs, kwargs))
        if isinstance(callee, type) and callee in HOST_TYPES:
            return self.call_host(HOST_TYPES[callee], args, kwargs)
        if isinstance(callee, type) and issubclass(callee, BaseException):
            return callee(*(a for a in args if isinstance(a, (str, int, float))))
        if kind is GeneratedInit:
            return self.generated_init(callee.cls, args[0], args[1:], kwargs)
        if kind is NamedTupleType:
            return self.make_namedtuple(callee, args, kwargs)
        if kind is LayerInit:
            return self.init_layer(callee.receiver, callee.cls, args, kwargs)
        if isinstance(callee, (ClassMethod, StaticMethod)):
            return self.call_value(callee.function, args, kwargs)
        if kind is Managed and args:
            return args[0]  # the context as a decorator
        if isinstance(callee, Unknown):
            return self._call_unknown(callee, args, kwargs)
        method = self.find_method(callee, "__call__")
        if method is not None:
            return self.call_value(method, args, kwargs)
        if type(callee) in _NO_FUNCTIONS and not (callee is None and self.supposes_none):
            raise self.raise_host(TypeError(f"'{type(callee).__name__}' object is not callable"))
        return self.unknown(f"a call of a {type(callee).__name__} could not be followed")

    def _call_unknown(self, callee: Unknown, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(callee, Free):
            callee.is_called = True
        if isinstance(callee, Unruled) and self.asks_torch():
            given = args if callee.receiver is None else (callee.receiver, *args)
            if torch_runtime.is_askable(callee.name, given):
                with clock_stopped():
                    torch_runtime.load(torch_runtime.has_symbols(given))
                return self.call_operation(_asking(callee.name), given, kwargs)
        here = self.here()
        values = (*args, *kwargs.values())
        self.escape(*values)
        if here is not None and callee.place is None:
            return self.unknown(callee.reason, callee.is_plain)
        if any(isinstance(v, Tensor) for v in values):
            self.note_gap(callee.reason, callee.place or here)
            key = ("call", callee.key, here and (here.unit.path, here.row))
            return Unknown(callee.reason, callee.place, key, callee.is_plain)
        return self.derived("call", callee, *args, *kwargs.values())

    def call_host(self, function: HostFunction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function that the interpreter provides; an Unknown argument makes the result Unknown unless it copes."""
        if Likely in map(type, args) and function.name not in _PASS_ON:
            return self.likely(f"call {function.name}", lambda *known: self.call_host(function, known, kwargs), *args)
        if not function.takes_unknown:
            unknown = find_unknown(args) or find_unknown(tuple(kwargs.values()))
            if unknown is not None:
                return self.derived(f"call {function.name}", unknown, *args)
            check_weight(args)
        try:
            result = function.function(self, *args, **kwargs) if function.takes_unknown else function.function(*args, **kwargs)
            if isinstance(result, (dict, set)) and not result and function.name in _MAKERS and self.site is not None:
                self.note_container(result, self.site.frame)
            return result
        except (Raised, BudgetExhausted):
            raise
        except Undecided as undecided:
            return self.unknown(str(undecided))
        except ShapeError as error:
            return self.fail(error, self.callee_text(), {})
        except RecursionError:
            raise BudgetExhausted("recursion depth") from None
        except (TypeError, AttributeError, NotImplementedError):
            if _lacks_arguments(function, len(args), kwargs):
                raise self.raise_host(TypeError(f"{function.name}() is called with too few arguments")) from None
            return self.unknown(f"a call of `{function.name}` could not be followed")
        except Exception as error:  # what the host function raises, the checked program raises
            raise self.raise_host(error) from None

    # Functions of the checked program.

    def make_function(self, node: Any, frame: Frame) -> FunctionValue:
        name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        closure = frame.enclosing if frame.is_class and frame.enclosing is not None else frame
        made = FunctionValue(name, node, frame.unit, closure, self._signature(node, frame))
        if frame.is_class:
            frame.methods.append(made)
        return made

    def _signature(self, node: Any, frame: Frame) -> Signature:
        arguments: ast.arguments = node.args
        kinds = ParameterKind
        positional = [
            *((a, kinds.POSITIONAL_ONLY) for a in arguments.posonlyargs),
            *((a, kinds.POSITIONAL) for a in arguments.args),
        ]
        first_default = len(positional) - len(arguments.defaults)
        parameters: list[Parameter] = []
        for index, (argument, kind) in enumerate(positional):
            default: Any = REQUIRED
            if index >= first_default:
                default = self._default(arguments.defaults[index - first_default], frame)
            parameters.append(Parameter(argument.arg, kind, default))
        if arguments.vararg is not None:
            parameters.append(Parameter(arguments.vararg.arg, kinds.VAR_POSITIONAL, ()))
        for argument, default_node in zip(arguments.kwonlyargs, arguments.kw_defaults):
            default = REQUIRED if default_node is None else self._default(default_node, frame)
            parameters.append(Parameter(argument.arg, kinds.KEYWORD_ONLY, default))
        if arguments.kwarg is not None:
            parameters.append(Parameter(arguments.kwarg.arg, kinds.VAR_KEYWORD, {}))
        return Signature(parameters)

    def _default(self, node: ast.expr, frame: Frame) -> Any:
        value = self.evaluate(node, frame)
        if value is ... and isinstance(node, ast.Constant) and frame.unit.checked:  # a method's, in the body of its class
            return self.trace.hole(Place(frame.unit, node))
        return value

    def call_function(self, function: FunctionValue, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run a function of the checked program."""
        try:
            bound = function.signature.bind(args, kwargs)
        except ShapeError as error:
            if function.is_wrapped:
                return self.unknown("a decorator that could not be followed may take other arguments")
            reason = open_reason(args[0]) if args and function.owner is not None else None
            if reason is not None:  # a class that could not be followed may have another method of that name
                if isinstance(args[0], Module) and "_modules" not in vars(args[0]):
                    Module.__init__(args[0])
                return self.unknown(reason)
            return self.fail(error, self.callee_text(), {})
        if function.unit.checked and function.name == "__init__":
            self.trace.constructed[function.node] = dict(bound)
            if args and isinstance(args[0], Module):
                self.trace.built.setdefault(args[0], dict(bound))
        for parameter in function.signature.parameters:
            if parameter.kind is ParameterKind.VAR_POSITIONAL and has_rounds(bound.get(parameter.name, ())):
                bound[parameter.name] = Series(bound[parameter.name], tuple)
            if parameter.name not in bound:
                bound[parameter.name] = {} if parameter.kind is ParameterKind.VAR_KEYWORD else parameter.default
        frame = Frame(function.unit, function.closure.module, function.closure, function, bound)
        frame.is_doubtful = isinstance(kwargs, OpenKeywords)  # its defaults need not be what is given to it
        frame.lacks_argument = any(value is None for value in bound.values())
        if args:
            frame.receiver = args[0]
        frame.seen = self._seen_in(function, frame)
        if function.is_context and function.is_generator:
            return Managed(function, frame)
        if function.results is not None:
            return self._remembered(function, frame, (args, tuple(kwargs.items())))
        return self.run_frame(function, frame)

    def _seen_in(self, function: FunctionValue, frame: Frame) -> dict[ast.AST, Any] | None:
        """Where to note what is seen in the function, beginning with its arguments; a function in a method is part of that."""
        receiver = frame.receiver
        if function.owner is None:
            receiver = function.closure.receiver if function.closure.function is not None else None
        seen = self.trace.seen_in(function.unit, receiver if isinstance(receiver, Module) else None)
        if seen is not None:
            self.trace.see(seen, function.node.args, dict(frame.names))
        return seen

    def _remembered(self, function: FunctionValue, frame: Frame, key: Any) -> Any:
        """The result of an earlier call with these plain arguments, if it depended on nothing that is unknown."""
        if function.results is None or not _is_plain(key):
            return self.run_frame(function, frame)
        if key not in function.results:
            questions = len(self.answers.asked)
            result = self.run_frame(function, frame)
            if len(self.answers.asked) > questions or find_unknown((result,)) is not None:
                return result
            function.results[key] = result
        return function.results[key]

    def run_frame(self, function: FunctionValue, frame: Frame) -> Any:
        """Run a function's body in a frame that holds its arguments."""
        if len(self.stack) > MAX_DEPTH:
            raise BudgetExhausted("recursion depth")
        if self.unknown_loops and function in self.functions_running:
            return self.unknown("a recursion of unknown depth")
        node = function.node
        if function.unit.checked and function.declarations:
            self._hold_arguments(function, frame)
        path, self.callee_path = self.callee_path, []
        activation = self.activation
        if function.unit.checked:
            self.activation = self._activated(function, frame)
        self.functions_running.append(function)
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, frame)
            if function.is_generator and frame.on_yield is None:
                frame.yields = []
                self.execute(node.body, frame)
                if not isinstance(frame.yields, list):
                    return frame.yields
                if has_rounds(frame.yields):
                    return Series(frame.yields, ITERATOR)
                return _endless(frame.yields) if frame.is_endless else iter(frame.yields)
            self.execute(node.body, frame)
            return frame.result
        except RecursionError:
            raise BudgetExhausted("recursion depth") from None
        finally:
            self.functions_running.pop()
            self.activation = activation
            self.callee_path = path

    def _activated(self, function: FunctionValue, frame: Frame) -> Activation:
        """The run of a function that begins: no call of its own led to it where an operator or an attribute did."""
        site = next((s for s in reversed(self.stack) if s.frame.unit.checked), None)
        caller = self.activation
        module = frame.receiver if function.owner is not None and isinstance(frame.receiver, Module) else None
        if site is None or (caller is not None and caller.place is not None and site.node is caller.place.node):
            return Activation(function.node, caller, None, None, module)
        return Activation(function.node, caller, Place(site.frame.unit, site.node), site.frame.statement, module)

    def _hold_arguments(self, function: FunctionValue, frame: Frame) -> None:
        """Compare what a function is given with its annotations."""
        sizes = frame.annotated_sizes = Sizes()
        here = self.here()
        for name, declared in function.declarations.items():
            value = frame.names.get(name)
            what = sizes.mismatch(declared, value) if isinstance(value, Tensor) and name != "return" else None
            if what is not None and here is not None and here.unit.checked:
                self.trace.mismatches.append(Mismatch(f"`{name}` {what}", here, Place(function.unit, declared.node)))
                frame.annotated_sizes = None  # what is wrong already says nothing of the result

    # Operations and modules.


def _endless(first: list[Any]) -> Iterator[Any]:
    yield from first
    raise MoreRounds("a generator goes on without an end")


def _lacks_arguments(function: HostFunction, given: int, kwargs: dict[str, Any]) -> bool:
    """Whether a call leaves out an argument that the function cannot do without."""
    method = getattr(function.function, "__wrapped__", None)  # bound to a value of the host
    code = getattr(method or function.function, "__code__", None)
    if code is None:
        return False
    names = code.co_varnames[int(function.takes_unknown) + (method is not None) : code.co_argcount]
    defaults = getattr(method or function.function, "__defaults__", None) or ()
    return any(name not in kwargs for name in names[given : len(names) - len(defaults)])


@lru_cache(maxsize=1024)
def _asking(name: str) -> Operation:
    """A function of torch that has no rule, as an operation: torch is asked what it gives."""

    def function(*args: object, **kwargs: object) -> Any:
        return torch_runtime.ask(name, args, kwargs)

    return Operation(name, function)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments together; the second ones win, and stay open if they were."""
    if isinstance(second, OpenKeywords):
        together = second.others()
        together.update({**first, **second})
        return together
    return {**first, **second}


def has_star(node: ast.Call) -> bool:
    """Whether the call unpacks positional arguments."""
    return any(isinstance(a, ast.Starred) for a in node.args)


def _is_plain(value: Any) -> bool:
    """Whether it may be a key: a constant, a class or function, or a tuple of such."""
    if isinstance(value, tuple):
        return all(_is_plain(v) for v in value)
    return isinstance(value, (bool, int, float, str, type(None), FunctionValue, ClassValue))
