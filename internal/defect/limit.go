package defect

import (
	"net/http"
	"time"
)

// limits breaks the rate limit. These defects do not show on a server that
// never answers 429.
func limits() []Defect {
	retry := func(v string) change {
		return func(_ *exchange, p *reply) { p.header.Set("Retry-After", v) }
	}
	noTickets := gives(http.StatusOK, object{"data": []any{}, "meta": object{"page": 1, "per_page": 20, "total": 0}})
	var all []Defect
	for _, o := range []struct{ id, op, words string }{{"IO-RATE-01", list, "the list"}, {"IO-RATE-02", timeline, "timelines"}, {"IO-RATE-03", post, "notes"}} {
		all = append(all,
			always(o.id, "beyond the limit "+o.words+" are 503", refused(on(o.op), becomes(503), 429)),
			sometimes(o.id, "beyond the limit "+o.words+" are 403", refused(on(o.op), becomes(403), 429)),
			sometimes("IO-RATE-04", "429 has another code for "+o.words, refused(on(o.op), coded("too_many_requests"), 429)))
	}
	return append(all, []Defect{
		always("IO-RATE-01", "no key is ever limited", refused(inbox, borrowed, 429)),
		sometimes("IO-RATE-01", "beyond the limit everything is 503 and asks to wait", refused(inbox, func(_ *exchange, p *reply) {
			wait := p.header.Get("Retry-After")
			*p = *fail(http.StatusServiceUnavailable)
			p.header.Set("Retry-After", wait)
		}, 429)),
		sometimes("IO-RATE-01", "beyond the limit everything is 403", refused(inbox, becomes(403), 429)),
		always("IO-RATE-01", "beyond the limit lists are empty", refused(on(list), noTickets, 429)),
		always("IO-RATE-02", "beyond the limit timelines are empty", refused(on(timeline), noTickets, 429)),
		always("IO-RATE-03", "beyond the limit notes are taken and dropped", refused(on(post), taken, 429)),
		sometimes("IO-RATE-03", "beyond the limit notes by number are taken and dropped", refused(and(on(post), byNumber), taken, 429)),
		sometimes("IO-RATE-03", "beyond the limit notes are stored", haunted(answered(http.StatusTooManyRequests), same, here)),
		always("IO-RATE-05", "Retry-After is a word", refused(inbox, retry("soon"), 429)),
		sometimes("IO-RATE-05", "Retry-After is negative", refused(inbox, retry("-1"), 429)),
		sometimes("IO-RATE-05", "Retry-After has a fraction", refused(inbox, retry("1.5"), 429)),
		sometimes("IO-RATE-05", "Retry-After is another form of time", refused(inbox, retry(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)), 429)),
		always("IO-RATE-06", "Retry-After is 0", refused(inbox, retry("0"), 429)),
		sometimes("IO-RATE-06", "Retry-After is 0 for notes", refused(on(post), retry("0"), 429)),
		sometimes("IO-RATE-06", "who was once refused stays refused", func(x *exchange) *reply {
			if x.m.refused[x.key()] {
				p := fail(http.StatusTooManyRequests)
				p.header.Set("Retry-After", "1")
				return p
			}
			p := x.send()
			x.m.refused[x.key()] = p.status == http.StatusTooManyRequests
			return p
		}),
	}...)
}
