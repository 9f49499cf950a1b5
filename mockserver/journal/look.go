package journal

import "net/url"

// Look is a request for rows of a workspace, with what its answer showed.
type Look struct {
	Ref
	Path    string // escaped
	Query   url.Values
	Raw     string // the query as it was sent
	KeyKind string
	Seen    int      // events that the answer shows
	Rows    []uint32 // tickets of a list, when there were events
}

// Looks returns the requests to an operation of a service that are kept, in order.
func (j *Journal) Looks(service, operation string) []Look {
	var looks []Look
	for _, x := range j.kept() {
		if x.Service != service || x.Operation != operation {
			continue
		}
		query, _ := url.ParseQuery(x.Query) // what can be read of it
		looks = append(looks, Look{Ref: x.ref(), Path: x.Path, Query: query, Raw: x.Query, KeyKind: x.KeyKind, Seen: x.Seen, Rows: x.Rows})
	}
	return looks
}

// Forgotten returns how many exchanges have left the journal.
func (j *Journal) Forgotten() uint64 {
	_, missing := j.scope(Filter{})
	return missing
}
