package mockserver_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// tape sends the same requests to a fresh server and returns each answer,
// headers and body.
func tape(t *testing.T, cfg mockserver.Config) map[string]string {
	t.Helper()
	f := start(t, cfg)
	f.freeze()
	answers := map[string]string{}
	play := func(a *answer, name string) {
		answers[name] = fmt.Sprint(a.Status, "\n", a.Body)
		for _, header := range slices.Sorted(maps.Keys(a.Header)) {
			answers[name] += fmt.Sprint("\n", header, ": ", a.Header[header])
		}
	}
	_, thread := f.thread("long-thread")
	for name, path := range map[string]string{
		"first page": ticketsPath, "second page": ticketsPath + "?page=2", "filter": ticketsPath + "?status=closed&sort=priority", "thread": thread,
	} {
		play(f.get(map[bool]string{true: member, false: readWrite}[path == thread], path, "X-Request-Id: x"), name)
	}
	play(f.get(readWrite, messagesPath), "timeline")
	play(f.post(readWrite, messagesPath, body("checked", "")), "note")
	play(f.post(readWrite, messagesPath, body("checked", "")), "note again")
	play(f.get(readWrite, messagesPath), "timeline with notes")
	play(f.get(readWrite, ticketsPath+"?sort=updated_at"), "page with notes")
	play(f.get(readWrite, ticketsPath+"?page=0"), "wrong parameter")
	play(f.get("", ticketsPath), "no key")
	play(f.get(readWrite, "/nothing"), "unknown path")
	f.Workspace("").SetRateLimit(ratelimit.Limit{Max: 1, Window: time.Minute})
	play(f.get(readOnly, messagesPath), "last within the limit")
	play(f.get(readOnly, messagesPath), "rate limit")
	return answers
}

func TestDeterminism(t *testing.T) {
	t.Parallel()
	proofs{
		"the same seed gives the same bytes": func(t *testing.T, _ *fake) {
			same(t, "answers", tape(t, mockserver.Config{Seed: 7}), tape(t, mockserver.Config{Seed: 7}))
		},
		"no seed is seed 1": func(t *testing.T, _ *fake) {
			same(t, "answers", tape(t, mockserver.Config{}), tape(t, mockserver.Config{Seed: 1, Tickets: 200, At: fixtures.DefaultAt}))
		},
		"another seed gives other bytes": func(t *testing.T, _ *fake) {
			one, two := tape(t, mockserver.Config{Seed: 7}), tape(t, mockserver.Config{Seed: 8})
			for name := range one {
				if one[name] == two[name] {
					t.Errorf("%s is the same: %s", name, one[name])
				}
			}
		},
		"another number of tickets leaves the threads of AppHandoff": func(t *testing.T, _ *fake) {
			one, two := tape(t, mockserver.Config{}), tape(t, mockserver.Config{Tickets: 60})
			same(t, "thread", one["thread"], two["thread"])
			if one["first page"] == two["first page"] {
				t.Error("the tickets are the same")
			}
		},
		"another instant moves the world": func(t *testing.T, _ *fake) {
			at := fixtures.DefaultAt.AddDate(0, 0, 1)
			f, later := start(t, mockserver.Config{}), start(t, mockserver.Config{At: at})
			one, two := f.desk().Tickets[199].CreatedAt, later.desk().Tickets[199].CreatedAt
			same(t, "newest ticket", one.Add(24*time.Hour), two)
			same(t, "first row", two.Format(wire), later.list("per_page=1").Data[0].CreatedAt)
		},
	}.run(t, mockserver.Config{Tickets: 30})
}

// neighbours is a server with a second workspace that has data of its own,
// and a third one that shares the data of the first.
var neighbours = mockserver.Config{Workspaces: []control.Spec{{Name: "other", Seed: 2, Tickets: 60}, {Name: "twin"}}}

const (
	otherKey    = "ixk_other_readwrite"
	otherMember = "ah_k_other_member"
	twinKey     = "ixk_twin_readwrite"
)

func TestNeighbours(t *testing.T) {
	t.Parallel()
	proofs{
		"A24 a ticket of another workspace is 404, for GET and POST": func(t *testing.T, f *fake) {
			theirs := f.Workspace("other").Store.World().Data.InboxOps.Tickets
			for key, id := range map[string]string{readWrite: theirs[0].ID.String(), otherKey: f.desk().Tickets[0].ID.String()} {
				f.get(key, ticketsPath+"/"+id+"/messages").refused(404, "not_found")
				f.post(key, ticketsPath+"/"+id+"/messages", noteBody).refused(404, "not_found")
			}
			f.get(otherKey, ticketsPath+"/"+theirs[0].ID.String()+"/messages").want(200)
			f.get(otherKey, ticketsPath+"/1061/messages").refused(404, "not_found")
			f.get(readWrite, ticketsPath+"/1061/messages").want(200)
		},
		"A24 D14 a thread of another workspace is 404": func(_ *testing.T, f *fake) {
			theirs := f.Workspace("other").Store.World().Data.AppHandoff.Projects[0]
			_, ours := f.thread("ties")
			f.get(member, threadPath(theirs.ID, theirs.Tickets[0].ID)).failure(404, "NOT_FOUND")
			f.get(otherMember, ours).failure(404, "NOT_FOUND")
			f.get(otherMember, threadPath(theirs.ID, theirs.Tickets[0].ID)).want(200)
		},
		"A24 ids of another workspace filter everything away": func(t *testing.T, f *fake) {
			theirs := f.Workspace("other").Store.World().Data.InboxOps
			for _, query := range []string{"inbox_id=" + theirs.Inboxes[0].ID.String(), "assignee_id=" + theirs.Agents[0].ID.String(), "tag_ids=" + theirs.Tags[0].ID.String()} {
				f.findsNone(query)
				var p page
				f.get(otherKey, ticketsPath+"?"+query).want(200).decode(&p)
				same(t, query+" at home", true, p.Meta.Total > 0)
			}
			f.wrong(filter("plan", theirs.CustomFields[0].Options[0].ID.String()), "custom_field_plan", "is not the UUID of an option")
		},
		"A24 each key sees the tickets of its workspace": func(t *testing.T, f *fake) {
			for key, total := range map[string]int{readWrite: 200, otherKey: 60, twinKey: 200} {
				var p page
				f.get(key, ticketsPath).want(200).decode(&p)
				same(t, key, total, p.Meta.Total)
			}
			ours, theirs := f.get(readWrite, ticketsPath).Body, f.get(otherKey, ticketsPath).Body
			if cmp.Equal(ours, theirs) {
				t.Error("two workspaces have the same tickets")
			}
			same(t, "twin", ours, f.get(twinKey, ticketsPath).Body)
		},
		"A24 a note stays in its workspace, also when the data is shared": func(t *testing.T, f *fake) {
			before := f.get(twinKey, messagesPath).want(200).Body
			f.add(body("zephyr", ""))
			same(t, "timeline of the twin", before, f.get(twinKey, messagesPath).want(200).Body)
			f.finds(search("zephyr"), only(0))
			var p page
			f.get(twinKey, ticketsPath+"?"+search("zephyr")).want(200).decode(&p)
			same(t, "found by the twin", 0, p.Meta.Total)
		},
	}.run(t, neighbours)
}
