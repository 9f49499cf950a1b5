package scenario

import (
	"fmt"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/model"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// The planned questions about timelines: the messages that a timeline shows
// without filters say what it must show by another id, of some types and to
// another key.

// timelineQuestion asks for a timeline.
type timelineQuestion struct {
	ticket   survey.Row
	mixed    bool // it has emails and notes
	shows    int  // messages under the query
	unsent   bool // some of which were not sent
	numbered bool
	query    string
	who      target.Who
}

// Within ignores which ticket is asked for: what is wrong for one is wrong for
// others, too.
func (q timelineQuestion) Within(other timelineQuestion) bool {
	return (!q.numbered || other.numbered) && (q.query == "" || q.query == other.query) && (q.who == target.ReadWrite || q.who == other.who)
}

// path is where the timeline is.
func (q timelineQuestion) path() string {
	if q.numbered {
		return numberPath(q.ticket)
	}
	return messagesPath(q.ticket)
}

// smaller are the questions that ask for one thing less.
func (q timelineQuestion) smaller() []timelineQuestion {
	var out []timelineQuestion
	add := func(than bool, change func(*timelineQuestion)) {
		if less := q; than {
			change(&less)
			out = append(out, less)
		}
	}
	add(q.who != target.ReadWrite, func(l *timelineQuestion) { l.who = target.ReadWrite })
	add(q.numbered, func(l *timelineQuestion) { l.numbered = false })
	add(q.query != "", func(l *timelineQuestion) { l.query = "" })
	return out
}

// fullOfMessages is the default page size of AppHandoff, and a length to which
// a service without pages may cut its answers.
const fullOfMessages = 50

// traits returns what a plan combines. Each query has to meet, by each id,
// timelines of which it shows many messages, several, one and none.
func (q timelineQuestion) traits() []model.Trait {
	form := "UUID"
	if q.numbered {
		form = "number"
	}
	shows := min(q.shows, 2)
	if q.shows > fullOfMessages {
		shows++
	}
	return []model.Trait{{Name: fmt.Sprint(q.query, form, shows), Worth: 4}, {Name: "ticket " + q.ticket.ID(), Worth: 2}, {Name: fmt.Sprint(q.query, q.mixed), Worth: 6}, {Name: fmt.Sprint(q.query, "unsent", q.unsent), Worth: 4}, {Name: form, Worth: 3}, {Name: string(q.who), Worth: 2}}
}

// unpaged asks for a page, which timelines do not have.
const unpaged = "page=2&per_page=1"

// wanted is what a query of a timeline must show.
func wanted(query string) func(survey.Row) bool {
	return func(r survey.Row) bool {
		kind := r.Text("type")
		return (kind == "email" || kind == "internal_note") && (query != emailsOnly || kind == "email") && (query != notesOnly || kind == "internal_note")
	}
}

// asksTypes reports whether a question has a types filter.
func asksTypes(q timelineQuestion) bool { return strings.HasPrefix(q.query, "types=") }

// asks is the condition that a mixed timeline is asked for with the query.
func asks(query string) func(timelineQuestion) bool {
	return func(q timelineQuestion) bool { return q.query == query && q.mixed }
}

var timelineTopics = []topic[timelineQuestion]{
	{strict("IO-LIST-MSG-02", listMessages, "The same ticket addressed by ticket_number returns the same rows."), "timeline by number", func(q timelineQuestion) bool {
		return q.numbered
	}},
	{strict("IO-LIST-MSG-07", listMessages, "Without types, both email and internal_note rows come back."), "type of a timeline with emails and notes", func(q timelineQuestion) bool {
		return q.mixed && asksTypes(q)
	}},
	{strict("IO-LIST-MSG-08", listMessages, "types=email returns only email rows."), "email of a timeline with notes", asks(emailsOnly)},
	{strict("IO-LIST-MSG-09", listMessages, "types=internal_note returns only internal_note rows."), "note of a timeline with emails", asks(notesOnly)},
	{strict("IO-LIST-MSG-10", listMessages, "types=email,internal_note equals the unfiltered list."), "timeline with emails and notes", asks(bothTypes)},
	{strict("IO-LIST-MSG-11", listMessages, "Order of the two names in types does not matter."), "timeline with emails and notes", asks(bothTurned)},
	{strict("IO-LIST-MSG-15", listMessages, "Oldest first also holds under a types filter and across mixed types."), "type of a timeline with emails and notes", func(q timelineQuestion) bool {
		return q.mixed && asksTypes(q)
	}},
	{lenient("IO-LIST-MSG-34", listMessages, "The response needs no meta, and page and per_page have no effect."), "page of a timeline", func(q timelineQuestion) bool {
		return q.query == unpaged
	}},
	{strict("IO-LIST-MSG-36", listMessages, "What types selects is the same for the ticket_number as for the UUID."), "type of a timeline by number", func(q timelineQuestion) bool {
		return q.numbered && asksTypes(q)
	}},
}

var plannedTimelines = hearing[timelineQuestion]{
	(*Session).timelineInquiry, func(id string) bool { return about(timelineTopics)(id) }, "a workspace with emails and notes on a ticket", false,
}

// blamedTimeline is the clause that a wrong answer to the smallest question breaks.
func (p *timelines) blamed(q timelineQuestion, d *model.Difference) []string {
	types := map[string]string{emailsOnly: "IO-LIST-MSG-08", notesOnly: "IO-LIST-MSG-09", bothTypes: "IO-LIST-MSG-10", bothTurned: "IO-LIST-MSG-11"}[q.query]
	switch {
	case q.query == unpaged:
		return []string{"IO-LIST-MSG-34"}
	case d.Sort == model.Unlisted && p.elsewhere(q.ticket, d.Actual):
		return []string{"IO-LIST-MSG-19"}
	case d.Sort == model.Unlisted && types != "" && !q.numbered:
		return []string{"IO-LIST-MSG-07"}
	case types != "" && q.numbered:
		return []string{"IO-LIST-MSG-36"}
	case types != "" && d.Sort == model.Order:
		return []string{"IO-LIST-MSG-15"}
	case types != "":
		return []string{types}
	case d.Sort == model.Order:
		return []string{"IO-LIST-MSG-14"}
	case q.who != target.ReadWrite:
		return []string{"IO-AUTH-15"}
	default:
		return []string{"IO-LIST-MSG-02"}
	}
}
