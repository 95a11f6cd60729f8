"""Imports: modules are read when something of them is used, and only the definitions that are asked for."""

from __future__ import annotations

import ast
import sys
from typing import Any, NamedTuple

from torchlint.interpreter.bindings import changed_containers
from torchlint.interpreter.budget import Allowance, BudgetExhausted
from torchlint.interpreter.escaping import CONTAINERS, Escaped
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.imports import Imports
from torchlint.interpreter.lazy_modules import LazyModule, StarImport
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import ClassValue, Lazy, Namespace, Raised
from torchlint.interpreter.places import Place, Unit
from torchlint.interpreter.registries import Registries
from torchlint.interpreter.standins import PARENTS, STANDINS, path_of
from torchlint.interpreter.stdlib.library import LIBRARY, TYPE
from torchlint.interpreter.torch_world import torch_namespace, torch_value
from torchlint.interpreter.uncaught import note_uncaught
from torchlint.source.document import DecodeError, Document
from torchlint.source.finder import Finder, absolute_name, module_name
from torchlint.source.outline import Definition, SyntaxProblem, outline, parse
from torchlint.source.texts import Texts
from torchlint.values.errors import without_frames
from torchlint.values.module import Module
from torchlint.values.unknown import Unknown

_READING_SECONDS = 5.0
"""What reading other modules may take in all, before it is charged to the pass that asks for them."""

NATIVE = ("torch", "einops")
"""Packages whose operations are known by name, and that are not read."""
READ = ("torch.distributions",)
"""Their parts that are read after all, where they are installed: Python in terms of what is known by name."""
OPAQUE = {"numpy", "scipy", "pandas", "matplotlib", "PIL", "cv2", "sklearn", "tensorboard", "wandb", "torchaudio", "pytest"}
"""Packages that say nothing about shapes, or that are no Python to read."""
OPAQUE_MODULES = {"torchvision.io"}
"""Modules of packages that are read which read files and download."""


class Piece(NamedTuple):
    """A top-level definition of a file, or a run of loose statements, as a unit of its own."""

    unit: Unit
    definition: Definition


def read_pieces(document: Document, checked: bool) -> list[Piece]:
    """The pieces of a file, in order; nothing is parsed yet."""
    return [Piece(Unit(document.path, d.text, d.row, checked), d) for d in outline(document.text)]


class World:
    """Modules that have been read, shared by the passes of one analysis (and by analyses, for installed ones).

    `main` is the checked file, whose name is `__main__`. `asks_torch` says whether torch may be loaded and asked about
    functions that have no rule.
    """

    def __init__(self, finder: Finder, asks_torch: bool = True, texts: Texts | None = None) -> None:
        self.finder = finder
        self.asks_torch = asks_torch
        self.texts = Texts() if texts is None else texts
        self.imports = Imports(self.texts)
        self.namespaces: dict[str, Namespace] = {}
        self.machine: Machine | None = None
        self.patched: dict[tuple[type, str], Any] = {}
        self.main: Namespace | None = None
        self.allowance = Allowance(_READING_SECONDS)
        self.escaped = Escaped()
        self.unread = frozenset((*NATIVE, *OPAQUE))
        self.registries = Registries(finder, self.texts, self._fill, self.unread)

    @property
    def current(self) -> Machine:
        """The pass that runs, or the last one: it loads what nobody has asked for before."""
        assert self.machine is not None
        return self.machine

    def library(self, name: str) -> Namespace:
        """A module of the standard library, as far as it is modelled."""
        namespace = self.namespaces.get(name)
        if namespace is None:
            members = dict(LIBRARY.get(name, {}))
            if name == "sys":
                members["modules"] = LoadedModules(self)
            namespace = self.namespaces[name] = Namespace(name, members, lambda attribute: self._library_part(name, attribute))
        return namespace

    def _library_part(self, name: str, attribute: str) -> Any:
        full = f"{name}.{attribute}"
        if full in LIBRARY:
            return self.library(full)
        return TYPE if name in ("typing", "typing_extensions") else None

    def named(self, name: str) -> Namespace | None:
        """The module of that dotted name, if it has been read."""
        if name == "__main__":
            return self.main
        if name.split(".")[0] in NATIVE and not name.startswith(READ):
            return torch_namespace(name)
        return next((n for n in self.namespaces.values() if n.name == name), None)

    def note_import(self, path: str, name: str, importer: str) -> None:
        """An import statement of a file names a module; Python runs the packages around it too."""
        self.registries.note_import(path, name)
        self.imports.note(importer, path)
        while "." in name:
            name = name.rpartition(".")[0]
            around = self.finder.find(name, path)
            if around is not None:
                self.registries.note_import(around, name)
                self.imports.note(importer, around)

    def _fill(self, path: str, name: str, holder: str) -> Namespace:
        self.imports.note(holder, path)
        return self.load(path, name)

    def load(self, path: str, name: str) -> Namespace:
        """The module in that file; its loose statements have run, its classes and functions wait until they are used."""
        namespace = self.namespaces.get(path)
        if namespace is None:
            namespace = Namespace(name, {"__name__": name, "__file__": path, "__spec__": None}, None, path)
            self.namespaces[path] = namespace
            namespace.resolve = lambda attribute: self._submodule(path, name, attribute)
            try:
                document = self.imports.read(path)
            except (OSError, DecodeError):
                namespace.is_partial = True
                return namespace
            with self.registries.reading(path):
                self.run(read_pieces(document, checked=False), namespace)
        self.read_on(namespace)
        return namespace

    def standin(self, name: str) -> Namespace:
        """What stands for a module that is not read: see `standins`."""
        path = path_of(name)
        namespace = self.load(path, name)
        if not namespace.is_partial:
            namespace.is_partial = True  # the library has other names as well
            namespace.resolve = lambda attribute: self._beside(name, attribute)
        return namespace

    def _beside(self, name: str, attribute: str) -> Any:
        """A name of a library that its stand-in does not tell of."""
        if name.split(".")[0] in NATIVE:
            return torch_value(f"{name}.{attribute}")
        if name.split(".")[0] in OPAQUE:
            return Unknown(f"`{name}.{attribute}` is not followed", None, (name, attribute), is_plain=True)
        path = self.finder.find(f"{name}.{attribute}")
        return None if path is None else self.load(path, f"{name}.{attribute}")

    def _submodule(self, path: str, name: str, attribute: str) -> Any:
        if self.read_on(self.namespaces[path]) and attribute in self.namespaces[path].members:
            return self.current.get_attribute(self.namespaces[path], attribute)
        found = self.resolve_star(self.namespaces[path], attribute)
        if found is not None:
            return found
        if path.endswith("__init__.py"):
            if f"{name}.{attribute}" in OPAQUE_MODULES:
                return opaque_module(f"{name}.{attribute}")
            found_path = self.finder.find(f"{name}.{attribute}", path)
            if found_path is not None:
                self.imports.note(path, found_path)
                return self.load(found_path, f"{name}.{attribute}")
        return self._typed(self.namespaces[path], attribute)

    def _typed(self, namespace: Namespace, attribute: str) -> Any:
        """A name that only a type checker is told of, or None: modules that make their names when they are asked for tell what
        these will be under `if TYPE_CHECKING`."""
        if namespace.typed is None:
            if not namespace.typing_only:
                return None
            typed = namespace.typed = Namespace(namespace.name, {}, None, namespace.path)
            typed.resolve = lambda name: self.resolve_star(typed, name)
            told, self.registries.is_told = self.registries.is_told, False
            try:
                for unit, body in namespace.typing_only:
                    run_module(self.current, ast.Module(body, []), unit, typed)
            finally:
                self.registries.is_told = told
        if attribute not in namespace.typed.members:
            return self.resolve_star(namespace.typed, attribute)
        value = self.current.get_attribute(namespace.typed, attribute)
        return None if isinstance(value, Unknown) else value

    def resolve_star(self, namespace: Namespace, attribute: str) -> Any:
        """A name that some `from module import *` of the namespace provides, or None."""
        for source in namespace.members.get("__star__", ()):
            found = source(attribute)
            if found is not None:
                return found
        return None

    def run(self, pieces: list[Piece], namespace: Namespace) -> None:
        """Execute a file's loose statements in its namespace, and leave its definitions to be loaded."""
        namespace.pieces = namespace.waiting = pieces
        self.read_on(namespace)

    def read_on(self, namespace: Namespace) -> bool:
        """Run what of a file has not run, and say if that was anything: the budget of the pass that began it may have ended
        before the file did. A piece that takes a budget for itself is left out."""
        pieces, namespace.waiting = namespace.waiting, ()
        done = 0
        try:
            for unit, definition in pieces:
                if definition.kind != "statements" and not definition.decorated:
                    namespace.members[definition.name] = self._lazy(definition, unit, namespace)
                else:
                    self._execute(definition, unit, namespace)
                done += 1
        finally:
            if done < len(pieces):
                namespace.waiting = pieces[max(done, 1) :]
        return bool(pieces)

    def renew(self, pieces: list[Piece], namespace: Namespace) -> bool:
        """Leave the definitions of a file that has run to be loaded once more, in their new texts; whether that could be done:
        statements may have put something else in their place."""
        before = {definition.name: unit for unit, definition in namespace.pieces}
        waiting = [(unit, d) for unit, d in pieces if d.kind != "statements" and not d.decorated]
        for _, definition in waiting:
            member = namespace.members.get(definition.name)
            is_own = isinstance(member, (ClassValue, FunctionValue)) and member.unit is before.get(definition.name)
            if not is_own and not isinstance(member, Lazy):
                return False
        namespace.members.update({d.name: self._lazy(d, unit, namespace) for unit, d in waiting})
        namespace.pieces = pieces
        units = {unit for unit, _ in pieces}
        namespace.read = {unit: seen for unit, seen in namespace.read.items() if unit in units}
        return True

    def _lazy(self, definition: Definition, unit: Unit, namespace: Namespace) -> Lazy:
        return Lazy(lambda: self._load(definition, unit, namespace))

    def _load(self, definition: Definition, unit: Unit, namespace: Namespace) -> Any:
        self._execute(definition, unit, namespace)
        value = namespace.members.get(definition.name)
        return Unknown(f"`{definition.name}` could not be read") if isinstance(value, Lazy) else value

    def _execute(self, definition: Definition, unit: Unit, namespace: Namespace) -> None:
        tree = parse(definition)
        if isinstance(tree, SyntaxProblem):
            namespace.is_partial = True
            if definition.name:
                namespace.members[definition.name] = Unknown(f"`{definition.name}` does not parse")
            return
        if unit.checked:
            run_module(self.current, tree, unit, namespace)
        else:
            with self.current.budget.lent(self.allowance):
                run_module(self.current, tree, unit, namespace)


class LoadedModules(dict[str, Any]):
    """`sys.modules`: the modules of the program by their dotted names."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def __missing__(self, name: str) -> Namespace:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def _find(self, name: str) -> Namespace | None:
        """The module, which may have been imported and not been read yet."""
        found = self._world.named(name)
        path = self._world.finder.find(name) if found is None and isinstance(name, str) else None
        return self._world.load(path, name) if path is not None and self._world.registries.has_imported(path) else found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """The module, or the default."""
        found = self._find(name)
        return default if found is None else found


def opaque_module(name: str) -> Namespace:
    """A module of which nothing is known but that it is one."""
    return Namespace(name, {}, lambda attribute: Unknown(f"`{name}` is not followed", None, (name, attribute), is_plain=True))


def run_module(machine: Machine, tree: ast.Module, unit: Unit, namespace: Namespace) -> None:
    """Run module-level statements; one that raises does not keep the next from running."""
    frame = Frame(unit, namespace, None, None, namespace.members)
    frame.seen = machine.trace.seen_in(unit, None)
    doubts = machine.doubts
    site, path, modules, depth = machine.site, machine.callee_path, machine.modules_running, machine.forward_depth
    handlers, machine.handlers = machine.handlers, []
    machine.callee_path, machine.modules_running, machine.forward_depth = [], [], 0
    loading, machine.loading = machine.loading, namespace
    constructing, machine.constructing = machine.constructing, 0
    try:
        for statement in tree.body:
            try:
                with machine.budget.apart():
                    machine.execute([statement], frame)
            except Raised as raised:
                namespace.is_partial = True
                machine.trace.raised.append(without_frames(raised))
                if unit.checked:
                    note_uncaught(machine, raised, is_script=True)
                machine.bind_unknown(statement, machine.unknown("a statement that raises"), frame)
                for container in changed_containers(statement):
                    machine.forget_container(container, frame)
            except BudgetExhausted as exhausted:
                namespace.is_partial = True
                if not unit.checked or exhausted.resource in ("steps", "time"):
                    raise
                machine.trace.exhausted = exhausted.resource
                machine.trace.exhausted_at = Place(unit, statement)
    finally:
        if frame.seen is not None:
            namespace.read[unit] = dict(frame.seen)
        namespace.is_doubtful = namespace.is_doubtful or machine.doubts > doubts
        machine.site, machine.callee_path, machine.modules_running = site, path, modules
        machine.forward_depth, machine.handlers, machine.loading = depth, handlers, loading
        machine.constructing = constructing


class Modules(Machine):
    """What `import` statements bind."""

    world: World

    def import_module(self, name: str, frame: Frame) -> Any:
        importer = frame.module.path or frame.unit.path
        absolute = absolute_name(name, importer)
        if absolute is None:
            return self.unknown("a relative import outside a package")
        root = absolute.split(".")[0]
        is_own = module_name(importer).split(".")[0] == root  # the package itself sees what is really there
        if absolute in STANDINS and not is_own:
            return Lazy(lambda: self.world.standin(absolute))
        if root in NATIVE:
            return self.read_part(absolute) or torch_namespace(absolute)
        if absolute in LIBRARY or root in LIBRARY:
            return self.world.library(absolute if absolute in LIBRARY else root)
        path = self.world.finder.find(absolute, importer) if is_own else None
        if path is None and (root in OPAQUE or absolute in OPAQUE_MODULES or root in sys.stdlib_module_names):
            return opaque_module(absolute)
        path = path or self.world.finder.find(absolute, importer)
        if path is None and absolute in PARENTS:
            return opaque_module(absolute)
        if path is None:
            if any(issubclass(ImportError, t) for types in self.handlers for t in types):
                raise self.raise_host(ModuleNotFoundError(f"No module named '{absolute}'"))
            return self.unknown(f"`{absolute}` was not found")
        self.world.note_import(path, absolute, importer)
        return LazyModule(self.world, path, absolute)

    def read_part(self, name: str) -> Lazy | None:
        """A part of a package known by name that is read all the same, if it is installed."""
        path = self.world.finder.find(name) if name.startswith(READ) else None
        return LazyModule(self.world, path, name) if path is not None else None

    def escape(self, *values: Any) -> None:
        kinds = CONTAINERS if not self.constructing else (*CONTAINERS, Module)  # what is made may be given attributes
        self.world.escaped.add(values, kinds)

    def may_hold_more(self, container: Any) -> bool:
        return container in self.world.escaped

    def filled(self, container: Any, key: object) -> bool:
        """Whether a module was read that may have put the key into the container: see `registries`."""
        if self.loading is not None and self.loading is not self.world.main:
            return False  # Python has not run what comes after this import either
        return self.world.registries.fill(container, key)

    def note_entry(self, container: Any, key: object) -> None:
        if self.loading is not None:
            self.world.registries.note_entry(container, key, self.loading)

    def note_container(self, made: Any, frame: Frame) -> None:
        """Note an empty dictionary or set that module-level code makes, for a name of its own or for an object.

        What a class body makes empty is a default more often than a registry, and what a function makes is its own.
        """
        if self.loading is not None and (frame.names is frame.module.members or self.constructing):
            self.world.registries.note_container(made, self.loading)

    def is_whole(self, module: Namespace) -> bool:
        """Whether a module has no other names than those that are found in it."""
        if module.path is None or module.is_partial or "__getattr__" in module.members:
            return False
        if module.typing_only and module.path.endswith("__init__.py"):
            return False  # it may make names when they are asked for
        sources = [source.module() for source in module.members.get("__star__", ())]
        return all(isinstance(source, Namespace) and self.is_whole(source) for source in sources)

    def import_from(self, module: Any, module_name: str, name: str, frame: Frame) -> Any:
        if any(issubclass(ImportError, t) for types in self.handlers for t in types):
            source = module.load() if isinstance(module, Lazy) else module
            if isinstance(source, Namespace) and self.has_attribute(source, name) is False:
                raise self.raise_host(ImportError(f"cannot import name '{name}' from '{source.name}'"))
        if isinstance(module, Lazy):
            world = self.world
            return Lazy(lambda: world.current.member_of(module.load(), name))
        return self.get_attribute(module, name)

    def import_star(self, module: Any, frame: Frame) -> None:
        """`from module import *`: the names are looked up in it when they are used."""
        if frame.names is not frame.module.members:
            return
        frame.module.members.setdefault("__star__", []).insert(0, StarImport(module, self.world))
