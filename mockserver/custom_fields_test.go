package mockserver_test

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

// field returns the definition of a key and its index.
func (f *fake) field(key string) (index int, def fixtures.CustomField) {
	f.t.Helper()
	for i, def := range f.desk().CustomFields {
		if def.Key == key {
			return i, def
		}
	}
	f.t.Fatalf("no custom field has the key %s", key)
	return 0, fixtures.CustomField{}
}

// value returns what a ticket stores for a definition.
func (f *fake) value(ticket, field int) (v fixtures.FieldValue, stored bool) {
	for _, v := range f.desk().Fields(ticket) {
		if v.Field == field {
			return v, true
		}
	}
	return v, false
}

// stored keeps the tickets that store a value which matches.
func (f *fake) stored(key string, matches func(fixtures.FieldValue) bool) keep {
	f.t.Helper()
	field, _ := f.field(key)
	return func(i int, _ *fixtures.Ticket) bool {
		v, has := f.value(i, field)
		return has && matches(v)
	}
}

// none keeps the tickets that might store a value but do not.
func (f *fake) none(key string) keep {
	f.t.Helper()
	field, def := f.field(key)
	return func(i int, t *fixtures.Ticket) bool {
		_, has := f.value(i, field)
		return !has && (len(def.Inboxes) == 0 || slices.Contains(def.Inboxes, t.Inbox))
	}
}

// sample returns a value that a ticket stores.
func (f *fake) sample(key string) fixtures.FieldValue {
	f.t.Helper()
	field, _ := f.field(key)
	for i := range f.desk().Tickets {
		if v, has := f.value(i, field); has {
			return v
		}
	}
	f.t.Fatalf("no ticket stores %s", key)
	return fixtures.FieldValue{}
}

// filter returns the parameter of a custom-field filter.
func filter(key, value string) string {
	return "custom_field_" + key + "=" + url.QueryEscape(value)
}

// holds matches values that hold an option.
func holds(option int) func(fixtures.FieldValue) bool {
	return func(v fixtures.FieldValue) bool { return slices.Contains(v.Options, option) }
}

// formed writes a stored value as the filter takes it.
func formed(def fixtures.CustomField, v fixtures.FieldValue) string {
	switch def.Type {
	case fixtures.FieldNumber:
		return strconv.FormatFloat(v.Number, 'f', -1, 64)
	case fixtures.FieldBoolean:
		return strconv.FormatBool(v.Bool)
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		return def.Options[v.Options[0]].ID.String()
	case fixtures.FieldDate:
		return v.Time.Format(time.DateOnly)
	case fixtures.FieldDateTime:
		return v.Time.Format(time.RFC3339Nano)
	}
	return v.Text
}

func TestCustomFields(t *testing.T) {
	t.Parallel()
	server := start(t, mockserver.Config{}).Server
	fieldProofs.share(t, server)
	fieldKeyProofs.share(t, server)
	inboxFieldProofs.share(t, server)
}

var fieldProofs = proofs{
	"IO-CF-01 a filter keeps the tickets whose stored value matches": func(_ *testing.T, f *fake) {
		v := f.sample("company_name")
		f.finds(filter("company_name", v.Text), f.stored("company_name", func(o fixtures.FieldValue) bool { return o.Text == v.Text }))
		f.findsNone(filter("company_name", "Nobody & Sons"))
	},
	"IO-CF-02 two filters combine with AND": func(_ *testing.T, f *fake) {
		_, plan := f.field("plan")
		business := f.stored("plan", holds(2))
		signed := f.stored("contract_signed", func(v fixtures.FieldValue) bool { return v.Bool })
		f.finds(filter("plan", plan.Options[2].ID.String())+"&"+filter("contract_signed", "true"), both(business, signed))
		f.finds(filter("contract_signed", "true")+"&"+filter("plan", "__empty__"), both(signed, f.none("plan")))
	},
	"IO-CF-03 a filter and a status combine with AND": func(_ *testing.T, f *fake) {
		signed := f.stored("contract_signed", func(v fixtures.FieldValue) bool { return v.Bool })
		f.finds(filter("contract_signed", "true")+"&status=closed,resolved", both(signed, f.status("closed", "resolved")))
	},
	"IO-CF-04 IO-CF-05 B46 __empty__ keeps the tickets without a stored value, whatever the type": func(t *testing.T, f *fake) {
		types := map[string]bool{}
		for _, def := range f.desk().CustomFields {
			f.finds(filter(def.Key, "__empty__"), f.none(def.Key))
			types[def.Type] = true
		}
		same(t, "types", 9, len(types))
	},
	"IO-CF-06 no ticket has a value and none": func(t *testing.T, f *fake) {
		_, plan := f.field("plan")
		empty := f.ids(filter("plan", "__empty__"))
		total := len(empty)
		for _, option := range plan.Options {
			found := f.ids(filter("plan", option.ID.String()))
			total += len(found)
			if slices.ContainsFunc(found, func(id string) bool { return slices.Contains(empty, id) }) {
				t.Errorf("plan %s and no plan overlap", option.Label)
			}
		}
		same(t, "tickets with any plan or none", 200, total)
	},
	"B47 no value is stored empty, so that none could count as a value": func(t *testing.T, f *fake) {
		for i := range f.desk().Tickets {
			for _, v := range f.desk().Fields(i) {
				if def := f.desk().CustomFields[v.Field]; formed(def, v) == "" {
					t.Errorf("ticket %d stores an empty %s", i, def.Key)
				}
			}
		}
	},
}

// filters returns one for each of the first keys, with the values of the
// ticket that has them all.
func (f *fake) filters(count int) []string {
	f.t.Helper()
	i, _ := f.known("all-fields")
	var filters []string
	for _, v := range f.desk().Fields(i)[:count] {
		def := f.desk().CustomFields[v.Field]
		filters = append(filters, filter(def.Key, formed(def, v)))
	}
	return filters
}

var fieldKeyProofs = proofs{
	"IO-CF-07 B37 an unknown key is 400, and the answer tells the keys": func(_ *testing.T, f *fake) {
		for _, key := range []string{"bogus", "plan_", "custom_field_plan"} {
			f.wrong("custom_field_"+key+"=x", "custom_field_"+key, "the keys are plan, order_number,")
			f.wrong("custom_field_"+key+"=__empty__", "custom_field_"+key, "is not a custom-field key")
		}
	},
	"B38 an empty key is 400": func(_ *testing.T, f *fake) {
		f.wrong("custom_field_=x", "custom_field_", "is not a custom-field key")
	},
	"IO-CF-24 B39 a key is the snake_case one, letter by letter": func(t *testing.T, f *fake) {
		snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
		for _, def := range f.desk().CustomFields {
			if !snake.MatchString(def.Key) {
				t.Errorf("the key %s is not snake_case", def.Key)
			}
			f.get(readWrite, ticketsPath+"?"+filter(def.Key, "__empty__")).want(200)
			f.wrong(filter(strings.ToUpper(def.Key), "__empty__"), "custom_field_"+strings.ToUpper(def.Key), "is not a custom-field key")
			f.wrong(filter(def.ID.String(), "__empty__"), "custom_field_"+def.ID.String(), "is not a custom-field key")
		}
		f.wrong(filter("orderNumber", "1"), "custom_field_orderNumber", "is not a custom-field key")
		f.wrong(filter("Order number", "1"), "custom_field_Order number", "is not a custom-field key")
	},
	"IO-CF-08 B35 a name sent twice is 400, with different values and with equal ones": func(_ *testing.T, f *fake) {
		_, plan := f.field("plan")
		one, two := filter("plan", plan.Options[0].ID.String()), filter("plan", plan.Options[1].ID.String())
		for _, query := range []string{one + "&" + two, one + "&" + one, one + "&status=open&" + two, "custom_field_plan=__empty__&" + one, one + "&custom_field_pl%61n=x"} {
			f.wrong(query, "custom_field_plan", "is sent twice; send each custom-field key once")
		}
	},
	"IO-CF-09 B36 ten distinct keys are accepted": func(_ *testing.T, f *fake) {
		i, _ := f.known("all-fields")
		f.finds(strings.Join(f.filters(10), "&"), only(i))
	},
	"IO-CF-10 B36 eleven distinct keys are 400, and the answer names the eleventh": func(_ *testing.T, f *fake) {
		eleventh := f.desk().CustomFields[10].Key
		f.wrong(strings.Join(f.filters(11), "&"), "custom_field_"+eleventh, "at most 10 distinct custom-field keys are allowed")
		f.wrong(strings.Join(f.filters(16), "&"), "custom_field_"+eleventh, "at most 10")
	},
	"IO-CF-25 every refusal of a custom-field filter has the code bad_request": func(t *testing.T, f *fake) {
		refused := 0
		for _, def := range f.desk().CustomFields {
			query := filter(def.Key, "no such value")
			if slices.Contains([]string{fixtures.FieldText, fixtures.FieldURL, fixtures.FieldEmail}, def.Type) {
				query = filter(def.Key, "a") + "&" + filter(def.Key, "b")
			}
			f.get(readWrite, ticketsPath+"?"+query).refused(400, "bad_request")
			refused++
		}
		same(t, "refusals", 16, refused)
	},
	"several wrong custom-field filters are all named": func(t *testing.T, f *fake) {
		body := f.get(readWrite, ticketsPath+"?custom_field_plan=x&custom_field_seats=x&custom_field_bogus=x&page=0").refused(400, "bad_request")
		same(t, "wrong parameters", 4, len(body.Errors))
	},
}

var inboxFieldProofs = proofs{
	"IO-CF-22 IO-CF-23 B48 a definition of some inboxes matches tickets there and nowhere else": func(t *testing.T, f *fake) {
		desk := f.desk()
		for _, key := range []string{"sla_tier", "deployment"} {
			_, def := f.field(key)
			if len(def.Inboxes) == 0 {
				t.Errorf("%s is not limited", key)
			}
			v := f.sample(key)
			k := f.stored(key, func(o fixtures.FieldValue) bool { return formed(def, o) == formed(def, v) })
			f.finds(filter(key, formed(def, v)), k)
			for i, inbox := range desk.Inboxes {
				query := filter(key, formed(def, v)) + "&inbox_id=" + inbox.ID.String()
				if !slices.Contains(def.Inboxes, i) {
					f.findsNone(query)
					continue
				}
				same(t, query, f.where(both(k, func(_ int, t *fixtures.Ticket) bool { return t.Inbox == i })), f.ids(query))
			}
		}
	},
	"B49 nor are tickets elsewhere found as empty": func(_ *testing.T, f *fake) {
		for _, key := range []string{"sla_tier", "deployment"} {
			_, def := f.field(key)
			f.finds(filter(key, "__empty__"), f.none(key))
			for i, inbox := range f.desk().Inboxes {
				if !slices.Contains(def.Inboxes, i) {
					f.findsNone(filter(key, "__empty__") + "&inbox_id=" + inbox.ID.String())
				}
			}
		}
	},
}
