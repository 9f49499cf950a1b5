package casefile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// FuzzParse reads anything. What is right makes the same world twice, in which no
// time contradicts another; what is wrong says where.
func FuzzParse(f *testing.F) {
	f.Add(example(f))
	for _, test := range wrongValues {
		f.Add(test.with(test.value))
		f.Add(test.with(test.typed()))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "*") > 50 { // aliases may stand for a lot
			return
		}
		c, err := casefile.Parse("case", []byte(text))
		var data *fixtures.Dataset
		if err == nil {
			c.Settings()
			data, err = c.Arrange(emptyWorld(), time.Time{}, nil)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "case: line ") {
				t.Errorf("%q does not say where", err)
			}
			return
		}
		again, err := c.Arrange(emptyWorld(), time.Time{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tell(data), tell(again)); diff != "" {
			t.Errorf("(-once +again):\n%s", diff)
		}
		latest := data.At
		if frozen := c.Settings().FrozenAt; frozen.After(latest) {
			latest = frozen
		}
		for i := range data.InboxOps.Tickets {
			ticket := &data.InboxOps.Tickets[i]
			last := ticket.CreatedAt
			for _, m := range data.InboxOps.Messages(i) {
				if m.CreatedAt.Before(last) || m.CreatedAt.After(latest) || !m.Draft && m.CreatedAt.After(ticket.UpdatedAt) {
					t.Errorf("a message at %v of a ticket from %v to %v", m.CreatedAt, ticket.CreatedAt, ticket.UpdatedAt)
				}
				last = m.CreatedAt
			}
		}
	})
}

// FuzzWrite writes what a case arranges, and loads it again: a file that says the
// same makes the same, and is written as the same bytes.
func FuzzWrite(f *testing.F) {
	f.Add(example(f))
	for _, test := range wrongValues {
		f.Add(test.with(test.typed()))
	}
	f.Add("inboxops: {tickets: [{messages: [{text: \"a\\r\\n b \\u2028\\u0085\"}, {note: \"|\", html: \"\"}, {cc: \"\"}]}], deleted: [1001]}")
	f.Add("apphandoff: {projects: [{id: 6ba7b811-9dad-11d1-80b4-00c04fd430c8, tickets: [{tasks: [{title: x}], messages: [{text: \"\\t\", format: none}]}]}]}")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "*") > 10 {
			return
		}
		c, err := casefile.Parse("case", []byte(text))
		if err != nil {
			return
		}
		data, err := c.Arrange(emptyWorld(), late, nil)
		if err != nil {
			return
		}
		writeAndLoad(t, emptyWorld(), data)
	})
}
