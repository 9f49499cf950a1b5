package mockserver

import (
	"github.com/mockdesk/mockdesk/internal/fake/life"
	"github.com/mockdesk/mockdesk/internal/fake/ratelimit"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
)

// Workspace is an isolated world of a Server: its keys open it alone, and its
// notes, rules, limit, clock and journal are its own.
type Workspace = workspace.Workspace

// RateLimit is how many requests a window may hold, such as
// RateLimit{Max: 100, Window: time.Minute}. The zero RateLimit is off.
type RateLimit = ratelimit.Limit

// Life is how many things happen by themselves in each period, such as
// Life{Events: 30, Period: time.Hour}. The zero Life is off.
type Life = life.Rate

// The lives that have a name: a small desk, and one that is never still.
var (
	Calm = life.Calm
	Busy = life.Busy
)

// Limits bounds what a Server takes and keeps.
type Limits = workspace.Limits
