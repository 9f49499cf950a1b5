package mockserver_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/mockdesk/mockdesk/fixtures"
)

// corpus is what the seeded tickets say, and who says what. It looks at plain
// words alone: letters between blanks, whose beginning no other word shares,
// so that neither stemming nor the tokens of addresses matter.
type corpus struct {
	tickets []texts
	plain   map[string]bool         // words that stand between blanks wherever they stand
	users   map[string]map[int]bool // tickets by the first four letters of their words
}

// texts are those of one ticket.
type texts struct {
	subject  string
	opening  string   // the first message
	later    string   // the other messages
	messages []string // those that show
}

// all returns everything that shows.
func (t texts) all() string {
	return t.subject + "\n" + t.opening + "\n" + t.later
}

// seeded is the corpus of the default world.
var seeded = sync.OnceValue(func() *corpus {
	data, err := fixtures.New(fixtures.Config{Seed: 1})
	if err != nil {
		panic(err)
	}
	c := &corpus{plain: map[string]bool{}, users: map[string]map[int]bool{}}
	for i := range data.InboxOps.Tickets {
		c.add(i, data.InboxOps.Tickets[i].Subject, data.InboxOps.Messages(i))
	}
	for i := range c.tickets {
		c.tell(i)
	}
	return c
})

// add takes a ticket's texts in.
func (c *corpus) add(i int, subject string, messages []fixtures.Message) {
	t := texts{subject: subject}
	for _, m := range messages {
		text := m.BodyText
		if text == "" {
			text = fixtures.PlainText(m.BodyHTML)
		}
		switch {
		case m.Draft:
			continue
		case len(t.messages) == 0:
			t.opening = text
		default:
			t.later += "\n" + text
		}
		t.messages = append(t.messages, text)
	}
	c.tickets = append(c.tickets, t)
	for _, word := range letters(t.all()) {
		if c.users[prefix(word)] == nil {
			c.users[prefix(word)] = map[int]bool{}
		}
		c.users[prefix(word)][i] = true
	}
}

// tell notes which words of a ticket are plain wherever they stand.
func (c *corpus) tell(i int) {
	between := map[string]int{}
	for _, word := range words(c.tickets[i].all()) {
		between[word]++
	}
	count := map[string]int{}
	for _, word := range letters(c.tickets[i].all()) {
		count[prefix(word)]++
	}
	for word, n := range between {
		ok, known := c.plain[word]
		c.plain[word] = (ok || !known) && count[prefix(word)] == n
	}
}

// letters returns the runs of letters of a text, in lower case.
func letters(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// stopWords are the long words that a search passes over.
var stopWords = []string{"ourselves", "themselves", "yourself", "yourselves"}

// words returns the words of a text that are ASCII letters between blanks and
// punctuation, eight or more, in lower case.
func words(text string) []string {
	var plain []string
	for _, word := range strings.Fields(strings.ToLower(text)) {
		word = strings.TrimRight(word, ".,!?;:")
		if len(word) >= 8 && !slices.Contains(stopWords, word) && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
			plain = append(plain, word)
		}
	}
	return plain
}

// prefix returns the beginning of a word.
func prefix(word string) string {
	return string([]rune(word + "    ")[:4])
}

// has reports whether a text has the plain word.
func has(text, word string) bool {
	return slices.Contains(words(text), word)
}

// using keeps the tickets that use a plain word somewhere, drafts apart.
func (c *corpus) using(word string) keep {
	return func(i int, _ *fixtures.Ticket) bool {
		return has(c.tickets[i].subject, word) || slices.ContainsFunc(c.tickets[i].messages, func(text string) bool { return has(text, word) })
	}
}

// rare returns a ticket and a plain word in one place of it that stands in no
// other ticket and in none of the other places.
func (c *corpus) rare(t *testing.T, place func(texts) string, others ...func(texts) string) (ticket int, word string) {
	t.Helper()
	for i, ticket := range c.tickets {
		for _, word := range words(place(ticket)) {
			if !c.plain[word] || len(c.users[prefix(word)]) != 1 {
				continue
			}
			if !slices.ContainsFunc(others, func(other func(texts) string) bool { return has(other(ticket), word) }) {
				return i, word
			}
		}
	}
	t.Fatal("no word is rare")
	return 0, ""
}

// common returns a plain word of many tickets, but not of most.
func (c *corpus) common(t *testing.T) string {
	t.Helper()
	for _, ticket := range c.tickets {
		for _, word := range words(ticket.opening) {
			if n := len(c.users[prefix(word)]); c.plain[word] && n > 10 && n < 100 {
				return word
			}
		}
	}
	t.Fatal("no word is common")
	return ""
}

// phrase returns a ticket and its subject, which is four plain words or more.
func (c *corpus) phrase(t *testing.T) (ticket int, phrase string) {
	t.Helper()
	simple := regexp.MustCompile(`^[A-Z][a-z]+( [a-z]+){3,}$`)
	for i, ticket := range c.tickets {
		if simple.MatchString(ticket.subject) {
			return i, strings.ToLower(ticket.subject)
		}
	}
	t.Fatal("no subject is simple")
	return 0, ""
}

// saying keeps the tickets that say a phrase.
func (c *corpus) saying(phrase string) keep {
	return func(i int, _ *fixtures.Ticket) bool {
		return strings.Contains(strings.ToLower(c.tickets[i].all()), phrase)
	}
}

// The places of a text.
func subject(t texts) string { return t.subject }
func opening(t texts) string { return t.opening }
func later(t texts) string   { return t.later }

// only keeps one ticket.
func only(ticket int) keep {
	return func(i int, _ *fixtures.Ticket) bool { return i == ticket }
}
