package judgetest_test

import (
	"testing"

	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// TestADeskThatChanged judges a fake on which testers have brought, changed and
// deleted tickets and projects: its catalogue is a facts file as it is now, and no
// clause fails.
func TestADeskThatChanged(t *testing.T) {
	race.Sequential(t)
	t.Parallel()
	fake := judgetest.New(t, mockserver.Config{Tickets: 60}, nil)
	d := desk.Of(fake.Server.Workspace(""))
	done := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	brought, err := d.CreateTicket(desk.Ticket{Name: "stuck", Tags: []string{"billing"}, Messages: []desk.Message{{Text: "It hangs."}, {Draft: true}}})
	done(err)
	_, err = d.ChangeTicket("stuck", desk.TicketChange{Status: "waiting", RemindAt: "+2h", Tags: []string{"vip"}, Contact: desk.Contact{Email: "ada@example.com"}})
	done(err)
	_, err = d.AddMessage("no-messages", desk.Message{From: "customer"})
	done(err)
	_, err = d.AddMessage("only-drafts", desk.Message{From: "agent", SendStatus: "failed"})
	done(err)
	_, err = d.ChangeTicket("unassigned", desk.TicketChange{Assignee: fake.Server.Workspace("").Store.Desk().Agents[0].Name, Inbox: "Support"})
	done(err)
	done(d.DeleteTicket("html-only"))
	done(d.DeleteTicket("1003"))
	_, err = d.CreateProject(desk.Project{Name: "checkout", Tickets: []desk.HandoffTicket{{Name: "refunds"}}})
	done(err)
	_, err = d.AddTask("checkout", "refunds", "api")
	done(err)

	fake.Config.Facts = judgetest.Facts(t, fake.Server)
	known := fake.Config.Facts.InboxOps.Tickets
	if known["stuck"].ID != brought.ID || len(known["stuck"].DraftIDs) != 1 || len(known["stuck"].TagIDs) != 1 || known["html-only"].ID != "" {
		t.Errorf("the facts are %+v", known)
	}
	r := judgetest.Run(t, fake.Config)
	if r.Counts.Fail > 0 || r.Counts.Error > 0 || r.Counts.Pass < len(scenario.All())-3 {
		t.Errorf("%+v of %d", r.Counts, len(scenario.All()))
	}
	tell(t, r)
}
