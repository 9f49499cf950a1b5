package record

import (
	"bytes"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// sound returns a state without the things that no case can hold, because a
// server did not answer as the contract says, and how many these are.
func sound(s casefile.State) (rest casefile.State, left int) {
	if loads(s) {
		return s, 0
	}
	rest = s
	rest.Tickets, rest.Projects, rest.Requests = nil, nil, nil
	keep := func(add func(*casefile.State)) {
		one := s
		one.Tickets, one.Projects, one.Requests = nil, nil, nil
		if add(&one); len(one.Tickets) > 0 {
			one.Tickets[0].Number = fixtures.FirstNumber // otherwise there are those before it, too
		}
		if loads(one) {
			add(&rest)
		} else {
			left++
		}
	}
	for _, t := range s.Tickets {
		keep(func(s *casefile.State) { s.Tickets = append(s.Tickets, t) })
	}
	for _, p := range s.Projects {
		keep(func(s *casefile.State) { s.Projects = append(s.Projects, p) })
	}
	for _, r := range s.Requests {
		keep(func(s *casefile.State) { s.Requests = append(s.Requests, r) })
	}
	if !loads(rest) { // two of them contradict each other
		left += len(rest.Tickets) + len(rest.Projects)
		rest.Tickets, rest.Projects = nil, nil
	}
	return rest, left
}

// loads reports whether a state can be loaded as it is written.
func loads(s casefile.State) bool {
	var text bytes.Buffer
	if casefile.Write(&text, s) != nil {
		return false
	}
	said, err := casefile.Parse("recorded", text.Bytes())
	if err != nil {
		return false
	}
	base, err := fixtures.New(said.World().Config(fixtures.Config{Seed: 1, Empty: true}))
	if err != nil {
		return false
	}
	latest := s.World.At
	for i := range s.Requests {
		if at := s.Requests[i].At; at.After(latest) {
			latest = at
		}
	}
	_, err = said.Arrange(base, latest, nil)
	return err == nil
}
