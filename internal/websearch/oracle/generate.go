//go:build unix

package main

import (
	"math/rand/v2"
	"strings"
)

// generator makes random documents, and queries that meet them.
type generator struct {
	*rand.Rand
	made []string // documents, for queries to quote
}

func newGenerator(seed, stream uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, stream))}
}

func (g *generator) pick(list []string) string { return list[g.IntN(len(list))] }

// words keep turning up, so that queries find something.
var words = strings.Fields(`
	order orders ordering invoice invoices refund refunded refunding login password passwords reset resetting
	billing connect connection connecting connected error errors fail failing failed failure cat cats dog dogs run
	running ran runner happily happy happiness generalization generally organization relational conditional
	customer's agent's O'Brien don't can't we're rock'n'roll email e-mail wi-fi up-to-date state-of-the-art x-ray
	the a of and to in is it you that or not with for on do does did doing once only own I The AND Or
	café naïve résumé Zürich Müller straße Ärger señor piñata œuvre Łódź Øresund fiancée İstanbul ÉCOLE
	app node api server client json html web data file path user name test id key token page size version
	eed ing ly skies dying lying tying news innings succeed exceed proceed inning outing canning herring
	yyy yay say says boyish youth b42 a1 x2y 3d 4th ERR_42 foo_bar __init__ camelCase HTTPServer`)

// specials are what the parser has a rule for.
var specials = []string{
	"john.doe@mail.example.com", "a_b-c.d@x-y.org", "john+tag@example.com", "x@y", "1.2@b.com", "a@b.co:8080/x",
	"https://docs.example.com/a?x=1#f", "http://localhost:8080/path", "ftp://ftp.site.org", "example.com:80/index.html",
	"www.example.co.uk", "example.com/~user/?q=a&b=c", "mailto:joe@x.com", "foo.bar.baz", "node.js", "report_2024.pdf",
	"/usr/local/etc/nginx.conf", "./run.sh", "../up/one", "~/home/.bashrc", "and/or", "TCP/IP", "HTTP/2", "a/b/c", "C:\\Users\\x",
	"1.2.3", "10.0.0.1", "v2.0.1", "3.14", "-5", "+7.5", "1e10", "-2.5e-3", "6.02E+23", "1,000", "$49.99", "#1234", "50%", "007",
	"2024-12-25", "2024-12-25T10:30:00Z", "12:30", "25/12/2024", "550e8400-e29b-41d4-a716-446655440000", "0x1F", "1st",
	"<b>", "</b>", "<br/>", "<a href=\"http://x.com/a?b=c\">", "<p class='x y'>", "<!-- note > here -->", "<!DOCTYPE html>",
	"<?xml version=\"1.0\"?>", "<a <b>", "< not a tag", "<1>", "<img src=x.png alt=\"a > b\" />", "<script>var a = 1;</script>",
	"<style>b { c: d }</style>", "<x y=\"\\\"z\">", "&amp;", "&nbsp;", "&#39;", "&#x27;", "&lt;b&gt;", "&bogus", "&&", "&é;",
	"a-b-c", "wi-fi-6e", "co-operate", "non-été", "x-ray-5", "well--known", "-dash", "dash-", "semi;colon", "under_score", "__",
	"日本語", "東京タワー", "привет", "мир-труд", "γειά", "שלום", "नमस्ते", "e\u0301te\u0301", "x\u0301-y", "١٢٣", "ⅷ", "½", "😀", "👍🏽", "a😀b",
	"\u00a0", "\u2028", "\u3000", "\u200b", "\u00ad", "\ufeff", "’", "“quoted”", "—", "…", "→", "ß", "ſ", "ﬁ", "Ⓐ",
	strings.Repeat("long", 40), strings.Repeat("ab-", 30) + "c", strings.Repeat("x.", 20) + "com",
}

// gaps stand between words; most are blanks.
var gaps = []string{
	" ", " ", " ", " ", " ", " ", " ", " ", " ", " ", "\n", "\t", "  ", ", ", ". ", "-", "/", ".", ":", "_", "@", "'", "\"", "", "", "+", "~", "<", ">",
	"&", ";", "=", "?", "!", "#", "\\", "|", "(", ")", " -", "- ", " /", " . ", "..", "://", "--", "*", "%", "$", "^", "`", "{", "}", "[", "]", "\r\n", "\v",
}

const characters = "aabbcdeeExXyz0123456789 .-_/:@+~<>&;#?=!\"'\\ ,()|%$*^\t\n" + "éüßİ日語ж\u0301\u0302\u00a0\u3000😀"

func (g *generator) piece() string {
	switch n := g.IntN(20); {
	case n < 12:
		return g.pick(words)
	case n < 17:
		return g.pick(specials)
	case n < 18:
		return g.scramble(1 + g.IntN(8))
	case n < 19:
		return strings.ToUpper(g.pick(words))
	default:
		return g.pick(words) + g.pick([]string{"s", "'s", "ing", "ed", "ly", "1", "-x", "é", "y", "ational", "fulness"})
	}
}

// scramble returns random characters.
func (g *generator) scramble(n int) string {
	set := []rune(characters)
	text := make([]rune, n)
	for i := range text {
		text[i] = set[g.IntN(len(set))]
	}
	return string(text)
}

// glue returns pieces of an alphabet without gaps.
func (g *generator) glue(n int) string {
	var b strings.Builder
	alphabet := alphabets[g.IntN(len(alphabets))]
	for range n {
		b.WriteString(g.pick(alphabet))
	}
	return b.String()
}

func (g *generator) document() string {
	switch g.IntN(8) {
	case 0:
		return g.scramble(1 + g.IntN(60))
	case 1:
		return g.glue(5+g.IntN(8)) + " " + g.glue(5+g.IntN(8))
	}
	var b strings.Builder
	for range 1 + g.IntN(25) {
		b.WriteString(g.piece())
		b.WriteString(g.pick(gaps))
	}
	return b.String()
}

func (g *generator) documents(n int) []string {
	for range n {
		g.made = append(g.made, g.document())
	}
	return g.made[len(g.made)-n:]
}

// quote returns a few words that stand in one of the documents.
func (g *generator) quote() string {
	if len(g.made) == 0 {
		return g.pick(words)
	}
	fields := strings.Fields(g.pick(g.made))
	if len(fields) == 0 {
		return g.pick(words)
	}
	from := g.IntN(len(fields))
	to := min(len(fields), from+1+g.IntN(4))
	return strings.ReplaceAll(strings.Join(fields[from:to], " "), "\"", "")
}

func (g *generator) operand() string {
	switch n := g.IntN(20); {
	case n < 9:
		return g.pick(words)
	case n < 11:
		return g.pick(specials)
	case n < 13:
		return g.quote()
	case n < 17:
		return "\"" + g.quote() + "\""
	case n < 18:
		return "\"" + g.pick(words) + g.pick(gaps) + g.pick(words) + g.pick(gaps) + g.pick(words) + "\""
	case n < 19:
		return g.scramble(1+g.IntN(10)) + g.glue(g.IntN(4))
	default:
		return g.pick([]string{"\"", "-", "or", "OR", ":", "!", "\"\"", "--", "(", "|", "&", "<->", ":*", "the", "'"})
	}
}

func (g *generator) query() string {
	var b strings.Builder
	for range 1 + g.IntN(4) {
		switch g.IntN(8) {
		case 0, 1:
			b.WriteString("-")
		case 2:
			b.WriteString(g.pick([]string{"or ", "OR ", "or", "- ", "--", "!", "(", ":"}))
		}
		b.WriteString(g.operand())
		if g.IntN(10) > 0 {
			b.WriteString(g.pick([]string{" ", " ", " ", " or ", " or ", " OR ", "  ", " -", "\t"}))
		} else {
			b.WriteString(g.pick(gaps))
		}
	}
	return b.String()
}

func (g *generator) queries(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = g.query()
	}
	return list
}
