package fault

import "bytes"

var malformed = Kind{
	Name:     "malformed",
	Schema:   `{type: boolean, description: Sends JSON that no parser accepts.}`,
	Says:     "send broken JSON",
	Label:    "send broken JSON",
	set:      func(t *Then) bool { return t.Malformed },
	check:    func(*Then) error { return nil },
	rewrites: true,
	change:   func(_ *Effect, a *Answer) (bool, string) { return malform(a) },
}

// malform breaks the JSON of a body and keeps its length.
func malform(a *Answer) (changed bool, why string) {
	switch {
	case a.bodiless() != "":
		return false, a.bodiless()
	case len(a.Body) == 0:
		return false, "the answer has an empty body"
	}
	a.Body = bytes.Clone(a.Body)
	a.Body[len(a.Body)-1] = ','
	return true, ""
}
