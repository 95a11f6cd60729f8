"""`argparse`: a program that is read, not run, gets the defaults of its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import Namespace
from torchlint.values.unknown import Likely


def _parser(m: Any, *args: Any, **kwargs: Any) -> Any:
    values: dict[str, Any] = {}

    def add_argument(m2: Any, *names: Any, **options: Any) -> Any:
        text = [n for n in names if isinstance(n, str)]
        if not text:
            return None
        long = next((n for n in text if n.startswith("--")), text[0])
        name = options.get("dest") or long.lstrip("-").replace("-", "_")
        action = options.get("action")
        if options.get("default") is not None and not options.get("required"):
            value = options["default"]
        elif action in ("store_true", "store_false"):
            value = action == "store_false"
        elif long.startswith("-") and not options.get("required"):
            value = Likely(None, m2.unknown(f"the argument `{name}` has no default", is_plain=True))
        else:
            value = m2.unknown(f"the argument `{name}` comes from the command line")
        convert = options.get("type")
        if isinstance(value, str) and convert in (int, float):
            value = m2.call_value(convert, (value,), {})
        values[str(name)] = value
        return None

    def set_defaults(m2: Any, **defaults: Any) -> None:
        values.update(defaults)

    def parse_args(m2: Any, *args: Any) -> Any:
        return Namespace("arguments", values)

    def parse_known_args(m2: Any, *args: Any) -> Any:
        return Namespace("arguments", values), []

    def group(m2: Any, *args: Any, **kwargs: Any) -> Any:
        return parser

    functions: dict[str, Callable[..., Any]] = {
        "add_argument": add_argument, "set_defaults": set_defaults, "parse_args": parse_args,
        "parse_known_args": parse_known_args, "add_argument_group": group, "add_mutually_exclusive_group": group,
    }  # fmt: skip
    parser = Namespace("parser", {n: HostFunction(n, f, takes_unknown=True) for n, f in functions.items()})
    return parser


ARGPARSE: dict[str, Any] = {
    "ArgumentParser": HostFunction("ArgumentParser", _parser, takes_unknown=True),
    "Namespace": HostFunction("Namespace", lambda m, **k: Namespace("arguments", dict(k)), takes_unknown=True),
    "ArgumentDefaultsHelpFormatter": None,
}
