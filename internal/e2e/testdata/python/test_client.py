import os
import urllib.request


def test_open_tickets_are_listed(mockdesk):
    url = f"{mockdesk.url}/api/v1/tickets?{os.environ['CLIENT_PARAMETER']}=open"
    request = urllib.request.Request(url, headers={"Authorization": "Bearer " + mockdesk.keys["readwrite"]})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
