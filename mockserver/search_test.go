package mockserver_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

// search returns the parameter that searches for a text.
func search(text string) string {
	return "query=" + url.QueryEscape(text)
}

// note adds a note to a ticket by its index.
func (f *fake) note(ticket int, text string) {
	f.t.Helper()
	f.post(readWrite, fmt.Sprintf("%s/%d/messages", ticketsPath, 1001+ticket), fmt.Sprintf(`{"type":"internal_note","body_text":%q}`, text)).want(201)
}

// among keeps tickets by their indexes.
func among(tickets ...int) keep {
	return func(i int, _ *fixtures.Ticket) bool { return slices.Contains(tickets, i) }
}

func TestSearch(t *testing.T) {
	t.Parallel()
	searchProofs.share(t, start(t, mockserver.Config{}).Server)
	searchedProofs.run(t, mockserver.Config{})
	operatorProofs.share(t, annotated(t).Server)
}

// annotated returns a server with notes of words that nothing seeded has.
func annotated(t *testing.T) *fake {
	t.Helper()
	f := start(t, mockserver.Config{})
	for _, word := range []string{"zephyr", "quagmire", "lantern", "xylophone"} {
		f.findsNone(search(word))
	}
	f.note(10, "Zephyr, quagmire! The lantern.")
	f.note(20, "quagmire zephyr")
	f.note(30, "a zephyr alone")
	f.note(40, "a lantern alone")
	f.note(50, "The invoices were being cancelled repeatedly: xylophone")
	return f
}

var searchProofs = proofs{
	"IO-LIST-TICKETS-04 B29 query finds the ticket whose subject has the rare word": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject)
		f.finds(search(word), only(ticket))
	},
	"IO-LIST-TICKETS-05 query finds the ticket that has the word in a later message alone": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, later, subject, opening)
		f.finds(search(word), only(ticket))
	},
	"IO-LIST-TICKETS-06 q alone is query": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject)
		f.finds("q="+word, only(ticket))
		f.finds("q="+seeded().common(t), seeded().using(seeded().common(t)))
	},
	"IO-LIST-TICKETS-07 IO-LIST-TICKETS-08 query wins over q, whichever comes first": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject)
		_, other := seeded().rare(t, later, subject, opening)
		f.finds("query="+word+"&q="+other, only(ticket))
		f.finds("q="+other+"&query="+word, only(ticket))
		f.findsNone("q=" + other + "&query=zyzzyva")
	},
	"IO-LIST-TICKETS-09 query and a status combine with AND": func(t *testing.T, f *fake) {
		word := seeded().common(t)
		f.finds(search(word), seeded().using(word))
		for _, status := range []string{"resolved", "closed"} {
			f.finds(search(word)+"&status="+status, both(seeded().using(word), f.status(status)))
		}
	},
	"IO-LIST-TICKETS-10 query and a custom field combine with AND": func(t *testing.T, f *fake) {
		word := seeded().common(t)
		for _, value := range []string{"true", "false"} {
			k := f.stored("contract_signed", func(v fixtures.FieldValue) bool { return fmt.Sprint(v.Bool) == value })
			f.finds(search(word)+"&custom_field_contract_signed="+value, both(seeded().using(word), k))
		}
	},
	"IO-LIST-TICKETS-11 the case does not matter": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject)
		f.finds(search(strings.ToUpper(word)), only(ticket))
		f.finds(search(strings.ToUpper(word[:1])+word[1:3]+strings.ToUpper(word[3:])), only(ticket))
	},
	"IO-LIST-TICKETS-12 B34 two words both have to match; the opening counts as the ticket's body": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject, opening, later)
		_, other := seeded().rare(t, later, subject, opening)
		f.finds(search(word+" "+words(seeded().tickets[ticket].opening)[0]), only(ticket))
		f.findsNone(search(word + " " + other))
	},
	"IO-LIST-TICKETS-13 a quoted phrase needs its words side by side and in order": func(t *testing.T, f *fake) {
		ticket, phrase := seeded().phrase(t)
		parts := strings.Fields(phrase)
		slices.Reverse(parts)
		backwards := strings.Join(parts, " ")
		f.finds(search(`"`+phrase+`"`), seeded().saying(phrase))
		f.findsNone(search(`"` + backwards + `"`))
		for _, bare := range []string{phrase, backwards} {
			same(t, bare, true, slices.Contains(f.ids(search(bare)), f.desk().Tickets[ticket].ID.String()))
		}
	},
	"IO-LIST-TICKETS-14 or widens the result": func(t *testing.T, f *fake) {
		a, word := seeded().rare(t, subject)
		b, other := seeded().rare(t, later, subject, opening)
		f.finds(search(word+" or "+other), among(a, b))
		f.finds(search(word+" OR zyzzyva"), only(a))
	},
	"IO-LIST-TICKETS-17 a search without a hit is an empty page": func(_ *testing.T, f *fake) {
		f.findsNone("query=zyzzyva")
		f.findsNone("q=zyzzyva")
	},
	"B28 a blank query leaves the search to q, and two blank ones search for nothing": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject)
		f.finds("query=&q="+word, only(ticket))
		f.finds("query=+%09+&q="+word, only(ticket))
		same(t, "rows", 200, f.list("query=&q=+").Meta.Total)
	},
}

var searchedProofs = proofs{
	"B32 words split over the subject and a message do not match": func(t *testing.T, f *fake) {
		ticket, word := seeded().rare(t, subject, opening, later)
		f.note(ticket, "zephyr quagmire")
		f.note(ticket, "lantern")
		f.finds(search("zephyr quagmire"), only(ticket))
		f.findsNone(search(word + " zephyr"))
		f.findsNone(search("quagmire lantern"))
	},
	"B33 notes are searched, drafts are not": func(t *testing.T, f *fake) {
		ticket, _ := f.known("only-drafts")
		draft := strings.Split(f.desk().Messages(ticket)[0].BodyText, "\n")[2]
		f.findsNone(search(`"` + draft + `"`))
		f.findsNone(search("zephyr"))
		f.note(17, "A zephyr. "+draft)
		f.finds(search(`"`+draft+`"`), only(17))
		f.finds(search("zephyr"), only(17))
		same(t, "a sentence", true, len(draft) > 40)
	},
}

var operatorProofs = proofs{
	"IO-LIST-TICKETS-12 B30 bare words are joined with AND": func(_ *testing.T, f *fake) {
		f.finds(search("zephyr"), among(10, 20, 30))
		f.finds(search("zephyr quagmire"), among(10, 20))
		f.finds(search("quagmire AND zephyr"), among(10, 20))
		f.findsNone(search("zephyr xylophone"))
	},
	"IO-LIST-TICKETS-13 B30 quotes make a phrase": func(_ *testing.T, f *fake) {
		f.finds(search(`"zephyr quagmire"`), among(10))
		f.finds(search(`"quagmire zephyr"`), among(20))
		f.finds(search(`"quagmire the lantern"`), among(10))
		f.findsNone(search(`"quagmire lantern"`))
		f.findsNone(search(`"zephyr lantern"`))
	},
	"IO-LIST-TICKETS-14 B30 or joins alternatives, and binds less than AND": func(_ *testing.T, f *fake) {
		f.finds(search("zephyr or lantern"), among(10, 20, 30, 40))
		f.finds(search(`"zephyr quagmire" OR xylophone`), among(10, 50))
		f.finds(search("quagmire lantern or alone zephyr"), among(10, 30))
	},
	"IO-LIST-TICKETS-15 B30 a dash excludes a word or a phrase": func(_ *testing.T, f *fake) {
		f.finds(search("zephyr -quagmire"), among(30))
		f.finds(search("-zephyr lantern"), among(40))
		f.finds(search(`zephyr -"zephyr quagmire"`), among(20, 30))
		f.findsNone(search("zephyr -zephyr"))
	},
	"B29 words are compared by their English stems": func(_ *testing.T, f *fake) {
		for _, form := range []string{"invoice", "invoicing", "cancelling", "cancels", "repeated", "xylophones", "INVOICES"} {
			f.finds(search(form+" xylophone"), among(50))
		}
		f.findsNone(search("inv xylophone"))
	},
	"B29 stop words do not count, and alone find nothing": func(_ *testing.T, f *fake) {
		f.finds(search("the xylophone and its"), among(50))
		f.findsNone(search("the"))
		f.findsNone(search("it was the"))
	},
	"IO-LIST-TICKETS-16 B31 unbalanced quotes and stray operators are no errors": func(_ *testing.T, f *fake) {
		for _, odd := range []string{`"xylophone`, `xylophone"`, "xylophone or", "or xylophone", "xylophone &", "(xylophone", "!xylophone)", "xylophone -", "xylophone | !", `xylophone "`, `xylophone ""`} {
			f.finds(search(odd), among(50))
		}
		for _, odd := range []string{`"`, `""`, "-", "---", "|", "&", "!", "( )", "<->", ":*", "'", `\`, "%", "...", "🐌", "-\"\""} {
			f.findsNone(search(odd))
		}
		f.get(readWrite, ticketsPath+"?"+search("or")).want(200)
		f.get(readWrite, ticketsPath+"?query=%00%FF").want(200)
		f.get(readWrite, ticketsPath+"?"+search(strings.Repeat("zephyr or ", 500)+"lantern")).want(200)
	},
}
