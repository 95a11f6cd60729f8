"""`pytest`: what a test expects to raise, and which tests are not meant to pass."""

from _torchlint import is_unknown, unknown


class _Skipped(SystemExit):
    pass


def skip(reason="", *, allow_module_level=False):
    raise _Skipped(reason)


def exit(reason="", returncode=None):
    raise _Skipped(reason)


def xfail(reason=""):
    raise _Skipped(reason)


class _Expected:
    def __init__(self, expected):
        self.expected = expected

    def __enter__(self):
        return self

    def __exit__(self, type, value, traceback):
        self.type, self.value = type, value
        return type is not None and (is_unknown(self.expected) or issubclass(type, self.expected))

    def __getattr__(self, name):
        return unknown("what a test says of an exception")


def raises(expected_exception=Exception, *args, match=None, check=None, **kwargs):
    context = _Expected(expected_exception)
    if args:
        with context:
            args[0](*args[1:], **kwargs)
    return context


class _Recorded:
    def __enter__(self):
        return self

    def __exit__(self, type, value, traceback):
        pass

    def __getattr__(self, name):
        return unknown("the warnings of a test")


def warns(expected_warning=Warning, *args, match=None, **kwargs):
    return args[0](*args[1:], **kwargs) if args else _Recorded()


def deprecated_call(*args, **kwargs):
    return warns(DeprecationWarning, *args, **kwargs)


def _not_run(*args, **kwargs):
    pass


class _Mark:
    def skip(self, *args, **kwargs):
        return _not_run if args and callable(args[0]) else lambda test: _not_run

    def xfail(self, *args, **kwargs):
        return self.skip(*args)

    def __getattr__(self, name):
        def decorator(*args, **kwargs):
            return args[0] if args and callable(args[0]) else lambda test: test

        return decorator


mark = _Mark()


def fixture(*args, **kwargs):
    return args[0] if args and callable(args[0]) else lambda function: function
