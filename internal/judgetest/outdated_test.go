package judgetest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
)

// nobodys is a UUID of nothing.
const nobodys = "5d0c0a2e-1111-4222-8333-944444444444"

func TestFactsOutOfDateAreNoFailure(t *testing.T) {
	t.Parallel()
	race.Sequential(t)
	fields := func(change func(*facts.CustomField)) func(*facts.Facts) {
		return func(f *facts.Facts) {
			f.InboxOps.CustomFields = slices.Clone(f.InboxOps.CustomFields)
			for i := range f.InboxOps.CustomFields {
				change(&f.InboxOps.CustomFields[i])
			}
		}
	}
	for name, tc := range map[string]struct {
		change func(*facts.Facts)
		said   bool
	}{
		"a tag was deleted": {func(f *facts.Facts) { f.InboxOps.Tags[0].ID = nobodys }, false},
		"a custom field was deleted": {func(f *facts.Facts) {
			f.InboxOps.CustomFields = append(slices.Clone(f.InboxOps.CustomFields), facts.CustomField{Key: "gone_long_since", Type: "text"})
		}, true},
		"options were deleted": {fields(func(def *facts.CustomField) {
			if len(def.Options) > 1 {
				def.Options = append([]facts.Option{{ID: nobodys, Label: "Gone"}}, def.Options[1:]...)
			}
		}), false},
		"a ticket got another value of each field": {fields(func(def *facts.CustomField) {
			if def.Samples = slices.Clone(def.Samples); len(def.Samples) > 2 {
				def.Samples[0].Value = def.Samples[1].Value
			}
		}), true},
		"the tickets with known values were deleted": {fields(func(def *facts.CustomField) {
			def.Samples = slices.Clone(def.Samples)
			for i := range def.Samples {
				def.Samples[i].TicketID = nobodys
			}
		}), false},
		"known tickets were deleted": {func(f *facts.Facts) {
			for name, known := range f.InboxOps.Tickets {
				known.ID, known.TicketNumber = nobodys, 99999
				f.InboxOps.Tickets[name] = known
			}
		}, false},
		"a ticket got other tags": {func(f *facts.Facts) {
			name := slices.Sorted(maps.Keys(f.InboxOps.Tickets))[0]
			known := f.InboxOps.Tickets[name]
			if at := slices.Index(known.TagIDs, f.InboxOps.Tags[0].ID); at >= 0 {
				known.TagIDs = slices.Delete(slices.Clone(known.TagIDs), at, at+1)
			} else {
				known.TagIDs = append(slices.Clone(known.TagIDs), f.InboxOps.Tags[0].ID)
			}
			f.InboxOps.Tickets[name] = known
		}, true},
		"the first ticket of AppHandoff was deleted":  {func(f *facts.Facts) { f.AppHandoff.Projects[0].Tickets[0].ID = nobodys }, true},
		"the second ticket of AppHandoff was deleted": {func(f *facts.Facts) { f.AppHandoff.Projects[0].Tickets[1].ID = nobodys }, false},
		"the first project of AppHandoff was deleted": {func(f *facts.Facts) { f.AppHandoff.Projects[0].ID = nobodys }, true},
		"the last project of AppHandoff was deleted":  {func(f *facts.Facts) { f.AppHandoff.Projects[len(f.AppHandoff.Projects)-1].ID = nobodys }, false},
		"threads got longer": {func(f *facts.Facts) {
			for _, p := range f.AppHandoff.Projects {
				for i := range p.Tickets {
					p.Tickets[i].Messages += 7
				}
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := judgetest.New(t, mockserver.Config{}, nil).Config
			tc.change(c.Facts)
			r := judgetest.Run(t, c)
			if got := failed(r); got != "" {
				t.Errorf("failed: %s, want nothing", got)
			}
			if tc.said && !strings.Contains(strings.Join(noted(r), "\n"), "they may be out of date") {
				t.Errorf("notes %q, want one that the facts may be out of date", noted(r))
			}
		})
	}
}

// noted are the notes of the run and of its clauses.
func noted(r conformance.Report) []string {
	all := slices.Clone(r.Notes)
	for _, result := range r.Results {
		all = append(all, result.Notes...)
	}
	return all
}
