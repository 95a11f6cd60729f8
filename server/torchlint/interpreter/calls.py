"""Calls: of functions, classes, modules, operations and host functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from torchlint import torch_runtime
from torchlint.interpreter.annotations import Sizes
from torchlint.interpreter.budget import MAX_DEPTH, BudgetExhausted, check_weight, clock_stopped
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.machine import Machine, Site
from torchlint.interpreter.objects import (
    BoundMethod,
    ClassMethod,
    ClassValue,
    FunctionValue,
    GeneratedInit,
    HostFunction,
    Instance,
    LayerInit,
    NamedTupleType,
    Partial,
    Raised,
    StaticMethod,
    TensorType,
)  # fmt: skip
from torchlint.interpreter.places import Place
from torchlint.interpreter.stdlib.builtin import HOST_TYPES
from torchlint.interpreter.trace import Argument, Gap, Mismatch, ModuleCall, OperationCall, tensors_in
from torchlint.ops.registry import LAYER_OF_CLASS, LayerType, Operation
from torchlint.values.errors import MoreRounds, ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind, Signature
from torchlint.values.tensor import Origin, Tensor
from torchlint.values.unknown import Derived, Free, Likely, OpenArguments, OpenKeywords, Unknown, Unruled

_MAKERS = ("dict", "set", "OrderedDict", "defaultdict")  # of what a program means to fill
_WRITE_CHILDREN = {
    "add_module", "register_module", "register_parameter", "register_buffer", "append", "extend", "insert", "update", "pop",
    "__setitem__", "__delitem__", "__setattr__", "set_submodule",
}  # fmt: skip
_PASS_ON = {"append", "get", "setdefault", "pop", "update", "setattr", "getattr", "partial", "print"}
"""Functions that hand an argument on and read nothing of it."""
_READ_CHILDREN = {"__len__", "__iter__", "__getitem__", "__contains__", "keys", "values", "items"}


_NO_FUNCTIONS = (bool, int, float, str, tuple, list, dict, set, type(None))


class Calls(Machine):
    """What calling a value gives."""

    def eval_call(self, node: ast.Call, frame: Frame) -> Any:
        callee = self.evaluate(node.func, frame)
        args: tuple[Any, ...]
        try:
            args = tuple(self.evaluate_all(node.args, frame))
            kwargs = self._keywords(node, frame) if node.keywords or has_star(node) else {}
        except Undecided as undecided:
            self.site = Site(frame, node)
            return self._call_with_unknown_arguments(callee, str(undecided))
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

    def _keywords(self, node: ast.Call, frame: Frame) -> dict[str, Any]:
        kwargs: dict[str, Any] = self._opened(node, frame)
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                kwargs[keyword.arg] = value
            elif isinstance(value, OpenKeywords):
                opened = OpenKeywords(value.chosen)
                opened.update(kwargs)
                opened.update(value)
                kwargs = opened
            elif isinstance(value, dict):
                kwargs.update({str(k): v for k, v in value.items()})
            elif isinstance(value, Instance) and isinstance(value.payload, dict):
                kwargs.update({str(k): v for k, v in value.payload.items()})
            else:
                raise Undecided(value.reason if isinstance(value, Unknown) else "keyword arguments could not be followed")
        return kwargs

    def _opened(self, node: ast.Call, frame: Frame) -> dict[str, Any]:
        """No keywords yet; open ones if the call passes on positional arguments that a caller may have added to."""
        for argument in node.args:
            if isinstance(argument, ast.Starred) and isinstance(argument.value, ast.Name):
                value = frame.lookup(argument.value.id)
                if isinstance(value, OpenArguments):
                    return OpenKeywords(value.chosen)
        return {}

    def _call_with_unknown_arguments(self, callee: Any, reason: str) -> Any:
        """A call whose argument list is not known: a constructor leaves its module open-ended, and nothing is known of a
        result."""
        receiver = getattr(callee, "receiver", None)
        if isinstance(receiver, Module):
            self._open(receiver, getattr(callee, "function", None), reason)
        return callee if isinstance(callee, Unknown) else self.unknown(reason)

    def _open(self, module: Module, function: Any, reason: str) -> None:
        """Note that a call which could not be followed may have given the module parts that were not seen."""
        name = function.name.rsplit(".", 1)[-1] if isinstance(function, Operation) else ""
        if "_modules" not in vars(module):
            Module.__init__(module)
        elif name not in _WRITE_CHILDREN:
            return
        vars(module)["open_ended"] = reason

    def call(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The door for operations that call back (`Sequential`, `apply`, `checkpoint`)."""
        parent = self.modules_running[-1] if self.modules_running else None
        if parent is None or not isinstance(function, Module):
            return self.call_value(function, args, kwargs)
        self.callee_path.append((parent, function))
        try:
            return self.call_value(function, args, kwargs)
        finally:
            self.callee_path.pop()

    def callee_text(self) -> str:
        """How the source writes what is being called: `self.features[3]` for the fourth child of `self.features`."""
        if self.site is None:
            return ""
        node = self.site.node
        text = self.site.frame.unit.source(node.func if isinstance(node, ast.Call) else node)
        for parent, child in self.callee_path:
            name = next((n for n, module in parent._modules.items() if module is child), "")
            text += f"[{name}]" if name.isdigit() else f".{name}" if name else ""
        return text

    def call_value(self, callee: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        kind = type(callee)
        if kind is FunctionValue:
            return self.call_function(callee, args, kwargs)
        if kind is Operation:
            return self.call_operation(callee, args, kwargs)
        if isinstance(callee, Module):
            return self.call_module(callee, args, kwargs)
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
        if here is not None and callee.place is None:
            return self.unknown(callee.reason, callee.is_plain)
        values = (*args, *kwargs.values())
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
            if len(args) + len(kwargs) < _required(function):
                raise self.raise_host(TypeError(f"{function.name}() is called with too few arguments")) from None
            return self.unknown(f"a call of `{function.name}` could not be followed")
        except Exception as error:  # what the host function raises, the checked program raises
            raise self.raise_host(error) from None

    # Functions of the checked program.

    def make_function(self, node: Any, frame: Frame) -> FunctionValue:
        name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        closure = frame.enclosing if frame.is_class and frame.enclosing is not None else frame
        return FunctionValue(name, node, frame.unit, closure, self._signature(node, frame))

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
            return self.fail(error, self.callee_text(), {})
        if function.unit.checked and function.name == "__init__":
            self.trace.constructed[function] = dict(bound)
            if args and isinstance(args[0], Module):
                self.trace.built.setdefault(args[0], dict(bound))
        for parameter in function.signature.parameters:
            if parameter.name not in bound:
                bound[parameter.name] = {} if parameter.kind is ParameterKind.VAR_KEYWORD else parameter.default
        frame = Frame(function.unit, function.closure.module, function.closure, function, bound)
        if args:
            frame.receiver = args[0]
        if function.results is not None:
            return self._remembered(function, frame, (args, tuple(kwargs.items())))
        return self.run_frame(function, frame)

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
        self.functions_running.append(function)
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, frame)
            if function.is_generator:
                frame.yields = []
                self.execute(node.body, frame)
                return _endless(frame.yields) if frame.is_endless else iter(frame.yields)
            self.execute(node.body, frame)
            return frame.result
        except RecursionError:
            raise BudgetExhausted("recursion depth") from None
        finally:
            self.functions_running.pop()
            self.callee_path = path

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

    def call_operation(self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run an operation of torch: note where its result comes from, and what fails."""
        if TensorType in map(type, args) and operation.name == "torch.Tensor.type":
            args = tuple(a.dtype if isinstance(a, TensorType) else a for a in args)
        try:
            bound = operation.bind(args, kwargs)
        except ShapeError as error:
            return self.fail(error, self.callee_text(), {})
        return self.run_operation(operation, bound, None)

    def run_operation(self, operation: Operation, bound: Mapping[str, Any], module: Module | None) -> Any:
        """Run an operation on bound arguments; `module` is the layer whose forward it is."""
        site = self.site
        receiver = bound.get("self")
        if isinstance(receiver, Module) and receiver.open_ended and operation.name.rsplit(".", 1)[-1] in _READ_CHILDREN:
            return self.unknown(receiver.open_ended)
        self.running_operation, self.running_layer = operation.name, module
        try:
            result = operation.run(bound)
        except ShapeError as error:
            self.site = site
            return self.fail(error, self.callee_text(), self._arguments(operation, bound, module), module)
        except Undecided as undecided:
            if isinstance(receiver, Module):
                self._open(receiver, operation, str(undecided))
            unknown = self._undecided(undecided, bound, operation)
            if site is not None and site.frame.statement is not None and _is_masked(unknown.key):
                self.trace.unjudged.add(site.frame.statement)
            unknown.is_plain = not isinstance(receiver, Module)
            if operation.makes_tensors:
                self.note_gap(unknown.reason, unknown.place or self.here())
            return unknown
        except (Raised, BudgetExhausted):
            raise
        except RecursionError:
            raise BudgetExhausted("recursion depth") from None
        except Exception as error:
            if isinstance(error, AttributeError) and isinstance(receiver, Module) and receiver.open_ended:
                return self.unknown(receiver.open_ended)  # its constructor was not followed to the end
            # A bug of ours: reported as such, and the pass goes on.
            self.trace.internal_errors.append((f"{operation.name}: {type(error).__name__}: {error}", self.here()))
            return self.unknown(f"torchlint failed in `{operation.name}`")
        here = self.here()
        self.trace.progress += 1
        if isinstance(result, Unknown) and not isinstance(receiver, Module):
            result.is_plain = True  # operations make tensors and numbers
        if here is not None:
            if module is None:
                self.trace.operations.append(OperationCall(operation.name, here, dict(bound), result))
            self._set_origin(operation, bound, result, here)
        return result

    def _undecided(self, undecided: Undecided, bound: Mapping[str, Any], operation: Operation) -> Unknown:
        cause = find_unknown(tuple(bound.values()))
        if cause is not None:
            if operation.name.endswith("masked_fill"):
                return Unknown(cause.reason, cause.place or self.here(), ("masked", cause.key))
            return Unknown(cause.reason, cause.place, ("from", cause.key))
        return self.unknown(str(undecided))

    def _set_origin(self, operation: Operation, bound: Mapping[str, Any], result: Any, here: Place) -> None:
        inputs: tuple[Tensor, ...] | None = None
        for tensor in tensors_in(result):
            if tensor.origin is None and not tensor.is_parameter:
                if inputs is None:
                    inputs = tuple(t for value in bound.values() for t in tensors_in(value))
                if tensor not in inputs:
                    tensor.origin = Origin(operation.name, inputs, here)

    def _arguments(self, operation: Operation, bound: Mapping[str, Any], module: Module | None) -> dict[str, Argument]:
        """How each argument is written at the call that is being evaluated."""
        node = self.site.node if self.site is not None else None
        nodes: dict[str, ast.AST] = {}
        positional = [p.name for p in operation.signature.positional]
        if isinstance(node, ast.Call) and not self.callee_path:
            written: list[ast.AST] = list(node.args)
            is_method = operation.name.startswith("torch.Tensor.") or _is_bound(operation, bound, node)
            if module is not None:
                positional = positional[1:]
            elif is_method and isinstance(node.func, ast.Attribute) and positional:
                written.insert(0, node.func.value)
            for name, argument in zip(positional, written):
                if isinstance(argument, ast.Starred):
                    break
                nodes[name] = argument
            nodes.update({k.arg: k.value for k in node.keywords if k.arg is not None})
        elif isinstance(node, ast.BinOp):
            nodes = dict(zip(positional, (node.left, node.right)))
        elif isinstance(node, ast.AugAssign):
            nodes = dict(zip(positional, (node.target, node.value)))
        elif isinstance(node, ast.Compare):
            nodes = dict(zip(positional, (node.left, node.comparators[0])))
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            nodes = {positional[0]: node.value} if positional else {}
        return {name: Argument(nodes.get(name), value) for name, value in bound.items()}

    def call_module(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`module(*args)`: its forward, noted in the trace."""
        forward = self.find_method(module, "forward")
        if forward is None:
            return self._no_forward(module)
        self.budget.step()
        if len(self.modules_running) > MAX_DEPTH:
            raise BudgetExhausted("recursion depth")
        place = self.here()
        trace = self.trace
        index, gaps, noted, before = len(trace.module_calls), len(trace.gaps), len(trace.operations), trace.progress
        inputs = (*args, *kwargs.values())
        trace.module_calls.append(ModuleCall(module, inputs, None, place))
        self.modules_running.append(module)
        output, ended = None, False
        try:
            output = self._run_forward(module, forward, args, kwargs)
            if "hooked" in vars(module):
                output = self.unknown(str(vars(module)["hooked"]))
            ended = True
        except (Raised, BudgetExhausted) as end:
            if len(trace.gaps) == gaps or trace.gaps[-1].reason != end_of(end):
                trace.gaps.append(Gap(module, end_of(end), self.here()))
            raise
        finally:
            self.modules_running.pop()
            trace.module_calls[index] = ModuleCall(
                module,
                inputs,
                output,
                place,
                ended,
                trace.progress - before,
                gaps=slice(gaps, len(trace.gaps)),
                noted=slice(noted, len(trace.operations)),
                inner=slice(index + 1, len(trace.module_calls)),
            )
        return output

    def _run_forward(self, module: Module, forward: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(forward, BoundMethod) and isinstance(forward.function, Operation):
            operation = forward.function
            try:
                bound = operation.bind((module, *args), kwargs)
            except ShapeError as error:
                return self.fail(error, self.callee_text(), {}, module)
            return self.run_operation(operation, bound, module)
        self.forward_depth += 1
        try:
            return self.call_value(forward, args, kwargs)
        finally:
            self.forward_depth -= 1

    def _no_forward(self, module: Module) -> Any:
        layer = LAYER_OF_CLASS.get(type(module))
        if module.open_ended or (layer is None and module.interpreted_class is None):
            return self.unknown("the class of the module could not be followed")
        cls = module.interpreted_class
        if cls is not None and cls.open_ended:
            return self.unknown(cls.open_ended)
        error = ShapeError(
            "bad-call",
            f"{{callee}} is called, but `{module.type_name}` has no `forward`",
            torch=f'Module [{module.type_name}] is missing the required "forward" function',
        )
        return self.fail(error, self.callee_text(), {}, module)


def _is_masked(key: object, depth: int = 16) -> bool:
    """Whether a key is that of what was computed from under a mask, whose shape would be known without it."""
    parts = key.parts if isinstance(key, Derived) else key if isinstance(key, tuple) else ()
    return bool(parts) and (parts[0] == "masked" or (depth > 0 and any(_is_masked(part, depth - 1) for part in parts)))


def _endless(first: list[Any]) -> Iterator[Any]:
    yield from first
    raise MoreRounds("a generator goes on without an end")


def end_of(exception: Raised | BudgetExhausted) -> str:
    """Why what ran did not run to its end."""
    if isinstance(exception, BudgetExhausted):
        return f"the budget of {exception.resource} is used up"
    return f"the code raises {exception.type_name}" + (f": {exception.message}" if exception.message else "")


def _required(function: HostFunction) -> int:
    """How many arguments the function cannot do without."""
    code = getattr(function.function, "__code__", None)
    defaults = getattr(function.function, "__defaults__", None) or ()
    return 0 if code is None else code.co_argcount - len(defaults) - int(function.takes_unknown)


def _is_bound(operation: Operation, bound: Mapping[str, Any], call: ast.Call) -> bool:
    """Whether the operation got one argument more than are written: the object that it is a method of."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return False
    collecting = {p.name for p in (operation.signature.var_positional, operation.signature.var_keyword) if p is not None}
    given = sum(len(value) if name in collecting else 1 for name, value in bound.items())
    return len(call.args) + len(call.keywords) < given


@cache
def _asking(name: str) -> Operation:
    """A function of torch that has no rule, as an operation: torch is asked what it gives."""

    def function(*args: object, **kwargs: object) -> Any:
        return torch_runtime.ask(name, args, kwargs)

    return Operation(name, function)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments together; the second ones win, and stay open if they were."""
    if isinstance(second, OpenKeywords):
        together = OpenKeywords(second.chosen)
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


def find_unknown(values: Any, depth: int = 3) -> Unknown | None:
    """The first Unknown among values, looking into lists, tuples and dicts."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if depth and isinstance(value, (list, tuple, dict)) and len(value) <= 256:
            found = find_unknown(value.values() if isinstance(value, dict) else value, depth - 1)
            if found is not None:
                return found
    return None
