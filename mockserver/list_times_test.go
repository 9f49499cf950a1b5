package mockserver_test

import (
	"slices"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
)

// createdAfter and the others keep tickets clearly on one side of an instant.
func createdAfter(at time.Time) keep {
	return func(_ int, t *fixtures.Ticket) bool { return t.CreatedAt.After(at) }
}

func createdBefore(at time.Time) keep {
	return func(_ int, t *fixtures.Ticket) bool { return t.CreatedAt.Before(at) }
}

func updatedAfter(at time.Time) keep {
	return func(_ int, t *fixtures.Ticket) bool { return t.UpdatedAt.After(at) }
}

func updatedBefore(at time.Time) keep {
	return func(_ int, t *fixtures.Ticket) bool { return t.UpdatedAt.Before(at) }
}

// middle returns an instant in the middle of the history at which no ticket
// was created or changed: those instants are whole milliseconds.
func (f *fake) middle() time.Time {
	return f.desk().Tickets[100].CreatedAt.Add(time.Hour + time.Nanosecond)
}

// between returns an instant between the creation of a ticket and its last
// change, so that the two disagree about it.
func (f *fake) between() time.Time {
	tickets := f.desk().Tickets[100:]
	t := tickets[slices.IndexFunc(tickets, func(t fixtures.Ticket) bool { return t.UpdatedAt.Sub(t.CreatedAt) > time.Hour })]
	return t.CreatedAt.Add(t.UpdatedAt.Sub(t.CreatedAt)/2 + time.Nanosecond)
}

var timeProofs = proofs{
	"IO-LIST-TICKETS-35 created_after keeps what was created later": func(_ *testing.T, f *fake) {
		f.finds("created_after="+stamp(f.middle()), createdAfter(f.middle()))
	},
	"IO-LIST-TICKETS-36 created_before keeps what was created earlier": func(_ *testing.T, f *fake) {
		f.finds("created_before="+stamp(f.middle()), createdBefore(f.middle()))
	},
	"IO-LIST-TICKETS-37 created_after and created_before give the interval": func(_ *testing.T, f *fake) {
		from, to := f.middle().Add(-50*24*time.Hour), f.middle()
		f.finds("created_after="+stamp(from)+"&created_before="+stamp(to), both(createdAfter(from), createdBefore(to)))
	},
	"IO-LIST-TICKETS-38 updated_after goes by the last change": func(_ *testing.T, f *fake) {
		f.finds("updated_after="+stamp(f.between()), updatedAfter(f.between()))
		f.finds("updated_after="+stamp(f.between())+"&created_before="+stamp(f.between()), both(updatedAfter(f.between()), createdBefore(f.between())))
	},
	"IO-LIST-TICKETS-39 updated_before goes by the last change": func(_ *testing.T, f *fake) {
		f.finds("updated_before="+stamp(f.between()), updatedBefore(f.between()))
		from := f.between().Add(-90 * 24 * time.Hour)
		f.finds("updated_after="+stamp(from)+"&updated_before="+stamp(f.between()), both(updatedAfter(from), updatedBefore(f.between())))
	},
	"IO-LIST-TICKETS-40 B26 an unparseable instant is 400 in each of the four": func(_ *testing.T, f *fake) {
		for _, parameter := range []string{"created_after", "created_before", "updated_after", "updated_before"} {
			for _, value := range []string{"yesterday", "1735689600", "2025-02-30T00:00:00Z", "2025-01-01T25:00:00Z", "2025-01-01T00:00:00", "01/02/2025", "2025-13-01", "2025-1-1", "2025-01-01T1:00:00Z", "2025-01-01T01:00:00,5Z", "2025-01-01T00:00:00Z,2026-01-01T00:00:00Z"} {
				f.wrong(parameter+"="+value, parameter, validInstant)
			}
		}
	},
	"IO-LIST-TICKETS-41 B25 an offset is honoured": func(_ *testing.T, f *fake) {
		at := f.desk().Tickets[100].CreatedAt.Add(time.Millisecond)
		for _, hours := range []int{-12, -5, 0, 2, 14} {
			f.finds("created_after="+stamp(at.In(time.FixedZone("", hours*3600))), createdAfter(at))
			f.finds("created_before="+stamp(at.In(time.FixedZone("", hours*3600+1800))), createdBefore(at))
		}
	},
	"B25 an offset whose plus is not encoded is told how to write it": func(_ *testing.T, f *fake) {
		f.wrong("created_after=2025-01-01T00:00:00+02:00", "created_after", "write the + of an offset as %2B")
	},
	"B25 a date alone is its midnight in UTC": func(t *testing.T, f *fake) {
		day := f.middle().Truncate(24 * time.Hour)
		f.finds("created_after="+day.Format(time.DateOnly), createdAfter(day.Add(-time.Nanosecond)))
		f.finds("created_before="+day.Format(time.DateOnly), createdBefore(day.Add(time.Nanosecond)))
		late := f.desk().Tickets[slices.IndexFunc(f.desk().Tickets, func(t fixtures.Ticket) bool { return t.CreatedAt.Hour() == 23 })]
		date := late.CreatedAt.Format(time.DateOnly)
		same(t, "on the eve", false, slices.Contains(f.ids("created_before="+date), late.ID.String()))
		same(t, "on the day", true, slices.Contains(f.ids("created_after="+date), late.ID.String()))
	},
	"B24 bounds are inclusive at both ends": func(t *testing.T, f *fake) {
		ticket := f.desk().Tickets[77]
		for query, want := range map[string]bool{
			"created_after=" + stamp(ticket.CreatedAt):                                                true,
			"created_before=" + stamp(ticket.CreatedAt):                                               true,
			"updated_after=" + stamp(ticket.UpdatedAt):                                                true,
			"updated_before=" + stamp(ticket.UpdatedAt):                                               true,
			"created_after=" + stamp(ticket.CreatedAt) + "&created_before=" + stamp(ticket.CreatedAt): true,
			"updated_after=" + stamp(ticket.UpdatedAt) + "&updated_before=" + stamp(ticket.UpdatedAt): true,
			"created_after=" + stamp(ticket.CreatedAt.Add(time.Nanosecond)):                           false,
			"created_before=" + stamp(ticket.CreatedAt.Add(-time.Nanosecond)):                         false,
			"updated_after=" + stamp(ticket.UpdatedAt.Add(time.Nanosecond)):                           false,
			"updated_before=" + stamp(ticket.UpdatedAt.Add(-time.Nanosecond)):                         false,
		} {
			same(t, query, want, slices.Contains(f.ids(query), ticket.ID.String()))
		}
	},
	"B24 the first day of the calendar is a bound like any other": func(t *testing.T, f *fake) {
		for _, first := range []string{"0001-01-01T00:00:00Z", "0001-01-01"} {
			f.findsNone("created_before=" + first)
			f.findsNone("updated_before=" + first)
			same(t, "tickets", 200, f.list("created_after="+first+"&updated_after="+first).Meta.Total)
		}
	},
	"B27 a lower bound above the upper one finds nothing": func(_ *testing.T, f *fake) {
		f.findsNone("created_after=" + stamp(f.middle()) + "&created_before=" + stamp(f.middle().Add(-time.Hour)))
		f.findsNone("updated_after=" + stamp(f.middle()) + "&updated_before=" + stamp(f.middle().Add(-time.Hour)))
	},
}
