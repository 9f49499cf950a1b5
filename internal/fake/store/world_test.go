package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/internal/fake/store"
)

func TestHas(t *testing.T) {
	t.Parallel()
	data := dataset(t, 1, 30, false)
	s := newStore(data)
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
		"the number after the last":      {strconv.Itoa(last.Number + 1), none},
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
			found := s.Has(test.id)
			if want := test.want != none; found != want || found && !s.Same(test.id, tickets[test.want].ID.String()) {
				t.Errorf("Has(%q) = %v, want %v, of ticket %d", test.id, found, want, test.want)
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
	s := store.New(world, 0)
	for _, ticket := range world.Data.InboxOps.Tickets {
		if !s.Same(ticket.ID.String(), strconv.Itoa(ticket.Number)) {
			t.Errorf("the id of ticket %d is that of another one", ticket.Number)
		}
	}
}
