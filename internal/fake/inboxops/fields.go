package inboxops

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
)

// The documented form of custom-field filters.
const (
	fieldPrefix = "custom_field_"
	emptyValue  = "__empty__"
)

func readFields(r *service.Reader, c *service.Call, q *store.Query) {
	definitions := c.Workspace.Store.World().Data.InboxOps.CustomFields
	seen, most := map[string]bool{}, c.Workspace.Limits().Filters
	for _, p := range c.Params {
		key, isField := strings.CutPrefix(p.Name, fieldPrefix)
		if !isField {
			continue
		}
		if seen[key] {
			r.Wrong(p.Name, "is sent twice; send each custom-field key once")
			continue
		}
		seen[key] = true
		if len(seen) == most+1 {
			r.Wrong(p.Name, fmt.Sprintf("is one key too many; at most %d distinct custom-field keys are allowed", most))
		}
		filter, wrong := readField(definitions, key, p.Value)
		if wrong != "" {
			r.Wrong(p.Name, wrong)
			continue
		}
		q.Fields = append(q.Fields, filter)
	}
}

// readField reads one custom-field filter; wrong says what would be valid.
func readField(definitions []fixtures.CustomField, key, value string) (filter store.FieldFilter, wrong string) {
	for i := range definitions {
		if definitions[i].Key != key {
			continue
		}
		if value == emptyValue {
			return store.FieldFilter{Field: i, Empty: true}, ""
		}
		if value == "" {
			return filter, "has no value; send " + emptyValue + " for tickets without a stored value"
		}
		stored, wrong := fieldKey(&definitions[i], value)
		return store.FieldFilter{Field: i, Key: stored}, wrong
	}
	keys := make([]string, len(definitions))
	for i := range definitions {
		keys[i] = definitions[i].Key
	}
	return filter, fmt.Sprintf("%q is not a custom-field key; the keys are %s", key, strings.Join(keys, ", "))
}

// fieldKey validates a value by the definition's type and returns the key it
// is stored under.
func fieldKey(def *fixtures.CustomField, value string) (key, wrong string) {
	switch def.Type {
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		return optionKey(def, value)
	case fixtures.FieldNumber:
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || n-n != 0 || strings.ContainsAny(value, "xX") { // n-n is not 0 for infinities and NaN
			return "", strconv.Quote(value) + " is not a number, such as 12.5"
		}
		return store.NumberKey(n), ""
	case fixtures.FieldBoolean:
		if value != "true" && value != "false" {
			return "", strconv.Quote(value) + " is not true or false"
		}
		return value, ""
	case fixtures.FieldDate:
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return "", strconv.Quote(value) + " is not a day of the calendar as YYYY-MM-DD, such as 2025-01-31"
		}
		return store.DateKey(day), ""
	case fixtures.FieldDateTime:
		at, ok := service.ParseInstant(value)
		if !ok {
			return "", service.InstantMessage(value)
		}
		return store.InstantKey(at), ""
	default:
		return value, ""
	}
}

// optionKey finds the option a select filter names by UUID.
func optionKey(def *fixtures.CustomField, value string) (key, wrong string) {
	id, isID := fixtures.ParseID(value)
	labels := make([]string, len(def.Options))
	for i, option := range def.Options {
		if isID && option.ID == id {
			return store.OptionKey(i), ""
		}
		labels[i] = option.ID.String() + " (" + option.Label + ")"
	}
	return "", strconv.Quote(value) + " is not the UUID of an option; the options are " + strings.Join(labels, ", ")
}
