package mockservertest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver/desk"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
)

// TestDesk plays all parts of a desk, and compares what happened.
func TestDesk(t *testing.T) {
	t.Parallel()
	fake := mockservertest.Start(t, mockservertest.Config{Empty: true})
	d := fake.Workspace("played").Desk()
	no := false

	d.CreateTicket(desk.Ticket{Name: "stuck", Tags: []string{"billing"}, Contact: desk.Contact{Name: "Ada", Email: "ada@example.com"}})
	d.ChangeTicket("stuck", desk.TicketChange{Status: "waiting", RemindAt: "+2h", CustomFields: map[string]any{"plan": "Enterprise", "seats": nil}})
	draft := d.AddMessage("stuck", desk.Message{Draft: true, Text: "Try again."})
	sent := d.ChangeMessage("stuck", draft.ID, desk.MessageChange{Draft: &no})
	if !draft.Hidden || sent.Hidden || sent.SentAt == nil || sent.CreatedAt != *sent.SentAt {
		t.Errorf("the draft %+v is sent as %+v", draft, sent)
	}
	answer := d.AddMessage("stuck", desk.Message{From: "customer"})
	d.DeleteMessage("stuck", answer.ID)
	whole := d.Ticket("stuck")
	if diff := cmp.Diff([]string{"billing"}, whole.Tags); diff != "" || whole.CustomFields["plan"] != "Enterprise" || len(whole.Messages) != 2 {
		t.Errorf("%s\n%+v", diff, whole)
	}
	d.DeleteTicket("stuck")

	d.CreateProject(desk.Project{Name: "checkout"})
	d.CreateHandoffTicket("checkout", desk.HandoffTicket{Name: "refunds", Messages: []desk.Post{}})
	d.AddTask("checkout", "refunds", "api")
	post := d.AddPost("checkout", "refunds", desk.Post{Text: "Done.", Task: "api"})
	d.ChangePost("checkout", "refunds", post.ID, desk.PostChange{Text: "Not done."})
	d.DeletePost("checkout", "refunds", post.ID)
	d.ChangeProject("checkout", false)

	var happened []string
	for _, e := range d.Events(desk.Filter{By: "tester"}) {
		happened = append(happened, e.Kind)
	}
	want := "ticket.created ticket.changed message.added message.changed message.added message.deleted ticket.deleted " +
		"project.created ticket.created task.added message.added message.changed message.deleted project.changed"
	if diff := cmp.Diff(want, strings.Join(happened, " ")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// failing is a test that fails.
type failing struct {
	testing.TB
	said string
}

// Fatalf keeps what a test fails with.
func (f *failing) Fatalf(format string, args ...any) {
	f.said = strings.TrimSpace(format)
	panic(f)
}

// TestDeskFails wants an act that is refused to fail the test that wants it.
func TestDeskFails(t *testing.T) {
	t.Parallel()
	inner := &failing{TB: t}
	defer func() {
		if recover() != inner || inner.said == "" {
			t.Error("the test does not fail")
		}
	}()
	mockservertest.Start(inner, mockservertest.Config{Empty: true}).Workspace("").Desk().DeleteTicket("nobody's")
}
