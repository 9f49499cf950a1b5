package mockserver

import (
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// Workspace is an isolated world of a Server: its keys open it alone, and its
// notes, rules, limit, clock and journal are its own.
type Workspace = workspace.Workspace

// RateLimit is how many requests a window may hold, such as
// RateLimit{Max: 100, Window: time.Minute}. The zero RateLimit is off.
type RateLimit = ratelimit.Limit

// Limits bounds what a Server takes and keeps.
type Limits = workspace.Limits
