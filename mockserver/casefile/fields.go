package casefile

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/suggest"
)

// readFields reads the custom-field values of a ticket, which has these and no
// others. Without a world only their form is read.
func (b *builder) readFields(n *yaml.Node, inbox *int) []fixtures.FieldValue {
	values := []fixtures.FieldValue{}
	var keys []string
	if b.desk != nil {
		for _, def := range b.desk.CustomFields {
			keys = append(keys, def.Key)
		}
	}
	for key, value := range b.members(n, keys) {
		if b.desk == nil {
			continue
		}
		i := slices.Index(keys, key)
		def := &b.desk.CustomFields[i]
		if inbox != nil && !def.AppliesTo(*inbox) {
			b.fail(value, "inbox: "+b.desk.Inboxes[def.Inboxes[0]].Name, "tickets of %s do not have this field", b.desk.Inboxes[*inbox].Name)
			continue
		}
		if v, ok := b.readField(value, def); ok {
			v.Field = i
			values = append(values, v)
		}
	}
	return values
}

// readField reads the value of a definition.
func (b *builder) readField(n *yaml.Node, def *fixtures.CustomField) (v fixtures.FieldValue, ok bool) {
	wrong := len(b.wrong)
	switch def.Type {
	case fixtures.FieldNumber:
		v.Number = b.number(n)
	case fixtures.FieldBoolean:
		v.Bool = b.truth(n)
	case fixtures.FieldSelect:
		v.Options = b.option(v.Options, n, def)
	case fixtures.FieldMultiSelect:
		for _, value := range b.elements(n) {
			v.Options = b.option(v.Options, value, def)
		}
		if slices.Sort(v.Options); len(n.Content) == 0 && n.Kind == yaml.SequenceNode {
			b.fail(n, "leave it out", "an empty list is no value")
		}
	case fixtures.FieldDate:
		v.Time = b.date(n)
	case fixtures.FieldDateTime:
		v.Time, _ = b.instant(n)
	case fixtures.FieldURL:
		if v.Text = b.words(n); v.Text != "" {
			if u, err := url.Parse(v.Text); err != nil || u.Scheme == "" || u.Host == "" {
				b.fail(n, "https://example.com/"+strings.TrimLeft(url.PathEscape(v.Text), "/"), "%q is no URL", v.Text)
			}
		}
	case fixtures.FieldEmail:
		v.Text = b.email(n)
	default:
		v.Text = b.words(n)
	}
	return v, len(b.wrong) == wrong
}

// option adds the option of a label to those that are chosen.
func (b *builder) option(chosen []int, n *yaml.Node, def *fixtures.CustomField) []int {
	text, ok := b.text(n)
	if !ok {
		return chosen
	}
	var labels []string
	for i, option := range def.Options {
		if option.Label != text && option.ID.String() != text {
			labels = append(labels, option.Label)
			continue
		}
		if slices.Contains(chosen, i) {
			b.fail(n, "write it once", "the option %q is there twice", text)
			return chosen
		}
		return append(chosen, i)
	}
	b.fail(n, suggest.Hint(text, labels, strings.Join(labels, ", ")), "%q is no option of %s", text, def.Name)
	return chosen
}

// date reads a day.
func (b *builder) date(n *yaml.Node) time.Time {
	day, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		instead := "2025-06-30"
		if at, err := time.Parse(time.RFC3339, n.Value); err == nil {
			instead = at.Format(time.DateOnly)
		}
		b.fail(n, instead, "%.80q is no date", n.Value)
	}
	return day
}
