package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/fake/search"
)

// randomTexts returns documents of a few words out of a small vocabulary, some of them empty.
func randomTexts(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("invoice refund the password reset wi-fi a@b.com of order late running café x-ray and dog cat")
	texts := make([]string, n)
	for i := range texts {
		for range r.IntN(12) {
			texts[i] += words[r.IntN(len(words))] + " "
		}
	}
	return texts
}

var randomQueries = []string{
	"invoice", "invoice refund", "invoice or refund", "-invoice", "-invoice -refund", "-invoice or -refund", "cat -dog or dog -cat",
	`"password reset"`, `-"password reset"`, `"password reset" "reset password"`, `"cat dog" -"dog cat"`, `"cat the dog" or "dog of cat"`,
	"wi-fi", "-wi-fi -x-ray", "--cat", "nothing", "-nothing", "nothing or cat", "the", "", "cat cat cat", "cat or cat or cat", "cat -cat", `"cat cat"`,
}

func TestIndexFindsWhatMatches(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 63, 64, 65, 1000} {
		texts := randomTexts(n)
		text := func(doc uint32) string { return texts[doc] }
		vectors := make([]search.Vector, n)
		for i := range texts {
			vectors[i] = search.NewVector(texts[i])
		}
		for _, workers := range []int{0, 1, 2, 7, 2000} {
			index := search.Build(n, workers, text)
			for _, s := range randomQueries {
				q := search.ParseQuery(s)
				want := []uint32{}
				for i, v := range vectors {
					if q.Match(v) {
						want = append(want, uint32(i))
					}
				}
				if diff := cmp.Diff(want, index.Search(q, text)); diff != "" {
					t.Fatalf("%d documents, %d workers, %q (-want +got):\n%s", n, workers, s, diff)
				}
			}
		}
	}
}

func TestWorkersDoNotChangeTheIndex(t *testing.T) {
	t.Parallel()
	texts := randomTexts(3000)
	text := func(doc uint32) string { return texts[doc] }
	one := fmt.Sprintf("%v", *search.Build(len(texts), 1, text))
	for range 5 {
		if many := fmt.Sprintf("%v", *search.Build(len(texts), 8, text)); many != one {
			t.Fatal("an index built by eight workers is not that of one")
		}
	}
}

func TestBuildReadsEveryDocumentOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	read := make([]int, 1000)
	search.Build(len(read), 4, func(doc uint32) string {
		mu.Lock()
		defer mu.Unlock()
		read[doc]++
		return "text"
	})
	if i := slices.IndexFunc(read, func(n int) bool { return n != 1 }); i >= 0 {
		t.Errorf("document %d was read %d times", i, read[i])
	}
}

func TestTextIsReadOnlyToCheckPhrases(t *testing.T) {
	t.Parallel()
	texts := []string{"cat dog", "dog cat", "cat", "dog", "fish"}
	index := search.Build(len(texts), 1, func(doc uint32) string { return texts[doc] })
	tests := map[string][]uint32{
		"cat dog":                 nil,
		"cat or -dog":             nil,
		`"cat dog"`:               {0, 1},
		`-"cat dog"`:              {0, 1},
		`"cat dog" -cat`:          nil,
		`"cat dog" or "cat fish"`: {0, 1},
	}
	for s, want := range tests {
		var read []uint32
		index.Search(search.ParseQuery(s), func(doc uint32) string {
			read = append(read, doc)
			return texts[doc]
		})
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("documents read for %q (-want +got):\n%s", s, diff)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	texts := randomTexts(500)
	text := func(doc uint32) string { return texts[doc] }
	index := search.Build(len(texts), 4, text)
	vector := search.NewVector(texts[7])
	parsed := make([]search.Query, len(randomQueries))
	want := make([]string, len(randomQueries))
	answer := func(i int) string {
		q := search.ParseQuery(randomQueries[i])
		return fmt.Sprint(q, index.Search(parsed[i], text), parsed[i].Match(vector), search.NewVector(texts[i]), vector)
	}
	for i, s := range randomQueries {
		parsed[i] = search.ParseQuery(s)
		want[i] = answer(i)
	}
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range randomQueries {
				i = (i + worker) % len(randomQueries)
				if got := answer(i); got != want[i] {
					t.Errorf("%q: %s, alone %s", randomQueries[i], got, want[i])
				}
			}
		})
	}
	all.Wait()
}
