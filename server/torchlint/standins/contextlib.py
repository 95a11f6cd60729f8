"""`contextlib`: what contexts give, and what they catch."""

from _torchlint import context_manager as contextmanager
from _torchlint import is_unknown


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, type, value, traceback):
        pass


class ContextDecorator:
    def __call__(self, function):
        return function


class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, type, value, traceback):
        pass


class suppress:
    def __init__(self, *exceptions):
        self.exceptions = exceptions

    def __enter__(self):
        pass

    def __exit__(self, type, value, traceback):
        return type is not None and (is_unknown(self.exceptions) or issubclass(type, self.exceptions))


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, type, value, traceback):
        self.thing.close()


class redirect_stdout:
    def __init__(self, new_target):
        self.new_target = new_target

    def __enter__(self):
        return self.new_target

    def __exit__(self, type, value, traceback):
        pass


redirect_stderr = redirect_stdout
