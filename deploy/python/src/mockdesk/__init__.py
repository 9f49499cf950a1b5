"""A fake of InboxOps and AppHandoff for tests.

With pytest, the fixture ``mockdesk`` is a Desk for each test file; without,
``with mockdesk.start() as desk``.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from types import TracebackType
from typing import Any, Mapping, Sequence
from urllib.parse import quote, urlencode

from ._server import ContractError, MockdeskError, Server, ask

__all__ = ["ContractError", "Desk", "MockdeskError", "Server", "start"]

JSON = Mapping[str, Any]


class Faults:
    """The fault rules of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add(self, rule: JSON) -> dict[str, Any]:
        """Put a rule in force, such as {"when": {"times": 1}, "then": {"status": {"code": 429}}}."""
        return self._desk.call("POST", "/faults", body=rule)  # type: ignore[no-any-return]

    def preset(self, name: str) -> list[dict[str, Any]]:
        """Put the rules of a preset in force, such as flaky-5xx."""
        return self._desk.call("POST", f"/presets/{quote(name, safe='')}")["faults"]  # type: ignore[no-any-return]

    def list(self) -> list[dict[str, Any]]:
        """Return the rules in force and how often they fired."""
        return self._desk.call("GET", "/faults")["faults"]  # type: ignore[no-any-return]

    def remove(self, rule: str) -> None:
        """Take a rule out of force, by its id."""
        self._desk.call("DELETE", f"/faults/{quote(rule, safe='')}")

    def clear(self) -> None:
        """Take all rules out of force."""
        self._desk.call("DELETE", "/faults")


class Clock:
    """The clock of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> datetime:
        """Return what it shows."""
        return _time(self._desk.call("GET", "/clock"))

    def advance(self, by: str) -> datetime:
        """Move it by a duration such as 30s or 1h30m."""
        return _time(self._desk.call("POST", "/clock/advance", body={"by": by}))

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Freeze it at an instant; without one, where it is."""
        body = {"mode": "frozen"}
        if at is not None:
            body["at"] = at if isinstance(at, str) else at.isoformat()
        return _time(self._desk.call("PUT", "/clock", body=body))

    def run(self) -> datetime:
        """Let it run."""
        return _time(self._desk.call("PUT", "/clock", body={"mode": "real"}))


class Journal:
    """What was asked and answered in a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list(self, **filters: str | int | bool) -> list[dict[str, Any]]:
        """Return the requests that all filters select, such as operation="listTickets", status=429."""
        return self._desk.call("GET", "/requests", filters)["requests"]  # type: ignore[no-any-return]

    def clear(self) -> None:
        """Empty it."""
        self._desk.call("DELETE", "/requests")


class Case:
    """What the world of a workspace holds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def load(self, content: JSON | str) -> dict[str, Any]:
        """Put the workspace into the state that a case says, a mapping or the text of a file."""
        return self._desk.call("PUT", "/case.yaml", body=content)  # type: ignore[no-any-return]

    def save(self) -> str:
        """Return the present state as the text of a case."""
        return self._desk.call("GET", "/case.yaml")  # type: ignore[no-any-return]


class Desk:
    """A workspace of a server: a world of its own, with keys, clock, faults and journal."""

    def __init__(self, url: str, token: str | None = None, server: Server | None = None, **wish: Any) -> None:
        """Make the workspace; wish is what POST /_mockdesk/workspaces takes, such as empty=True."""
        self.url = url.rstrip("/")
        self._token = token
        self._server = server
        self._judged: dict[str, int] = {}  # by workspace, the number of the last request that was judged
        body = {"name": f"file-{secrets.token_hex(6)}", **wish}
        made = ask(f"{self.url}/_mockdesk/workspaces", token, "POST", body)
        self.workspace: str = made["name"]
        self.keys: dict[str, str] = {
            ("apphandoff_" if key["service"] == "apphandoff" else "") + key["kind"].replace("-", ""): key["key"] for key in made["keys"]
        }
        self.faults = Faults(self)
        self.clock = Clock(self)
        self.journal = Journal(self)
        self.case = Case(self)

    def call(self, method: str, path: str, query: Mapping[str, str | int | bool] | None = None, body: JSON | str | None = None) -> Any:
        """Call an operation of the control API in this workspace."""
        texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in (query or {}).items()}
        if not path.startswith("/workspaces"):
            texts.setdefault("workspace", self.workspace)
        end = f"?{urlencode(texts)}" if texts else ""
        return ask(f"{self.url}/_mockdesk{path}{end}", self._token, method, body)

    def catalogue(self) -> dict[str, Any]:
        """Return every id that a test needs."""
        return self.call("GET", "/catalog")  # type: ignore[no-any-return]

    def verify(self, expectation: JSON) -> dict[str, Any]:
        """Say whether the expected number of requests came."""
        return self.call("POST", "/verify", body=expectation)  # type: ignore[no-any-return]

    def breaches(self) -> list[dict[str, Any]]:
        """Return the requests that broke the contract since this was asked last."""
        found: list[dict[str, Any]] = []
        for workspace in self._watched():
            requests = self.journal.list(workspace=workspace, violations=True, after=self._judged.get(workspace, 0))
            for request in requests:
                self._judged[workspace] = request["seq"]
            found += requests
        return found

    def check(self) -> None:
        """Raise ContractError if a request broke the contract since this was asked last."""
        wrong = self.breaches()
        if not wrong:
            return
        lines = ["the client broke the contract:"]
        for request in wrong:
            lines.append(f"  {request['method']} {request['url']}")
            for violation in request["violations"]:
                hint = f"; hint: {violation['hint']}" if "hint" in violation else ""
                lines.append(f"    {violation['reason']}{hint}")
        first = wrong[0]["violations"][0]
        lines.append(f"hint: a request that is wrong on purpose says so with the header Mockdesk-Allow: {first['rule']} {first['where']}")
        raise ContractError("\n".join(lines))

    def check_asked(self) -> None:
        """Raise MockdeskError if no request came at all."""
        if not any(self.journal.list(workspace=workspace, limit=1) for workspace in self._watched()):
            raise MockdeskError(f"no request came to {self.url}; hint: give the client mockdesk.url")

    def _watched(self) -> list[str]:
        # Requests with unknown keys go to the default workspace, which nobody
        # else uses in a server of its own.
        return [self.workspace, "test"] if self._server else [self.workspace]

    def stop(self) -> None:
        """End the server that start has started, or delete the workspace of another one."""
        if self._server:
            self._server.stop()
        else:
            self.call("DELETE", f"/workspaces/{self.workspace}")

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def start(url: str | None = None, token: str | None = None, flags: Sequence[str] = (), **wish: Any) -> Desk:
    """Start a fake, or take the one at url or MOCKDESK_URL, and make a workspace of its own in it."""
    url = url or os.environ.get("MOCKDESK_URL")
    token = token or os.environ.get("MOCKDESK_ADMIN_TOKEN")
    if url:
        return Desk(url, token, **wish)
    server = Server(flags)
    try:
        return Desk(server.url, token, server, **wish)
    except BaseException:
        server.stop()
        raise


def _time(clock: JSON) -> datetime:
    text: str = clock["now"]
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
