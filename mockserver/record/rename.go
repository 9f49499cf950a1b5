package record

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// numbered is a number of a ticket in an answer.
var numbered = regexp.MustCompile(`("ticket_number":\s*)(\d+)`)

// renamed returns the requests with the new numbers of tickets, and with the
// ids that the fake will give to notes.
func (m *maker) renamed(requests []casefile.Request) []casefile.Request {
	notes := map[string]string{}
	for i, id := range m.written {
		notes[id] = store.NoteID(1, i+1).String()
	}
	all := slices.Clone(requests)
	for i := range all {
		r := &all[i]
		size := len(r.Answer.Body)
		for from, to := range notes {
			r.Answer.Body = strings.ReplaceAll(r.Answer.Body, from, to)
		}
		r.Answer.Body = numbered.ReplaceAllStringFunc(r.Answer.Body, func(text string) string {
			parts := numbered.FindStringSubmatch(text)
			n, _ := strconv.Atoi(parts[2])
			return parts[1] + strconv.Itoa(cmp.Or(m.numbers[n], n))
		})
		r.Answer.Bytes += len(r.Answer.Body) - size
		path, rest, _ := strings.Cut(r.URL, "?")
		parts := strings.Split(path, "/")
		for j, part := range parts {
			if n, err := strconv.Atoi(part); err == nil && m.numbers[n] != 0 {
				parts[j] = strconv.Itoa(m.numbers[n])
			}
		}
		if r.URL = strings.Join(parts, "/"); rest != "" {
			r.URL += "?" + rest
		}
	}
	return all
}
