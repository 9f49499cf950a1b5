package stranger

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// key is a credential.
type key struct {
	kind, service, text, workspace string
}

// allKeys returns one key of each kind. The revoked key of AppHandoff is called
// handoff-revoked here and revoked in the facts. The limited keys, each of
// which is counted separately, are not in the facts.
func allKeys() []key {
	return []key{
		{"read-write", "inboxops", "ixk_Q7fRw2MzTbKd91xLhVeN", "main"},
		{"read-only", "inboxops", "ixk_Ro5GdYpCj3SnWa80kUiE", "main"},
		{"revoked", "inboxops", "ixk_Rv4HtXmZq6BfLo29sPyA", "main"},
		{"unentitled", "inboxops", "ixk_Un8JcKwVg1DrTe57bQxO", "bare"},
		{"limited", "inboxops", "ixk_Li3NzEyFu9PhMv64aGsI", "small"},
		{"member-limited", "apphandoff", "ah_k_Ml4QcRwTa7ZuGe58vBoN", "few"},
		{"member", "apphandoff", "ah_k_Mb6TqLxSe2YwRj70dHnC", "member"},
		{"outsider", "apphandoff", "ah_k_Ou1KvBgZp8FtXm35cWaE", "outsider"},
		{"handoff-revoked", "apphandoff", "ah_k_Re9DyNhUk4QsVo62iJfG", "gone"},
	}
}

// Key returns the key of a kind, "" for none: read-write, read-only, revoked, unentitled, limited, member,
// member-limited, outsider, handoff-revoked.
func (s *Server) Key(kind string) string {
	for _, k := range s.keys {
		if k.kind == kind {
			return k.text
		}
	}
	return ""
}

// admitted runs an operation for a caller who may: a known key, entitled, of the scope, within the limit.
func (s *Server) admitted(c *call, run func() (answer, *failure)) (answer, *failure) {
	k, f := s.authenticate(c)
	if f != nil {
		return answer{}, f
	}
	if k.kind == "unentitled" {
		return answer{}, &failure{status: 403, detail: "the workspace has no API access"}
	}
	if k.kind == "read-only" && c.r.Method == "POST" {
		return answer{}, &failure{status: 403, code: "insufficient_scope", detail: "the key may only read"}
	}
	l := s.limiters[k.workspace]
	if l == nil {
		l = &limiter{form: s.o.LimitForm, limit: s.o.Limit, window: cmp.Or(s.o.Window, time.Minute)}
		if strings.HasSuffix(k.kind, "limited") {
			l.limit = cmp.Or(s.o.Limited, 5)
		}
		s.limiters[k.workspace] = l
	}
	if wait := l.take(c.now); wait > 0 {
		return answer{}, &failure{status: 429, detail: "too many requests", wait: wait}
	}
	c.caller = k.kind
	a, f := run()
	if f != nil && !s.o.CountRefused {
		l.back()
	}
	if s.o.Headers && f == nil {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header["X-RateLimit-Limit"] = strconv.Itoa(l.limit)
	}
	return a, f
}

func (s *Server) authenticate(c *call) (key, *failure) {
	header := c.r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	if s.o.LooseSpell {
		token = strings.TrimSpace(token)
		if strings.EqualFold(scheme, "bearer") {
			scheme = "Bearer"
		}
	}
	for _, k := range s.keys {
		if scheme == "Bearer" && token == k.text && c.other == (k.service == "apphandoff") &&
			k.kind != "revoked" && k.kind != "handoff-revoked" {
			return k, nil
		}
	}
	return key{}, &failure{status: 401, detail: "Not authenticated"}
}

// limiter counts requests in one of three ways.
type limiter struct {
	form   string
	limit  int // 0 is none
	window time.Duration
	hits   []time.Time // sliding
	start  time.Time   // fixed: of the window; bucket: of the last request
	used   float64
}

// take counts a request and returns 0, or how long to wait.
func (l *limiter) take(now time.Time) time.Duration {
	if l.limit == 0 {
		return 0
	}
	switch l.form {
	case "sliding":
		for len(l.hits) > 0 && now.Sub(l.hits[0]) >= l.window {
			l.hits = l.hits[1:]
		}
		if len(l.hits) >= l.limit {
			return l.hits[len(l.hits)-l.limit].Add(l.window).Sub(now)
		}
		l.hits = append(l.hits, now)
		return 0
	case "bucket":
		each := l.window / time.Duration(l.limit)
		l.used = max(0, l.used-float64(now.Sub(l.start))/float64(each))
		l.start = now
		if l.used+1 > float64(l.limit) {
			return time.Duration((l.used+1-float64(l.limit))*float64(each)) + time.Millisecond
		}
	default:
		if now.Sub(l.start) >= l.window {
			l.start, l.used = now, 0
		}
		if int(l.used) >= l.limit {
			return l.start.Add(l.window).Sub(now)
		}
	}
	l.used++
	return 0
}

// back uncounts the last request.
func (l *limiter) back() {
	l.used = max(0, l.used-1)
	l.hits = l.hits[:max(0, len(l.hits)-1)]
}
