package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/store"
)

func TestWorldFind(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 30, false)
	world := store.NewWorld(data, numbers{})
	tickets := data.InboxOps.Tickets
	first, last := tickets[0], tickets[29]
	number := strconv.Itoa(last.Number)
	const none = -1
	tests := map[string]struct {
		id   string
		want int
	}{
		"a UUID":                         {last.ID.String(), 29},
		"a UUID in upper case":           {strings.ToUpper(last.ID.String()), 29},
		"a UUID of no ticket":            {"00000000-0000-4000-8000-000000000000", none},
		"a UUID without dashes":          {strings.ReplaceAll(last.ID.String(), "-", ""), none},
		"a UUID in braces":               {"{" + last.ID.String() + "}", none},
		"the first number":               {strconv.Itoa(first.Number), 0},
		"the last number":                {number, 29},
		"the number before the first":    {strconv.Itoa(first.Number - 1), none},
		"the number behind the last":     {strconv.Itoa(last.Number + 1), none},
		"zero":                           {"0", none},
		"a number with a hash":           {"#" + number, none},
		"a number with a zero before it": {"0" + number, none},
		"a number with a plus":           {"+" + number, none},
		"a number with a minus":          {"-" + number, none},
		"a number with a blank":          {" " + number, none},
		"a number with a fraction":       {number + ".0", none},
		"a number with an exponent":      {number + "e0", none},
		"a number in other digits":       {"٤٢", none},
		"a number of 18 digits":          {strings.Repeat("9", 18), none},
		"a number too large for an int":  {strings.Repeat("9", 19), none},
		"a number past 63 bits":          {fmt.Sprint(uint64(1<<63) + uint64(last.Number)), none},
		"a number past 64 bits":          {fmt.Sprint("1844674407370955", 1616+last.Number), none},
		"a word":                         {"latest", none},
		"nothing":                        {"", none},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, found := world.Find(test.id)
			if want := test.want != none; found != want || found && got != test.want {
				t.Errorf("Find(%q) = %d, %v, want %d, %v", test.id, got, found, test.want, want)
			}
		})
	}
}

func TestWorldLen(t *testing.T) {
	t.Parallel()
	world := store.NewWorld(dataset(t, 1, 47, false), numbers{})
	if world.Len() != 47 {
		t.Errorf("Len() = %d, want 47", world.Len())
	}
	for i, ticket := range world.Data.InboxOps.Tickets {
		if got, found := world.Find(ticket.ID.String()); got != i || !found {
			t.Errorf("Find(%s) = %d, %v, want %d", ticket.ID, got, found, i)
		}
	}
}
