"""A mockdesk serve, and calls of its control API."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from typing import Any, Mapping, Sequence

from ._binary import binary


class MockdeskError(Exception):
    """What mockdesk refused, with a hint where there is one."""


class ContractError(AssertionError):
    """Requests that broke the contract."""


class Server:
    """A process of mockdesk serve on a free port. It ends with this process, however that ends."""

    def __init__(self, flags: Sequence[str] = ()) -> None:
        command = [binary(), "serve", "--addr", "127.0.0.1:0", "--quiet", "--until-eof", *flags]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin and self._process.stdout
        line = self._process.stdout.readline()
        if not line.startswith("mockdesk answers on "):
            raise MockdeskError(f"mockdesk serve ended with {self._process.wait()}; what it said is on standard error")
        self.url = line.split()[-1]

    def stop(self) -> None:
        """End the process."""
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.stdout.close()
        self._process.wait()


# A proxy for the outside must not be asked for the fake.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, token: str | None, method: str, body: Mapping[str, Any] | str | None = None) -> Any:
    """Call the control API."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = None
    if isinstance(body, str):
        headers["Content-Type"], data = "application/yaml", body.encode()
    elif body is not None:
        headers["Content-Type"], data = "application/json", json.dumps(body).encode()
    try:
        with _opener.open(urllib.request.Request(url, data, headers, method=method)) as answer:
            return _content(answer.headers.get_content_type(), answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            wrong = _content(refused.headers.get_content_type(), refused.read())
        if not isinstance(wrong, dict):
            wrong = {"error": wrong}
        hint = f"; hint: {wrong['hint']}" if "hint" in wrong else ""
        raise MockdeskError(f"mockdesk: {method} {url} is {refused.code}: {wrong.get('error')}{hint}") from None


def _content(kind: str, text: bytes) -> Any:
    if not text:
        return None
    return json.loads(text) if kind == "application/json" else text.decode()
