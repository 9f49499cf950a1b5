package outcome

import (
	"bufio"
	"fmt"
	"io"
)

// Text tells a person at a terminal.
func Text(w io.Writer, o Outcome) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "\nmockdesk: %s\n", o.came())
	for _, count := range o.Summary.Operations {
		fmt.Fprintf(b, "  %5d  %-32s %d\n", count.Count, operation(count), count.Status)
	}
	if visits := o.visits(); visits != "" {
		fmt.Fprintf(b, "  by workspace: %s\n", visits)
	}
	for _, f := range o.Faults {
		fmt.Fprintf(b, "  fault %s\n", fired(f))
	}
	textBreaches(b, o)
	textAnswers(b, o)
	if hasty := o.hasty(); len(hasty) > 0 {
		fmt.Fprintln(b, "Requests that came back before Retry-After had passed:")
		for _, text := range hasty {
			fmt.Fprintf(b, "  %s\n", text)
		}
	}
	if unclear := o.unclear(); unclear != "" {
		fmt.Fprintf(b, "warning: %s\n", unclear)
	}
	for _, text := range o.needless() {
		fmt.Fprintf(b, "warning: nothing used the allowance %s\n", text)
	}
	return b.Flush()
}

// textBreaches lists the breaches.
func textBreaches(b *bufio.Writer, o Outcome) {
	switch n := o.Summary.Allowed; n {
	case 0:
	case 1:
		fmt.Fprintln(b, "Allowed: 1 violation that is meant.")
	default:
		fmt.Fprintf(b, "Allowed: %d violations that are meant.\n", n)
	}
	if o.breaches() == 0 {
		fmt.Fprintln(b, "No request broke the contract.")
		return
	}
	fmt.Fprintln(b, "Requests that broke the contract:")
	textFound(b, o.found(), o.more())
}

// textAnswers lists the breaches of the target's answers.
func textAnswers(b *bufio.Writer, o Outcome) {
	switch {
	case o.broken() > 0:
		fmt.Fprintln(b, "Answers that broke the contract:")
		textFound(b, o.answers(), o.moreAnswers())
	case o.Target != "":
		fmt.Fprintln(b, "No answer broke the contract.")
	}
}

// textFound lists breaches.
func textFound(b *bufio.Writer, all []breach, more string) {
	for _, found := range all {
		fmt.Fprintf(b, "  %s: %s\n    first by: %s%s\n    %s\n", found.Times, found.Words, found.Request, found.Where, found.Curl)
	}
	if more != "" {
		fmt.Fprintf(b, "  %s\n", more)
	}
}
