package mockserver_test

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/control"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// nine is when the clocks of these tests stand.
var nine = time.Date(2025, time.July, 1, 9, 0, 0, 0, time.UTC)

// world is one of many workspaces: everything about it depends on its number.
type world struct {
	f      *fake
	number int
	ticket string
}

func (w world) name() string    { return "w-" + strconv.Itoa(w.number) }
func (w world) at() time.Time   { return nine.Add(time.Duration(w.number) * time.Minute) }
func (w world) limit() int      { return 3 + w.number%3 }
func (w world) note() string    { return "the note of " + w.name() + "." }
func (w world) fault() string   { return "The fault of " + w.name() + "." }
func (w world) retryAfter() int { return w.number + 1 }

// send sends a request with the key of the workspace. It does not hold the
// answer against the contract, which other tests do and which takes long.
func (w world) send(method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer ixk_"+w.name()+"_readwrite")
	r.Header.Set("Content-Type", "application/json")
	r.Host, r.RemoteAddr = "localhost", "127.0.0.1:50000"
	recorder := httptest.NewRecorder()
	w.f.ServeHTTP(recorder, r)
	return recorder
}

// fill makes the workspace and writes into it.
func (w world) fill() error {
	made, err := w.f.CreateWorkspace(control.Spec{Name: w.name(), FrozenAt: w.at(), RateLimit: fmt.Sprintf("%d/1h", w.limit())})
	if err != nil {
		return err
	}
	_, err = made.Faults.Add(made.Clock.Now(), fault.Rule{
		Match: fault.Match{Operation: "listTickets"}, When: fault.When{Times: 1},
		Then: fault.Then{Status: &fault.Status{Code: "503", RetryAfter: fault.Seconds(w.retryAfter()), Detail: w.fault()}},
	})
	if a := w.send("POST", w.ticket, `{"type":"internal_note","body_text":"`+w.note()+`"}`); a.Code != 201 {
		return fmt.Errorf("%s: a note: %d %s", w.name(), a.Code, a.Body)
	}
	return err
}

// check says what of the workspace is not its own.
func (w world) check() error {
	here := w.f.Workspace(w.name())
	if got := here.Clock.Now(); !got.Equal(w.at()) {
		return fmt.Errorf("%s: its clock shows %v, want %v", w.name(), got, w.at())
	}
	a := w.send("GET", "/api/v1/tickets", "")
	if a.Code != 503 || a.Header().Get("Retry-After") != strconv.Itoa(w.retryAfter()) || !strings.Contains(a.Body.String(), w.fault()) {
		return fmt.Errorf("%s: the first list is %d %s, want its own fault", w.name(), a.Code, a.Body)
	}
	a = w.send("GET", w.ticket, "")
	row := a.Body.String()
	if strings.Count(row, `"id":`) != 1 || !strings.Contains(row, w.note()) || !strings.Contains(row, w.at().Format("2006-01-02T15:04:05.000Z")) {
		return fmt.Errorf("%s: the timeline is %s, want its own note alone", w.name(), row)
	}
	for n := 2; n < w.limit(); n++ { // the note and its timeline were counted
		if a := w.send("GET", "/api/v1/tickets?per_page=1", ""); a.Code != 200 {
			return fmt.Errorf("%s: request %d of %d is %d %s", w.name(), n+1, w.limit(), a.Code, a.Body)
		}
	}
	if a := w.send("GET", "/api/v1/tickets?per_page=1", ""); a.Code != 429 {
		return fmt.Errorf("%s: request %d of %d is %d, want 429", w.name(), w.limit()+1, w.limit(), a.Code)
	}
	if got, want := here.Journal.Len(), w.limit()+2; got != want {
		return fmt.Errorf("%s: its journal has %d requests, want %d", w.name(), got, want)
	}
	return nil
}

// each does something with every workspace, several at a time.
func each(t *testing.T, worlds []world, do func(world) error) {
	t.Helper()
	const workers = 4
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			for i := worker; i < len(worlds); i += workers {
				if err := do(worlds[i]); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// heap returns the bytes that are in use.
func heap() int64 {
	var stats runtime.MemStats
	const times = 2 // pools give back what they hold in the second one
	for range times {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// It is not parallel, because it measures what the whole process uses.
func TestTenThousandWorkspaces(t *testing.T) {
	if race.Enabled {
		t.Skip("one request after the other")
	}
	const many = 10_000
	f := start(t, mockserver.Config{Tickets: 100})
	desk := f.desk()
	ticket := fmt.Sprintf("/api/v1/tickets/%d/messages", desk.Tickets[desk.Known["no-messages"]].Number)
	worlds := make([]world, many)
	for i := range worlds {
		worlds[i] = world{f, i, ticket}
	}
	before := heap()
	each(t, worlds, world.fill)
	held := heap() - before
	each(t, worlds, world.check)

	for i := 0; i < many; i += 2 {
		f.Workspace(worlds[i].name()).Reset()
	}
	each(t, worlds, func(w world) error {
		here, reset := f.Workspace(w.name()), w.number%2 == 0
		if notes := here.Store.Notes(); notes == 0 != reset {
			return fmt.Errorf("%s: %d notes, reset %v", w.name(), notes, reset)
		}
		if a := w.send("GET", "/api/v1/tickets?per_page=1", ""); (a.Code == 200) != reset {
			return fmt.Errorf("%s: status %d, reset %v", w.name(), a.Code, reset)
		}
		return nil
	})
	if w := f.Workspace(""); w.Store.Notes() != 0 || len(w.Faults.List()) != 0 || w.Clock.State().Frozen || w.Journal.Len() != 0 {
		t.Error("the default workspace has seen something")
	}

	each(t, worlds, func(w world) error {
		if a := w.send("DELETE", "/_mockdesk/workspaces/"+w.name(), ""); a.Code != 204 {
			return fmt.Errorf("%s: %d %s", w.name(), a.Code, a.Body)
		}
		if a := w.send("GET", "/api/v1/tickets", ""); a.Code != 401 {
			return fmt.Errorf("%s: status %d after it was deleted", w.name(), a.Code)
		}
		return nil
	})
	f.Workspace("").Journal.Clear() // it has the requests without a workspace
	left := heap() - before
	t.Logf("a workspace with a note, a fault and a request holds %d bytes; deleted, %d are left", held/many, left/many)
	if held/many > 64<<10 {
		t.Errorf("a workspace holds %d bytes", held/many)
	}
	if left > held/5 {
		t.Errorf("of %d bytes %d are left after all workspaces were deleted", held, left)
	}
	runtime.KeepAlive(f)
}

// allocated returns the bytes that one call of do allocates on average.
func allocated(times int, do func(i int)) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range times {
		do(i)
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / times
}

// It is not parallel, because it measures what the whole process allocates.
func TestWorkspaceIsCheap(t *testing.T) {
	const times, most = 1000, 32 << 10
	f := start(t, mockserver.Config{Tickets: 100})
	got := allocated(times, func(i int) {
		if _, err := f.CreateWorkspace(control.Spec{Name: "w-" + strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	})
	if got > most {
		t.Errorf("creating a workspace allocates %d bytes, want at most %d", got, most)
	}
	t.Logf("creating: %d bytes", got)
	got = allocated(times, func(i int) { f.Workspace("w-" + strconv.Itoa(i)).Reset() })
	if got > most {
		t.Errorf("resetting a workspace allocates %d bytes, want at most %d", got, most)
	}
	t.Logf("resetting: %d bytes", got)
}

func TestWorkspacesAreBounded(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100, Limits: workspace.Limits{Workspaces: 3}})
	f.control("POST", "workspaces", `{"name":"a"}`).want(201)
	f.control("POST", "workspaces", `{"name":"b"}`).want(201)
	a := f.control("POST", "workspaces", `{"name":"c"}`).want(409)
	if !strings.Contains(a.Body, "holds as many workspaces as it may, which is 3") || !strings.Contains(a.Body, `"hint":"delete those`) {
		t.Errorf("%s does not teach", a.Body)
	}
	if f.Workspace("c") != nil {
		t.Error("the refused workspace is there")
	}
	f.control("DELETE", "workspaces/a", "").want(204)
	f.control("POST", "workspaces", `{"name":"c"}`).want(201)
}

func TestWorkspacesAreBoundedInAnyCase(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	most := workspace.Limits{}.WithDefaults().Workspaces
	registry := workspace.Registry{Max: most}
	for n := range most + 1 {
		w, err := workspace.New(workspace.Config{Name: "w-" + strconv.Itoa(n), World: f.Workspace("").Store.World()})
		if err != nil {
			t.Fatal(err)
		}
		w.Keys = nil // they would only cost time
		if err := registry.Add(w); (err != nil) != (n == most) {
			t.Fatalf("workspace %d: %v", n+1, err)
		}
	}
}

// A reset brings back what the workspace was made with, not what the server
// has.
func TestResetBringsBackTheBeginning(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	f.control("POST", "workspaces", `{"name":"a","rate_limit":"2/1m","frozen_at":"2025-07-01T09:00:00Z"}`).want(201)
	w := f.Workspace("a")
	first := f.control("GET", "workspaces/a", "").Body
	keys := f.control("GET", "keys?workspace=a", "").Body
	f.control("POST", "clock/advance?workspace=a", `{"by":"1h"}`).want(200)
	f.control("PUT", "rate-limit?workspace=a", `{"rate_limit":"off"}`).want(200)
	f.control("PATCH", "keys?workspace=a", `{"revoked":true}`).want(200)
	f.control("POST", "presets/slow?workspace=a", "").want(201)
	f.get("ixk_a_readwrite", "/api/v1/tickets").want(401)
	if _, _, err := w.Store.AddNote("1001", w.Clock.Now(), "hi", ""); err != nil {
		t.Fatal(err)
	}
	f.control("POST", "reset?workspace=a", "").want(200)
	if got := f.control("GET", "workspaces/a", "").Body; got != first {
		t.Errorf("after the reset it is\n%s, want\n%s", got, first)
	}
	if got := f.control("GET", "keys?workspace=a", "").Body; got != keys {
		t.Errorf("after the reset the keys are\n%s, want\n%s", got, keys)
	}
}

// A test can make the fake slow, broken or late while it runs.
func ExampleServer_Workspace() {
	fake, err := mockserver.New(mockserver.Config{})
	if err != nil {
		panic(err)
	}
	ask := func(method string) string {
		r := httptest.NewRequest(method, "/api/v1/tickets/1001/messages", strings.NewReader(`{"type":"internal_note","body_text":"Done."}`))
		r.Header.Set("Authorization", "Bearer ixk_test_readwrite")
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		fake.ServeHTTP(answer, r)
		return strings.TrimSpace(fmt.Sprint(method, " ", answer.Code, " ", answer.Header().Get("Mockdesk-Why")))
	}
	w := fake.Workspace("")

	// A fault that lasts for 30 seconds of the workspace's clock.
	w.Clock.Freeze(time.Date(2025, time.June, 2, 9, 0, 0, 0, time.UTC))
	outage := fault.Rule{
		ID:   "outage",
		When: fault.When{For: fault.Duration(30 * time.Second)},
		Then: fault.Then{Status: &fault.Status{Code: "503", RetryAfter: 30}},
	}
	if _, err := w.Faults.Add(w.Clock.Now(), outage); err != nil {
		panic(err)
	}
	fmt.Println(ask("GET"))
	w.Clock.Advance(30 * time.Second)
	fmt.Println(ask("GET"))

	// A key that loses the right to write.
	w.Key(auth.InboxOps, auth.ReadWrite).SetAccess(auth.Access{ReadOnly: true})
	fmt.Println(ask("POST"))

	// As if nothing had happened.
	w.Reset()
	fmt.Println(ask("POST"))
	// Output:
	// GET 503 fault outage
	// GET 200
	// POST 403 key read-only
	// POST 201
}

// Parallel tests share one server, each in a workspace of its own.
func ExampleServer_CreateWorkspace() {
	fake, err := mockserver.New(mockserver.Config{})
	if err != nil {
		panic(err)
	}
	w, err := fake.CreateWorkspace(control.Spec{Name: "acme-1", RateLimit: "100/1m"})
	if err != nil {
		panic(err)
	}
	fmt.Println(w.Key(auth.InboxOps, auth.ReadWrite).Secret, w.RateLimit())
	// Output: ixk_acme-1_readwrite 100/1m
}
