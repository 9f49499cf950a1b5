package mockserver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

// threadPath is where the messages of a ticket are, by ids or anything else.
func threadPath(project, ticket any) string {
	return fmt.Sprintf("/api/projects/%v/tickets/%v/messages", project, ticket)
}

// projects are the seeded projects; the first two can be read.
func (f *fake) projects() []fixtures.Project {
	return f.Workspace("").Store.World().Data.AppHandoff.Projects
}

// thread returns a ticket known by name, and where its messages are.
func (f *fake) thread(name string) (ticket fixtures.HandoffTicket, path string) {
	f.t.Helper()
	ref, ok := f.Workspace("").Store.World().Data.AppHandoff.Known[name]
	if !ok {
		f.t.Fatalf("no thread is known as %s", name)
	}
	project := f.projects()[ref.Project]
	ticket = project.Tickets[ref.Ticket]
	return ticket, threadPath(project.ID, ticket.ID)
}

// read asks for messages that must come.
func (f *fake) read(path, query string) []object {
	f.t.Helper()
	return f.get(member, path+"?"+query).want(200).objects("messages")
}

// seededThread returns the rows of the messages that are kept.
func seededThread(messages []fixtures.HandoffMessage, keep func(m fixtures.HandoffMessage) bool) []object {
	rows := []object{}
	for _, m := range messages {
		if !keep(m) {
			continue
		}
		row := object{
			"id": m.ID.String(), "author_type": m.AuthorType, "author_id": text(m.AuthorID), "body": m.Body,
			"task_id": nil, "body_format": text(m.BodyFormat), "created_at": instant(m.CreatedAt),
		}
		if m.Task != (fixtures.ID{}) {
			row["task_id"] = m.Task.String()
		}
		rows = append(rows, row)
	}
	return rows
}

// all keeps every message.
func all(fixtures.HandoffMessage) bool { return true }

// after keeps the messages behind an instant.
func after(at time.Time) func(fixtures.HandoffMessage) bool {
	return func(m fixtures.HandoffMessage) bool { return m.CreatedAt.After(at) }
}

// of keeps the messages of a task.
func of(task fixtures.ID) func(fixtures.HandoffMessage) bool {
	return func(m fixtures.HandoffMessage) bool { return m.Task == task }
}

// mistaken fails the test unless the answer is a 400 that names the one wrong
// parameter and says with the given words what would be valid.
func (a *answer) mistaken(field, valid string) {
	a.t.Helper()
	var body struct {
		Error, Code string
		FieldErrors map[string]string
		Issues      []struct{ Path, Message string }
	}
	a.want(400).decode(&body)
	message := body.FieldErrors[field]
	if len(body.FieldErrors) != 1 || len(body.Issues) != 1 || !strings.Contains(message, valid) {
		a.t.Fatalf("the 400 does not name %s alone and say %q: %s", field, valid, a.Body)
	}
	same(a.t, "issue", []string{field, message}, []string{body.Issues[0].Path, body.Issues[0].Message})
	same(a.t, "error and code", []string{field + ": " + message, "VALIDATION_ERROR"}, []string{body.Error, body.Code})
}

func TestAppHandoff(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{}).Server
	threadProofs.share(t, server)
	limitProofs.share(t, server)
	sinceProofs.share(t, server)
	taskProofs.share(t, server)
	threadRowProofs.share(t, server)
}

var threadProofs = proofs{
	"AH-LIST-MSG-01 AH-LIST-MSG-02 D1 D2 D3 D25 the thread is 200, JSON, and messages alone": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		a := f.get(member, path).want(200)
		same(t, "Content-Type", []string{"application/json"}, a.Header["Content-Type"])
		var body object
		a.decode(&body)
		same(t, "members", []string{"messages"}, body.keys())
	},
	"AH-LIST-MSG-03 AH-LIST-MSG-22 AH-LIST-MSG-25 D17 D22 every thread has its messages, with all values and no others": func(t *testing.T, f *fake) {
		seen := 0
		for _, project := range f.projects() {
			for _, ticket := range project.Tickets {
				if !project.Member {
					continue
				}
				want := seededThread(ticket.Messages, all)
				rows := f.read(threadPath(project.ID, ticket.ID), "limit=200")
				same(t, ticket.Title, want[:min(200, len(want))], rows)
				inOrder(t, append([]object{{"created_at": ""}}, rows...))
				seen++
			}
		}
		same(t, "threads", 10, seen)
	},
	"AH-LIST-MSG-24 a ticket without messages has an empty array": func(t *testing.T, f *fake) {
		_, path := f.thread("no-messages")
		same(t, "body", `{"messages":[]}`, f.get(member, path).want(200).Body)
	},
	"D10 messages of one instant are in ascending order of id": func(t *testing.T, f *fake) {
		_, path := f.thread("ties")
		ties := 0
		rows := f.read(path, "")
		for i := range rows[1:] {
			if rows[i]["created_at"] == rows[i+1]["created_at"] {
				ties++
				same(t, "order of ids", true, rows[i]["id"].(string) < rows[i+1]["id"].(string))
			}
		}
		if ties < 5 {
			t.Errorf("%d ties prove nothing", ties)
		}
	},
	"D16 ids may be in upper case, and are answered in lower case": func(t *testing.T, f *fake) {
		project := f.projects()[0]
		ticket := project.Tickets[0]
		upper := func(id fixtures.ID) string { return strings.ToUpper(id.String()) }
		want := f.get(member, threadPath(project.ID, ticket.ID)+"?task_id="+ticket.Tasks[0].ID.String()).want(200).Body
		same(t, "body", want, f.get(member, threadPath(upper(project.ID), upper(ticket.ID))+"?task_id="+upper(ticket.Tasks[0].ID)).want(200).Body)
		checkStrings(t, f.read(threadPath(upper(project.ID), upper(ticket.ID)), ""), "id", uuidForm, false)
	},
	"D26 B17 unknown parameters are ignored, and the first of a repeated one wins": func(t *testing.T, f *fake) {
		_, path := f.thread("long-thread")
		for query, like := range map[string]string{"page=2": "", "offset=x&cursor=y": "", "Limit=1": "", "limit=3&limit=x": "limit=3", "since=&limit=5": "limit=5", "task_id=": ""} {
			same(t, query, f.get(member, path+"?"+like).want(200).Body, f.get(member, path+"?"+query).want(200).Body)
		}
	},
}

var limitProofs = proofs{
	"AH-LIST-MSG-04 D9 fifty messages come unless told otherwise": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		same(t, "messages", seededThread(ticket.Messages[:50], all), f.read(path, ""))
	},
	"AH-LIST-MSG-05 AH-LIST-MSG-06 AH-LIST-MSG-09 D6 limit is the number of messages, the earliest ones, in order": func(t *testing.T, f *fake) {
		ticket, path := f.thread("long-thread")
		for _, n := range []int{1, 2, 49, 50, 51, 199, 200} {
			same(t, fmt.Sprint(n), seededThread(ticket.Messages[:n], all), f.read(path, fmt.Sprint("limit=", n)))
		}
	},
	"AH-LIST-MSG-07 D7 a limit above 200 is clamped": func(t *testing.T, f *fake) {
		ticket, path := f.thread("long-thread")
		for _, n := range []string{"201", "1000", "9223372036854775807", "99999999999999999999999"} {
			same(t, n, seededThread(ticket.Messages[:200], all), f.read(path, "limit="+n))
		}
	},
	"AH-LIST-MSG-08 AH-ERR-15 D8 D20 a limit that is no number from 1 is 400": func(_ *testing.T, f *fake) {
		_, path := f.thread("long-thread")
		for _, n := range []string{"0", "-1", "ten", "1.5", "", "1e2", "NaN", "%2B5"} {
			f.get(member, path+"?limit="+n).mistaken("limit", validNumber)
		}
	},
}

var sinceProofs = proofs{
	"AH-LIST-MSG-10 AH-LIST-MSG-11 D4 since keeps what was created after it": func(t *testing.T, f *fake) {
		ticket, path := f.thread("long-thread")
		for _, n := range []int{0, 60, 229} {
			at := ticket.Messages[n].CreatedAt.Add(-time.Millisecond)
			want := seededThread(ticket.Messages, after(at))
			same(t, "messages", want[:min(200, len(want))], f.read(path, "limit=200&since="+stamp(at)))
		}
	},
	"AH-LIST-MSG-12 D4 a message created exactly at since is left out, and so are those that tie with it": func(t *testing.T, f *fake) {
		ticket, path := f.thread("ties")
		for _, m := range ticket.Messages {
			rows := f.read(path, "since="+stamp(m.CreatedAt))
			same(t, "messages", seededThread(ticket.Messages, after(m.CreatedAt)), rows)
			same(t, "messages", rows, f.read(path, "since="+stamp(m.CreatedAt.Add(500*time.Microsecond))))
		}
	},
	"AH-LIST-MSG-13 since in the future leaves nothing": func(t *testing.T, f *fake) {
		ticket, path := f.thread("long-thread")
		for _, since := range []string{"2999-01-01T00:00:00Z", stamp(ticket.Messages[len(ticket.Messages)-1].CreatedAt)} {
			same(t, since, `{"messages":[]}`, f.get(member, path+"?since="+since).want(200).Body)
		}
	},
	"AH-LIST-MSG-14 since may have an offset": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		at := ticket.Messages[60].CreatedAt.Add(-time.Millisecond)
		for _, hours := range []int{-12, 0, 2, 14} {
			same(t, "messages", seededThread(ticket.Messages[60:], after(at))[:50], f.read(path, "since="+stamp(at.In(time.FixedZone("", hours*3600)))))
		}
	},
	"AH-LIST-MSG-15 AH-ERR-15 D5 D20 a malformed since is 400": func(_ *testing.T, f *fake) {
		_, path := f.thread("long-thread")
		for _, since := range []string{"yesterday", "2025-02-30T00:00:00Z", "1735689600", "2025-01-01T00:00:00", "null"} {
			f.get(member, path+"?since="+since).mistaken("since", validInstant)
		}
		f.get(member, path+"?since=2025-01-01T00:00:00+02:00").mistaken("since", "write the + of an offset as %2B")
	},
	"AH-LIST-MSG-23 D6 D10 polling with the last created_at reads a thread once, whatever ties": func(t *testing.T, f *fake) {
		for _, size := range []int{50, 200} {
			ticket, path := f.thread("long-thread")
			var read []object
			query := fmt.Sprint("limit=", size)
			for rows := f.read(path, query); len(rows) > 0 && len(read) < 300; rows = f.read(path, query) {
				read = append(read, rows...)
				query = fmt.Sprintf("limit=%d&since=%s", size, rows[len(rows)-1]["created_at"])
			}
			same(t, "messages", seededThread(ticket.Messages, all), read)
		}
	},
}

var taskProofs = proofs{
	"AH-LIST-MSG-16 AH-LIST-MSG-17 AH-MSG-08 task_id keeps the messages of the task": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		for _, task := range ticket.Tasks {
			want := seededThread(ticket.Messages, of(task.ID))
			if len(want) == 0 || len(want) > 50 {
				t.Errorf("task %q has %d messages", task.Title, len(want))
			}
			rows := f.read(path, "task_id="+task.ID.String())
			same(t, task.Title, want, rows)
			for _, row := range rows {
				row.is(t, "row", "task_id", task.ID.String())
			}
		}
	},
	"AH-LIST-MSG-18 D11 an unknown task finds nothing": func(t *testing.T, f *fake) {
		_, path := f.thread("medium-thread")
		elsewhere := f.projects()[1].Tickets[0].Tasks[0].ID.String()
		for _, task := range []string{unknownID, elsewhere, "00000000-0000-0000-0000-000000000000"} {
			same(t, task, `{"messages":[]}`, f.get(member, path+"?task_id="+task).want(200).Body)
		}
	},
	"AH-LIST-MSG-19 AH-ERR-15 D12 D20 a malformed task_id is 400": func(_ *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		id := ticket.Tasks[0].ID.String()
		for _, task := range []string{"1", "null", id[:35], id + "," + id, strings.ReplaceAll(id, "-", "")} {
			f.get(member, path+"?task_id="+task).mistaken("task_id", validUUID)
		}
	},
	"AH-LIST-MSG-20 task_id and since combine with AND": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		task, at := ticket.Tasks[0].ID, ticket.Messages[60].CreatedAt.Add(-time.Millisecond)
		want := seededThread(ticket.Messages[60:], of(task))
		if len(want) == 0 || len(want) == len(seededThread(ticket.Messages, of(task))) {
			t.Fatalf("%d messages prove nothing", len(want))
		}
		same(t, "messages", want, f.read(path, fmt.Sprintf("task_id=%s&since=%s", task, stamp(at))))
	},
	"AH-LIST-MSG-21 AH-LIST-MSG-09 task_id, since and limit combine": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		task, at := ticket.Tasks[0].ID, ticket.Messages[20].CreatedAt.Add(-time.Millisecond)
		want := seededThread(ticket.Messages[20:], of(task))
		for _, n := range []int{1, 3, len(want), len(want) + 1} {
			same(t, "messages", want[:min(n, len(want))], f.read(path, fmt.Sprintf("limit=%d&task_id=%s&since=%s", n, task, stamp(at))))
		}
	},
	"AH-LIST-MSG-26 since, task_id and limit combine on a long thread": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		if len(ticket.Messages) <= 50 {
			t.Fatalf("%d messages are not long", len(ticket.Messages))
		}
		task, at := ticket.Tasks[0].ID, ticket.Messages[len(ticket.Messages)-30].CreatedAt.Add(-time.Millisecond)
		want := seededThread(ticket.Messages[len(ticket.Messages)-30:], of(task))
		same(t, "messages", want[:2], f.read(path, fmt.Sprintf("limit=2&task_id=%s&since=%s", task, stamp(at))))
	},
	"AH-LIST-MSG-27 a since with a fraction counts to the millisecond": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		last := ticket.Messages[len(ticket.Messages)-1]
		for by, want := range map[time.Duration]int{-time.Millisecond: 1, time.Millisecond: 0} {
			same(t, by.String(), want, len(f.read(path, "since="+stamp(last.CreatedAt.Add(by)))))
		}
	},
	"AH-LIST-MSG-22 without task_id messages of all tasks and of none come": func(t *testing.T, f *fake) {
		ticket, path := f.thread("medium-thread")
		seen := map[any]bool{}
		for _, row := range f.read(path, "limit=200") {
			seen[row["task_id"]] = true
		}
		same(t, "tasks, and none", len(ticket.Tasks)+1, len(seen))
		same(t, "messages of none", true, seen[nil])
	},
	"several wrong parameters are all named": func(t *testing.T, f *fake) {
		_, path := f.thread("medium-thread")
		var body struct{ FieldErrors map[string]string }
		f.get(member, path+"?task_id=x&since=y&limit=z").want(400).decode(&body)
		same(t, "fields", 3, len(body.FieldErrors))
	},
}

// posts returns the messages of all threads that can be read.
func (f *fake) posts() []object {
	f.t.Helper()
	var rows []object
	for _, project := range f.projects()[:2] {
		for _, ticket := range project.Tickets {
			rows = append(rows, f.read(threadPath(project.ID, ticket.ID), "limit=200")...)
		}
	}
	return rows
}

var threadRowProofs = proofs{
	"AH-MSG-01 ids are UUIDs, each of one message": func(t *testing.T, f *fake) {
		rows := f.posts()
		checkStrings(t, rows, "id", uuidForm, false)
		seen := map[any]bool{}
		for _, row := range rows {
			seen[row["id"]] = true
		}
		same(t, "distinct ids", len(rows), len(seen))
	},
	"AH-MSG-02 an author is human or an agent": func(t *testing.T, f *fake) { checkEnum(t, f.posts(), "author_type", "human", "agent") },
	"AH-MSG-03 D17 D18 author_id is the UUID of a person, the label of an agent, or null": func(t *testing.T, f *fake) {
		checkStrings(t, f.posts(), "author_id", nil, true)
		for _, row := range f.posts() {
			id, _ := row["author_id"].(string)
			same(t, fmt.Sprint(row["author_type"], " ", id), row["author_type"] == "human", uuidForm.MatchString(id))
		}
	},
	"AH-MSG-04 body is a string":                    func(t *testing.T, f *fake) { checkStrings(t, f.posts(), "body", nil, false) },
	"AH-MSG-05 D17 task_id is a UUID or null":       func(t *testing.T, f *fake) { checkStrings(t, f.posts(), "task_id", uuidForm, true) },
	"AH-MSG-07 A23 created_at is an instant in UTC": func(t *testing.T, f *fake) { checkStrings(t, f.posts(), "created_at", timeForm, false) },
	"AH-MSG-06 D17 D19 body_format is markdown, plain or null, and null has no markup": func(t *testing.T, f *fake) {
		seen := map[any]bool{}
		for _, row := range f.posts() {
			format := row["body_format"]
			seen[format] = true
			same(t, fmt.Sprint(row["id"]), format == "markdown", strings.ContainsAny(row["body"].(string), "`*#"))
		}
		same(t, "formats", map[any]bool{"markdown": true, "plain": true, nil: true}, seen)
	},
}
