package judgetest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

var fieldMutants = []listMutant{
	{name: "text fields are ignored", fails: "IO-CF-01", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if a.status == 200 && p.get("custom_field_order_number") != "__empty__" {
			return l.ask(p.drop("custom_field_order_number"))
		}
		return a
	}},
	{name: "number fields find nothing", fails: "IO-CF-01", defect: findsNothing("custom_field_seats", "custom_field_credit_balance")},
	{name: "of two custom fields the first counts", fails: "IO-CF-02", defect: rewrite(func(p params) params {
		if f := p.fields(); len(f) == 2 && f[0][0] != f[1][0] {
			return p.drop(f[1][0])
		}
		return p
	})},
	{name: "two custom fields are alternatives", fails: "IO-CF-02", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if f := p.fields(); a.status == 200 && len(f) == 2 && f[0][0] != f[1][0] {
			return l.union(p, a, l.every(p.drop(f[0][0])), l.every(p.drop(f[1][0])))
		}
		return a
	}},
	{name: "status is ignored beside a custom field", fails: "IO-CF-03", defect: rewrite(func(p params) params {
		if len(p.fields()) > 0 {
			return p.drop("status")
		}
		return p
	})},
	{name: "__empty__ is ignored", fails: "IO-CF-04", defect: rewrite(func(p params) params {
		return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool { return x[1] == "__empty__" && !strings.Contains(x[0], "mockdesk") })
	})},
	{name: "__empty__ finds nothing", fails: "IO-CF-04", defect: rewrite(func(p params) params {
		for _, x := range p {
			if x[1] == "__empty__" && !strings.Contains(x[0], "mockdesk") {
				return p.set("inbox_id", noOption)
			}
		}
		return p
	})},
	{name: "__empty__ is no date", fails: "IO-CF-05", defect: func(l wire, p params) answer {
		if p.get(dateKey) == "__empty__" {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "__empty__ is no option", fails: "IO-CF-05", defect: func(l wire, p params) answer {
		if slices.ContainsFunc(selectKeys, func(k string) bool { return p.get(k) == "__empty__" }) {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "an option finds a ticket without value too", fails: "IO-CF-06", defect: plus("custom_field_affected_areas", params{{"custom_field_affected_areas", "__empty__"}})},
	{name: "an unknown key is ignored", fails: "IO-CF-07", defect: func(l wire, p params) answer {
		return l.ask(p.drop("custom_field_mockdesk_check_unknown"))
	}},
	{name: "of a key sent twice the first counts", fails: "IO-CF-08", defect: rewrite(func(p params) params {
		seen := map[string]bool{}
		return slices.DeleteFunc(slices.Clone(p), func(x [2]string) bool {
			again := seen[x[0]] && strings.HasPrefix(x[0], "custom_field_")
			seen[x[0]] = true
			return again
		})
	})},
	{name: "nine keys are the most", fails: "IO-CF-09", defect: func(l wire, p params) answer {
		if len(p.fields()) > 9 {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "eleven keys are accepted", fails: "IO-CF-10", defect: rewrite(func(p params) params {
		if f := p.fields(); len(f) > 10 {
			return p.drop(f[10][0])
		}
		return p
	})},
	{name: "an option of plan finds nothing", fails: "IO-CF-11", defect: findsNothing("custom_field_plan")},
	{name: "an option is refused", fails: "IO-CF-11", defect: func(l wire, p params) answer {
		if v := p.get("custom_field_channel"); len(v) == 36 {
			return l.refuse()
		}
		return l.ask(p)
	}},
	{name: "an option label is accepted", fails: "IO-CF-12", defect: func(l wire, p params) answer {
		if v := p.get("custom_field_plan"); v != "" && len(v) != 36 && v != "not-a-uuid" && v != "__empty__" {
			return l.ask(p.drop("custom_field_plan"))
		}
		return l.ask(p)
	}},
	{name: "an unknown option finds everything", fails: "IO-CF-13", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if v := p.get("custom_field_plan"); len(v) == 36 && a.status == 400 && len(p.fields()) == 1 {
			return l.ask(p.drop("custom_field_plan"))
		}
		return a
	}},
	{name: "multi_select finds nothing", fails: "IO-CF-14", defect: findsNothing(multiKeys...)},
	{name: "a multi_select value is no UUID", fails: "IO-CF-15", defect: func(l wire, p params) answer {
		a := l.ask(p)
		if v := p.get(multiKeys[1]); v != "" && len(v) != 36 && a.status == 400 {
			return l.ask(p.drop(multiKeys[1]))
		}
		return a
	}},
	{name: "a date is a day off", fails: "IO-CF-16", defect: rewrite(func(p params) params {
		if at, err := time.Parse(time.DateOnly, p.get(dateKey)); err == nil {
			return p.set(dateKey, at.AddDate(0, 0, 1).Format(time.DateOnly))
		}
		return p
	})},
	{name: "25/12/2024 is a date", fails: "IO-CF-17", defect: rewrite(func(p params) params {
		if p.get(dateKey) == "25/12/2024" {
			return p.set(dateKey, "2024-12-25")
		}
		return p
	})},
	{name: "2024-02-30 is the first of March", fails: "IO-CF-18", defect: rewrite(func(p params) params {
		if p.get(dateKey) == "2024-02-30" {
			return p.set(dateKey, "2024-03-01")
		}
		return p
	})},
	{name: "date_time finds nothing", fails: "IO-CF-19", defect: findsNothing(instantKey)},
	{name: "a malformed date_time is ignored", fails: "IO-CF-20", defect: lenient(instantKey)},
	{name: "offsets of a date_time are ignored", fails: "IO-CF-21", defect: rewrite(func(p params) params {
		if v := p.get(instantKey); len(v) > 25 && !strings.HasSuffix(v, "Z") {
			return p.set(instantKey, v[:len(v)-6]+"Z")
		}
		return p
	})},
	{name: "a limited field finds nothing", fails: "IO-CF-22", defect: findsNothing("custom_field_deployment")},
	{name: "a limited field finds a ticket of another mailbox", fails: "IO-CF-23", defect: func(l wire, p params) answer {
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
	{name: "a key has another name", fails: "IO-CF-24", defect: rewrite(func(p params) params {
		return p.rename("custom_field_technical_contact", "custom_field_nobody").rename("custom_field_technicalContact", "custom_field_technical_contact")
	})},
	{name: "keys are camelCase", fails: "IO-CF-24", defect: func(l wire, p params) answer {
		for _, x := range p.fields() {
			if strings.Contains(strings.TrimPrefix(x[0], "custom_field_"), "_") {
				return l.ask(params{{"custom_field_nobody", "x"}})
			}
		}
		return l.ask(p)
	}},
	{name: "a custom-field 400 has another code", fails: "IO-CF-25", defect: alter(func(p params, a *answer) {
		if a.status == 400 && len(p.fields()) > 0 && a.body["code"] == "bad_request" {
			a.body["code"] = "invalid"
			a.body["type"] = strings.Replace(fmt.Sprint(a.body["type"]), "bad_request", "invalid", 1)
		}
	})},
}
