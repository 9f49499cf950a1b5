// Package facts turns a facts file into what a target's API does not reveal:
// keys, tags, custom-field definitions and the ids of AppHandoff.
//
// The form is that of a mockdesk server's catalog. Any part may be missing.
package facts

import (
	"slices"

	"github.com/mockdesk/mockdesk/internal/catalog"
)

// Facts is what is known about a target beforehand. The zero value knows nothing.
// Any member may be missing: the number of tickets is not relied on, as others may
// write, and a ticket whose tag_ids are nil has tags that are not known.
type Facts catalog.Catalog

// The parts of Facts that have names of their own elsewhere in the judge.
type (
	InboxOps    = catalog.InboxOps
	AppHandoff  = catalog.AppHandoff
	Key         = catalog.Key
	CustomField = catalog.Field
	Option      = catalog.Option
	Sample      = catalog.Sample
	Tag         = catalog.Tag
	Ticket      = catalog.Ticket
	Project     = catalog.Project
	Handoff     = catalog.Handoff
	Task        = catalog.Task
)

// HasHandoff reports whether a ticket of AppHandoff is known.
func (f *Facts) HasHandoff() bool {
	return slices.ContainsFunc(f.AppHandoff.Projects, func(p Project) bool { return len(p.Tickets) > 0 })
}

// FromHandoff returns the facts without what comes before a ticket of
// AppHandoff: it becomes the first one of the first project.
func (f *Facts) FromHandoff(project, ticket int) *Facts {
	out := *f
	out.AppHandoff.Projects = slices.Clone(f.AppHandoff.Projects[project:])
	out.AppHandoff.Projects[0].Tickets = out.AppHandoff.Projects[0].Tickets[ticket:]
	return &out
}

// Secret returns the first key of the service and kind, or "".
func (f *Facts) Secret(service, kind string) string {
	for _, k := range f.Keys {
		if k.Service == service && k.Kind == kind {
			return k.Key
		}
	}
	return ""
}
