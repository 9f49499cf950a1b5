package survey

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Word is a word fit for searching and the rows that hold it.
type Word struct {
	Text string // lower-case ASCII letters
	Rows []Row
}

// plain matches a run of non-blanks that is one ordinary word, so that every
// search engine sees the same word: no host, path, number or hyphen.
var plain = regexp.MustCompile(`^["'(]*([A-Za-z]{5,20})[.,;!?"')]*$`)

// unsearchable are words of five and more letters that a search for English
// text leaves out.
var unsearchable = map[string]bool{
	"about": true, "above": true, "after": true, "again": true, "against": true, "because": true, "before": true,
	"being": true, "below": true, "between": true, "could": true, "doing": true, "during": true, "further": true,
	"having": true, "herself": true, "himself": true, "itself": true, "myself": true, "other": true, "ourselves": true,
	"should": true, "their": true, "theirs": true, "themselves": true, "there": true, "these": true, "those": true,
	"through": true, "under": true, "until": true, "where": true, "which": true, "while": true, "would": true,
	"yours": true, "yourself": true, "yourselves": true, "ours": true,
}

// TextWords are the words of a text that can be searched for, lower-case,
// each once, in their order.
func TextWords(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, run := range strings.Fields(text) {
		m := plain.FindStringSubmatch(run)
		if m == nil {
			continue
		}
		w := strings.ToLower(m[1])
		if !seen[w] && !unsearchable[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Words indexes the words of a text member, rarest first. A word is left out
// when another word of the rows begins with the same four letters: stemming
// might take the two for one.
func Words(rows []Row, member string) []Word {
	byWord := map[string][]Row{}
	byStem := map[string]map[string]bool{}
	for _, r := range rows {
		for _, w := range everyWord(r.Text(member)) {
			stem := w[:min(4, len(w))]
			if byStem[stem] == nil {
				byStem[stem] = map[string]bool{}
			}
			byStem[stem][w] = true
		}
		for _, w := range TextWords(r.Text(member)) {
			byWord[w] = append(byWord[w], r)
		}
	}
	var out []Word
	for w, found := range byWord {
		if len(byStem[w[:4]]) == 1 {
			out = append(out, Word{w, found})
		}
	}
	slices.SortFunc(out, func(a, b Word) int {
		return cmp.Or(cmp.Compare(len(a.Rows), len(b.Rows)), cmp.Compare(a.Text, b.Text))
	})
	return out
}

var letters = regexp.MustCompile(`[a-z]+`)

// everyWord are all runs of letters of a text, whatever stands around them.
func everyWord(text string) []string { return letters.FindAllString(strings.ToLower(text), -1) }
