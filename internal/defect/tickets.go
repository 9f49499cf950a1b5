package defect

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// clauseOf has the clause of each filter alone.
var clauseOf = map[string]string{
	"query": "IO-LIST-TICKETS-04", "q": "IO-LIST-TICKETS-06", "status": "IO-LIST-TICKETS-18", "inbox_id": "IO-LIST-TICKETS-22",
	"assignee_id": "IO-LIST-TICKETS-25", "priority": "IO-LIST-TICKETS-29", "tag_ids": "IO-LIST-TICKETS-31",
	"created_after": "IO-LIST-TICKETS-35", "created_before": "IO-LIST-TICKETS-36",
	"updated_after": "IO-LIST-TICKETS-38", "updated_before": "IO-LIST-TICKETS-39",
}

// The clauses added to the group of tickets.
const (
	everyPage    = "IO-LIST-TICKETS-58"
	oneTotal     = "IO-LIST-TICKETS-59"
	intersection = "IO-LIST-TICKETS-60"
	threeStates  = "IO-LIST-TICKETS-61"
	oddValues    = "IO-LIST-TICKETS-62"
)

// tickets breaks the filters of the list.
func tickets() []Defect {
	conditions := []struct {
		words  string
		is     when
		clause string // "" for the clause of the filter alone
	}{
		{"on the third page and later", late, everyPage},
		{"when another filter is given", twoFilters, intersection},
		{"when sorted by priority", byPriority, ""},
		{"in ascending order", ascending, ""},
		{"on pages of three rows or fewer", tiny, ""},
		{"together with a search", searched, intersection},
		{"together with a custom field", withField, intersection},
	}
	var all []Defect
	for _, name := range filters {
		id, here := clauseOf[name], and(on(list), has(name))
		all = append(all, always(id, name+" is ignored", ask(here, without(name))))
		for _, c := range conditions {
			if search := name == "query" || name == "q"; search && c.words == "together with a search" {
				continue
			}
			all = append(all, sometimes(cmp.Or(c.clause, id), name+" is ignored "+c.words, ask(and(here, c.is), without(name))))
		}
	}
	return slices.Concat(all, statuses(), people(), tags(), bounds())
}

func statuses() []Defect {
	here := and(on(list), has("status"))
	all := []Defect{
		always("IO-LIST-TICKETS-20", "of a list of statuses the first counts", ask(and(here, listed("status", 2)), items("status", first))),
		sometimes("IO-LIST-TICKETS-20", "of a list of statuses the last counts on small pages",
			ask(and(here, listed("status", 2), tiny), items("status", last))),
		sometimes(threeStates, "of three statuses two count", ask(and(here, listed("status", 3)), items("status", firstTwo))),
		sometimes(threeStates, "a third status turns the filter off", ask(and(here, listed("status", 3)), without("status"))),
		sometimes("IO-LIST-TICKETS-18", "status is ignored on pages of one row", ask(and(here, value("per_page", "1")), without("status"))),
		sometimes("IO-LIST-TICKETS-18", "resolved finds the closed ones too", ask(and(here, value("status", "resolved")), with("status", "resolved,closed"))),
		always("IO-LIST-TICKETS-21", "an unknown status turns the filter off", otherwise(here, "status")),
		sometimes("IO-LIST-TICKETS-21", "an unknown status in a list turns the filter off", otherwise(and(here, listed("status", 2)), "status")),
	}
	for _, s := range []struct{ name, finds string }{{"open", "in_progress"}, {"in_progress", ""}, {"waiting", "resolved"}, {"resolved", ""}, {"closed", "open"}} {
		all = append(all, sometimes("IO-LIST-TICKETS-19", s.name+" is no status", answers(and(here, value("status", s.name)), 400)))
		if s.finds != "" {
			all = append(all, sometimes("IO-LIST-TICKETS-18", s.name+" finds "+s.finds, ask(and(here, value("status", s.name)), with("status", s.finds))))
		}
	}
	for _, p := range []struct{ name, finds string }{{"low", "normal"}, {"normal", "low"}, {"high", "urgent"}, {"urgent", "high"}} {
		all = append(all,
			sometimes("IO-LIST-TICKETS-29", p.name+" finds "+p.finds, ask(and(on(list), value("priority", p.name)), with("priority", p.finds))),
			sometimes("IO-LIST-TICKETS-29", p.name+" is no priority", answers(and(on(list), value("priority", p.name)), 400)))
	}
	return all
}

func people() []Defect {
	nobody := and(on(list), value("assignee_id", "__unassigned__"))
	somebody := and(on(list), has("assignee_id"), not(nobody))
	return []Defect{
		always("IO-LIST-TICKETS-26", "__unassigned__ is ignored", ask(nobody, without("assignee_id"))),
		sometimes("IO-LIST-TICKETS-26", "__unassigned__ is refused on small pages", answers(and(nobody, tiny), 400)),
		sometimes(intersection, "__unassigned__ is ignored under another filter", ask(and(nobody, twoFilters), without("assignee_id"))),
		always("IO-LIST-TICKETS-27", "unassigned rows have an assignee", tell(nobody, each(every, member("assignee_id", "00000000-0000-4000-8000-000000000001")))),
		sometimes("IO-LIST-TICKETS-27", "the last unassigned row has an assignee", tell(nobody, each(lastRow, member("assignee_id", "00000000-0000-4000-8000-000000000001")))),
		sometimes("IO-LIST-TICKETS-25", "an assignee whose id begins with a letter is ignored",
			ask(and(somebody, func(x *exchange) bool { return x.get("assignee_id") >= "A" }), without("assignee_id"))),
		always("IO-LIST-TICKETS-28", "a malformed assignee is ignored", otherwise(and(somebody, malformed("assignee_id")), "assignee_id")),
		sometimes("IO-LIST-TICKETS-25", "an unknown assignee is ignored", otherwise(and(somebody, not(malformed("assignee_id")), not(twoFilters)), "assignee_id")),
		always("IO-LIST-TICKETS-30", "an unknown priority is ignored", otherwise(and(on(list), has("priority")), "priority")),
		always("IO-LIST-TICKETS-23", "an unknown inbox is ignored", otherwise(and(on(list), has("inbox_id"), not(malformed("inbox_id"))), "inbox_id")),
		always("IO-LIST-TICKETS-24", "a malformed inbox is ignored", otherwise(and(on(list), malformed("inbox_id")), "inbox_id")),
		sometimes("IO-LIST-TICKETS-22", "an inbox is ignored when an order is asked for", ask(and(on(list), has("inbox_id"), has("order")), without("inbox_id"))),
	}
}

func malformed(name string) when {
	return func(x *exchange) bool { return x.query().Has(name) && !uuids.MatchString(x.get(name)) }
}

func tags() []Defect {
	here := and(on(list), has("tag_ids"))
	descending := func(x *exchange) bool {
		s := strings.Split(x.get("tag_ids"), ",")
		return len(s) > 1 && !slices.IsSorted(s)
	}
	return []Defect{
		always("IO-LIST-TICKETS-32", "of several tags the first is enough", ask(and(here, listed("tag_ids", 2)), items("tag_ids", first))),
		sometimes("IO-LIST-TICKETS-32", "of several tags the last is enough on small pages", ask(and(here, listed("tag_ids", 2), tiny), items("tag_ids", last))),
		sometimes("IO-LIST-TICKETS-32", "a third tag does not count", ask(and(here, listed("tag_ids", 3)), items("tag_ids", firstTwo))),
		sometimes("IO-LIST-TICKETS-34", "tags in falling order are only the first", ask(and(here, descending), items("tag_ids", first))),
		always("IO-LIST-TICKETS-33", "a tag nobody has is ignored", otherwise(here, "tag_ids")),
		sometimes("IO-LIST-TICKETS-33", "a tag nobody has is ignored together with others", otherwise(and(here, listed("tag_ids", 2)), "tag_ids")),
		sometimes("IO-LIST-TICKETS-33", "a tag that is no UUID is ignored", func(x *exchange) *reply {
			if p := x.send(); !and(here, malformed("tag_ids"))(x) || p.status != 400 && (!p.ok() || len(p.rows()) > 0) {
				return p
			}
			x.drop("tag_ids")
			return x.send()
		}),
		sometimes(intersection, "tags are ignored beside a status", ask(and(here, has("status")), without("tag_ids"))),
	}
}

func bounds() []Defect {
	var all []Defect
	for _, field := range []string{"created", "updated"} {
		after, before, other := field+"_after", field+"_before", map[string]string{"created": "updated", "updated": "created"}[field]
		for _, name := range []string{after, before} {
			id, here := clauseOf[name], and(on(list), has(name))
			wide := -36 * time.Hour
			if name == before {
				wide = 36 * time.Hour
			}
			swap := other + strings.TrimPrefix(name, field)
			all = append(all,
				always(id, name+" is off by a day and a half", ask(here, moved(name, later(wide)))),
				sometimes(id, name+" looks at the day only", ask(here, moved(name, midnight))),
				sometimes(id, name+" reads the clock of twelve hours", ask(and(here, afternoon(name)), moved(name, later(-12*time.Hour)))),
				always(id, name+" reads "+other+"_at", ask(and(here, not(has(swap))), func(x *exchange) {
					x.set(swap, x.get(name))
					x.drop(name)
				})),
				always("IO-LIST-TICKETS-40", "an unparseable "+name+" is ignored", otherwise(and(here, not(readable(name))), name)),
				sometimes("IO-LIST-TICKETS-41", name+" does not know offsets", ask(and(here, offset(name)), moved(name, asUTC))),
			)
		}
		all = append(all,
			sometimes("IO-LIST-TICKETS-37", after+" is ignored together with "+before, ask(and(on(list), has(after), has(before)), without(after))),
			sometimes("IO-LIST-TICKETS-37", before+" is ignored together with "+after+" on small pages",
				ask(and(on(list), has(after), has(before), tiny), without(before))))
	}
	return all
}
