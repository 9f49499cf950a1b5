package judgetest_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var listMutants = []listMutant{
	{"the list is text/plain", "IO-LIST-TICKETS-01", alter(func(_ params, a *answer) {
		if a.status == 200 {
			a.header.Set("Content-Type", "text/plain")
		}
	})},
	// Each of these asks for 200.
	{"the list is 201", "IO-AUTH-01 IO-AUTH-14 IO-RATE-06 IO-LIST-TICKETS-01", alter(func(p params, a *answer) {
		if a.status == 200 && len(p) == 0 {
			a.status = 201
		}
	})},
	{"empty data is null", "IO-LIST-TICKETS-02", ok200(func(_ params, a *answer) {
		if len(a.rows()) == 0 {
			a.body["data"] = nil
		}
	})},
	{"data is an object by id", "IO-LIST-TICKETS-02", ok200(func(_ params, a *answer) {
		byID := map[string]any{}
		for _, r := range a.rows() {
			byID[r["id"].(string)] = r
		}
		a.body["data"] = byID
	})},
	{"meta is missing", "IO-LIST-TICKETS-03", ok200(func(_ params, a *answer) { delete(a.body, "meta") })},
	{"meta.per_page is a string", "IO-LIST-TICKETS-03", metaIs("per_page", "25")},
	{"query is ignored", "IO-LIST-TICKETS-04", dropping("query")},
	{"subjects are not searched", "IO-LIST-TICKETS-04", func(l wire, p params) answer {
		q := p.get("query")
		if !plainWord.MatchString(q) {
			return l.ask(p)
		}
		return l.keep(p, func(r map[string]any) bool {
			return !strings.Contains(strings.ToLower(fmt.Sprint(r["subject"])), strings.ToLower(q))
		})
	}},
	{"messages are not searched", "IO-LIST-TICKETS-05", func(l wire, p params) answer {
		q := p.get("query")
		if !p.has("query") {
			q = p.get("q")
		}
		words := strings.Split(strings.ToLower(q), " or ")
		if slices.ContainsFunc(strings.Fields(q), func(w string) bool { return !plainWord.MatchString(w) }) {
			return l.ask(p)
		}
		return l.keep(p, func(r map[string]any) bool {
			subject := strings.ToLower(fmt.Sprint(r["subject"]))
			return slices.ContainsFunc(words, func(part string) bool {
				return !slices.ContainsFunc(strings.Fields(part), func(w string) bool { return !strings.Contains(subject, w) })
			})
		})
	}},
	{"q is ignored", "IO-LIST-TICKETS-06", dropping("q")},
	{"q beats query", "IO-LIST-TICKETS-07 IO-LIST-TICKETS-08", given(has("q"), dropping("query"))},
	{"the later of query and q wins", "IO-LIST-TICKETS-07", rewrite(func(p params) params {
		if q, text := slices.Index(p, [2]string{"q", p.get("q")}), slices.Index(p, [2]string{"query", p.get("query")}); q > text {
			return p.drop("query")
		}
		return p
	})},
	{"the earlier of query and q wins", "IO-LIST-TICKETS-08", rewrite(func(p params) params {
		q, text := slices.Index(p, [2]string{"q", p.get("q")}), slices.Index(p, [2]string{"query", p.get("query")})
		if q >= 0 && q < text {
			return p.drop("query")
		}
		return p
	})},
	{"query and q are combined", "IO-LIST-TICKETS-07 IO-LIST-TICKETS-08", rewrite(func(p params) params {
		if p.has("query") && p.has("q") {
			return p.set("query", p.get("query")+" "+p.get("q")).drop("q")
		}
		return p
	})},
	{"status is ignored beside query", "IO-LIST-TICKETS-09", given(has("query"), dropping("status"))},
	{"custom fields are ignored beside query", "IO-LIST-TICKETS-10", rewrite(func(p params) params {
		if p.has("query") {
			return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return strings.HasPrefix(x[0], "custom_field_") })
		}
		return p
	})},
	{"upper case finds nothing", "IO-LIST-TICKETS-11", func(l wire, p params) answer {
		if q := p.get("query"); plainWord.MatchString(q) && q == strings.ToUpper(q) {
			return l.ask(p.set("query", "zzqqxxyy"))
		}
		return l.ask(p)
	}},
	{"two words are alternatives", "IO-LIST-TICKETS-12", twoWords(func(a, b string) string { return a + " or " + b })},
	{"two words are a phrase", "IO-LIST-TICKETS-12", twoWords(func(a, b string) string { return `"` + b + " " + a + `"` })},
	{"quotes are ignored", "IO-LIST-TICKETS-13", searching(`"`, " ")},
	{"or is ignored", "IO-LIST-TICKETS-14", searching(" or ", " ")},
	{"the dash is ignored", "IO-LIST-TICKETS-15", searching(" -", " ")},
	{"excluded words are dropped", "IO-LIST-TICKETS-15", rewrite(func(p params) params {
		before, _, found := strings.Cut(p.get("query"), " -")
		if found {
			return p.set("query", before)
		}
		return p
	})},
	{"an open quote is refused", "IO-LIST-TICKETS-16", given(func(p params) bool { return strings.Count(p.get("query"), `"`)%2 == 1 }, refused)},
	{"operators alone break it", "IO-LIST-TICKETS-16", given(is("query", "-"), broken)},
	{"no hit has total 1", "IO-LIST-TICKETS-17 IO-LIST-TICKETS-59", ok200(func(p params, a *answer) {
		if p.has("query") && a.total() == 0 {
			a.setMeta("total", 1)
		}
	})},
	// Operators alone have no hit.
	{"no hit is 404", "IO-LIST-TICKETS-10 IO-LIST-TICKETS-16 IO-LIST-TICKETS-17 IO-LIST-TICKETS-60", alter(func(p params, a *answer) {
		if p.has("query") && a.status == 200 && a.total() == 0 {
			a.status = 404
		}
	})},
	// A phrase the wrong way round has no hit.
	{"no hit finds everything", "IO-LIST-TICKETS-10 IO-LIST-TICKETS-13 IO-LIST-TICKETS-17 IO-LIST-TICKETS-60", func(l wire, p params) answer {
		a := l.ask(p)
		if p.has("query") && a.status == 200 && a.total() == 0 {
			return l.ask(p.drop("query"))
		}
		return a
	}},
	{"open means in_progress too", "IO-LIST-TICKETS-18", given(is("status", "open"), setting("status", "open,in_progress"))},
	{"open lacks a ticket", "IO-LIST-TICKETS-18", func(l wire, p params) answer {
		if p.get("status") == "open" && !p.has("query") && len(p.fields()) == 0 {
			first := l.every(params{{"status", "open"}})[0]["id"]
			return l.keep(p, func(r map[string]any) bool { return r["id"] != first })
		}
		return l.ask(p)
	}},
	{"status is ignored", "IO-LIST-TICKETS-18 IO-LIST-TICKETS-21", dropping("status")},
	{"waiting is refused", "IO-LIST-TICKETS-19", given(is("status", "waiting"), refused)},
	{"resolved finds nothing", "IO-LIST-TICKETS-19", given(is("status", "resolved"), setting("inbox_id", noOption))},
	{"only the first status counts", "IO-LIST-TICKETS-20", rewrite(func(p params) params {
		first, _, _ := strings.Cut(p.get("status"), ",")
		if p.has("status") {
			return p.set("status", first)
		}
		return p
	})},
	{"an unknown status is ignored", "IO-LIST-TICKETS-21", lenient("status")},
	{"inbox_id is ignored", "IO-LIST-TICKETS-22", ignored("inbox_id", anything)},
	{"an unknown inbox finds everything", "IO-LIST-TICKETS-23", given(is("inbox_id", handoffNobody), dropping("inbox_id"))},
	{"a malformed inbox_id finds everything", "IO-LIST-TICKETS-24", lenient("inbox_id")},
	{"assignee_id is ignored", "IO-LIST-TICKETS-25", ignored("assignee_id", func(v string) bool { return v != "__unassigned__" })},
	{"__unassigned__ is ignored", "IO-LIST-TICKETS-26", ignored("assignee_id", func(v string) bool { return v == "__unassigned__" })},
	{"unassigned tickets show an assignee", "IO-LIST-TICKETS-27", ok200(func(p params, a *answer) {
		if p.get("assignee_id") == "__unassigned__" {
			for _, r := range a.rows() {
				r["assignee_id"] = noOption
			}
		}
	})},
	{"a malformed assignee_id finds everything", "IO-LIST-TICKETS-28", lenient("assignee_id")},
	{"priority=urgent finds everything", "IO-LIST-TICKETS-29", ignored("priority", func(v string) bool { return v == "urgent" })},
	{"priority=low lacks a ticket", "IO-LIST-TICKETS-29", func(l wire, p params) answer {
		if p.get("priority") == "low" {
			rows := l.every(params{{"priority", "low"}})
			last := rows[len(rows)-1]["id"]
			return l.keep(p, func(r map[string]any) bool { return r["id"] != last })
		}
		return l.ask(p)
	}},
	{"an unknown priority is ignored", "IO-LIST-TICKETS-30", lenient("priority")},
	{"one tag is ignored", "IO-LIST-TICKETS-31", ignored("tag_ids", func(v string) bool { return !strings.Contains(v, ",") })},
	{"tag_ids is ignored", "IO-LIST-TICKETS-31 IO-LIST-TICKETS-33", dropping("tag_ids")},
	{"any of the tags is enough", "IO-LIST-TICKETS-32", func(l wire, p params) answer {
		a := l.ask(p)
		x, y, two := strings.Cut(p.get("tag_ids"), ",")
		if !two || a.status != 200 {
			return a
		}
		sorted := p.set("sort", "created_at").set("order", "asc")
		rows := l.every(sorted.set("tag_ids", x))
		more := l.every(sorted.set("tag_ids", y))
		if len(rows) == 0 || len(more) == 0 {
			return a
		}
		return l.union(p, a, rows, more)
	}},
	{"unused tags are left out", "IO-LIST-TICKETS-33", func(l wire, p params) answer {
		var used []string
		for _, id := range strings.Split(p.get("tag_ids"), ",") {
			if id != "" && l.ask(params{{"tag_ids", id}}).total() > 0 {
				used = append(used, id)
			}
		}
		if p.has("tag_ids") {
			p = p.set("tag_ids", strings.Join(used, ","))
		}
		return l.ask(p)
	}},
	{"tags out of order find nothing", "IO-LIST-TICKETS-32 IO-LIST-TICKETS-34", func(l wire, p params) answer {
		if ids := strings.Split(p.get("tag_ids"), ","); !slices.IsSorted(ids) {
			return l.ask(p.set("tag_ids", noOption))
		}
		return l.ask(p)
	}},
	{"created_after is ignored", "IO-LIST-TICKETS-35", func(l wire, p params) answer {
		if a := l.ask(p); a.status != 200 || p.has("created_before") {
			return a
		}
		return l.ask(p.drop("created_after"))
	}},
	{"created_before is ignored", "IO-LIST-TICKETS-36", func(l wire, p params) answer {
		if a := l.ask(p); a.status != 200 || p.has("created_after") {
			return a
		}
		return l.ask(p.drop("created_before"))
	}},
	{"the bounds of created_at are swapped", "IO-LIST-TICKETS-35 IO-LIST-TICKETS-36", rewrite(func(p params) params {
		return p.rename("created_after", "x").rename("created_before", "created_after").rename("x", "created_before")
	})},
	{"of two bounds only one counts", "IO-LIST-TICKETS-37", given(has("created_after", "created_before"), dropping("created_before"))},
	{"updated_after looks at created_at", "IO-LIST-TICKETS-38", rewrite(func(p params) params { return p.rename("updated_after", "created_after") })},
	{"updated_before looks at created_at", "IO-LIST-TICKETS-39", rewrite(func(p params) params { return p.rename("updated_before", "created_before") })},
	{"created_after looks at updated_at", "IO-LIST-TICKETS-35", rewrite(func(p params) params { return p.rename("created_after", "updated_after") })},
	{"a malformed updated_before is ignored", "IO-LIST-TICKETS-40", lenient("updated_before")},
	{"offsets are ignored", "IO-LIST-TICKETS-41", rewrite(func(p params) params {
		if v := p.get("created_after"); len(v) == 25 {
			return p.set("created_after", v[:19]+"Z")
		}
		return p
	})},
	{"filters are alternatives", "IO-LIST-TICKETS-42", func(l wire, p params) answer {
		a := l.ask(p)
		var names []string
		for _, name := range []string{"status", "priority", "inbox_id", "assignee_id"} {
			if p.has(name) {
				names = append(names, name)
			}
		}
		if a.status != 200 || len(names) < 2 {
			return a
		}
		var lists [][]map[string]any
		for _, name := range names {
			others := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
			lists = append(lists, l.every(p.drop(others...)))
		}
		return l.union(p, a, lists...)
	}},
	{"of several filters the last counts", "IO-LIST-TICKETS-42", rewrite(func(p params) params {
		last := ""
		for _, x := range p {
			if slices.Contains([]string{"status", "priority", "inbox_id", "assignee_id"}, x[0]) {
				last = x[0]
			}
		}
		for _, name := range []string{"status", "priority", "inbox_id", "assignee_id"} {
			if name != last {
				p = p.drop(name)
			}
		}
		return p
	})},
	{"ascending pages are turned round", "IO-LIST-TICKETS-43", ok200(func(p params, a *answer) {
		if p.get("order") == "asc" && p.get("sort") == "created_at" {
			rows := a.rows()
			slices.Reverse(rows)
			a.setRows(rows)
		}
	})},
	{"order is ignored: always descending", "IO-LIST-TICKETS-43 IO-LIST-TICKETS-45 IO-LIST-TICKETS-46", given(is("order", "asc"), setting("order", "desc"))},
	{"created_at desc is ascending", "IO-LIST-TICKETS-44", given(is("sort", "created_at", "order", "desc"), setting("order", "asc"))},
	{"sort=updated_at is by created_at", "IO-LIST-TICKETS-45", given(is("sort", "updated_at"), setting("sort", "created_at"))},
	{"sort=priority is by created_at", "IO-LIST-TICKETS-46", given(is("sort", "priority"), setting("sort", "created_at"))},
	{"sort=priority ignores order", "IO-LIST-TICKETS-46", given(is("sort", "priority"), setting("order", "asc"))},
	{"an unknown sort breaks it", "IO-LIST-TICKETS-47", given(is("sort", "mockdesk_unknown"), broken)},
	{"an unknown order breaks it", "IO-LIST-TICKETS-48", given(is("order", "mockdesk_unknown"), broken)},
	{"per_page is ignored", "IO-LIST-TICKETS-49 IO-LIST-TICKETS-63", dropping("per_page")},
	{"a page has a row too many", "IO-LIST-TICKETS-49 IO-LIST-TICKETS-50 IO-LIST-TICKETS-51 IO-LIST-TICKETS-55 IO-LIST-TICKETS-63", func(l wire, p params) answer {
		a := l.ask(p)
		n := p.number("page")
		if a.status != 200 || p.get("per_page") == "" || n < 1 {
			return a
		}
		next := l.ask(p.set("page", strconv.Itoa(n+1)))
		if rows := next.rows(); len(rows) > 0 {
			a.setRows(append(a.rows(), rows[0]))
		}
		return a
	}},
	{"page is ignored", "IO-LIST-TICKETS-50 IO-LIST-TICKETS-51 IO-LIST-TICKETS-52 IO-LIST-TICKETS-63", dropping("page")},
	{"a page begins with the last row of the one before", "IO-LIST-TICKETS-50 IO-LIST-TICKETS-51", func(l wire, p params) answer {
		a := l.ask(p)
		n := p.number("page")
		if a.status != 200 || n < 2 || len(a.rows()) == 0 {
			return a
		}
		before := l.ask(p.set("page", strconv.Itoa(n-1))).rows()
		rows := a.rows()
		rows[0] = before[len(before)-1]
		a.setRows(rows)
		return a
	}},
	{"the last page lacks its last row", "IO-LIST-TICKETS-51 IO-LIST-TICKETS-63", func(l wire, p params) answer {
		a := l.ask(p)
		n, size := p.number("page"), p.number("per_page")
		if rows := a.rows(); a.status == 200 && n > 1 && size > 0 && n*size >= a.total() && len(rows) > 0 {
			a.setRows(rows[:len(rows)-1])
		}
		return a
	}},
	{"the total is one too high", "IO-LIST-TICKETS-51", ok200(func(_ params, a *answer) { a.setMeta("total", a.total()+1) })},
	{"the total is that of the page", "IO-LIST-TICKETS-51 IO-LIST-TICKETS-63", ok200(func(_ params, a *answer) { a.setMeta("total", len(a.rows())) })},
	{"meta.page is always 1", "IO-LIST-TICKETS-52", metaIs("page", 1)},
	{"meta.per_page is always 25", "IO-LIST-TICKETS-52", metaIs("per_page", 25)},
	{"past the end is 404", "IO-LIST-TICKETS-53", alter(func(p params, a *answer) {
		if n := p.number("page"); a.status == 200 && n > 1 && len(a.rows()) == 0 {
			a.status = 404
		}
	})},
	{"past the end is the last page again", "IO-LIST-TICKETS-53 IO-LIST-TICKETS-63", func(l wire, p params) answer {
		a := l.ask(p)
		n, size := p.number("page"), p.number("per_page")
		if a.status == 200 && n > 1 && size > 0 && len(a.rows()) == 0 && a.total() > 0 {
			return l.ask(p.set("page", strconv.Itoa((a.total()+size-1)/size)))
		}
		return a
	}},
	{"page=0 breaks it", "IO-LIST-TICKETS-54", given(is("page", "0"), broken)},
	{"page is 2 by default", "IO-LIST-TICKETS-55", given(func(p params) bool { return !p.has("page") && p.has("per_page") }, setting("page", "2"))},
	{"the total ignores filters", "IO-LIST-TICKETS-56 IO-LIST-TICKETS-59", func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == 200 {
			a.setMeta("total", l.ask(params{}).total())
		}
		return a
	}},
	{"from page 3 on a filter is ignored", "IO-LIST-TICKETS-58", given(func(p params) bool { return p.number("page") >= 3 }, dropping("status", "priority", "inbox_id", "assignee_id", "query"))},
	{"later pages of updated_at are by created_at", "IO-LIST-TICKETS-58", given(func(p params) bool { return p.get("sort") == "updated_at" && p.get("page") != "1" }, setting("sort", "created_at"))},
	{"the total of later pages is what is left", "IO-LIST-TICKETS-59 IO-LIST-TICKETS-63", func(l wire, p params) answer {
		a := l.ask(p)
		if p.number("page") > 1 && p.has("status") && a.status == 200 {
			a.setMeta("total", len(a.rows()))
		}
		return a
	}},
	{"a tag and an assignee are either", "IO-LIST-TICKETS-60", given(has("tag_ids", "assignee_id"), dropping("assignee_id"))},
	{"a search forgets its tag", "IO-LIST-TICKETS-60", given(has("query", "tag_ids"), dropping("tag_ids"))},
	{"of three statuses the last is forgotten", "IO-LIST-TICKETS-61", rewrite(func(p params) params {
		if list := strings.Split(p.get("status"), ","); len(list) > 2 {
			return p.set("status", strings.Join(list[:2], ","))
		}
		return p
	})},
	{"a NUL byte breaks the search", "IO-LIST-TICKETS-62", given(func(p params) bool { return strings.Contains(p.get("query"), "\x00") }, broken)},
	{"a filtered row has another subject", "IO-TICKET-18", ok200(func(p params, a *answer) {
		for _, r := range a.rows() {
			if p.has("priority") {
				r["subject"] = "Re: " + fmt.Sprint(r["subject"])
			}
		}
	})},
	{"two tickets have the same number", "IO-TICKET-18", ok200(func(_ params, a *answer) {
		for _, r := range a.rows() {
			if r["ticket_number"] == float64(1030) {
				r["ticket_number"] = float64(1031)
			}
		}
	})},
	{"an unknown parameter breaks it", "IO-LIST-TICKETS-57", given(has("mockdesk_check"), broken)},
}
