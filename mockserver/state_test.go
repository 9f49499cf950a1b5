package mockserver_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// writings are what clients and testers write, some of it on purpose.
var writings = []string{
	"It hangs.", "Größe 👍\n\nSecond paragraph", " leading and trailing ", "- a list\n- of two", "key: value # no comment", "'quotes' \"both\"",
	"tab\tand\r\nCRLF", "مرحبا", "null", "true", "2025-06-02", "~", "a\u0085b\u2028c", "|", "> quoted", "{{x}}", "\\n", "<b>bold</b> & more", "x",
}

// doSomething lets a client or a tester do one thing.
func doSomething(f *fake, r *rand.Rand) {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	quote := func(text string) string { b, _ := json.Marshal(text); return string(b) }
	text, other := quote(pick(writings...)), quote(pick(writings...))
	tickets := f.Workspace("").Store.Len()
	number := strconv.Itoa(1001 + r.IntN(tickets+3))
	switch r.IntN(12) {
	case 0:
		f.post(readWrite, ticketsPath+"/"+number+"/messages", `{"type":"internal_note","body_text":`+text+`}`)
	case 1:
		f.post(readWrite, ticketsPath+"/"+number+"/messages", `{"type":"internal_note","body_html":`+text+`}`)
	case 2:
		f.control("POST", "desk/tickets", fmt.Sprintf(`{"name":"made-%d","subject":%s,"messages":[{"text":%s},{"from":"agent","html":%s,"draft":%t}]}`, r.IntN(1000), text, other, text, r.IntN(2) == 0))
	case 3:
		f.control("POST", "desk/tickets", `{}`)
	case 4:
		f.control("PATCH", "desk/tickets/"+number, fmt.Sprintf(`{"status":%q,"priority":%q,"subject":%s}`, pick("open", "waiting", "closed", "resolved"), pick("low", "urgent"), text))
	case 5:
		f.control("PATCH", "desk/tickets/"+number, fmt.Sprintf(`{"inbox":%q,"assignee":%q,"contact":{"name":%s,"email":"c%d@example.com"}}`, pick("Support", "Enterprise", "Mobile"), "nobody", text, r.IntN(30)))
	case 6:
		f.control("PATCH", "desk/tickets/"+number, fmt.Sprintf(`{"status":"waiting","remind_at":"+%dh","tags":[]}`, 1+r.IntN(9)))
	case 7:
		f.control("DELETE", "desk/tickets/"+number, "")
	case 8:
		f.control("POST", "desk/tickets/"+number+"/messages", fmt.Sprintf(`{"from":%q,"text":%s}`, pick("customer", "agent"), text))
	case 9:
		f.control("POST", "desk/tickets/"+number+"/messages", fmt.Sprintf(`{"from":"agent","send_status":"failed","send_error":%s,"attachments":[{"name":"a.png","inline":true}]}`, text))
	case 10:
		f.control("POST", "clock/advance", fmt.Sprintf(`{"by":"%dm"}`, r.IntN(120)))
	default:
		f.inProject(r, text)
	}
}

// inProject lets somebody do something in a project.
func (f *fake) inProject(r *rand.Rand, text string) {
	projects := f.Workspace("").Store.Projects()
	p := projects[r.IntN(len(projects))]
	base := "desk/projects/" + p.ID.String()
	switch r.IntN(5) {
	case 0:
		f.control("POST", "desk/projects", fmt.Sprintf(`{"name":"p-%d","tickets":[{"name":"t"}]}`, r.IntN(1000)))
	case 1:
		f.control("PATCH", base, fmt.Sprintf(`{"member":%t}`, r.IntN(2) == 0))
	case 2:
		f.control("POST", base+"/tickets", fmt.Sprintf(`{"name":"t-%d","messages":[{"text":%s,"task":"api"}]}`, r.IntN(1000), text))
	default:
		if len(p.Tickets) > 0 {
			f.control("POST", base+"/tickets/"+p.Tickets[r.IntN(len(p.Tickets))].ID.String()+"/messages", `{"text":`+text+`}`)
		}
	}
}

// seen is all that clients can see of a workspace.
func (f *fake) seen() []string {
	var all []string
	for page := 1; ; page++ {
		list := f.get(readWrite, fmt.Sprintf("%s?per_page=100&sort=updated_at&page=%d", ticketsPath, page)).want(200).Body
		var rows struct{ Data []struct{ ID string } }
		if err := json.Unmarshal([]byte(list), &rows); err != nil {
			f.t.Fatal(err)
		}
		all = append(all, list)
		for _, row := range rows.Data {
			all = append(all, f.get(readWrite, ticketsPath+"/"+row.ID+"/messages").want(200).Body)
		}
		if len(rows.Data) == 0 {
			break
		}
	}
	for _, p := range f.Workspace("").Store.Projects() {
		for _, t := range p.Tickets {
			if p.Member {
				all = append(all, f.get(member, threadPath(p.ID, t.ID)+"?limit=200").want(200).Body)
			}
		}
	}
	return all
}

// TestStatesGoIntoACaseAndBack exports workspaces in which anything has happened,
// puts what comes into another server, and looks at that as a client does.
// settings are those of a workspace that a case has.
func (f *fake) settings() []string {
	var limit struct {
		RateLimit string `json:"rate_limit"`
	}
	f.get("", "/_mockdesk/rate-limit").want(200).decode(&limit)
	return []string{limit.RateLimit, f.lives().Life, f.get("", "/_mockdesk/clock").want(200).Body, f.get("", "/_mockdesk/faults").want(200).Body}
}

func TestStatesGoIntoACaseAndBack(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	t.Parallel()
	for seed := uint64(1); seed <= 16; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 3))
			cfg := mockserver.Config{Seed: seed, Tickets: 40}
			if seed%4 == 0 {
				cfg = mockserver.Config{Seed: seed, Empty: true}
			}
			if seed%3 == 0 {
				cfg.Life = mockserver.Busy
			}
			f := start(t, cfg)
			f.control("PUT", "clock", `{"mode":"frozen","at":"2025-06-02T12:00:00Z"}`).want(200)
			f.control("POST", "desk/tickets", `{"name":"first"}`).want(201)
			f.control("POST", "desk/projects", `{"name":"first","tickets":[{"name":"only"}]}`).want(201)
			if seed%2 == 0 {
				f.send("PUT", "", "/_mockdesk/rate-limit", `{"rate_limit":"900/1h"}`).want(200)
			}
			for range 60 {
				doSomething(f, r)
			}
			if _, err := f.Workspace("").Inject(fault.Rule{Then: fault.Then{Latency: &fault.Latency{Fixed: fault.Duration(time.Millisecond)}}}); err != nil {
				t.Fatal(err)
			}
			said := f.get("", "/_mockdesk/case.yaml").want(200).Body
			other := start(t, mockserver.Config{Seed: 99, Empty: true})
			other.send("PUT", "", "/_mockdesk/case.yaml", said).want(200)
			if diff := cmp.Diff(said, other.get("", "/_mockdesk/case.yaml").want(200).Body); diff != "" {
				t.Errorf("exported twice (-first +second):\n%s", diff)
			}
			if diff := cmp.Diff(f.seen(), other.seen()); diff != "" {
				t.Errorf("what a client sees (-first +second):\n%s", diff)
			}
			if diff := cmp.Diff(f.settings(), other.settings()); diff != "" {
				t.Errorf("settings (-first +second):\n%s", diff)
			}
		})
	}
}
