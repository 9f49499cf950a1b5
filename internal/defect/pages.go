package defect

import (
	"slices"
	"strconv"
	"strings"
)

// pages breaks sort, order, page, per_page and meta of the list.
func pages() []Defect { return slices.Concat(orders(), paging(), metas()) }

func sorted(by, order string) when {
	return and(on(list), value("sort", by), value("order", order))
}

func orders() []Defect {
	var all []Defect
	for _, o := range []struct{ by, order, clause, other string }{
		{"created_at", "asc", "43", "updated_at"},
		{"created_at", "desc", "44", "updated_at"},
		{"updated_at", "asc", "45", "created_at"},
		{"updated_at", "desc", "45", "created_at"},
		{"priority", "asc", "46", "created_at"},
		{"priority", "desc", "46", "created_at"},
	} {
		name, id, here := o.by+" "+o.order, "IO-LIST-TICKETS-"+o.clause, sorted(o.by, o.order)
		turned := map[string]string{"asc": "desc", "desc": "asc"}[o.order]
		all = append(all,
			always(id, name+" sorts by "+o.other, ask(here, with("sort", o.other))),
			sometimes(everyPage, name+" is turned round on the third page and later", tell(and(here, late), changed(reversed))))
		if o.by != "priority" {
			all = append(all,
				always(id, name+" is turned round", ask(here, with("order", turned))),
				sometimes(id, name+" is turned round under a filter", ask(and(here, filtered), with("order", turned))),
				sometimes(id, name+" is turned round on large pages", ask(and(here, big), with("order", turned))))
		}
	}
	return append(all,
		sometimes("IO-LIST-TICKETS-46", "the last priority of a page stands first", tell(and(on(list), byPriority), changed(lastFirst))),
		sometimes("IO-LIST-TICKETS-43", "a search sorts by itself", ask(and(on(list), searched, has("sort")), without("sort", "order"))),
		sometimes("IO-LIST-TICKETS-43", "with inbox_id created_at sorts by updated_at", ask(and(on(list), value("sort", "created_at"), has("inbox_id")), with("sort", "updated_at"))),
		sometimes("IO-LIST-TICKETS-45", "closed tickets are missing when sorted by updated_at",
			ask(and(on(list), value("sort", "updated_at"), not(has("status"))), with("status", "open,in_progress,waiting,resolved"))),
		always("IO-LIST-TICKETS-47", "an unknown sort is an error", answers(and(on(list), other("sort", "created_at", "updated_at", "priority")), 500)),
		always("IO-LIST-TICKETS-48", "an unknown order is an error", answers(and(on(list), other("order", "asc", "desc")), 500)))
}

// other matches a parameter with none of the known values.
func other(name string, known ...string) when {
	return func(x *exchange) bool { return x.query().Has(name) && !slices.Contains(known, x.get(name)) }
}

func paging() []Defect {
	here := on(list)
	more := func(x *exchange) { x.set("per_page", strconv.Itoa(x.number("per_page")+1)) }
	sized := func(x *exchange) bool { return x.op == list && x.number("per_page") > 0 }
	huge := func(x *exchange) bool { return len(x.get("page")) > 19 }
	overlap := func(x *exchange, p *reply) {
		before := *x
		before.r = x.r.Clone(x.r.Context())
		before.set("page", strconv.Itoa(x.number("page")-1))
		if rows, own := before.send().rows(), p.rows(); len(rows) > 0 && len(own) > 0 {
			own[0] = rows[len(rows)-1]
			p.setRows(own)
		}
	}
	return []Defect{
		always("IO-LIST-TICKETS-49", "a page has one row more", ask(sized, more)),
		always("IO-LIST-TICKETS-49", "per_page is ignored", ask(sized, without("per_page"))),
		sometimes("IO-LIST-TICKETS-49", "per_page=1 gives two rows", ask(and(here, value("per_page", "1")), with("per_page", "2"))),
		sometimes("IO-LIST-TICKETS-49", "a page has one row more under a filter", ask(and(sized, filtered), more)),
		sometimes("IO-LIST-TICKETS-49", "per_page is ignored together with a custom field", ask(and(sized, withField), without("per_page"))),
		always("IO-LIST-TICKETS-50", "every page is the first", ask(and(here, has("page")), with("page", "1"))),
		sometimes("IO-LIST-TICKETS-50", "the second page begins with the first page's last row", tell(and(here, second), overlap)),
		sometimes("IO-LIST-TICKETS-51", "a later page begins with the last row of the page before", tell(and(here, late), overlap)),
		sometimes("IO-LIST-TICKETS-51", "page 3 is page 2", ask(and(here, value("page", "3")), with("page", "2"))),
		always("IO-LIST-TICKETS-51", "each page lacks its last row", tell(and(here, has("page")), changed(butLast))),
		sometimes("IO-LIST-TICKETS-51", "the third page and later ones lack their first row", tell(and(here, late), changed(butFirst))),
		sometimes("IO-LIST-TICKETS-51", "no page has more than 20 rows whatever it says", tell(and(here, big), changed(upTo(20)))),
		sometimes("IO-LIST-TICKETS-51", "pages under a filter lack their last row", tell(and(here, filtered, has("page")), changed(butLast))),
		sometimes("IO-LIST-TICKETS-63", "a search of one word lacks its last row and its total does not", tell(and(here, searched), changed(butLast))),
		sometimes("IO-LIST-TICKETS-63", "the first page in descending order lacks its last row", tell(and(here, value("order", "desc"), value("page", "1")), changed(butLast))),
		always("IO-LIST-TICKETS-53", "a page past the end is 404", foundNothing(and(here, has("page")), becomes(404))),
		sometimes("IO-LIST-TICKETS-53", "a page past the end is the first", func(x *exchange) *reply {
			p := x.send()
			if x.op == list && x.number("page") > 1 && p.ok() && len(p.rows()) == 0 {
				x.set("page", "1")
				return x.send()
			}
			return p
		}),
		always("IO-LIST-TICKETS-54", "page=0 is an error", answers(and(here, value("page", "0")), 500)),
		always("IO-LIST-TICKETS-54", "page=-1 is an error", answers(and(here, value("page", "-1")), 500)),
		always("IO-LIST-TICKETS-54", "page=abc is an error", answers(and(here, value("page", "abc")), 502)),
		sometimes("IO-LIST-TICKETS-54", "per_page=abc is an error", answers(and(here, value("per_page", "abc")), 500)),
		sometimes("IO-LIST-TICKETS-54", "a negative per_page is an error", answers(and(here, value("per_page", "-1")), 500)),
		always("IO-LIST-TICKETS-55", "pages are counted from zero", ask(and(here, not(has("page"))), with("page", "2"))),
		sometimes("IO-LIST-TICKETS-55", "without a page it is the second under a filter", ask(and(here, filtered, not(has("page"))), with("page", "2"))),
		always("IO-LIST-TICKETS-57", "an unknown parameter is an error", answers(and(here, has("unknown")), 500)),
		always(oddValues, "a page beyond all integers is an error", answers(and(here, huge), 500)),
		sometimes(oddValues, "a page beyond all integers is the first", ask(and(here, huge), with("page", "1"))),
		always(oddValues, "a NUL byte is an error", answers(and(here, func(x *exchange) bool { return strings.Contains(x.r.URL.RawQuery, "%00") }), 500)),
		always("IO-LIST-TICKETS-01", "the list is text", tell(here, media("text/html"))),
		sometimes("IO-LIST-TICKETS-01", "the list is 206 on later pages", tell(and(here, late), status(206))),
		always("IO-LIST-TICKETS-02", "data is an object", tell(here, top(func(o object) { o["data"] = object{"rows": o["data"]} }))),
		sometimes("IO-LIST-TICKETS-02", "data is null when there is nothing", foundNothing(here, top(member("data", nil)))),
		sometimes("IO-LIST-TICKETS-02", "data is an object when there is one row", tell(here, top(func(o object) {
			if rows, _ := o["data"].([]any); len(rows) == 1 {
				o["data"] = rows[0]
			}
		}))),
	}
}

func metas() []Defect {
	here := on(list)
	word := func(n int) any { return strconv.Itoa(n) }
	cap20 := func(n int) any { return min(n, 20) }
	half := func(n int) any { return float64(n) + 0.5 }
	onPage := func(_ *exchange, p *reply) {
		n := len(p.rows())
		p.meta(func(m object) { m["total"] = n })
	}
	all := func(x *exchange, p *reply) {
		whole := x.other(x.r.URL.Path).total()
		p.meta(func(m object) { m["total"] = whole })
	}
	defects := []Defect{
		always("IO-LIST-TICKETS-03", "there is no meta", tell(here, top(unset("meta")))),
		sometimes("IO-LIST-TICKETS-03", "there is no meta on later pages", tell(and(here, late), top(unset("meta")))),
		sometimes("IO-LIST-TICKETS-03", "total is null when there is nothing", foundNothing(here, metaOf("total", func(int) any { return nil }))),
		sometimes("IO-LIST-TICKETS-03", "total is no whole number", tell(and(here, filtered), metaOf("total", half))),
		always(oneTotal, "total is one too many", tell(here, metaOf("total", oneMore))),
		always("IO-LIST-TICKETS-51", "total counts the page", tell(here, onPage)),
		sometimes("IO-LIST-TICKETS-51", "total is 20 at most", tell(here, metaOf("total", cap20))),
		always("IO-LIST-TICKETS-56", "total counts all tickets", tell(and(here, filtered), all)),
		always("IO-LIST-TICKETS-52", "meta.page is 1 always", tell(here, metaOf("page", func(int) any { return 1 }))),
		always("IO-LIST-TICKETS-52", "meta.page counts from 0", tell(here, metaOf("page", func(n int) any { return n - 1 }))),
		always("IO-LIST-TICKETS-52", "meta.per_page counts the rows", tell(here, func(_ *exchange, p *reply) {
			n := len(p.rows())
			p.meta(func(m object) { m["per_page"] = n })
		})),
		sometimes("IO-LIST-TICKETS-52", "meta.page is wrong on later pages", tell(and(here, late), metaOf("page", oneMore))),
		sometimes("IO-LIST-TICKETS-52", "meta.per_page is 20 under a filter", tell(and(here, filtered), metaOf("per_page", func(int) any { return 20 }))),
	}
	for _, name := range []string{"page", "per_page", "total"} {
		defects = append(defects,
			always("IO-LIST-TICKETS-03", "meta."+name+" is a text", tell(here, metaOf(name, word))),
			sometimes("IO-LIST-TICKETS-03", "meta."+name+" is missing under a filter", tell(and(here, filtered), func(_ *exchange, p *reply) {
				p.meta(func(m object) { delete(m, name) })
			})))
	}
	for _, w := range []struct {
		words string
		is    when
	}{
		{"on the third page and later", late},
		{"together with a search", searched},
		{"together with a custom field", withField},
		{"with tag_ids", has("tag_ids")},
		{"with assignee_id", has("assignee_id")},
		{"when another filter is given", twoFilters},
	} {
		defects = append(defects,
			sometimes(oneTotal, "total is one too many "+w.words, tell(and(here, w.is), metaOf("total", oneMore))),
			sometimes(oneTotal, "total counts all tickets "+w.words, tell(and(here, w.is, filtered), all)))
	}
	return defects
}
