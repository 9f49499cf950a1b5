package desk

import (
	"encoding/json"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/store"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// messageRow returns a message as a timeline shows it. A draft, which no
// timeline shows, is marked as hidden.
func messageRow(tx *store.Tx, m *fixtures.Message) json.RawMessage {
	row := tx.MessageRow(m)
	if m.Draft {
		row = append(row[:len(row)-1], `,"hidden":true}`...)
	}
	return row
}

// AddMessage is that of Desk.
func (r Raw) AddMessage(ref string, text []byte) (json.RawMessage, error) {
	return r.read("message", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		n, err := find(tx, ref)
		if err != nil {
			return nil, err
		}
		t := tx.Ticket(n)
		wish, err := said.Message(present(tx), t.Messages)
		if err == nil {
			err = r.room(tx, 1)
		}
		if err != nil {
			return nil, err
		}
		made := tx.Desk().Say(&t.Ticket, tx.Record(n), t.Messages, wish, fixtures.TurnAny, nextMessage(tx, t.ID), tx.Now())
		made = tx.AddMessage(n, made)
		return messageRow(tx, &made), nil
	})
}

// findMessage returns a ticket and the place of one of its messages.
func findMessage(tx *store.Tx, ref, message string) (n uint32, i int, err error) {
	if n, err = find(tx, ref); err != nil {
		return 0, 0, err
	}
	i, ok := tx.FindMessage(n, message)
	if !ok {
		return 0, 0, absent("GET /_mockdesk/desk/tickets/"+ref+" lists them", "the ticket has no message %.80q", message)
	}
	return n, i, nil
}

// ChangeMessage is that of Desk.
func (r Raw) ChangeMessage(ref, message string, text []byte) (json.RawMessage, error) {
	return r.read("change", text, func(tx *store.Tx, said casefile.Act) (json.RawMessage, error) {
		n, i, err := findMessage(tx, ref, message)
		if err != nil {
			return nil, err
		}
		is, err := said.ChangeMessage(present(tx), tx.Ticket(n).Messages[i])
		if err != nil {
			return nil, err
		}
		is, _ = tx.ChangeMessage(n, i, func(m *fixtures.Message) { *m = is })
		return messageRow(tx, &is), nil
	})
}

// DeleteMessage is that of Desk.
func (r Raw) DeleteMessage(ref, message string) error {
	return r.act(func(tx *store.Tx) error {
		n, i, err := findMessage(tx, ref, message)
		if err == nil {
			tx.DeleteMessage(n, i)
		}
		return err
	})
}
