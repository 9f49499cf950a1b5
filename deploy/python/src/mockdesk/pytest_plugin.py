"""The fixture mockdesk: a Desk of each test file, whose breaches fail the test."""

from __future__ import annotations

from typing import Any, Generator, Iterator

import pytest

from . import Desk, start


@pytest.fixture(scope="module")
def mockdesk_options() -> dict[str, Any]:
    """Options of mockdesk.start; override it in a file or in conftest.py."""
    return {}


@pytest.fixture(scope="module")
def mockdesk(mockdesk_options: dict[str, Any]) -> Iterator[Desk]:
    """A workspace of this test file, of a server of its own unless MOCKDESK_URL names one."""
    with start(**mockdesk_options) as desk:
        yield desk
        desk.check()
        desk.check_asked()


@pytest.hookimpl(hookwrapper=True)  # type: ignore[misc]
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, None]:
    """Fail a test that passed although its requests broke the contract."""
    outcome = yield
    desk = getattr(item, "funcargs", {}).get("mockdesk")
    if isinstance(desk, Desk) and outcome.excinfo is None:
        desk.check()
