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
	// Opened says that the requests are those of the case into whose state the
	// workspace was put, not those of clients.
	Opened bool `json:"opened"`
	// Others is how many requests there are of the other kind.
	Others int   `json:"others"`
	Rows   []Row `json:"requests"`
	// Uncounted is what differs but cannot be equal.
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

// Send repeats the changes before a request, then sends it. It returns the
// request with its answer, and the changes that could not be made.
type Send func(*casefile.Request) (casefile.Request, []Difference)

// Run sends the requests that can be sent, in their order, and compares the
// answers.
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

// count returns a number with its noun.
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
