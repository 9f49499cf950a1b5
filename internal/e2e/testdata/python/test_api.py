"""Uses all that the package has, with and without pytest."""

import json
import urllib.error
import urllib.request
from datetime import datetime, timezone
from typing import Any, Optional

import pytest

from mockdesk import ContractError, Desk, MockdeskError, start


@pytest.fixture(scope="module")
def mockdesk_options() -> "dict[str, Any]":
    return {"empty": True, "case": {"inboxops": {"tickets": [{"name": "stuck", "status": "waiting"}]}}}


def ask(desk: Desk, key: Optional[str] = None, query: str = "") -> "tuple[int, Any]":
    headers = {"Authorization": f"Bearer {key or desk.keys['readwrite']}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(desk.url + "/api/v1/tickets" + query, headers=headers)) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_world_of_its_own(mockdesk: Desk) -> None:
    assert ask(mockdesk)[1]["meta"]["total"] == 1
    assert mockdesk.catalogue()["inboxops"]["tickets"]["stuck"]["ticket_number"] > 0
    assert mockdesk.keys["apphandoff_member"].startswith("ah_k_")


def test_faults_and_clock(mockdesk: Desk) -> None:
    mockdesk.clock.freeze("2025-06-02T09:00:00Z")
    rule = mockdesk.faults.add({"match": {"operation": "listTickets"}, "when": {"for": "30s"}, "then": {"status": {"code": 429, "retry_after": 30}}})
    assert ask(mockdesk)[0] == 429
    noon = datetime(2025, 6, 2, 9, 0, 30, tzinfo=timezone.utc)
    assert mockdesk.clock.advance("30s") == noon == mockdesk.clock.now()
    assert ask(mockdesk)[0] == 200
    assert [each["fired"] for each in mockdesk.faults.list()] == [1]
    mockdesk.faults.remove(rule["id"])
    mockdesk.faults.preset("no-entitlement")
    assert ask(mockdesk)[0] == 403
    mockdesk.faults.clear()
    assert mockdesk.clock.freeze(noon) == noon
    mockdesk.clock.run()


def test_journal_verify_and_breaches(mockdesk: Desk) -> None:
    mockdesk.journal.clear()
    assert ask(mockdesk, mockdesk.keys["revoked"])[0] == 401
    assert mockdesk.verify({"filter": {"status": 401, "key_kind": "revoked"}, "exactly": 1})["ok"]
    assert [each["url"] for each in mockdesk.journal.list(status=401)] == ["/api/v1/tickets"]
    assert mockdesk.breaches() == []
    ask(mockdesk, query="?page=zero")
    assert mockdesk.breaches()[0]["violations"][0]["where"] == "query.page"
    ask(mockdesk, "nobody", "?page=zero")
    with pytest.raises(ContractError, match=r"Mockdesk-Allow: \S+ query.page"):
        mockdesk.check()


def test_case_and_any_other_operation(mockdesk: Desk) -> None:
    mockdesk.case.load("world: empty\ninboxops: {tickets: [{name: refund}]}\n")
    mockdesk.call("POST", "/desk/tickets/refund/messages", body={"from": "customer", "text": "Paid twice."})
    assert mockdesk.call("GET", "/desk/tickets/refund")["messages"][-1]["body_text"] == "Paid twice."
    assert "name: refund" in mockdesk.case.save()
    with pytest.raises(MockdeskError, match="flaky-5xx"):
        mockdesk.faults.preset("flakey")


def test_without_pytest_and_in_a_server_that_is_there() -> None:
    with start(flags=["--tickets", "30"]) as alone:
        with start(url=alone.url, name="guest") as guest:
            assert guest.workspace == "guest"
            assert guest.keys["readwrite"] != alone.keys["readwrite"]
            with pytest.raises(MockdeskError, match="no request came"):
                guest.check_asked()
        assert "guest" not in [each["name"] for each in alone.call("GET", "/workspaces")["workspaces"]]
        url = alone.url
    with pytest.raises(OSError):
        urllib.request.urlopen(url)
