// Package facts turns a facts file into what a target's API does not reveal:
// keys, tags, custom-field definitions and the ids of AppHandoff.
//
// The form is that of a mockdesk server's catalog. Any part may be missing.
package facts

import (
	_ "embed"
	"slices"

	"github.com/mockdesk/mockdesk/internal/catalog"
)

// Schema is the JSON Schema of a facts file.
//
//go:embed facts.schema.json
var Schema []byte

// Facts is what is known about a target beforehand. The zero value knows
// nothing. Any member may be missing. The number of tickets is not relied on,
// as others may write. The tags of a ticket whose tag_ids are nil are not
// known.
type Facts catalog.Catalog

// The parts of Facts.
type (
	// InboxOps is what is known of an InboxOps workspace.
	InboxOps = catalog.InboxOps
	// AppHandoff is what is known of AppHandoff.
	AppHandoff = catalog.AppHandoff
	// Key is a secret and what it is for.
	Key = catalog.Key
	// CustomField is a definition.
	CustomField = catalog.Field
	// Option is a choice of a select or multi_select field.
	Option = catalog.Option
	// Sample is a value stored on a ticket, in the form the filter takes.
	Sample = catalog.Sample
	// Tag is a label on tickets.
	Tag = catalog.Tag
	// Ticket is a ticket known by name.
	Ticket = catalog.Ticket
	// Project is a project with its tickets.
	Project = catalog.Project
	// Handoff is a ticket of a project.
	Handoff = catalog.Handoff
	// Task is a task of a ticket.
	Task = catalog.Task
)

// HasHandoff reports whether a ticket of AppHandoff is known.
func (f *Facts) HasHandoff() bool {
	return slices.ContainsFunc(f.AppHandoff.Projects, func(p Project) bool { return len(p.Tickets) > 0 })
}

// FromHandoff returns the facts without everything before a ticket of
// AppHandoff, which becomes the first ticket of the first project.
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
