package mockserver_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/internal/fake/clock"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/mockserver/mockservertest"
)

// retriesOf puts rules in force, sends requests and returns what the witness
// says.
func retriesOf(t *testing.T, f *fake, rules []fault.Rule, requests ...func()) journal.Retries {
	t.Helper()
	if _, err := f.Workspace("").Inject(rules...); err != nil {
		t.Fatal(err)
	}
	for _, send := range requests {
		send()
	}
	var got journal.Retries
	f.control("GET", "verify/retries", "").want(200).decode(&got)
	return got
}

func TestRetriesSeenByTheServer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		then      fault.Then
		key, path string
		pause     time.Duration // between the refusal and its retry
		early     float64       // 0 when it waited
	}{
		"seconds, waited for": {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3}}, readWrite, ticketsPath, 3 * time.Second, 0},
		"seconds, too early":  {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3}}, readWrite, ticketsPath, time.Second, 2},
		"zero":                {fault.Then{Status: &fault.Status{Code: "503", RetryAfter: fault.NoWait}}, readWrite, ticketsPath, 0, 0},
		"a date, waited for":  {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3, RetryAfterAs: "date"}}, readWrite, ticketsPath, 3 * time.Second, 0},
		"a date, too early":   {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3, RetryAfterAs: "date"}}, readWrite, ticketsPath, time.Second, 2},
		"a hold, waited for":  {fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3, Hold: true}}, readWrite, ticketsPath, 3 * time.Second, 0},
		"from the end of a slow body": {
			fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3, Detail: strings.Repeat("x", 300)}, Body: &fault.Body{BytesPerSecond: 100}}, readWrite, ticketsPath, 2 * time.Second, 1,
		},
		"from the end of a delay": {
			fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3}, Latency: &fault.Latency{Fixed: fault.Duration(2 * time.Second)}}, readWrite, ticketsPath, 2 * time.Second, 1,
		},
		"in the body of AppHandoff alone": {
			fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3}, Headers: &fault.Headers{Remove: []string{"Retry-After"}}}, member, "", time.Second, 2,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			virtual := clock.NewVirtual(nine)
			f := start(t, mockserver.Config{Tickets: 100, Now: virtual.Now, Sleep: virtual.Sleep})
			path := test.path
			if test.key == member {
				_, path = f.thread("long-thread")
			}
			ask := func() { f.get(test.key, path) }
			got := retriesOf(t, f, []fault.Rule{{When: fault.When{Times: 1}, Then: test.then}}, ask, func() { _ = virtual.Sleep(t.Context(), test.pause) }, ask)
			early := 0.0
			for _, e := range got.Early {
				early += e.Early
			}
			if early != test.early || got.Waited+len(got.Early) != 1 || got.NotRetried != 0 {
				t.Errorf("early by %v, want %v: %+v", early, test.early, got)
			}
		})
	}
}

// While a rule holds, Retry-After counts down: who comes back too early is told how
// long is left, and is early by that.
func TestRetriesWhileARuleHolds(t *testing.T) {
	t.Parallel()
	virtual := clock.NewVirtual(nine)
	f := start(t, mockserver.Config{Tickets: 100, Now: virtual.Now, Sleep: virtual.Sleep})
	var told []string
	ask := func() {
		a := f.get(readWrite, ticketsPath)
		told = append(told, fmt.Sprint(a.Status, " ", a.Header.Get("Retry-After")))
	}
	wait := func(seconds int) func() {
		return func() { _ = virtual.Sleep(t.Context(), time.Duration(seconds)*time.Second) }
	}
	rule := fault.Rule{When: fault.When{Nth: 2}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30, Hold: true}}}
	got := retriesOf(t, f, []fault.Rule{rule}, ask, ask, wait(10), ask, wait(20), ask)
	if want := "200 , 429 30, 429 20, 200 "; strings.Join(told, ", ") != want {
		t.Errorf("clients were told %s, want %s", strings.Join(told, ", "), want)
	}
	if len(got.Early) != 1 || got.Early[0].Early != 20 || got.Early[0].Waited != 10 || got.Waited != 1 {
		t.Errorf("got %+v, want one retry that is 20 s early and one that waited", got)
	}
}

// Workers that stop as soon as one of them is told to are not accused of what
// they had sent before; nor are those that only the others' pages are asked by.
func TestParallelClientsAreNotAccused(t *testing.T) {
	t.Parallel()
	fake := mockservertest.Start(t, mockserver.Config{Tickets: 100})
	w := fake.Workspace("")
	w.Clock.Freeze(nine) // so that a wait takes no time
	w.Inject(fault.Rule{When: fault.When{Every: 5}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 1}}})
	ask := func(page int) int {
		r, _ := http.NewRequest("GET", fmt.Sprintf("%s%s?per_page=1&page=%d", fake.URL, ticketsPath, page), nil)
		r.Header.Set("Authorization", "Bearer "+readWrite)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	for round := range 6 {
		var wait sync.WaitGroup
		refused := make([]bool, 4)
		for n := range refused {
			wait.Go(func() { refused[n] = ask(4*round+n+1) == 429 })
		}
		wait.Wait()
		w.Clock.Advance(time.Second)
		for n := range refused {
			if refused[n] && ask(4*round+n+1) != 200 {
				t.Errorf("page %d was refused again", 4*round+n+1)
			}
		}
	}
	if got := w.Journal.Retries(); len(got.Early) != 0 || got.Waited != w.Faults.List()[0].Fired || got.Waited == 0 {
		t.Errorf("got %+v, want %d that waited", got, w.Faults.List()[0].Fired)
	}
}

// The wait is one of the workspace's clock, which may stand still while an answer
// is delayed.
func TestRetriesByAFrozenClock(t *testing.T) {
	t.Parallel()
	virtual := clock.NewVirtual(nine)
	f := start(t, mockserver.Config{Tickets: 100, Now: virtual.Now, Sleep: virtual.Sleep})
	w := f.Workspace("")
	w.Clock.Freeze(nine)
	slow := fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 3}, Latency: &fault.Latency{Fixed: fault.Duration(2 * time.Second)}}
	ask := func() { f.get(readWrite, ticketsPath) }
	got := retriesOf(t, f, []fault.Rule{{When: fault.When{Times: 1}, Then: slow}}, ask, func() { w.Clock.Advance(3 * time.Second) }, ask)
	if len(got.Early) != 0 || got.Waited != 1 {
		t.Errorf("got %+v, want one that waited", got)
	}
}

// Of two clients that send the same at the same time, the second is no retry of
// the first: its connection was there before, and no machine's time has passed.
func TestTheSameRequestOfAnotherClientIsNotEarly(t *testing.T) {
	t.Parallel()
	virtual := clock.NewVirtual(nine)
	fake := mockservertest.Start(t, mockserver.Config{Tickets: 100, Now: virtual.Now})
	clients := []*http.Client{{Transport: &http.Transport{}}, {Transport: &http.Transport{}}}
	ask := func(client *http.Client, path string) {
		r, _ := http.NewRequest("GET", fake.URL+path, nil)
		r.Header.Set("Authorization", "Bearer "+readWrite)
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body) // so that the connection is used again
		answer.Body.Close()
	}
	for _, client := range clients {
		defer client.CloseIdleConnections()
		ask(client, ticketsPath+"?per_page=1")
	}
	_ = virtual.Sleep(t.Context(), time.Second)
	w := fake.Workspace("")
	w.Inject(fault.Rule{When: fault.When{Times: 1}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30}}})
	for _, client := range clients {
		ask(client, ticketsPath+"?per_page=2")
	}
	if got := w.Journal.Retries(); len(got.Early) != 0 || got.NotRetried != 1 || got.Meanwhile != 0 {
		t.Errorf("got %+v, want one refusal that was not retried", got)
	}
}

// Workers that ask for one and the same thing, over a new connection each time,
// and stop when they are told to are not accused, however close they come.
func TestWorkersWithOneURLAreNotAccused(t *testing.T) {
	t.Parallel()
	const workers, wait = 4, 30
	fake := mockservertest.Start(t, mockserver.Config{Tickets: 100})
	w := fake.Workspace("")
	w.Clock.Freeze(nine) // so that a wait takes no time
	w.Inject(fault.Rule{When: fault.When{Every: 3}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: wait}}})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ask := func() bool {
		r, _ := http.NewRequest("GET", fake.URL+ticketsPath, nil)
		r.Header.Set("Authorization", "Bearer "+readWrite)
		answer, err := client.Do(r)
		if err != nil {
			t.Error(err)
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusTooManyRequests
	}
	refused := [workers]bool{}
	for round := range 20 {
		var all sync.WaitGroup
		for n := range refused {
			if last := round == 19; last && !refused[n] {
				continue // only those come back
			}
			all.Go(func() {
				for range 5 {
					if refused[n] = ask(); refused[n] {
						break
					}
				}
			})
		}
		all.Wait()
		w.Clock.Advance(wait*time.Second + 5*time.Millisecond)
	}
	if got := w.Journal.Retries(); len(got.Early) != 0 || got.Waited == 0 {
		t.Errorf("got %+v, want none that is early", got)
	}
}

// A client that comes back at once is told apart from one that was under way,
// whether it uses its connection again or makes another.
func TestAnImmediateRetryIsEarly(t *testing.T) {
	t.Parallel()
	for name, fresh := range map[string]bool{"on the same connection": false, "on a new connection": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := mockservertest.Start(t, mockserver.Config{Tickets: 100})
			w := fake.Workspace("")
			w.Inject(fault.Rule{When: fault.When{Times: 1}, Then: fault.Then{Status: &fault.Status{Code: "429", RetryAfter: 30}}})
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: fresh}}
			for range 2 {
				r, _ := http.NewRequest("POST", fake.URL+messagesPath, strings.NewReader(noteBody))
				r.Header.Set("Authorization", "Bearer "+readWrite)
				r.Header.Set("Content-Type", "application/json")
				answer, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
			}
			if got := w.Journal.Retries(); len(got.Early) != 1 || got.Meanwhile != 0 {
				t.Errorf("got %+v, want one early retry", got)
			}
		})
	}
}

// A Retry-After of zero that was asked for is sent, in the header and in the
// bodies that have one.
func TestARetryAfterOfZeroIsSent(t *testing.T) {
	t.Parallel()
	f := start(t, mockserver.Config{Tickets: 100})
	_, thread := f.thread("ties")
	f.control("POST", "faults", `{"match":{"header":{"Prefer":"error-format=sample"}},"then":{"status":{"code":429,"retry_after":0}}}`).want(201)
	f.control("POST", "faults", `{"match":{"key_kind":"member"},"then":{"status":{"code":429,"retry_after":0}}}`).want(201)
	for name, got := range map[string]*answer{
		"a rule, in AppHandoff":           f.get(member, thread).want(429),
		"a rule, in the sample dialect":   f.get(readWrite, ticketsPath, "Prefer: error-format=sample").want(429),
		"Prefer":                          f.get(readWrite, ticketsPath, "Prefer: code=429, retry-after=0").want(429),
		"a rule, as the control API says": f.control("GET", "faults", ""),
		"a rule, as it is exported":       f.control("GET", "faults.yaml", ""),
	} {
		wants := map[string]bool{
			"header":           got.Header.Get("Retry-After") == "0",
			"retryAfter in it": strings.Contains(got.Body, `"retryAfter":0`),
			"retry_after":      strings.Contains(got.Body, `"retry_after":0`) || strings.Contains(got.Body, "retry_after: 0"),
		}
		said := 0
		for _, is := range wants {
			if is {
				said++
			}
		}
		if want := map[bool]int{true: 2, false: 1}[strings.Contains(name, ", in ")]; said != want {
			t.Errorf("%s: %v\n%s", name, wants, got.Body)
		}
	}
}
