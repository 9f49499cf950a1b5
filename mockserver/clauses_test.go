package mockserver_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/mockserver"
)

// proofs are subtests by a sentence. It begins with the ids of the clauses it
// proves, or of the choices (openapi/CHOICES.md) that it pins.
type proofs map[string]func(t *testing.T, f *fake)

// run gives each proof a fresh server.
func (p proofs) run(t *testing.T, cfg mockserver.Config) {
	t.Helper()
	for sentence, prove := range p {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			prove(t, start(t, cfg))
			proved(sentence)
		})
	}
}

// share runs proofs that change nothing on one server.
func (p proofs) share(t *testing.T, server *mockserver.Server) {
	t.Helper()
	for sentence, prove := range p {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			prove(t, &fake{Server: server, t: t})
			proved(sentence)
		})
	}
}

// proven holds the ids that the tests of this run have proved.
var proven = struct {
	sync.Mutex
	ids map[string]bool
}{ids: map[string]bool{}}

var anID = regexp.MustCompile(`^([A-E]\d+|(IO|AH)-[A-Z-]+-\d+)$`)

// proved notes the ids that a sentence begins with.
func proved(sentence string) {
	proven.Lock()
	defer proven.Unlock()
	for word := range strings.FieldsSeq(sentence) {
		if !anID.MatchString(word) {
			return
		}
		proven.ids[word] = true
	}
}

// choices are the ids of openapi/CHOICES.md, true where there is something to
// prove.
var choices = sync.OnceValue(func() map[string]bool {
	text, err := os.ReadFile("../openapi/CHOICES.md")
	if err != nil {
		panic(err)
	}
	ids := map[string]bool{}
	for _, row := range aChoice.FindAllStringSubmatch(string(text), -1) {
		ids[row[1]] = !strings.HasPrefix(row[2], "nothing:")
	}
	return ids
})

// aChoice is a row of the tables: its id, what the pages say, what mockdesk does.
var aChoice = regexp.MustCompile(`(?m)^\| ([A-E]\d+) \|[^|]*\| ([^|]*) \|`)

// unproven compares ids with all there are to prove.
func unproven(ids map[string]bool) []string {
	want := maps.Clone(choices())
	for _, c := range scenario.All() {
		want[c.ID] = true
	}
	var problems []string
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if want[id] && !ids[id] {
			problems = append(problems, id+" is proved by no test")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if !want[id] {
			problems = append(problems, id+" begins a test's name, but there is nothing of it to prove")
		}
	}
	return problems
}

// TestMain runs the tests and then asks whether they have proved everything,
// unless only some were asked for.
func TestMain(m *testing.M) {
	code := m.Run()
	if problems := unproven(proven.ids); code == 0 && everyTest() && len(problems) > 0 {
		fmt.Fprintln(os.Stderr, strings.Join(problems, "\n"))
		code = 1
	}
	os.Exit(code)
}

// everyTest reports whether every test was asked for.
func everyTest() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list", "test.fuzz"} {
		if flag.Lookup(name).Value.String() != "" {
			return false
		}
	}
	return true
}

func TestUnproven(t *testing.T) {
	t.Parallel()
	everything := map[string]bool{}
	for _, problem := range unproven(nil) {
		everything[strings.Fields(problem)[0]] = true
	}
	for id, want := range map[string]bool{"A1": true, "A26": false, "B52": true, "D28": true, scenario.All()[0].ID: true} {
		if everything[id] != want {
			t.Errorf("nothing ran: %s is missing: %t, want %t", id, everything[id], want)
		}
	}
	if problems := unproven(everything); problems != nil {
		t.Errorf("everything ran, and yet: %v", problems)
	}
	delete(everything, "IO-CF-07")
	everything["IO-CF-99"], everything["A26"] = true, true
	want := []string{
		"IO-CF-07 is proved by no test",
		"A26 begins a test's name, but there is nothing of it to prove",
		"IO-CF-99 begins a test's name, but there is nothing of it to prove",
	}
	if diff := cmp.Diff(want, unproven(everything)); diff != "" {
		t.Errorf("one is missing and two are too many (-want +got):\n%s", diff)
	}
}
