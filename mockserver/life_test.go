package mockserver_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
)

// everything returns what the services show: all pages of the list, all timelines
// and all threads, and what has happened.
func (f *fake) everything() []string {
	f.t.Helper()
	var all []string
	for n, total := 1, 1; (n-1)*100 < total; n++ {
		a := f.get(readWrite, fmt.Sprint(ticketsPath, "?sort=updated_at&order=asc&per_page=100&page=", n)).want(200)
		var p page
		a.decode(&p)
		total = p.Meta.Total
		all = append(all, a.Body)
		for _, ticket := range p.Data {
			all = append(all, f.get(readWrite, ticketsPath+"/"+ticket.ID+"/messages").want(200).Body)
		}
	}
	w := f.Workspace("")
	for _, p := range w.Store.Projects() {
		for _, ticket := range p.Tickets {
			all = append(all, f.get(member, fmt.Sprint("/api/projects/", p.ID, "/tickets/", ticket.ID, "/messages?limit=200")).Body)
		}
	}
	text, err := json.Marshal(w.Store.Events(0))
	if err != nil {
		f.t.Fatal(err)
	}
	return append(all, string(text))
}

func TestADayAtTheDesk(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	t.Parallel()
	day := func(t *testing.T, steps int) []string {
		t.Helper()
		f := start(t, mockserver.Config{Life: mockserver.Busy})
		f.freeze()
		left, r := 24*time.Hour, rand.New(rand.NewPCG(uint64(steps), 1))
		f.advance(time.Hour)
		f.post(readWrite, ticketsPath+"/1150/messages", body("checked", "")).want(201)
		left -= time.Hour
		for ; steps > 1; steps-- {
			step := time.Duration(r.Int64N(int64(left) / int64(steps))).Truncate(time.Millisecond)
			f.advance(step)
			left -= step
		}
		f.advance(left)
		return f.everything() // each answer is checked against the contract
	}
	want := day(t, 1)
	for _, steps := range []int{1, 7, 100} {
		t.Run(fmt.Sprint("in steps: ", steps), func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, day(t, steps)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLifeIsOffByDefault(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{})
	f.freeze()
	f.advance(1000 * time.Hour)
	if n := f.happened(); n > 0 {
		t.Errorf("%d things have happened", n)
	}
	if at, ok := f.Workspace("").Next(); ok {
		t.Errorf("something is to happen at %s", at)
	}
}

// happened counts what has happened.
func (f *fake) happened() int {
	f.Workspace("").CatchUp()
	return f.Workspace("").Store.Happened()
}

// lives is what GET /_mockdesk/life answers.
type lives struct {
	Life, Rate  string
	Since, Next time.Time
	Full        bool
}

func (f *fake) lives() lives {
	f.t.Helper()
	var l lives
	f.get("", "/_mockdesk/life").want(200).decode(&l)
	return l
}

func TestLifeIsALever(t *testing.T) {
	t.Parallel()
	proofs{
		"it is off, switched on, and off again": func(t *testing.T, f *fake) {
			f.freeze()
			if got := f.lives(); got != (lives{Life: "off", Rate: "off"}) {
				t.Errorf("%+v", got)
			}
			f.send("PUT", "", "/_mockdesk/life", `{"life": "30/1h"}`).want(200)
			got := f.lives()
			if got.Rate != "30/1h" || !got.Since.Equal(f.Workspace("").Clock.Now()) || !got.Next.After(got.Since) || got.Next.After(got.Since.Add(5*time.Minute)) {
				t.Errorf("%+v", got)
			}
			f.advance(got.Next.Sub(got.Since) - time.Millisecond)
			if n := f.happened(); n > 0 {
				t.Errorf("%d things have happened too early", n)
			}
			f.advance(time.Millisecond)
			if n := f.happened(); n == 0 {
				t.Error("nothing has happened in time")
			}
			f.send("PUT", "", "/_mockdesk/life", `{"life": "off"}`).want(200)
			before := f.happened()
			f.advance(100 * time.Hour)
			if n := f.happened(); n != before || f.lives().Life != "off" {
				t.Errorf("%d things have happened, %d before", n, before)
			}
		},
		"a reset goes back to that of the start": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Life: mockserver.Calm, Case: casefile.MustParse("clock: {frozen: 2025-06-02T12:00:00Z}")})
			f.send("PUT", "", "/_mockdesk/life", `{"life": "off"}`).want(200)
			f.advance(time.Hour)
			f.post("", "/_mockdesk/reset", "").want(200)
			if got := f.lives(); got.Life != "calm" || got.Since.Format(time.RFC3339) != "2025-06-02T12:00:00Z" {
				t.Errorf("%+v", got)
			}
		},
		"a snapshot keeps how far it has come": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Tickets: 30, Life: mockserver.Busy})
			f.freeze()
			f.advance(3 * time.Hour)
			f.post("", "/_mockdesk/snapshot", "").want(200)
			f.advance(3 * time.Hour)
			want := f.everything()
			f.advance(time.Hour)
			f.send("PUT", "", "/_mockdesk/life", `{"life": "off"}`).want(200)
			f.post("", "/_mockdesk/restore", "").want(200)
			if got := f.lives(); got.Life != "busy" {
				t.Errorf("%+v", got)
			}
			f.advance(3 * time.Hour)
			same(t, "the desk", want, f.everything())
		},
		"a clock set to before it began lets it begin there": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Life: mockserver.Busy}) // on the machine's clock
			f.send("PUT", "", "/_mockdesk/clock", `{"mode": "frozen", "at": "2025-06-02T09:00:00Z"}`).want(200)
			if got := f.lives(); !got.Since.Equal(fixtures.DefaultAt) || got.Next.After(fixtures.DefaultAt.Add(time.Minute)) {
				t.Errorf("%+v", got)
			}
		},
	}.run(t, mockserver.Config{})
}

func TestWhatLives(t *testing.T) {
	t.Parallel()
	proofs{
		"a case says it, a workspace before that": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Tickets: 30, Life: mockserver.Busy, Case: casefile.MustParse("life: 5/1d")})
			if got := f.lives(); got.Rate != "5/1d" {
				t.Errorf("%+v", got)
			}
			for body, want := range map[string]string{
				`{"name": "as-the-server"}`:                                             `"life":"5/1d"`,
				`{"name": "own", "life": "calm"}`:                                       `"life":"calm"`,
				`{"name": "own-case", "case": {"life": "busy"}}`:                        `"life":"busy"`,
				`{"name": "no-life-in-it", "case": {"world": "empty"}}`:                 `"life":"busy"`,
				`{"name": "both", "life": "off", "case": {"life": "busy"}}`:             `"life":"off"`,
				`{"name": "empty", "life": "busy", "case": {"world": "empty"}}`:         `"tickets":0`,
				`{"name": "large", "tickets": 40, "life": "busy", "rate_limit": "off"}`: `"tickets":40`,
			} {
				if got := f.post("", "/_mockdesk/workspaces", body).want(201).Body; !strings.Contains(got, want) {
					t.Errorf("%s: want %s in %s", body, want, got)
				}
			}
		},
		"an empty world fills": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Empty: true, Life: mockserver.Busy})
			f.freeze()
			f.advance(24 * time.Hour)
			if n := f.list("").Meta.Total; n < 100 {
				t.Errorf("%d tickets", n)
			}
		},
		"a running clock lets it happen": func(t *testing.T, _ *fake) {
			now := fixtures.DefaultAt
			f := start(t, mockserver.Config{Tickets: 30, Life: mockserver.Busy, Now: func() time.Time { return now }})
			now = now.Add(6 * time.Hour)
			if f.list("updated_after=2025-06-02T09:00:01Z").Meta.Total == 0 {
				t.Error("nothing has happened")
			}
		},
		"explain tells what a request would find": func(t *testing.T, _ *fake) {
			f := start(t, mockserver.Config{Tickets: 30, Life: mockserver.Busy})
			f.freeze()
			f.advance(time.Hour)
			before := f.happened()
			f.post("", "/_mockdesk/explain", `{"path": "/api/v1/tickets", "key": "ixk_test_readwrite"}`).want(200)
			if f.happened() != before {
				t.Error("it made something happen")
			}
		},
	}.run(t, mockserver.Config{})
}

func TestAStepOfLifeIsBounded(t *testing.T) {
	t.Parallel()
	if race.Enabled {
		t.Skip("one goroutine counts steps")
	}
	f := start(t, mockserver.Config{Tickets: 30, Life: mockserver.Life{Events: 1, Period: time.Second}})
	f.freeze()
	for name, a := range map[string]*answer{
		"a step":  f.post("", "/_mockdesk/clock/advance", `{"by": "28h"}`),
		"a jump":  f.send("PUT", "", "/_mockdesk/clock", `{"mode": "frozen", "at": "8999-01-01T00:00:00Z"}`),
		"to real": f.send("PUT", "", "/_mockdesk/clock", `{"mode": "real"}`),
	} {
		if a.Status != 409 || !strings.Contains(a.Body, `{\"by\": \"27h46m40s\"}`) || !strings.Contains(a.Body, `{\"life\": \"off\"}`) {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	f.post("", "/_mockdesk/clock/advance", `{"by": "27h"}`).want(200)
	f.post("", "/_mockdesk/clock/advance", `{"by": "-270h"}`).want(200)
	if _, err := workspace.New(workspace.Config{Name: "x", World: f.Workspace("").Store.World(), Life: mockserver.Life{Events: 2, Period: time.Second}}); err == nil {
		t.Error("a workspace takes any life")
	}
	if _, err := mockserver.New(mockserver.Config{Life: mockserver.Life{Events: 1}}); err == nil {
		t.Error("a server takes any life")
	}
}
