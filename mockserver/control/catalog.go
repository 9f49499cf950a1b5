package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/catalog"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// Catalog is everything a test needs to write a request: keys and ids. It is
// also a facts file for the judge.
type Catalog = catalog.Catalog

// CatalogTicket is a ticket known by name.
type CatalogTicket = catalog.Ticket

// catalogContacts is how many contacts a catalog lists.
const catalogContacts = 100

// sampleTickets is how many tickets are looked through for stored values.
const sampleTickets = 500

func (a *API) getCatalog(w *workspace.Workspace, r *http.Request) (any, error) {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return NewCatalog(w, scheme+"://"+r.Host), nil
}

// NewCatalog describes a workspace of the server at the base URL as it is now.
func NewCatalog(w *workspace.Workspace, baseURL string) Catalog {
	c := Catalog{BaseURL: baseURL, Workspace: w.Name, Keys: catalogKeys(w), InboxOps: describeInboxOps(w.Store)}
	c.AppHandoff = catalog.AppHandoff{Projects: []catalog.Project{}, InaccessibleProjects: []catalog.Project{}}
	projects := w.Store.Projects()
	for i := range projects {
		project := &projects[i]
		if project.Member {
			c.AppHandoff.Projects = append(c.AppHandoff.Projects, describeProject(project))
		} else {
			c.AppHandoff.InaccessibleProjects = append(c.AppHandoff.InaccessibleProjects, describeProject(project))
		}
	}
	return c
}

func describeInboxOps(s *store.Store) catalog.InboxOps {
	desk := s.Desk()
	c := catalog.InboxOps{TicketCount: s.Len(), Tickets: map[string]catalog.Ticket{}}
	for _, x := range desk.Inboxes {
		c.Inboxes = append(c.Inboxes, catalog.Inbox{ID: x.ID.String(), Name: x.Name, Address: x.Address})
	}
	for _, x := range desk.Statuses {
		c.Statuses = append(c.Statuses, catalog.Status{ID: x.ID.String(), Type: x.Type, Name: x.Name, Color: x.Color})
	}
	for _, x := range desk.Priorities {
		c.Priorities = append(c.Priorities, catalog.Priority{ID: x.ID.String(), Level: x.Level, Name: x.Name, Color: x.Color})
	}
	for _, x := range desk.Tags {
		c.Tags = append(c.Tags, catalog.Tag{ID: x.ID.String(), Name: x.Name, Color: x.Color})
	}
	for _, x := range desk.Agents {
		c.Agents = append(c.Agents, catalog.Person{ID: x.ID.String(), Name: x.Name, Email: x.Email})
	}
	for _, x := range desk.Contacts[:min(catalogContacts, len(desk.Contacts))] {
		c.Contacts = append(c.Contacts, catalog.Person{ID: x.ID.String(), Name: x.Name, Email: x.Email})
	}
	for name, id := range s.Named() {
		if t, ok := s.Get(id.String()); ok { // otherwise it was just deleted
			c.Tickets[name] = describeTicket(desk, &t)
		}
	}
	c.CustomFields = describeFields(desk, s.First(sampleTickets))
	return c
}

// describeTicket names a ticket, its tags and the drafts it hides.
func describeTicket(desk *fixtures.InboxOps, is *store.Ticket) catalog.Ticket {
	t := catalog.Ticket{ID: is.ID.String(), TicketNumber: is.Number, TagIDs: []string{}}
	for _, tag := range is.Tags {
		t.TagIDs = append(t.TagIDs, desk.Tags[tag].ID.String())
	}
	for _, m := range is.Messages {
		if m.Draft {
			t.DraftIDs = append(t.DraftIDs, m.ID.String())
		}
	}
	return t
}

// describeFields lists the custom-field definitions with sample values of tickets.
func describeFields(desk *fixtures.InboxOps, tickets []store.Ticket) []catalog.Field {
	fields := make([]catalog.Field, len(desk.CustomFields))
	for i, x := range desk.CustomFields {
		fields[i] = catalog.Field{ID: x.ID.String(), Key: x.Key, Name: x.Name, Type: x.Type, Samples: []catalog.Sample{}}
		for _, option := range x.Options {
			fields[i].Options = append(fields[i].Options, catalog.Option{ID: option.ID.String(), Label: option.Label})
		}
		for _, inbox := range x.Inboxes {
			fields[i].InboxIDs = append(fields[i].InboxIDs, desk.Inboxes[inbox].ID.String())
		}
	}
	const samples = 3
	for i := range tickets {
		for _, value := range tickets[i].Fields {
			field := &fields[value.Field]
			if len(field.Samples) < samples {
				sample := catalog.Sample{TicketID: tickets[i].ID.String(), Value: filterValue(&desk.CustomFields[value.Field], &value)}
				field.Samples = append(field.Samples, sample)
			}
		}
	}
	return fields
}

// filterValue writes a stored value as the custom-field filter takes it; of
// several options, the first.
func filterValue(def *fixtures.CustomField, v *fixtures.FieldValue) string {
	switch def.Type {
	case fixtures.FieldNumber:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
	case fixtures.FieldBoolean:
		return strconv.FormatBool(v.Bool)
	case fixtures.FieldDate:
		return v.Time.Format(time.DateOnly)
	case fixtures.FieldDateTime:
		return v.Time.UTC().Format(time.RFC3339Nano)
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		return def.Options[v.Options[0]].ID.String()
	default:
		return v.Text
	}
}

func describeProject(project *fixtures.Project) catalog.Project {
	c := catalog.Project{ID: project.ID.String(), Name: project.Name, Tickets: []catalog.Handoff{}}
	for i := range project.Tickets {
		c.Tickets = append(c.Tickets, desk.StateOf(&project.Tickets[i]))
	}
	return c
}
