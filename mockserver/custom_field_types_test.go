package mockserver_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/mockserver"
)

func TestCustomFieldTypes(t *testing.T) {
	t.Parallel()
	fieldTypeProofs.share(t, start(t, mockserver.Config{}).Server)
}

var fieldTypeProofs = proofs{
	"IO-CF-11 IO-CF-14 B42 the UUID of an option finds the tickets that hold it": func(_ *testing.T, f *fake) {
		for _, key := range []string{"plan", "channel", "affected_areas", "languages"} {
			_, def := f.field(key)
			for option := range def.Options {
				f.finds(filter(key, def.Options[option].ID.String()), f.stored(key, holds(option)))
				f.finds(filter(key, strings.ToUpper(def.Options[option].ID.String())), f.stored(key, holds(option)))
			}
		}
	},
	"IO-CF-12 IO-CF-15 B41 the label of an option is 400, and the answer tells the UUIDs": func(_ *testing.T, f *fake) {
		for _, key := range []string{"plan", "affected_areas"} {
			_, def := f.field(key)
			for _, value := range []string{def.Options[0].Label, "0", strings.ReplaceAll(def.Options[0].ID.String(), "-", "")} {
				f.wrong(filter(key, value), "custom_field_"+key, "the options are "+def.Options[0].ID.String()+" ("+def.Options[0].Label+")")
			}
		}
	},
	"IO-CF-13 B40 a UUID that is no option is 400": func(_ *testing.T, f *fake) {
		_, other := f.field("channel")
		for _, key := range []string{"plan", "affected_areas"} {
			f.wrong(filter(key, unknownID), "custom_field_"+key, "is not the UUID of an option")
			f.wrong(filter(key, other.Options[0].ID.String()), "custom_field_"+key, "is not the UUID of an option")
		}
	},
	"IO-CF-15 B42 a list of options is 400": func(_ *testing.T, f *fake) {
		_, def := f.field("affected_areas")
		f.wrong(filter("affected_areas", def.Options[0].ID.String()+","+def.Options[1].ID.String()), "custom_field_affected_areas", "is not the UUID of an option")
	},
	"IO-CF-16 a date finds the tickets of that day": func(_ *testing.T, f *fake) {
		v := f.sample("renewal_date")
		f.finds(filter("renewal_date", v.Time.Format(time.DateOnly)), f.stored("renewal_date", func(o fixtures.FieldValue) bool { return o.Time.Equal(v.Time) }))
		f.findsNone(filter("renewal_date", "1999-12-31"))
	},
	"IO-CF-17 IO-CF-18 B44 a date in another form or of no calendar is 400": func(_ *testing.T, f *fake) {
		for _, value := range []string{"25/12/2024", "2024-02-30", "2023-02-29", "2024-13-01", "2024-1-5", "20241225", "2024-12-25T00:00:00Z", "tomorrow", " 2024-12-25"} {
			f.wrong(filter("renewal_date", value), "custom_field_renewal_date", "is not a day of the calendar as YYYY-MM-DD, such as")
		}
	},
	"IO-CF-19 IO-CF-21 B45 an instant finds the tickets of that instant, in any offset": func(_ *testing.T, f *fake) {
		v := f.sample("incident_started_at")
		k := f.stored("incident_started_at", func(o fixtures.FieldValue) bool { return o.Time.Equal(v.Time) })
		for _, hours := range []int{0, 5, -11} {
			f.finds(filter("incident_started_at", v.Time.In(time.FixedZone("", hours*3600)).Format(time.RFC3339Nano)), k)
		}
		f.findsNone(filter("incident_started_at", v.Time.Add(time.Millisecond).Format(time.RFC3339Nano)))
		f.findsNone(filter("incident_started_at", v.Time.In(time.FixedZone("", 3600)).Format("2006-01-02T15:04:05.000Z")))
	},
	"IO-CF-20 B44 an unparseable instant is 400": func(_ *testing.T, f *fake) {
		for _, value := range []string{"now", "2024-02-30T00:00:00Z", "2024-01-01T00:00:00", "1704067200", "25/12/2024 10:00"} {
			f.wrong(filter("incident_started_at", value), "custom_field_incident_started_at", validInstant)
		}
		f.wrong("custom_field_incident_started_at=2024-01-01T00:00:00+02:00", "custom_field_incident_started_at", "write the + of an offset as %2B")
	},
	"B43 a number is compared as a number": func(_ *testing.T, f *fake) {
		for _, key := range []string{"seats", "credit_balance"} {
			v := f.sample(key)
			k := f.stored(key, func(o fixtures.FieldValue) bool { return o.Number == v.Number })
			for _, form := range []string{fmt.Sprint(v.Number), fmt.Sprintf("%.3f", v.Number), fmt.Sprintf("%e", v.Number)} {
				f.finds(filter(key, form), k)
			}
			f.findsNone(filter(key, "987654321"))
			for _, form := range []string{"many", "1,5", "NaN", "Inf", "1 000", "12 "} {
				f.wrong(filter(key, form), "custom_field_"+key, "is not a number, such as")
			}
		}
	},
	"B43 a boolean is true or false": func(_ *testing.T, f *fake) {
		for _, value := range []string{"true", "false"} {
			f.finds(filter("sla_breached", value), f.stored("sla_breached", func(v fixtures.FieldValue) bool { return fmt.Sprint(v.Bool) == value }))
		}
		for _, value := range []string{"yes", "1", "TRUE", "null"} {
			f.wrong(filter("sla_breached", value), "custom_field_sla_breached", "is not true or false")
		}
	},
	"B43 text, addresses and URLs match as a whole and exactly": func(t *testing.T, f *fake) {
		odd := 0
		for _, key := range []string{"order_number", "company_name", "environment_url", "technical_contact", "deployment"} {
			for _, text := range f.texts(key) {
				f.finds(filter(key, text), f.stored(key, func(v fixtures.FieldValue) bool { return v.Text == text }))
				if url.QueryEscape(text) != text {
					odd++
				}
			}
			whole := f.sample(key).Text
			f.findsNone(filter(key, whole[:len(whole)-1]))
			f.findsNone(filter(key, " "+whole))
			if upper := strings.ToUpper(whole); upper != whole {
				f.findsNone(filter(key, upper))
			}
		}
		if odd == 0 {
			t.Error("no text needs encoding")
		}
	},
}

// texts returns some of the texts that tickets store.
func (f *fake) texts(key string) []string {
	field, _ := f.field(key)
	var texts []string
	for i := range f.desk().Tickets {
		if v, has := f.value(i, field); has && !slices.Contains(texts, v.Text) && len(texts) < 6 {
			texts = append(texts, v.Text)
		}
	}
	return texts
}
