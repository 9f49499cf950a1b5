package judgetest_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var listMutants = []listMutant{
	{name: "the list is text/plain", fails: "IO-LIST-TICKETS-01", defect: alter(func(_ params, a *answer) {
		if a.status == 200 {
			a.header.Set("Content-Type", "text/plain")
		}
	})},
	// Each of these asks for 200.
	{name: "the list is 201", fails: "IO-AUTH-01 IO-AUTH-14 IO-RATE-06 IO-LIST-TICKETS-01", defect: alter(func(p params, a *answer) {
		if a.status == 200 && len(p) == 0 {
			a.status = 201
		}
	})},
	{name: "empty data is null", fails: "IO-LIST-TICKETS-02", defect: ok200(func(_ params, a *answer) {
		if len(a.rows()) == 0 {
			a.body["data"] = nil
		}
	})},
	{name: "data is an object by id", fails: "IO-LIST-TICKETS-02", defect: ok200(func(_ params, a *answer) {
		byID := map[string]any{}
		for _, r := range a.rows() {
			byID[r["id"].(string)] = r
		}
		a.body["data"] = byID
	})},
	{name: "meta is missing", fails: "IO-LIST-TICKETS-03", defect: ok200(func(_ params, a *answer) { delete(a.body, "meta") })},
	{name: "meta.per_page is a string", fails: "IO-LIST-TICKETS-03", defect: ok200(func(_ params, a *answer) { a.setMeta("per_page", "25") })},
	{name: "query is ignored", fails: "IO-LIST-TICKETS-04", defect: rewrite(func(p params) params { return p.drop("query") })},
	{name: "subjects are not searched", fails: "IO-LIST-TICKETS-04", defect: func(l wire, p params) answer {
		q := p.get("query")
		if !plainWord.MatchString(q) {
			return l.ask(p)
		}
		return l.keep(p, func(r map[string]any) bool {
			return !strings.Contains(strings.ToLower(fmt.Sprint(r["subject"])), strings.ToLower(q))
		})
	}},
	{name: "messages are not searched", fails: "IO-LIST-TICKETS-05", defect: func(l wire, p params) answer {
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
	{name: "q is ignored", fails: "IO-LIST-TICKETS-06", defect: rewrite(func(p params) params { return p.drop("q") })},
	{name: "q beats query", fails: "IO-LIST-TICKETS-07 IO-LIST-TICKETS-08", defect: rewrite(func(p params) params {
		if p.has("q") {
			return p.drop("query")
		}
		return p
	})},
	{name: "the later of query and q wins", fails: "IO-LIST-TICKETS-07", defect: rewrite(func(p params) params {
		if q, text := slices.Index(p, [2]string{"q", p.get("q")}), slices.Index(p, [2]string{"query", p.get("query")}); q > text {
			return p.drop("query")
		}
		return p
	})},
	{name: "the earlier of query and q wins", fails: "IO-LIST-TICKETS-08", defect: rewrite(func(p params) params {
		q, text := slices.Index(p, [2]string{"q", p.get("q")}), slices.Index(p, [2]string{"query", p.get("query")})
		if q >= 0 && q < text {
			return p.drop("query")
		}
		return p
	})},
	{name: "query and q are combined", fails: "IO-LIST-TICKETS-07 IO-LIST-TICKETS-08", defect: rewrite(func(p params) params {
		if p.has("query") && p.has("q") {
			return p.set("query", p.get("query")+" "+p.get("q")).drop("q")
		}
		return p
	})},
	{name: "status is ignored beside query", fails: "IO-LIST-TICKETS-09", defect: rewrite(func(p params) params {
		if p.has("query") {
			return p.drop("status")
		}
		return p
	})},
	{name: "custom fields are ignored beside query", fails: "IO-LIST-TICKETS-10", defect: rewrite(func(p params) params {
		if p.has("query") {
			return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return strings.HasPrefix(x[0], "custom_field_") })
		}
		return p
	})},
	{name: "upper case finds nothing", fails: "IO-LIST-TICKETS-11", defect: func(l wire, p params) answer {
		if q := p.get("query"); plainWord.MatchString(q) && q == strings.ToUpper(q) {
			return l.ask(p.set("query", "zzqqxxyy"))
		}
		return l.ask(p)
	}},
	{name: "two words are alternatives", fails: "IO-LIST-TICKETS-12", defect: rewrite(func(p params) params {
		if w := strings.Fields(p.get("query")); len(w) == 2 && plainWord.MatchString(w[0]) && plainWord.MatchString(w[1]) {
			return p.set("query", w[0]+" or "+w[1])
		}
		return p
	})},
	{name: "two words are a phrase", fails: "IO-LIST-TICKETS-12", defect: rewrite(func(p params) params {
		if w := strings.Fields(p.get("query")); len(w) == 2 && plainWord.MatchString(w[0]) && plainWord.MatchString(w[1]) {
			return p.set("query", `"`+w[1]+" "+w[0]+`"`)
		}
		return p
	})},
	{name: "quotes are ignored", fails: "IO-LIST-TICKETS-13", defect: rewrite(func(p params) params {
		if p.has("query") {
			return p.set("query", strings.ReplaceAll(p.get("query"), `"`, " "))
		}
		return p
	})},
	{name: "or is ignored", fails: "IO-LIST-TICKETS-14", defect: rewrite(func(p params) params {
		if p.has("query") {
			return p.set("query", strings.ReplaceAll(p.get("query"), " or ", " "))
		}
		return p
	})},
	{name: "the dash is ignored", fails: "IO-LIST-TICKETS-15", defect: rewrite(func(p params) params {
		if p.has("query") {
			return p.set("query", strings.ReplaceAll(p.get("query"), " -", " "))
		}
		return p
	})},
	{name: "excluded words are dropped", fails: "IO-LIST-TICKETS-15", defect: rewrite(func(p params) params {
		before, _, found := strings.Cut(p.get("query"), " -")
		if found {
			return p.set("query", before)
		}
		return p
	})},
	{name: "an open quote is refused", fails: "IO-LIST-TICKETS-16", defect: func(l wire, p params) answer {
		if strings.Count(p.get("query"), `"`)%2 == 1 {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "operators alone break it", fails: "IO-LIST-TICKETS-16", defect: func(l wire, p params) answer {
		if p.get("query") == "-" {
			return broken()
		}
		return l.ask(p)
	}},
	{name: "no hit has total 1", fails: "IO-LIST-TICKETS-17 IO-LIST-TICKETS-59", defect: ok200(func(p params, a *answer) {
		if p.has("query") && a.total() == 0 {
			a.setMeta("total", 1)
		}
	})},
	// Operators alone have no hit.
	{name: "no hit is 404", fails: "IO-LIST-TICKETS-10 IO-LIST-TICKETS-16 IO-LIST-TICKETS-17 IO-LIST-TICKETS-60", defect: alter(func(p params, a *answer) {
		if p.has("query") && a.status == 200 && a.total() == 0 {
			a.status = 404
		}
	})},
	// A phrase the wrong way round has no hit.
	{name: "no hit finds everything", fails: "IO-LIST-TICKETS-10 IO-LIST-TICKETS-13 IO-LIST-TICKETS-17 IO-LIST-TICKETS-60", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if p.has("query") && a.status == 200 && a.total() == 0 {
			return l.ask(p.drop("query"))
		}
		return a
	}},
	{name: "open means in_progress too", fails: "IO-LIST-TICKETS-18", defect: rewrite(func(p params) params {
		if p.get("status") == "open" {
			return p.set("status", "open,in_progress")
		}
		return p
	})},
	{name: "open lacks a ticket", fails: "IO-LIST-TICKETS-18", defect: func(l wire, p params) answer {
		if p.get("status") == "open" && !p.has("query") && len(p.fields()) == 0 {
			first := l.every(params{{"status", "open"}})[0]["id"]
			return l.keep(p, func(r map[string]any) bool { return r["id"] != first })
		}
		return l.ask(p)
	}},
	{name: "status is ignored", fails: "IO-LIST-TICKETS-18 IO-LIST-TICKETS-21", defect: rewrite(func(p params) params { return p.drop("status") })},
	{name: "waiting is refused", fails: "IO-LIST-TICKETS-19", defect: func(l wire, p params) answer {
		if p.get("status") == "waiting" {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "resolved finds nothing", fails: "IO-LIST-TICKETS-19", defect: rewrite(func(p params) params {
		if p.get("status") == "resolved" {
			return p.set("inbox_id", noOption)
		}
		return p
	})},
	{name: "only the first status counts", fails: "IO-LIST-TICKETS-20", defect: rewrite(func(p params) params {
		first, _, _ := strings.Cut(p.get("status"), ",")
		if p.has("status") {
			return p.set("status", first)
		}
		return p
	})},
	{name: "an unknown status is ignored", fails: "IO-LIST-TICKETS-21", defect: lenient("status")},
	{name: "inbox_id is ignored", fails: "IO-LIST-TICKETS-22", defect: ignored("inbox_id", anything)},
	{name: "an unknown inbox finds everything", fails: "IO-LIST-TICKETS-23", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if p.get("inbox_id") == "00000000-0000-4000-8000-00000000dead" {
			return l.ask(p.drop("inbox_id"))
		}
		return a
	}},
	{name: "a malformed inbox_id finds everything", fails: "IO-LIST-TICKETS-24", defect: lenient("inbox_id")},
	{name: "assignee_id is ignored", fails: "IO-LIST-TICKETS-25", defect: ignored("assignee_id", func(v string) bool { return v != "__unassigned__" })},
	{name: "__unassigned__ is ignored", fails: "IO-LIST-TICKETS-26", defect: ignored("assignee_id", func(v string) bool { return v == "__unassigned__" })},
	{name: "unassigned tickets show an assignee", fails: "IO-LIST-TICKETS-27", defect: ok200(func(p params, a *answer) {
		if p.get("assignee_id") == "__unassigned__" {
			for _, r := range a.rows() {
				r["assignee_id"] = noOption
			}
		}
	})},
	{name: "a malformed assignee_id finds everything", fails: "IO-LIST-TICKETS-28", defect: lenient("assignee_id")},
	{name: "priority=urgent finds everything", fails: "IO-LIST-TICKETS-29", defect: ignored("priority", func(v string) bool { return v == "urgent" })},
	{name: "priority=low lacks a ticket", fails: "IO-LIST-TICKETS-29", defect: func(l wire, p params) answer {
		if p.get("priority") == "low" {
			rows := l.every(params{{"priority", "low"}})
			last := rows[len(rows)-1]["id"]
			return l.keep(p, func(r map[string]any) bool { return r["id"] != last })
		}
		return l.ask(p)
	}},
	{name: "an unknown priority is ignored", fails: "IO-LIST-TICKETS-30", defect: lenient("priority")},
	{name: "one tag is ignored", fails: "IO-LIST-TICKETS-31", defect: ignored("tag_ids", func(v string) bool { return !strings.Contains(v, ",") })},
	{name: "tag_ids is ignored", fails: "IO-LIST-TICKETS-31 IO-LIST-TICKETS-33", defect: rewrite(func(p params) params { return p.drop("tag_ids") })},
	{name: "any of the tags is enough", fails: "IO-LIST-TICKETS-32", defect: func(l wire, p params) answer {
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
	{name: "unused tags are left out", fails: "IO-LIST-TICKETS-33", defect: func(l wire, p params) answer {
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
	{name: "tags out of order find nothing", fails: "IO-LIST-TICKETS-32 IO-LIST-TICKETS-34", defect: func(l wire, p params) answer {
		if ids := strings.Split(p.get("tag_ids"), ","); !slices.IsSorted(ids) {
			return l.ask(p.set("tag_ids", noOption))
		}
		return l.ask(p)
	}},
	{name: "created_after is ignored", fails: "IO-LIST-TICKETS-35", defect: func(l wire, p params) answer {
		if a := l.ask(p); a.status != 200 || p.has("created_before") {
			return a
		}
		return l.ask(p.drop("created_after"))
	}},
	{name: "created_before is ignored", fails: "IO-LIST-TICKETS-36", defect: func(l wire, p params) answer {
		if a := l.ask(p); a.status != 200 || p.has("created_after") {
			return a
		}
		return l.ask(p.drop("created_before"))
	}},
	{name: "the bounds of created_at are swapped", fails: "IO-LIST-TICKETS-35 IO-LIST-TICKETS-36", defect: rewrite(func(p params) params {
		return p.rename("created_after", "x").rename("created_before", "created_after").rename("x", "created_before")
	})},
	{name: "of two bounds only one counts", fails: "IO-LIST-TICKETS-37", defect: rewrite(func(p params) params {
		if p.has("created_after") && p.has("created_before") {
			return p.drop("created_before")
		}
		return p
	})},
	{name: "updated_after looks at created_at", fails: "IO-LIST-TICKETS-38", defect: rewrite(func(p params) params { return p.rename("updated_after", "created_after") })},
	{name: "updated_before looks at created_at", fails: "IO-LIST-TICKETS-39", defect: rewrite(func(p params) params { return p.rename("updated_before", "created_before") })},
	{name: "created_after looks at updated_at", fails: "IO-LIST-TICKETS-35", defect: rewrite(func(p params) params { return p.rename("created_after", "updated_after") })},
	{name: "a malformed updated_before is ignored", fails: "IO-LIST-TICKETS-40", defect: lenient("updated_before")},
	{name: "offsets are ignored", fails: "IO-LIST-TICKETS-41", defect: rewrite(func(p params) params {
		if v := p.get("created_after"); len(v) == 25 {
			return p.set("created_after", v[:19]+"Z")
		}
		return p
	})},
	{name: "filters are alternatives", fails: "IO-LIST-TICKETS-42", defect: func(l wire, p params) answer {
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
	{name: "of several filters the last counts", fails: "IO-LIST-TICKETS-42", defect: rewrite(func(p params) params {
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
	{name: "ascending pages are turned round", fails: "IO-LIST-TICKETS-43", defect: ok200(func(p params, a *answer) {
		if p.get("order") == "asc" && p.get("sort") == "created_at" {
			rows := a.rows()
			slices.Reverse(rows)
			a.setRows(rows)
		}
	})},
	{name: "order is ignored: always descending", fails: "IO-LIST-TICKETS-43 IO-LIST-TICKETS-45 IO-LIST-TICKETS-46", defect: rewrite(func(p params) params {
		if p.get("order") == "asc" {
			return p.set("order", "desc")
		}
		return p
	})},
	{name: "created_at desc is ascending", fails: "IO-LIST-TICKETS-44", defect: rewrite(func(p params) params {
		if p.get("sort") == "created_at" && p.get("order") == "desc" {
			return p.set("order", "asc")
		}
		return p
	})},
	{name: "sort=updated_at is by created_at", fails: "IO-LIST-TICKETS-45", defect: rewrite(func(p params) params {
		if p.get("sort") == "updated_at" {
			return p.set("sort", "created_at")
		}
		return p
	})},
	{name: "sort=priority is by created_at", fails: "IO-LIST-TICKETS-46", defect: rewrite(func(p params) params {
		if p.get("sort") == "priority" {
			return p.set("sort", "created_at")
		}
		return p
	})},
	{name: "sort=priority ignores order", fails: "IO-LIST-TICKETS-46", defect: rewrite(func(p params) params {
		if p.get("sort") == "priority" {
			return p.set("order", "asc")
		}
		return p
	})},
	{name: "an unknown sort breaks it", fails: "IO-LIST-TICKETS-47", defect: func(l wire, p params) answer {
		if p.get("sort") == "mockdesk_unknown" {
			return broken()
		}
		return l.ask(p)
	}},
	{name: "an unknown order breaks it", fails: "IO-LIST-TICKETS-48", defect: func(l wire, p params) answer {
		if p.get("order") == "mockdesk_unknown" {
			return broken()
		}
		return l.ask(p)
	}},
	{name: "per_page is ignored", fails: "IO-LIST-TICKETS-49 IO-LIST-TICKETS-63", defect: rewrite(func(p params) params { return p.drop("per_page") })},
	{name: "a page has a row too many", fails: "IO-LIST-TICKETS-49 IO-LIST-TICKETS-50 IO-LIST-TICKETS-51 IO-LIST-TICKETS-55 IO-LIST-TICKETS-63", defect: func(l wire, p params) answer {
		a := l.ask(p)
		page, size := p.get("page"), p.get("per_page")
		n, _ := strconv.Atoi(page)
		if a.status != 200 || size == "" || n < 1 {
			return a
		}
		next := l.ask(p.set("page", strconv.Itoa(n+1)))
		if rows := next.rows(); len(rows) > 0 {
			a.setRows(append(a.rows(), rows[0]))
		}
		return a
	}},
	{name: "page is ignored", fails: "IO-LIST-TICKETS-50 IO-LIST-TICKETS-51 IO-LIST-TICKETS-52 IO-LIST-TICKETS-63", defect: rewrite(func(p params) params { return p.drop("page") })},
	{name: "a page begins with the last row of the one before", fails: "IO-LIST-TICKETS-50 IO-LIST-TICKETS-51", defect: func(l wire, p params) answer {
		a := l.ask(p)
		n, _ := strconv.Atoi(p.get("page"))
		if a.status != 200 || n < 2 || len(a.rows()) == 0 {
			return a
		}
		before := l.ask(p.set("page", strconv.Itoa(n-1))).rows()
		rows := a.rows()
		rows[0] = before[len(before)-1]
		a.setRows(rows)
		return a
	}},
	{name: "the last page lacks its last row", fails: "IO-LIST-TICKETS-51 IO-LIST-TICKETS-63", defect: func(l wire, p params) answer {
		a := l.ask(p)
		n, _ := strconv.Atoi(p.get("page"))
		size, _ := strconv.Atoi(p.get("per_page"))
		if rows := a.rows(); a.status == 200 && n > 1 && size > 0 && n*size >= a.total() && len(rows) > 0 {
			a.setRows(rows[:len(rows)-1])
		}
		return a
	}},
	{name: "the total is one too high", fails: "IO-LIST-TICKETS-51", defect: ok200(func(_ params, a *answer) { a.setMeta("total", a.total()+1) })},
	{name: "the total is that of the page", fails: "IO-LIST-TICKETS-51 IO-LIST-TICKETS-63", defect: ok200(func(_ params, a *answer) { a.setMeta("total", len(a.rows())) })},
	{name: "meta.page is always 1", fails: "IO-LIST-TICKETS-52", defect: ok200(func(_ params, a *answer) { a.setMeta("page", 1) })},
	{name: "meta.per_page is always 25", fails: "IO-LIST-TICKETS-52", defect: ok200(func(_ params, a *answer) { a.setMeta("per_page", 25) })},
	{name: "past the end is 404", fails: "IO-LIST-TICKETS-53", defect: alter(func(p params, a *answer) {
		if n, _ := strconv.Atoi(p.get("page")); a.status == 200 && n > 1 && len(a.rows()) == 0 {
			a.status = 404
		}
	})},
	{name: "past the end is the last page again", fails: "IO-LIST-TICKETS-53 IO-LIST-TICKETS-63", defect: func(l wire, p params) answer {
		a := l.ask(p)
		n, _ := strconv.Atoi(p.get("page"))
		size, _ := strconv.Atoi(p.get("per_page"))
		if a.status == 200 && n > 1 && size > 0 && len(a.rows()) == 0 && a.total() > 0 {
			return l.ask(p.set("page", strconv.Itoa((a.total()+size-1)/size)))
		}
		return a
	}},
	{name: "page=0 breaks it", fails: "IO-LIST-TICKETS-54", defect: func(l wire, p params) answer {
		if p.get("page") == "0" {
			return broken()
		}
		return l.ask(p)
	}},
	{name: "page is 2 by default", fails: "IO-LIST-TICKETS-55", defect: rewrite(func(p params) params {
		if !p.has("page") && p.has("per_page") {
			return p.set("page", "2")
		}
		return p
	})},
	{name: "the total ignores filters", fails: "IO-LIST-TICKETS-56 IO-LIST-TICKETS-59", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == 200 {
			a.setMeta("total", l.ask(params{}).total())
		}
		return a
	}},
	{name: "from page 3 on a filter is ignored", fails: "IO-LIST-TICKETS-58", defect: func(l wire, p params) answer {
		if page, _ := strconv.Atoi(p.get("page")); page >= 3 {
			return l.ask(p.drop("status", "priority", "inbox_id", "assignee_id", "query"))
		}
		return l.ask(p)
	}},
	{name: "later pages of updated_at are by created_at", fails: "IO-LIST-TICKETS-58", defect: rewrite(func(p params) params {
		if p.get("sort") == "updated_at" && p.get("page") != "1" {
			return p.set("sort", "created_at")
		}
		return p
	})},
	{name: "the total of later pages is what is left", fails: "IO-LIST-TICKETS-59 IO-LIST-TICKETS-63", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if page, _ := strconv.Atoi(p.get("page")); page > 1 && p.has("status") && a.status == 200 {
			a.setMeta("total", len(a.rows()))
		}
		return a
	}},
	{name: "a tag and an assignee are either", fails: "IO-LIST-TICKETS-60", defect: rewrite(func(p params) params {
		if p.has("tag_ids") && p.has("assignee_id") {
			return p.drop("assignee_id")
		}
		return p
	})},
	{name: "a search forgets its tag", fails: "IO-LIST-TICKETS-60", defect: rewrite(func(p params) params {
		if p.has("query") && p.has("tag_ids") {
			return p.drop("tag_ids")
		}
		return p
	})},
	{name: "of three statuses the last is forgotten", fails: "IO-LIST-TICKETS-61", defect: rewrite(func(p params) params {
		if list := strings.Split(p.get("status"), ","); len(list) > 2 {
			return p.set("status", strings.Join(list[:2], ","))
		}
		return p
	})},
	{name: "a NUL byte breaks the search", fails: "IO-LIST-TICKETS-62", defect: func(l wire, p params) answer {
		if strings.Contains(p.get("query"), "\x00") {
			return broken()
		}
		return l.ask(p)
	}},
	{name: "a filtered row has another subject", fails: "IO-TICKET-18", defect: ok200(func(p params, a *answer) {
		for _, r := range a.rows() {
			if p.has("priority") {
				r["subject"] = "Re: " + fmt.Sprint(r["subject"])
			}
		}
	})},
	{name: "two tickets have the same number", fails: "IO-TICKET-18", defect: ok200(func(_ params, a *answer) {
		for _, r := range a.rows() {
			if r["ticket_number"] == float64(1030) {
				r["ticket_number"] = float64(1031)
			}
		}
	})},
	{name: "an unknown parameter breaks it", fails: "IO-LIST-TICKETS-57", defect: func(l wire, p params) answer {
		if p.has("mockdesk_check") {
			return broken()
		}
		return l.ask(p)
	}},
}
