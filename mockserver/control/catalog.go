package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// Catalog is everything a test needs to write a request: keys and ids. It is
// also a facts file for the judge.
type Catalog struct {
	BaseURL    string            `json:"base_url"`
	Workspace  string            `json:"workspace"`
	Keys       []CatalogKey      `json:"keys"`
	InboxOps   CatalogInboxOps   `json:"inboxops"`
	AppHandoff CatalogAppHandoff `json:"apphandoff"`
}

// CatalogKey is an API key and what it is for.
type CatalogKey struct {
	Kind    string `json:"kind"`
	Service string `json:"service"`
	Key     string `json:"key"`
	About   string `json:"about"`
}

// CatalogInboxOps describes the InboxOps side of a workspace.
type CatalogInboxOps struct {
	TicketCount  int                      `json:"ticket_count"`
	Inboxes      []CatalogInbox           `json:"inboxes"`
	Statuses     []CatalogStatus          `json:"statuses"`
	Priorities   []CatalogPriority        `json:"priorities"`
	Tags         []CatalogTag             `json:"tags"`
	Agents       []CatalogPerson          `json:"agents"`
	Contacts     []CatalogPerson          `json:"contacts"` // the first ones of a large world
	CustomFields []CatalogField           `json:"custom_fields"`
	Tickets      map[string]CatalogTicket `json:"tickets"`
}

// CatalogInbox is a shared mailbox.
type CatalogInbox struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

// CatalogStatus is a custom status with its category.
type CatalogStatus struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// CatalogPriority is a custom priority with its level.
type CatalogPriority struct {
	ID    string `json:"id"`
	Level string `json:"level"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// CatalogTag is a tag.
type CatalogTag struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// CatalogPerson is an agent or a contact.
type CatalogPerson struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// CatalogField is a custom-field definition. InboxIDs limits it to those
// inboxes; none means all.
type CatalogField struct {
	ID       string          `json:"id"`
	Key      string          `json:"key"`
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Options  []CatalogOption `json:"options,omitempty"`
	InboxIDs []string        `json:"inbox_ids,omitempty"`
	// Samples are stored values, in the form the filter takes.
	Samples []CatalogSample `json:"samples"`
}

// CatalogOption is a choice of a select field.
type CatalogOption struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// CatalogSample is a value stored on a ticket.
type CatalogSample struct {
	TicketID string `json:"ticket_id"`
	Value    string `json:"value"`
}

// CatalogTicket is a ticket known by name.
type CatalogTicket struct {
	ID           string   `json:"id"`
	TicketNumber int      `json:"ticket_number"`
	DraftIDs     []string `json:"draft_ids,omitempty"` // messages that must never show
	TagIDs       []string `json:"tag_ids"`
}

// CatalogAppHandoff describes the AppHandoff side of a workspace.
type CatalogAppHandoff struct {
	Projects             []CatalogProject `json:"projects"`
	InaccessibleProjects []CatalogProject `json:"inaccessible_projects"`
}

// CatalogProject is a project with its tickets.
type CatalogProject struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"`
	Tickets []CatalogHandoff `json:"tickets"`
}

// CatalogHandoff is a ticket of a project.
type CatalogHandoff struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Messages int           `json:"messages"`
	Tasks    []CatalogTask `json:"tasks"`
}

// CatalogTask is a task of a ticket.
type CatalogTask struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

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
	c.AppHandoff = CatalogAppHandoff{Projects: []CatalogProject{}, InaccessibleProjects: []CatalogProject{}}
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

func describeInboxOps(s *store.Store) CatalogInboxOps {
	desk := s.Desk()
	c := CatalogInboxOps{TicketCount: s.Len(), Tickets: map[string]CatalogTicket{}}
	for _, x := range desk.Inboxes {
		c.Inboxes = append(c.Inboxes, CatalogInbox{x.ID.String(), x.Name, x.Address})
	}
	for _, x := range desk.Statuses {
		c.Statuses = append(c.Statuses, CatalogStatus{x.ID.String(), x.Type, x.Name, x.Color})
	}
	for _, x := range desk.Priorities {
		c.Priorities = append(c.Priorities, CatalogPriority{x.ID.String(), x.Level, x.Name, x.Color})
	}
	for _, x := range desk.Tags {
		c.Tags = append(c.Tags, CatalogTag{x.ID.String(), x.Name, x.Color})
	}
	for _, x := range desk.Agents {
		c.Agents = append(c.Agents, CatalogPerson{x.ID.String(), x.Name, x.Email})
	}
	for _, x := range desk.Contacts[:min(catalogContacts, len(desk.Contacts))] {
		c.Contacts = append(c.Contacts, CatalogPerson{x.ID.String(), x.Name, x.Email})
	}
	for name, id := range s.Named() {
		if t, ok := s.Get(id.String()); ok { // or it is just gone
			c.Tickets[name] = describeTicket(desk, &t)
		}
	}
	c.CustomFields = describeFields(desk, s.First(sampleTickets))
	return c
}

// describeTicket names a ticket, its tags and the drafts it hides.
func describeTicket(desk *fixtures.InboxOps, is *store.Ticket) CatalogTicket {
	t := CatalogTicket{ID: is.ID.String(), TicketNumber: is.Number, TagIDs: []string{}}
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
func describeFields(desk *fixtures.InboxOps, tickets []store.Ticket) []CatalogField {
	fields := make([]CatalogField, len(desk.CustomFields))
	for i, x := range desk.CustomFields {
		fields[i] = CatalogField{ID: x.ID.String(), Key: x.Key, Name: x.Name, Type: x.Type, Samples: []CatalogSample{}}
		for _, option := range x.Options {
			fields[i].Options = append(fields[i].Options, CatalogOption{option.ID.String(), option.Label})
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
				sample := CatalogSample{tickets[i].ID.String(), filterValue(&desk.CustomFields[value.Field], &value)}
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

func describeProject(project *fixtures.Project) CatalogProject {
	c := CatalogProject{ID: project.ID.String(), Name: project.Name, Tickets: []CatalogHandoff{}}
	for i := range project.Tickets {
		t := &project.Tickets[i]
		entry := CatalogHandoff{ID: t.ID.String(), Name: t.Title, Messages: len(t.Messages), Tasks: []CatalogTask{}}
		for _, task := range t.Tasks {
			entry.Tasks = append(entry.Tasks, CatalogTask{task.ID.String(), task.Title})
		}
		c.Tickets = append(c.Tickets, entry)
	}
	return c
}
