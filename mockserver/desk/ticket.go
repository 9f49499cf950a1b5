package desk

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/service"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// find returns the ticket of a UUID, number or name.
func find(tx *store.Tx, ref string) (uint32, error) {
	n, ok := tx.Find(ref)
	if !ok {
		return 0, noTicket(ref)
	}
	return n, nil
}

func noTicket(ref string) error {
	return absent("GET /_mockdesk/catalog lists those with a name, GET /api/v1/tickets all", "there is no ticket %.80q", ref)
}

// CreateTicket is that of Desk.
func (r Raw) CreateTicket(text []byte) (json.RawMessage, error) {
	return r.read("ticket", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		wish, err := said.Ticket(present(tx))
		if err == nil {
			err = checkName(tx, wish.Name)
		}
		if err == nil {
			messages := len(wish.Messages)
			if wish.Messages == nil {
				messages = 1
			}
			err = r.room(tx, 1+messages)
		}
		if err != nil {
			return nil, err
		}
		tx.AddContacts(wish.Contacts)
		unnamed := "act " + strconv.Itoa(tx.Serial())
		made := tx.Desk().Bring(wish.TicketWish, unnamed, tx.Now())
		return tx.Row(tx.Create(wish.Name, made.Record, made.Ticket, made.Fields, made.Messages)), nil
	})
}

// checkName refuses a name by which another ticket is, was or may be found.
func checkName(tx *store.Tx, name string) error {
	if name == "" {
		return nil
	}
	_, err := strconv.Atoi(name)
	if _, isID := fixtures.ParseID(name); isID || err == nil {
		return hint.Errorf("name: ticket-"+name, "name: %s would be taken for a number or an id", name)
	}
	free := func(name string) bool {
		_, found := tx.Find(name)
		return !found && !tx.Exists(fixtures.TicketID(name))
	}
	if !free(name) {
		return taken("name", name, "ticket", free)
	}
	return nil
}

// ChangeTicket is that of Desk.
func (r Raw) ChangeTicket(ref string, text []byte) (json.RawMessage, error) {
	return r.read("change", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		n, err := find(tx, ref)
		if err != nil {
			return nil, err
		}
		was, fields := tx.Members(n)
		is, err := said.ChangeTicket(present(tx), was, fields)
		if err != nil {
			return nil, err
		}
		tx.AddContacts(is.Contacts)
		tx.Change(n, func(t *fixtures.Ticket) { *t = is.Ticket }, is.Fields)
		return tx.Row(n), nil
	})
}

// DeleteTicket is that of Desk.
func (r Raw) DeleteTicket(ref string) error {
	return r.act(func(tx *store.Tx) error {
		n, err := find(tx, ref)
		if err == nil {
			tx.Delete(n)
		}
		return err
	})
}

// Ticket is that of Desk.
func (r Raw) Ticket(ref string) (whole json.RawMessage, err error) {
	type answer struct {
		Ticket       json.RawMessage   `json:"ticket"`
		Name         string            `json:"name,omitempty"`
		Tags         []string          `json:"tags"`
		CustomFields map[string]any    `json:"custom_fields"`
		Messages     []json.RawMessage `json:"messages"`
	}
	err = r.w.Store.Look(func(tx *store.Tx) error {
		n, err := find(tx, ref)
		if err != nil {
			return err
		}
		desk, t := tx.Desk(), tx.Ticket(n)
		a := answer{Ticket: tx.Row(n), Name: t.Name, Tags: []string{}, CustomFields: map[string]any{}, Messages: []json.RawMessage{}}
		for _, tag := range t.Tags {
			a.Tags = append(a.Tags, desk.Tags[tag].Name)
		}
		for i := range t.Fields {
			def := &desk.CustomFields[t.Fields[i].Field]
			a.CustomFields[def.Key] = valueOf(def, &t.Fields[i])
		}
		for i := range t.Messages {
			a.Messages = append(a.Messages, messageRow(tx, &t.Messages[i]))
		}
		whole = service.AppendJSON(nil, a)
		return nil
	})
	return whole, err
}

// valueOf writes the value of a custom field as a case has it.
func valueOf(def *fixtures.CustomField, v *fixtures.FieldValue) any {
	switch def.Type {
	case fixtures.FieldNumber:
		return v.Number
	case fixtures.FieldBoolean:
		return v.Bool
	case fixtures.FieldSelect:
		return def.Options[v.Options[0]].Label
	case fixtures.FieldMultiSelect:
		labels := make([]string, len(v.Options))
		for i, option := range v.Options {
			labels[i] = def.Options[option].Label
		}
		return labels
	case fixtures.FieldDate:
		return v.Time.Format(time.DateOnly)
	case fixtures.FieldDateTime:
		return v.Time.UTC().Format(time.RFC3339Nano)
	default:
		return v.Text
	}
}
