package replay

import (
	"fmt"
	"strings"

	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// Report is what came of sending the requests of a case again.
type Report struct {
	Same      bool `json:"same"` // at least one was sent, and each got what it got before
	Sent      int  `json:"sent"`
	Different int  `json:"different"`
	Left      int  `json:"left"` // not sent
	// Opened reports whether they are of the case that the workspace was put into
	// the state of, and not of clients.
	Opened bool `json:"opened"`
	// Others is how many requests there are of the other kind.
	Others int   `json:"others"`
	Rows   []Row `json:"requests"`
	// Uncounted is what cannot be equal, and differs.
	Uncounted []string `json:"uncounted"`
}

// Row is a request, with what it got and what it gets.
type Row struct {
	Number   int              `json:"number"` // from 1
	Recorded casefile.Request `json:"recorded"`
	// Now is what it gets, nil when it was not sent.
	Now         *casefile.Answer `json:"now,omitempty"`
	Fault       string           `json:"fault,omitempty"` // the rule that fired now
	Differences []Difference     `json:"differences"`
	Uncounted   []string         `json:"uncounted,omitempty"`
}

// Send sends a request, once what changed before it is done, and returns it with what
// it gets and what of the changes could not be done.
type Send func(*casefile.Request) (casefile.Request, []Difference)

// Run sends requests in their order, those that can be, and compares.
func Run(all []casefile.Request, runs bool, send Send) Report {
	report := Report{Rows: []Row{}, Uncounted: []string{}}
	said := map[string]bool{}
	var changes []casefile.Change // of those left out since the last one
	for i := range all {
		r := &all[i]
		row := Row{Number: i + 1, Recorded: *r, Differences: []Difference{}}
		if changes = append(changes, r.Changes...); r.Left {
			report.Left++
			report.Rows = append(report.Rows, row)
			continue
		}
		again := *r
		again.Changes, changes = changes, nil
		now, found := send(&again)
		row.Now, row.Fault = &now.Answer, now.Fault
		more, uncounted := Compare(r, &now, runs && r.At.IsZero())
		found = append(found, more...)
		row.Differences, row.Uncounted = append(row.Differences, found...), uncounted
		report.Sent++
		if len(found) > 0 {
			report.Different++
		}
		for _, what := range uncounted {
			if !said[what] {
				said[what], report.Uncounted = true, append(report.Uncounted, what)
			}
		}
		report.Rows = append(report.Rows, row)
	}
	report.Same = report.Sent > 0 && report.Different == 0
	return report
}

// String says it in a sentence.
func (r Report) String() string {
	var b strings.Builder
	switch {
	case len(r.Rows) == 0:
		return "the case has no requests"
	case r.Sent == 0:
		b.WriteString("no request could be sent again")
	case r.Same:
		fmt.Fprintf(&b, "all the same: %s sent again", count(r.Sent, "request"))
	default:
		fmt.Fprintf(&b, "%d of %s got another answer", r.Different, count(r.Sent, "request"))
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "; %s not sent, which came before the state of the case or are not whole", count(r.Left, "request"))
	}
	if len(r.Uncounted) > 0 {
		b.WriteString("; not counted: " + strings.Join(r.Uncounted, ", "))
	}
	return b.String()
}

// count says how many there are of something.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
