"""`os` and `sys`: what the machine says is not known, but a variable that nobody has set has its default."""

from __future__ import annotations

import os
import sys
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import NamedTuple, NamedTupleType
from torchlint.values.unknown import Likely, Unknown


def _variable(m: Any, name: Any, default: Any = None) -> Any:
    if isinstance(name, Unknown) or isinstance(default, Unknown):
        return m.derived("environment", name, default)
    unknown = Unknown(f"the environment variable `{name}` is not known", m.here(), ("environment", name))
    return Likely(default, unknown)


class Environment:
    """`os.environ`."""

    get = HostFunction("get", _variable, takes_unknown=True)


ENVIRONMENT = Environment()


def is_set(m: Any, name: Any) -> Any:
    """`name in os.environ`: probably not."""
    return Likely(False, Unknown(f"the environment variable `{name}` is not known", m.here(), ("environment set", name)))


OS: dict[str, Any] = {"name": os.name, "environ": ENVIRONMENT, "getenv": Environment.get}
_VERSION = NamedTupleType("version_info", ("major", "minor", "micro", "releaselevel", "serial"), {})
SYS: dict[str, Any] = {
    "version_info": NamedTuple(_VERSION, _VERSION.fields, tuple(sys.version_info)),
    "platform": sys.platform,
    "maxsize": sys.maxsize,
}
