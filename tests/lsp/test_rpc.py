"""Messages, right and wrong, on the streams of a server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_SERVER = Path(__file__).resolve().parents[2] / "server"
_COMMAND = [sys.executable, "-m", "torchlint", "server"]
_ENVIRONMENT = os.environ | {"PYTHONPATH": str(_SERVER)}
INITIALIZE = {"id": 0, "method": "initialize", "params": {"capabilities": {"textDocument": {"diagnostic": {}}}}}
INITIALIZED = {"method": "initialized", "params": {}}
SHUTDOWN, EXIT = {"id": 99, "method": "shutdown"}, {"method": "exit"}


def packed(*messages: Any) -> bytes:
    """Messages as they are sent; bytes are sent as they are."""
    bodies = [m if isinstance(m, bytes) else json.dumps({"jsonrpc": "2.0", **m}).encode() for m in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in bodies)


def unpacked(data: bytes) -> dict[Any, Any]:
    """Answers by the number of the request: the result, or the code of the error."""
    found: dict[Any, Any] = {}
    while data:
        head, _, rest = data.partition(b"\r\n\r\n")
        length = int(head.split(b":")[1])
        message, data = json.loads(rest[:length]), rest[length:]
        if "method" not in message:
            found[message["id"]] = message["error"]["code"] if "error" in message else message["result"]
    return found


def talk(*messages: Any) -> tuple[int, dict[Any, Any]]:
    """The exit status and the answers of a server that is sent these."""
    done = subprocess.run(_COMMAND, input=packed(*messages), capture_output=True, env=_ENVIRONMENT, timeout=30)
    return done.returncode, unpacked(done.stdout)


def asked(number: int, method: str, **params: Any) -> dict[str, Any]:
    """A request."""
    return {"id": number, "method": method, "params": params}


def test_a_session_has_a_beginning_and_an_end() -> None:
    """Nothing is answered before `initialize` and after `shutdown`; then the server ends well."""
    hover = asked(1, "textDocument/hover", textDocument={"uri": "file:///a.py"}, position={"line": 0, "character": 0})
    status, answers = talk(hover, INITIALIZE, INITIALIZED, {**hover, "id": 2}, SHUTDOWN, {**hover, "id": 3}, EXIT)
    assert status == 0
    assert answers.pop(0)["serverInfo"]["name"] == "torchlint"
    assert answers == {1: -32002, 2: None, 99: None, 3: -32600}


def test_a_client_that_is_gone_ends_the_server() -> None:
    """The end of the stream, in a message or between two, is the end of the server, which says that it came too early."""
    assert talk(INITIALIZE)[0] == 1
    assert talk(INITIALIZE, INITIALIZED, EXIT)[0] == 1
    done = subprocess.run(_COMMAND, input=packed(INITIALIZE)[:-5], capture_output=True, env=_ENVIRONMENT, timeout=30)
    assert done.returncode == 1


def test_what_is_wrong_is_answered_and_the_session_goes_on() -> None:
    """Broken JSON, unknown methods and parameters of another kind each have their error."""
    _, answers = talk(
        INITIALIZE,
        INITIALIZED,
        b"{",
        asked(1, "textDocument/unknown"),
        asked(2, "textDocument/hover", textDocument="a.py"),
        {"method": "textDocument/didOpen", "params": {}},
        {"method": "$/setTrace", "params": {"value": "off"}},
        asked(3, "textDocument/codeLens", textDocument={"uri": "file:///a.py"}),
        SHUTDOWN,
        EXIT,
    )
    del answers[0], answers[99]
    assert answers == {None: -32700, 1: -32601, 2: -32602, 3: []}


def test_a_request_is_cancelled() -> None:
    """Who waits for diagnostics need not wait for the end."""
    document = {"uri": "file:///a.py", "languageId": "python", "version": 0, "text": "import torch\n"}
    _, answers = talk(
        INITIALIZE,
        INITIALIZED,
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        asked(1, "textDocument/diagnostic", textDocument={"uri": "file:///a.py"}),
        {"method": "$/cancelRequest", "params": {"id": 1}},
        asked(2, "textDocument/diagnostic", textDocument={"uri": "file:///a.py"}),
        {"method": "$/cancelRequest", "params": {"id": 77}},
        {"method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///a.py"}}},
        SHUTDOWN,
        EXIT,
    )
    assert answers[1] == -32800
    assert 2 not in answers or answers[2]["kind"] == "full"


def test_one_client_is_served_over_a_socket() -> None:
    """`--tcp` waits for one client and ends with it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([*_COMMAND, "--tcp", f"127.0.0.1:{port}"], env=_ENVIRONMENT) as server:
        client = None
        for _ in range(1000):
            try:
                client = socket.create_connection(("127.0.0.1", port), timeout=10)
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        assert client is not None
        with client, client.makefile("rb") as stream:
            client.sendall(packed(INITIALIZE, INITIALIZED, SHUTDOWN, EXIT))
            assert set(unpacked(stream.read())) == {0, 99}
        assert server.wait(timeout=10) == 0
