package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/ratelimit"
)

// instant is a flag that takes an ISO 8601 instant.
type instant struct{ time.Time }

// Set reads the flag.
func (f *instant) Set(s string) error {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return fmt.Errorf("%q is not an instant, such as 2025-06-02T09:00:00Z", s)
	}
	f.Time = at.UTC()
	return nil
}

// String writes the flag as Set reads it.
func (f *instant) String() string {
	return f.Format(time.RFC3339)
}

// Type is the word that help shows for the value.
func (f *instant) Type() string {
	return "instant"
}

// rateLimit is a flag that takes REQUESTS/WINDOW or off.
type rateLimit struct{ ratelimit.Limit }

// Set reads the flag.
func (f *rateLimit) Set(s string) (err error) {
	f.Limit, err = ratelimit.Parse(s)
	return err
}

// Type is the word that help shows for the value.
func (f *rateLimit) Type() string {
	return "limit"
}

// choice is a flag that takes one of some words.
type choice struct {
	value   string
	allowed []string
}

// Set reads the flag.
func (f *choice) Set(s string) error {
	if !slices.Contains(f.allowed, s) {
		return fmt.Errorf("%q is not one of %s", s, strings.Join(f.allowed, ", "))
	}
	f.value = s
	return nil
}

// String writes the flag as Set reads it.
func (f *choice) String() string {
	return f.value
}

// Type is the word that help shows for the value.
func (f *choice) Type() string {
	return strings.Join(f.allowed, "|")
}
