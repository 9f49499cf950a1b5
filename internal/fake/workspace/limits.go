package workspace

import (
	"errors"
	"fmt"

	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// Limits bounds what a server takes and what its workspaces keep. A member
// that is zero means its default.
type Limits struct {
	BodyBytes      int `json:"body_bytes"`
	HeaderBytes    int `json:"header_bytes"`
	URLBytes       int `json:"url_bytes"`
	Filters        int `json:"filters"`
	Workspaces     int `json:"workspaces"`
	Notes          int `json:"notes"`
	Rules          int `json:"rules"`
	JournalEntries int `json:"journal_entries"`
	JournalBytes   int `json:"journal_bytes"`
}

// Limit describes one member of Limits.
type Limit struct {
	Name    string // of the flag that sets it
	About   string // what is counted, and what happens above the limit
	Default int
	Most    int // the largest value it may have; 0 for any
	Of      func(*Limits) *int
}

// AllLimits returns the table of limits.
func AllLimits() []Limit {
	return []Limit{
		{"max-body-bytes", "bytes of a request body; a larger one is 400, at the control API 413", 1 << 20, 0, func(l *Limits) *int { return &l.BodyBytes }}, // choice C27
		{"max-header-bytes", "bytes of a request's line and header; a larger one is 431 (up to 8 KiB more may pass)", 64 << 10, 0, func(l *Limits) *int { return &l.HeaderBytes }},
		{"max-url-bytes", "bytes of a path with its query; a longer one is 414", 16 << 10, 0, func(l *Limits) *int { return &l.URLBytes }},
		{"max-filters", "custom-field keys in one list of tickets; one more is 400, and InboxOps allows no more than 10", 10, 10, func(l *Limits) *int { return &l.Filters }},
		{"max-workspaces", "workspaces; one more is 409", 20_000, 0, func(l *Limits) *int { return &l.Workspaces }},
		{"max-notes", "notes, messages and tickets that are added to a workspace; until it is reset, one more is 503 to a client and 409 at the control API", 100_000, 0, func(l *Limits) *int { return &l.Notes }},
		{"max-rules", "fault rules in a workspace; one more is 409", 1000, 0, func(l *Limits) *int { return &l.Rules }},
		{"max-journal-entries", "requests in the journal of a workspace; the oldest leave", journal.DefaultEntries, 0, func(l *Limits) *int { return &l.JournalEntries }},
		{"max-journal-bytes", "bytes in the journal of a workspace; the oldest requests leave", journal.DefaultBytes, 0, func(l *Limits) *int { return &l.JournalBytes }},
	}
}

// WithDefaults returns the Limits with their zero values replaced.
func (l Limits) WithDefaults() Limits {
	for _, limit := range AllLimits() {
		if value := limit.Of(&l); *value == 0 {
			*value = limit.Default
		}
	}
	return l
}

// Check says which limits are below 1 or larger than they may be.
func (l Limits) Check() error {
	var wrong []error
	for _, limit := range AllLimits() {
		switch value := *limit.Of(&l); {
		case value < 1:
			wrong = append(wrong, hint.Errorf(fmt.Sprintf("without it, it is %d", limit.Default), "%s is %d, and must be at least 1", limit.Name, value))
		case limit.Most > 0 && value > limit.Most:
			wrong = append(wrong, fmt.Errorf("%s is %d, and the contract allows %d at most", limit.Name, value, limit.Most))
		}
	}
	return errors.Join(wrong...)
}
