package judgetest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judgetest"
)

// isList are lists of tickets that are answered 200.
func isList(r *http.Request, w *httptest.ResponseRecorder) bool {
	return r.Method == http.MethodGet && r.URL.Path == list && w.Code == http.StatusOK
}

// eachRow changes each object under name of the answers that meet the condition.
func eachRow(when condition, name string, change func(map[string]any)) wrap {
	return edits(when, func(body map[string]any) {
		rows, _ := body[name].([]any)
		for _, r := range rows {
			if row, ok := r.(map[string]any); ok {
				change(row)
			}
		}
	})
}

// eachList changes the list under name of the answers that meet the condition.
func eachList(when condition, name string, change func(r *http.Request, rows []any) []any) wrap {
	return judgetest.Change(nil, func(r *http.Request, w *httptest.ResponseRecorder) {
		if when(r, w) {
			edit(w, func(body map[string]any) {
				rows, _ := body[name].([]any)
				body[name] = change(r, rows)
			})
		}
	})
}

// where changes the objects whose member has the value.
func where(name string, value any, change func(map[string]any)) func(map[string]any) {
	return func(object map[string]any) {
		if object[name] == value {
			change(object)
		}
	}
}

// tickets changes each ticket of every list.
func tickets(change func(map[string]any)) wrap {
	return eachRow(isList, "data", change)
}

// someTickets changes a few tickets in every list.
func someTickets(change func(map[string]any)) wrap {
	return tickets(func(r map[string]any) {
		if n, _ := r["ticket_number"].(float64); int(n)%20 == 7 {
			change(r)
		}
	})
}

// prefixed gives a few tickets ids that are no UUIDs and understands them.
func prefixed() wrap {
	const mark = "t-"
	answers := someTickets(func(r map[string]any) { r["id"] = mark + r["id"].(string) })
	requests := judgetest.Change(func(r *http.Request) {
		r.URL.Path = strings.Replace(r.URL.Path, "/tickets/"+mark, "/tickets/", 1)
	}, nil)
	return func(fake http.Handler) http.Handler { return answers(requests(fake)) }
}

var ticketMutants = []mutant{
	{"some ticket ids are no UUIDs", "IO-TICKET-01", prefixed()},
	{"ticket numbers are strings", "IO-TICKET-02", tickets(func(r map[string]any) { r["ticket_number"] = "1001" })},
	{"some subjects are numbers", "IO-TICKET-03", someTickets(set("subject", 7))},
	{"some inbox ids are no UUIDs", "IO-TICKET-04", someTickets(set("inbox_id", "support"))},
	{"some tickets have a status of another system", "IO-TICKET-05", someTickets(set("status", "spam"))},
	{"status ids are numbers", "IO-TICKET-06", tickets(set("status_id", 7))},
	{"status names are objects", "IO-TICKET-07", tickets(set("status_name", map[string]string{"en": "Open"}))},
	{"status colours are words", "IO-TICKET-08", tickets(set("status_color", "red"))},
	{"some tickets have a priority of another system", "IO-TICKET-09", someTickets(set("priority", "critical"))},
	{"priority colours are words", "IO-TICKET-10", tickets(set("priority_color", "red"))},
	{"priority ids are numbers", "IO-TICKET-10", tickets(set("priority_id", 3))},
	{"contacts are e-mail addresses", "IO-TICKET-11", tickets(set("contact_id", "ann@example.org"))},
	{"reminders are words", "IO-TICKET-12", someTickets(set("remind_at", "tomorrow"))},
	{"times have no offset", "IO-TICKET-13", tickets(func(r map[string]any) {
		r["updated_at"] = strings.TrimSuffix(r["updated_at"].(string), "Z")
	})},
	{"some tickets were changed before they were made", "IO-TICKET-14", someTickets(set("updated_at", "2001-01-01T00:00:00Z"))},
	{"a list has a row twice", "IO-TICKET-15", edits(isList, func(body map[string]any) {
		if rows, _ := body["data"].([]any); len(rows) > 1 {
			rows[len(rows)-1] = rows[0]
		}
	})},
	{"open tickets have reminders", "IO-TICKET-16", tickets(where("status", "open", set("remind_at", "2030-01-01T00:00:00Z")))},
	{"a member is missing", "IO-TICKET-17", tickets(unset("status_color"))},
}
