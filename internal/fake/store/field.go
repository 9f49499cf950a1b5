package store

import (
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/mockdesk/mockdesk/fixtures"
)

// fieldIndex finds the tickets of one custom-field definition by value.
type fieldIndex struct {
	values map[string]*posting // by the value's key, see fieldKeys
	set    *roaring.Bitmap     // tickets with a stored value
	// applies holds the tickets whose inbox is linked to the definition;
	// nil means all. Elsewhere the definition matches nothing, not even as
	// empty (choices B48, B49).
	applies *roaring.Bitmap
}

// posting is a set of tickets, kept as a plain list while it is small: most
// values of a text field occur on only one or two tickets.
type posting struct {
	list []uint32
	bits *roaring.Bitmap
}

// listLimit is the size from which a posting is a bitmap.
const listLimit = 32

func (p *posting) add(ticket uint32) {
	if p.bits == nil && len(p.list) < listLimit {
		p.list = append(p.list, ticket)
		return
	}
	if p.bits == nil {
		p.bits, p.list = roaring.BitmapOf(p.list...), nil
	}
	p.bits.Add(ticket)
}

// bitmap returns the posting as a set that must not be changed.
func (p *posting) bitmap() *roaring.Bitmap {
	switch {
	case p == nil:
		return roaring.New()
	case p.bits != nil:
		return p.bits
	default:
		return roaring.BitmapOf(p.list...)
	}
}

func newFieldIndexes(desk *fixtures.InboxOps) []fieldIndex {
	indexes := make([]fieldIndex, len(desk.CustomFields))
	for i, def := range desk.CustomFields {
		indexes[i] = fieldIndex{values: map[string]*posting{}, set: roaring.New()}
		if len(def.Inboxes) > 0 {
			indexes[i].applies = linked(desk, def.Inboxes)
		}
	}
	for i := range desk.Tickets {
		for _, value := range desk.Fields(i) {
			index := &indexes[value.Field]
			index.set.Add(uint32(i))
			for _, key := range fieldKeys(&desk.CustomFields[value.Field], &value) {
				if index.values[key] == nil {
					index.values[key] = &posting{}
				}
				index.values[key].add(uint32(i))
			}
		}
	}
	return indexes
}

// linked returns the tickets of the given inboxes.
func linked(desk *fixtures.InboxOps, inboxes []int) *roaring.Bitmap {
	is := make([]bool, len(desk.Inboxes))
	for _, inbox := range inboxes {
		is[inbox] = true
	}
	set := roaring.New()
	for i := range desk.Tickets {
		if is[desk.Tickets[i].Inbox] {
			set.Add(uint32(i))
		}
	}
	return set
}

// fieldKeys returns the keys a stored value is found under: one, or one for
// each option it holds.
func fieldKeys(def *fixtures.CustomField, v *fixtures.FieldValue) []string {
	switch def.Type {
	case fixtures.FieldNumber:
		return []string{NumberKey(v.Number)}
	case fixtures.FieldBoolean:
		return []string{strconv.FormatBool(v.Bool)}
	case fixtures.FieldDate:
		return []string{DateKey(v.Time)}
	case fixtures.FieldDateTime:
		return []string{InstantKey(v.Time)}
	case fixtures.FieldSelect, fixtures.FieldMultiSelect:
		keys := make([]string, len(v.Options))
		for i, option := range v.Options {
			keys[i] = OptionKey(option)
		}
		return keys
	default:
		return []string{v.Text}
	}
}

// NumberKey returns the key of a number: numbers that are equal have one key.
func NumberKey(n float64) string {
	return strconv.FormatFloat(n+0, 'g', -1, 64) // +0 makes -0 plain 0
}

// DateKey returns the key of a day.
func DateKey(day time.Time) string {
	return day.Format(time.DateOnly)
}

// InstantKey returns the key of an instant, whatever its offset, to the
// millisecond.
func InstantKey(at time.Time) string {
	return strconv.FormatInt(at.UnixMilli(), 10)
}

// OptionKey returns the key of an option by its index in the definition.
func OptionKey(option int) string {
	return strconv.Itoa(option)
}
