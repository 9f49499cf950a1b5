package scenario

import (
	"regexp"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/openapi"
)

// owners names the clause each member of an answer belongs to, by operation.
// A place is written without array positions: data.id is body.data[3].id.
var owners = map[string]map[string]string{
	"inboxops listTickets": {
		"":        "IO-LIST-TICKETS-01",
		"data":    "IO-LIST-TICKETS-02",
		"meta":    "IO-LIST-TICKETS-03",
		"data.id": "IO-TICKET-01", "data.ticket_number": "IO-TICKET-02", "data.subject": "IO-TICKET-03",
		"data.inbox_id": "IO-TICKET-04", "data.status": "IO-TICKET-05", "data.status_id": "IO-TICKET-06",
		"data.status_name": "IO-TICKET-07", "data.status_color": "IO-TICKET-08", "data.priority": "IO-TICKET-09",
		"data.priority_id": "IO-TICKET-10", "data.priority_name": "IO-TICKET-10", "data.priority_color": "IO-TICKET-10",
		"data.assignee_id": "IO-TICKET-11", "data.contact_id": "IO-TICKET-11",
		"data.remind_at": "IO-TICKET-12", "data.remind_transition_status_id": "IO-TICKET-12",
		"data.created_at": "IO-TICKET-13", "data.updated_at": "IO-TICKET-13",
	},
	"inboxops listTicketMessages": {
		"":        "IO-LIST-MSG-01",
		"data.id": "IO-LIST-MSG-20", "data.direction": "IO-LIST-MSG-21", "data.type": "IO-LIST-MSG-17",
		"data.from_address": "IO-LIST-MSG-23", "data.to_addresses": "IO-LIST-MSG-23",
		"data.cc_addresses": "IO-LIST-MSG-23", "data.bcc_addresses": "IO-LIST-MSG-23",
		"data.send_status": "IO-LIST-MSG-25", "data.send_error": "IO-LIST-MSG-26",
		"data.body_text": "IO-LIST-MSG-27", "data.body_html": "IO-LIST-MSG-27",
		"data.created_at": "IO-LIST-MSG-28", "data.sent_at": "IO-LIST-MSG-28",
		"data.attachments": "IO-LIST-MSG-29", "data.attachments.id": "IO-LIST-MSG-30",
		"data.attachments.file_name": "IO-LIST-MSG-30", "data.attachments.content_type": "IO-LIST-MSG-30",
		"data.attachments.size_bytes": "IO-LIST-MSG-30", "data.attachments.disposition": "IO-LIST-MSG-31",
		"data.attachments.content_id": "IO-LIST-MSG-33",
	},
	"inboxops addInternalNote": {"": "IO-POST-MSG-22"},
	"inboxops error": {
		// No clause asks for a member that neither dialect has.
		"body": "IO-ERR-01", "header.Content-Type": "IO-ERR-02", "header.X-Request-Id": "IO-ERR-05", "header.Retry-After": "IO-RATE-05",
		"code": "IO-ERR-03", "type": "IO-ERR-03", "status": "IO-ERR-04", "instance": "IO-ERR-05",
	},
	"inboxops sample error": {
		"": "IO-ERR-06", "details": "IO-ERR-07", "retryAfter": "IO-ERR-08",
		"header.X-Request-Id": "IO-ERR-05", "header.Retry-After": "IO-RATE-05",
	},
	"apphandoff listTicketMessages": {
		"": "AH-LIST-MSG-01", "messages": "AH-LIST-MSG-02",
		"messages.id": "AH-MSG-01", "messages.author_type": "AH-MSG-02", "messages.author_id": "AH-MSG-03",
		"messages.body": "AH-MSG-04", "messages.task_id": "AH-MSG-05", "messages.body_format": "AH-MSG-06",
		"messages.created_at": "AH-MSG-07",
	},
	"apphandoff error": {
		"": "AH-ERR-08", "code": "AH-ERR-09", "fieldErrors": "AH-ERR-10", "issues": "AH-ERR-11",
		"retryAfter": "AH-ERR-12", "reconnect": "AH-ERR-13",
	},
}

// ownersOfHandoff are the clauses on errors the operation does not list, by status.
var ownersOfHandoff = map[int]string{400: "AH-ERR-15", 429: "AH-ERR-14"}

var position = regexp.MustCompile(`\[\d+\]`)

// Owner returns the id of the clause that a violation of the OpenAPI document
// breaks: that of the member, else that of what contains it, else that of the
// operation. It returns "" for a violation that no clause forbids.
func Owner(e *target.Exchange, v openapi.Violation) string {
	if v.Rule == openapi.RuleUndocumentedField || v.Rule == openapi.RuleDuplicateKey || v.Rule == openapi.RuleContract {
		return ""
	}
	operation := string(e.API) + " " + e.OperationID
	if e.Status >= 400 {
		operation = string(e.API) + " error"
	}
	if operation == "inboxops error" && dialectOf(e) == Sample {
		operation = "inboxops sample error"
	}
	known := owners[operation]
	place := Place(v)
	if operation == "inboxops listTickets" && v.Rule == openapi.RuleRequired && strings.HasPrefix(place, "data.") {
		return "IO-TICKET-17"
	}
	if e.API == clause.AppHandoff && place == "error" {
		if id, ok := ownersOfHandoff[e.Status]; ok {
			return id
		}
	}
	if operation == "inboxops listTicketMessages" && place == "data.direction" && (v.Rule == openapi.RuleRequired || v.Rule == openapi.RuleType) {
		return "IO-LIST-MSG-22" // null and absent are wrong only for emails
	}
	for {
		if id, ok := known[place]; ok || place == "" {
			return id
		}
		place = place[:max(strings.LastIndexByte(place, '.'), 0)]
	}
}

// Place is where a violation is, without array positions: data.id.
func Place(v openapi.Violation) string {
	return strings.TrimPrefix(position.ReplaceAllString(v.Where, ""), "body.")
}
