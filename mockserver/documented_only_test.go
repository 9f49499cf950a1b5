package mockserver_test

import (
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/mockserver"
)

// TestDocumentedOnly holds the switch that makes AppHandoff answer with the
// statuses of its page alone: wrong parameters are then no 400.
func TestDocumentedOnly(t *testing.T) {
	t.Parallel()
	proofs{
		"D8 D20 a wrong limit is none": func(t *testing.T, f *fake) {
			ticket, path := f.thread("long-thread")
			for _, limit := range []string{"0", "-1", "ten", "1.5", ""} {
				same(t, limit, seededThread(ticket.Messages[:50], all), f.read(path, "limit="+limit))
			}
		},
		"D7 D20 a limit above 200 is clamped": func(t *testing.T, f *fake) {
			ticket, path := f.thread("long-thread")
			same(t, "messages", seededThread(ticket.Messages[:200], all), f.read(path, "limit=99999999999999999999999"))
			same(t, "messages", seededThread(ticket.Messages[:7], all), f.read(path, "limit=7"))
		},
		"D5 D20 a wrong since is ignored": func(t *testing.T, f *fake) {
			ticket, path := f.thread("long-thread")
			for _, since := range []string{"yesterday", "2025-02-30T00:00:00Z", "2025-01-01T00:00:00+02:00"} {
				same(t, since, seededThread(ticket.Messages[:3], all), f.read(path, "limit=3&since="+since))
			}
			at := ticket.Messages[60].CreatedAt
			same(t, "a right since", seededThread(ticket.Messages, after(at))[:3], f.read(path, "limit=3&since="+stamp(at)))
		},
		"D12 D20 AH-LIST-MSG-19 a malformed task_id is 404, and finds nothing": func(_ *testing.T, f *fake) {
			_, path := f.thread("medium-thread")
			for _, query := range []string{"task_id=1", "task_id=null", "task_id=x&limit=0&since=y", "limit=0&task_id=x"} {
				f.get(member, path+"?"+query).failure(404, "NOT_FOUND")
			}
		},
		"D11 D20 a right task_id, known or not, is as ever": func(t *testing.T, f *fake) {
			ticket, path := f.thread("medium-thread")
			same(t, "messages", seededThread(ticket.Messages, of(ticket.Tasks[0].ID)), f.read(path, "limit=0&since=x&task_id="+ticket.Tasks[0].ID.String()))
			same(t, "body", `{"messages":[]}`, f.get(member, path+"?task_id="+unknownID).want(200).Body)
		},
		"D1 D13 D14 D20 the listed statuses are as ever": func(_ *testing.T, f *fake) {
			_, path := f.thread("ties")
			f.get("", path).failure(401, "UNAUTHENTICATED")
			f.get(outsider, path).failure(403, "FORBIDDEN")
			f.get(member, threadPath("x", "y")).failure(404, "NOT_FOUND")
			f.get(member, threadPath(f.projects()[0].ID, unknownID)+"?limit=0").failure(404, "NOT_FOUND")
		},
		"D20 InboxOps is as ever": func(_ *testing.T, f *fake) {
			f.wrong("page=0", "page", validNumber)
			f.get(readWrite, messagesPath+"?types=bogus").names("types", validTypes)
		},
	}.run(t, mockserver.Config{DocumentedStatusesOnly: true})
}

// TestAppHandoffBase holds the address under which AppHandoff is served.
func TestAppHandoffBase(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"/handoff/api/v2", "/x", "/api/v1"} {
		moved := func(path string) string { return base + strings.TrimPrefix(path, "/api") }
		proofs{
			"D2 AppHandoff is served under " + base + " with all its answers": func(t *testing.T, f *fake) {
				ticket, path := f.thread("ties")
				path = moved(path)
				same(t, "messages", seededThread(ticket.Messages, all), f.read(path, ""))
				f.get("", path).failure(401, "UNAUTHENTICATED")
				f.get(outsider, path).failure(403, "FORBIDDEN")
				f.get(member, moved(threadPath("x", "y"))).failure(404, "NOT_FOUND")
				f.get(member, path+"?limit=0").mistaken("limit", validNumber)
				f.get(member, path, "Prefer: code=503").failure(503, "SERVICE_UNAVAILABLE")
				f.get(member, path+"/").failure(404, "NOT_FOUND")
				same(t, "Allow", "GET, HEAD", f.send("POST", member, path, "{}").want(405).Header.Get("Allow"))
			},
			"D2 AppHandoff is no longer served under /api but under " + base: func(_ *testing.T, f *fake) {
				_, path := f.thread("ties")
				f.get(member, path).refused(404, "not_found")
			},
			"D2 InboxOps stays where it is beside " + base: func(_ *testing.T, f *fake) {
				f.call(listCall, readWrite).want(200)
				f.call(noteCall, readWrite).want(201)
			},
		}.run(t, mockserver.Config{AppHandoffBase: base})
	}
}
