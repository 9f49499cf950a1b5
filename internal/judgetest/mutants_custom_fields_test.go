package judgetest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

var fieldMutants = []listMutant{
	{"text fields are ignored", "IO-CF-01", func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == 200 && p.get("custom_field_order_number") != "__empty__" {
			return l.ask(p.drop("custom_field_order_number"))
		}
		return a
	}},
	{"number fields find nothing", "IO-CF-01", findsNothing("custom_field_seats", "custom_field_credit_balance")},
	{"of two custom fields the first counts", "IO-CF-02", rewrite(func(p params) params {
		if f := p.fields(); len(f) == 2 && f[0][0] != f[1][0] {
			return p.drop(f[1][0])
		}
		return p
	})},
	{"two custom fields are alternatives", "IO-CF-02", func(l wire, p params) answer {
		a := l.ask(p)
		if f := p.fields(); a.status == 200 && len(f) == 2 && f[0][0] != f[1][0] {
			return l.union(p, a, l.every(p.drop(f[0][0])), l.every(p.drop(f[1][0])))
		}
		return a
	}},
	{"status is ignored beside a custom field", "IO-CF-03", given(func(p params) bool { return len(p.fields()) > 0 }, dropping("status"))},
	{"__empty__ is ignored", "IO-CF-04", rewrite(func(p params) params {
		return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return x[1] == "__empty__" && !strings.Contains(x[0], "mockdesk") })
	})},
	{"__empty__ finds nothing", "IO-CF-04", rewrite(func(p params) params {
		for _, x := range p {
			if x[1] == "__empty__" && !strings.Contains(x[0], "mockdesk") {
				return p.set("inbox_id", noOption)
			}
		}
		return p
	})},
	{"__empty__ is no date", "IO-CF-05", given(is(dateKey, "__empty__"), refused)},
	{"__empty__ is no option", "IO-CF-05", func(l wire, p params) answer {
		if slices.ContainsFunc(selectKeys, func(k string) bool { return p.get(k) == "__empty__" }) {
			return refused(l, p)
		}
		return l.ask(p)
	}},
	{"an option finds a ticket without value too", "IO-CF-06", plus("custom_field_affected_areas", params{{"custom_field_affected_areas", "__empty__"}})},
	{"an unknown key is ignored", "IO-CF-07", dropping("custom_field_mockdesk_check_unknown")},
	{"of a key sent twice the first counts", "IO-CF-08", rewrite(func(p params) params {
		seen := map[string]bool{}
		return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool {
			again := seen[x[0]] && strings.HasPrefix(x[0], "custom_field_")
			seen[x[0]] = true
			return again
		})
	})},
	{"nine keys are the most", "IO-CF-09", given(func(p params) bool { return len(p.fields()) > 9 }, refused)},
	{"eleven keys are accepted", "IO-CF-10", rewrite(func(p params) params {
		if f := p.fields(); len(f) > 10 {
			return p.drop(f[10][0])
		}
		return p
	})},
	{"an option of plan finds nothing", "IO-CF-11", findsNothing("custom_field_plan")},
	{"an option is refused", "IO-CF-11", func(l wire, p params) answer {
		if v := p.get("custom_field_channel"); len(v) == 36 {
			return refused(l, p)
		}
		return l.ask(p)
	}},
	{"an option label is accepted", "IO-CF-12", func(l wire, p params) answer {
		if v := p.get("custom_field_plan"); v != "" && len(v) != 36 && v != "not-a-uuid" && v != "__empty__" {
			return l.ask(p.drop("custom_field_plan"))
		}
		return l.ask(p)
	}},
	{"an unknown option finds everything", "IO-CF-13", func(l wire, p params) answer {
		a := l.ask(p)
		if v := p.get("custom_field_plan"); len(v) == 36 && a.status == 400 && len(p.fields()) == 1 {
			return l.ask(p.drop("custom_field_plan"))
		}
		return a
	}},
	{"multi_select finds nothing", "IO-CF-14", findsNothing(multiKeys...)},
	{"a multi_select value is no UUID", "IO-CF-15", func(l wire, p params) answer {
		a := l.ask(p)
		if v := p.get(multiKeys[1]); v != "" && len(v) != 36 && a.status == 400 {
			return l.ask(p.drop(multiKeys[1]))
		}
		return a
	}},
	{"a date is a day off", "IO-CF-16", rewrite(func(p params) params {
		if at, err := time.Parse(time.DateOnly, p.get(dateKey)); err == nil {
			return p.set(dateKey, at.AddDate(0, 0, 1).Format(time.DateOnly))
		}
		return p
	})},
	{"25/12/2024 is a date", "IO-CF-17", given(is(dateKey, "25/12/2024"), setting(dateKey, "2024-12-25"))},
	{"2024-02-30 is the first of March", "IO-CF-18", given(is(dateKey, "2024-02-30"), setting(dateKey, "2024-03-01"))},
	{"date_time finds nothing", "IO-CF-19", findsNothing(instantKey)},
	{"a malformed date_time is ignored", "IO-CF-20", lenient(instantKey)},
	{"offsets of a date_time are ignored", "IO-CF-21", rewrite(func(p params) params {
		if v := p.get(instantKey); len(v) > 25 && !strings.HasSuffix(v, "Z") {
			return p.set(instantKey, v[:len(v)-6]+"Z")
		}
		return p
	})},
	{"a limited field finds nothing", "IO-CF-22", findsNothing("custom_field_deployment")},
	{"a limited field finds a ticket of another mailbox", "IO-CF-23", func(l wire, p params) answer {
		all := l.every(params{{"sort", "created_at"}, {"order", "asc"}})
		linked := map[any]bool{}
		for _, r := range l.every(params{{"custom_field_deployment", "__empty__"}}) {
			linked[r["inbox_id"]] = true
		}
		i := slices.IndexFunc(all, func(r map[string]any) bool { return !linked[r["inbox_id"]] })
		if i < 0 {
			return l.ask(p)
		}
		return plus("custom_field_deployment", params{{"inbox_id", all[i]["inbox_id"].(string)}})(l, p)
	}},
	{"a key has another name", "IO-CF-24", rewrite(func(p params) params {
		return p.rename("custom_field_technical_contact", "custom_field_nobody").rename("custom_field_technicalContact", "custom_field_technical_contact")
	})},
	{"keys are camelCase", "IO-CF-24", func(l wire, p params) answer {
		for _, x := range p.fields() {
			if strings.Contains(strings.TrimPrefix(x[0], "custom_field_"), "_") {
				return l.ask(params{{"custom_field_nobody", "x"}})
			}
		}
		return l.ask(p)
	}},
	{"a custom-field 400 has another code", "IO-CF-25", alter(func(p params, a *answer) {
		if a.status == 400 && len(p.fields()) > 0 && a.body["code"] == "bad_request" {
			a.body["code"] = "invalid"
			a.body["type"] = strings.Replace(fmt.Sprint(a.body["type"]), "bad_request", "invalid", 1)
		}
	})},
}
