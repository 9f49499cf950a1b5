package mockserver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver"
)

// fuzzedActs are the acts of FuzzAct, behind the steps bring and checkout.
var fuzzedActs = []string{
	"POST tickets", "PATCH tickets/stuck", "POST tickets/stuck/messages", "PATCH tickets/stuck/messages/" + hangs,
	"PATCH tickets/stuck/messages/{newest}", "POST projects", "PATCH projects/checkout", "POST projects/checkout/tickets",
	"POST projects/checkout/tickets/refunds/tasks", "POST projects/checkout/tickets/refunds/messages",
	"PATCH projects/checkout/tickets/refunds/messages/" + why,
}

// visible is all that can be seen of what the fuzzed acts are about.
func (p *prey) visible() string {
	all := p.operate("GET", "events", "").Body.String() + p.operate("GET", "desk/tickets/stuck", "").Body.String()
	for _, path := range []string{ticketsPath, ticketsPath + "/" + stuckID + "/messages", checkoutThread} {
		key := readWrite
		if path == checkoutThread {
			key = member
		}
		r := request("GET", key, path, "", "")
		recorder := p.serve(r)
		p.hold(r, recorder)
		all += recorder.Body.String()
	}
	return all
}

// FuzzAct does an act with any text. What is refused says where and changes nothing,
// and whatever an act makes of the desk, all answers keep the contract.
func FuzzAct(f *testing.F) {
	p := newPrey(f, mockserver.Config{})
	for _, test := range wrongActs {
		for i, act := range fuzzedActs {
			if act == test.method+" "+test.path {
				f.Add(uint8(i), strings.ReplaceAll(test.text, "%", test.value))
				f.Add(uint8(i), strings.ReplaceAll(test.text, "%", test.hint))
			}
		}
	}
	for i, text := range []string{
		`{"contact": {"email": "a@b.example", "name": "\u0000"}, "custom_fields": {"seats": 1e308, "plan": "Team"}}`, "{status: Waiting on customer, assignee: null, contact: null, tags: [], remind_at: 9999-12-31T23:59:59Z}",
		"{html: '<p>a', attachments: [a, {name: b, inline: true, content_id: '<'}]}", "{text: '', html: <br>}", "{draft: false, send_status: failed, send_error: \"\\e\"}",
		"{name: a, member: false, tickets: [{name: b, messages: []}, {name: b}]}", "{member: null}", "{name: \"\\u202e\", tasks: [a, b], messages: [{task: b, created_at: -1h}, {}]}", "{title: [a]}", "&a {text: x, author: *a}",
		"{text: a, author_id: null, task: null, format: null}",
	} {
		f.Add(uint8(i), text)
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		p.t = t
		if strings.Count(text, "*") > 50 || len(text) > 5000 { // aliases may stand for a lot
			t.Skip("takes long")
		}
		defer p.operate("POST", "reset", "")
		for _, step := range []string{bring, checkout} {
			path, body, _ := strings.Cut(strings.TrimPrefix(step, "POST "), " ")
			p.operate("POST", path, body)
		}
		p.operate("POST", "desk/tickets/stuck/messages", `{"draft":true}`)
		newest := p.Workspace("").Store.Events(0)
		method, path, _ := strings.Cut(fuzzedActs[int(which)%len(fuzzedActs)], " ")
		path = strings.ReplaceAll(path, "{newest}", newest[len(newest)-1].MessageID)
		before := p.visible()
		recorder := p.operate(method, "desk/"+path, text)
		if recorder.Code >= 500 {
			t.Fatalf("%s %s %s: %d %s", method, path, text, recorder.Code, recorder.Body)
		}
		p.hold(request(method, "", "/_mockdesk/desk/"+path, "", text), recorder)
		after := p.visible()
		if recorder.Code >= 400 && after != before {
			t.Fatalf("%s %s %s: %d, and yet (-before +after):\n%s", method, path, text, recorder.Code, cmp.Diff(before, after))
		}
		d, got := p.desk(), p.Workspace("").Store
		whole, _ := got.Get("stuck")
		last := whole.CreatedAt
		for _, m := range whole.Messages {
			if m.CreatedAt.Before(last) || !m.Draft && m.CreatedAt.After(whole.UpdatedAt) {
				t.Errorf("a message at %v of a ticket from %v to %v", m.CreatedAt, whole.CreatedAt, whole.UpdatedAt)
			}
			last = m.CreatedAt
		}
		for _, v := range whole.Fields {
			if !d.CustomFields[v.Field].AppliesTo(whole.Inbox) {
				t.Errorf("%s has %s", d.Inboxes[whole.Inbox].Name, d.CustomFields[v.Field].Key)
			}
		}
		if !slices.IsSorted(whole.Tags) {
			t.Errorf("tags %v", whole.Tags)
		}
	})
}
