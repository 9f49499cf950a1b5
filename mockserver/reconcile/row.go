package reconcile

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/internal/strict"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver/desk"
)

// rowMembers are those of a row of the list.
var rowMembers = strict.Members(reflect.TypeFor[desk.TicketRow](), "json")

// UnmarshalJSON reads a ticket that is held: its id and updated_at, or a whole row
// as the list has it.
func (t *Ticket) UnmarshalJSON(text []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return hint.Errorf(`{"id": "1001"}`, "%.40s is not a mapping", text)
	}
	for name := range members {
		if !slices.Contains(rowMembers, name) {
			return hint.Errorf(suggest.Hint(name, rowMembers, "the members are id and updated_at"), "there is no member %q", name)
		}
	}
	if err := json.Unmarshal(members["id"], &t.ID); err != nil || t.ID == "" {
		written := strings.Trim(string(members["id"]), `" `)
		if written == "" || strings.ContainsAny(written, "{[") {
			written = "1001"
		}
		return hint.Errorf(fmt.Sprintf(`"id": %q`, written), "it needs an id, which is a text")
	}
	if at := members["updated_at"]; at != nil && string(at) != "null" {
		if err := json.Unmarshal(at, &t.UpdatedAt); err != nil || t.UpdatedAt.IsZero() {
			return hint.Errorf("write it as "+wire(time.Date(2025, time.June, 2, 12, 0, 0, 0, time.UTC)), "updated_at %.40s is no instant", at)
		}
	}
	return nil
}
