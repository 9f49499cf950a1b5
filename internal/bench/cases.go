package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// measured is a case: a name and the request.
type measured struct {
	name string
	request
}

// known is what the cases name of the world that the default seed makes.
type known struct {
	InboxOps struct {
		Tickets map[string]struct {
			ID string `json:"id"`
		} `json:"tickets"`
		CustomFields []struct {
			Key     string `json:"key"`
			Options []struct {
				ID string `json:"id"`
			} `json:"options"`
		} `json:"custom_fields"`
	} `json:"inboxops"`
}

// askKnown reads the catalog of a fake.
func askKnown(host string) (known, error) {
	var k known
	catalog, err := once(host, request{"GET", "/_mockdesk/catalog", ""})
	if err == nil {
		err = json.Unmarshal(catalog, &k)
	}
	return k, err
}

// cases returns what is measured in a world of the size.
func (k known) cases(tickets int) []measured {
	list := func(name, query string) measured {
		return measured{name, request{"GET", "/api/v1/tickets?" + query, ""}}
	}
	number := strconv.Itoa(1000 + tickets/2)
	field := k.InboxOps.CustomFields[0]
	ticket := k.InboxOps.Tickets[slices.Min(slices.Collect(maps.Keys(k.InboxOps.Tickets)))]
	return []measured{
		list(firstPage, "status=open&sort=created_at&order=desc"),
		list(plainFirst, "sort=created_at&order=desc"),
		list(plainLast, "page="+strconv.Itoa(tickets/25)),
		list(fiveWord, "status=open,closed&priority=normal&created_after=2024-01-01T00:00:00Z&updated_before=2025-05-01T00:00:00Z&assignee_id=__unassigned__&query=login"),
		list(aSearch, "query=login"),
		list("a rare phrase", "query=%22two-factor+codes+are%22"),
		list("by priority", "sort=priority&order=desc&status=open,waiting"),
		list("custom fields", "custom_field_"+field.Key+"="+field.Options[0].ID),
		{aTimeline, request{"GET", "/api/v1/tickets/" + ticket.ID + "/messages", ""}},
		{"timeline by number", request{"GET", "/api/v1/tickets/" + number + "/messages", ""}},
		{aNote, request{"POST", "/api/v1/tickets/1001/messages", `{"type":"internal_note","body_text":"Called back."}`}},
	}
}
