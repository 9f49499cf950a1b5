package defect

import (
	"regexp"
	"strings"
)

// search returns the text that is searched for.
func (x *exchange) search() string {
	if x.query().Has("query") {
		return x.get("query")
	}
	return x.get("q")
}

func (x *exchange) setSearch(text string) {
	x.drop("q")
	x.set("query", text)
}

// like matches a search whose text matches the pattern.
func like(pattern string) when {
	re := regexp.MustCompile(pattern)
	return func(x *exchange) bool { return x.op == list && re.MatchString(x.search()) }
}

// searching changes the text of a search.
func searching(edit func(string) string) func(*exchange) {
	return func(x *exchange) { x.setSearch(edit(x.search())) }
}

var (
	twoWords   = like(`^[\pL\pN]+ [\pL\pN]+$`)
	quoted     = like(`^"[^"]+ [^"]+"$`)
	oneWord    = like(`^[\pL\pN]{3,}$`)
	either     = like(`(?i)\S or \S`)
	dashed     = like(`(^| )-[\pL\pN]`)
	capitals   = like(`\p{Lu}`)
	foreign    = like(`[^\x00-\x7f]`)
	anySearch  = like(`.`)
	unbalanced = func(x *exchange) bool { return x.op == list && strings.Count(x.search(), `"`)%2 == 1 }
	operators  = like(`^[-"\s|&!():*]+$`)
	bothNames  = and(on(list), has("query"), has("q"))
	qFirst     = func(x *exchange) bool { return bothNames(x) && strings.HasPrefix(x.r.URL.RawQuery, "q=") }
)

func replace(pattern, by string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(s string) string { return re.ReplaceAllString(s, by) }
}

// searches breaks query and q.
func searches() []Defect {
	inSubject := func(x *exchange, row object) bool {
		return strings.Contains(strings.ToLower(text(row["subject"])), strings.ToLower(x.search()))
	}
	onlySubjects := func(x *exchange, p *reply) {
		p.setRows(keep(p.rows(), func(row object) bool { return inSubject(x, row) }))
	}
	onlyBodies := func(x *exchange, p *reply) {
		p.setRows(keep(p.rows(), func(row object) bool { return !inSubject(x, row) }))
	}
	nowhere := searching(func(string) string { return "zzqxnowherezz" })
	return []Defect{
		always("IO-LIST-TICKETS-05", "only subjects are searched", tell(oneWord, onlySubjects)),
		always("IO-LIST-TICKETS-04", "subjects are not searched", tell(oneWord, onlyBodies)),
		sometimes("IO-LIST-TICKETS-05", "only subjects are searched on small pages", tell(and(oneWord, tiny), onlySubjects)),
		sometimes("IO-LIST-TICKETS-04", "words that are not ASCII are not found", ask(foreign, nowhere)),
		sometimes("IO-LIST-TICKETS-05", "words of other scripts are ignored", ask(foreign, without("query", "q"))),
		sometimes("IO-LIST-TICKETS-04", "words with digits are not found", ask(like(`\d`), nowhere)),
		sometimes("IO-LIST-TICKETS-04", "long words are not found", ask(like(`\pL{12,}`), nowhere)),
		sometimes("IO-LIST-TICKETS-11", "capitals matter", ask(capitals, nowhere)),
		always("IO-LIST-TICKETS-12", "of two words the first is enough", ask(twoWords, searching(replace(` .*`, "")))),
		sometimes("IO-LIST-TICKETS-12", "of two words one is enough", ask(twoWords, searching(replace(` `, " or ")))),
		sometimes("IO-LIST-TICKETS-12", "of two words the last is enough on small pages", ask(and(twoWords, tiny), searching(replace(`.* `, "")))),
		always("IO-LIST-TICKETS-13", "quotes do nothing", ask(quoted, searching(replace(`"`, "")))),
		sometimes("IO-LIST-TICKETS-13", "a phrase of three words is no phrase", ask(like(`^"\S+ \S+ \S+.*"$`), searching(replace(`"`, "")))),
		sometimes("IO-LIST-TICKETS-13", "a phrase with a status is not a phrase", ask(and(quoted, has("status")), searching(replace(`"`, "")))),
		always("IO-LIST-TICKETS-14", "or narrows", ask(either, searching(replace(`(?i) or `, " ")))),
		sometimes("IO-LIST-TICKETS-14", "nothing after or is read", ask(either, searching(replace(`(?i) or .*`, "")))),
		sometimes("IO-LIST-TICKETS-14", "of three words the third is not looked for", ask(like(`(?i) or .* or `), searching(replace(`(?i) or \S+$`, "")))),
		sometimes("IO-LIST-TICKETS-11", "capitals in quotes find nothing", ask(and(quoted, capitals), nowhere)),
		sometimes("IO-LIST-TICKETS-15", "of two dashes the second is nothing", ask(like(` -\S+ -\S+$`), searching(replace(` -\S+$`, "")))),
		sometimes("IO-LIST-TICKETS-15", "a dash at the beginning is nothing", ask(like(`^-\S+ `), searching(replace(`^-`, "")))),
		sometimes("IO-LIST-TICKETS-15", "a dash after a phrase is ignored", ask(like(`" -`), searching(replace(`" -`, `" `)))),
		sometimes("IO-LIST-TICKETS-15", "a dash before a phrase is nothing", ask(like(`-"`), searching(replace(`-"`, `"`)))),
		sometimes("IO-LIST-TICKETS-04", "numbers are ignored", ask(like(`^\d+$`), without("query", "q"))),
		always("IO-LIST-TICKETS-15", "a dash is nothing", ask(dashed, searching(replace(`(^| )-`, " ")))),
		sometimes("IO-LIST-TICKETS-15", "a word with a dash is left out", ask(dashed, searching(replace(` -\S+`, "")))),
		sometimes("IO-LIST-TICKETS-16", "an unbalanced quote is refused", answers(unbalanced, 400)),
		always("IO-LIST-TICKETS-16", "operators alone are an error", answers(operators, 500)),
		always("IO-LIST-TICKETS-07", "q wins over query", ask(bothNames, func(x *exchange) { x.setSearch(x.get("q")) })),
		sometimes("IO-LIST-TICKETS-08", "q wins over query when it stands first", ask(qFirst, func(x *exchange) { x.setSearch(x.get("q")) })),
		sometimes("IO-LIST-TICKETS-07", "query and q both count", ask(bothNames, func(x *exchange) { x.setSearch(x.get("query") + " " + x.get("q")) })),
		sometimes("IO-LIST-TICKETS-09", "search is ignored together with a status", ask(and(anySearch, has("status")), without("query", "q"))),
		sometimes("IO-LIST-TICKETS-10", "search is ignored together with a custom field", ask(and(anySearch, withField), without("query", "q"))),
		always("IO-LIST-TICKETS-17", "a search without a hit is 404", foundNothing(anySearch, becomes(404))),
		sometimes("IO-LIST-TICKETS-17", "a search without a hit finds everything", otherwise(anySearch, "query", "q")),
		sometimes("IO-LIST-TICKETS-17", "a search without a hit has total 1", foundNothing(anySearch, metaOf("total", func(int) any { return 1 }))),
		sometimes("IO-LIST-TICKETS-06", "q does not know quotes", ask(and(quoted, has("q")), func(x *exchange) { x.set("q", strings.ReplaceAll(x.get("q"), `"`, "")) })),
		sometimes(everyPage, "search is ignored on the second page", ask(and(anySearch, second), without("query", "q"))),
	}
}
