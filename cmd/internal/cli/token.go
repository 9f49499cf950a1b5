package cli

import "crypto/rand"

// autoToken asks for a token that is made at start.
const autoToken = "auto"

// newToken makes an admin token.
func newToken() string { return rand.Text() }
