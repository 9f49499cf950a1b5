package defect

import (
	"net/http"
	"time"
)

// limits breaks the rate limit. A server that never says 429 shows none of them.
func limits() []Defect {
	retry := func(v string) func(*exchange, *reply) {
		return func(_ *exchange, p *reply) { p.header.Set("Retry-After", v) }
	}
	served := func(_ *exchange, p *reply) {
		*p = *accept(nil)
		p.status = http.StatusOK
		p.set(object{"data": []any{}, "meta": object{"page": 1, "per_page": 20, "total": 0}})
	}
	taken := func(_ *exchange, p *reply) { *p = *accept(nil) }
	var all []Defect
	for i, o := range []struct{ op, words string }{{list, "the list"}, {timeline, "timelines"}, {post, "notes"}} {
		id := []string{"IO-RATE-01", "IO-RATE-02", "IO-RATE-03"}[i]
		all = append(all,
			always(id, "beyond the limit "+o.words+" are 503", refused(on(o.op), becomes(503), 429)),
			sometimes(id, "beyond the limit "+o.words+" are 403", refused(on(o.op), becomes(403), 429)),
			sometimes("IO-RATE-04", "429 has another code for "+o.words, refused(on(o.op), func(_ *exchange, p *reply) { coded(p, "too_many_requests") }, 429)))
	}
	return append(all, []Defect{
		always("IO-RATE-01", "no key is ever limited", refused(inbox, borrowed, 429)),
		sometimes("IO-RATE-01", "beyond the limit everything is 503 and asks to wait", refused(inbox, func(_ *exchange, p *reply) {
			wait := p.header.Get("Retry-After")
			*p = *fail(http.StatusServiceUnavailable)
			p.header.Set("Retry-After", wait)
		}, 429)),
		sometimes("IO-RATE-01", "beyond the limit everything is 403", refused(inbox, becomes(403), 429)),
		always("IO-RATE-01", "beyond the limit lists are empty", refused(on(list), served, 429)),
		always("IO-RATE-02", "beyond the limit timelines are empty", refused(on(timeline), served, 429)),
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
			if x.m.shapes["limit"+x.key()] != "" {
				p := fail(http.StatusTooManyRequests)
				p.header.Set("Retry-After", "1")
				return p
			}
			p := x.send()
			if p.status == http.StatusTooManyRequests {
				x.m.shapes["limit"+x.key()] = "hit"
			}
			return p
		}),
	}...)
}
