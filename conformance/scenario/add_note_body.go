package scenario

import "fmt"

// noteOf is a body that the contract accepts, with the marker as its text.
func noteOf(marker string) string {
	return fmt.Sprintf(`{"type": "internal_note", "body_text": %q}`, marker)
}
