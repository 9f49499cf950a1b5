package fault_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// The requests that presets are driven with.
const (
	list  = "GET ixk_test_readwrite /api/v1/tickets"
	other = "GET ah_k_test_member /api/projects/nowhere/tickets/none/messages"
	note  = "POST ixk_test_readwrite /api/v1/tickets/nowhere/messages"
)

// presetScenes say what a client sees of each preset: requests, and what came
// back. Without a fault list is 200, and the others are 404.
var presetScenes = map[string][][2]string{
	"rate-limit-burst": {
		{list, "429 after 1"}, {other, "429 after 1"}, {list, "429 after 1"}, {list, "200"}, {other, "404"}, {list, "200"},
	},
	"revoked-mid-session": {
		{list, "200"}, {list, "200"}, {other, "404"}, {list, "200"}, {list, "200"}, {list, "401"}, {other, "401"}, {list, "401"},
	},
	"read-only-key":  {{list, "200"}, {note, "403"}, {other, "404"}, {list, "200"}, {note, "403"}},
	"no-entitlement": {{list, "403"}, {note, "403"}, {other, "404"}, {list, "403"}},
	"flaky-5xx": { // of seed 1
		{list, "200"},
		{list, "500"},
		{list, "200"},
		{list, "503"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "503"},
		{list, "200"},
	},
	"slow": {
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200"},
		{list, "200 late"},
	},
	"broken-connection": {
		{list, "200"}, {list, "cut"}, {list, "reset"}, {other, "404"}, {other, "cut"}, {other, "reset"}, {list, "200"},
	},
	"recovering-outage": {
		{list, "503 after 5"}, {other, "503 after 5"}, {"wait 29s", ""}, {list, "503 after 5"}, {"wait 1s", ""}, {list, "200"}, {other, "404"},
	},
}

func TestPresets(t *testing.T) {
	t.Parallel()
	for _, preset := range fault.Presets() {
		t.Run(preset.Name, func(t *testing.T) {
			t.Parallel()
			if len(presetScenes[preset.Name]) == 0 {
				t.Fatal("presetScenes does not say what a client sees")
			}
			scene := newScene(t, preset)
			var got [][2]string
			for _, step := range presetScenes[preset.Name] {
				got = append(got, [2]string{step[0], scene.play(step[0])})
			}
			wantEqual(t, got, presetScenes[preset.Name])
		})
	}
}

// scene is a client of a server on which a preset is in force.
type scene struct {
	t      *testing.T
	server *mockserver.Server
	url    string
	client *http.Client
	slept  time.Duration
}

// newScene puts the preset in force on a server of its own.
func newScene(t *testing.T, preset fault.Preset) *scene {
	t.Helper()
	s := &scene{t: t, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	server, err := mockserver.New(mockserver.Config{
		Now: func() time.Time { return start },
		Sleep: func(_ context.Context, d time.Duration) error {
			s.slept = d
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := server.Workspace("")
	if _, err := w.Inject(preset.Rules...); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	s.server, s.url = server, web.URL
	return s
}

// play takes a step and says what the client saw.
func (s *scene) play(step string) string {
	s.t.Helper()
	words := strings.Fields(step)
	if words[0] == "wait" {
		d, err := time.ParseDuration(words[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.server.Workspace("").Clock.Advance(d)
		return ""
	}
	r, err := http.NewRequestWithContext(s.t.Context(), words[0], s.url+words[2], http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+words[1])
	s.slept = 0
	response, err := s.client.Do(r)
	if err == nil {
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
	}
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut"
	case err != nil:
		return err.Error()
	}
	saw := response.Status[:3]
	if after := response.Header.Get("Retry-After"); after != "" {
		saw += " after " + after
	}
	if s.slept > 2*time.Second {
		saw += " late"
	}
	return saw
}

// TestFlakyPreset holds the preset to its odds, which one scene cannot show.
func TestFlakyPreset(t *testing.T) {
	t.Parallel()
	preset, err := fault.FindPreset("flaky-5xx")
	if err != nil {
		t.Fatal(err)
	}
	s := set(t, preset.Rules...)
	counts := map[int]int{}
	for range 1000 {
		if refusal := s.Decide(request(), start).Refuse; refusal != nil {
			counts[refusal.Kind.Status()]++
		}
	}
	for _, status := range []int{500, 503} {
		if n := counts[status]; n < 150 || n > 250 {
			t.Errorf("%d of 1000 requests are %d, want about 200: %v", n, status, counts)
		}
	}
}

// TestSlowPreset holds the preset to its delays.
func TestSlowPreset(t *testing.T) {
	t.Parallel()
	preset, err := fault.FindPreset("slow")
	if err != nil {
		t.Fatal(err)
	}
	s := set(t, preset.Rules...)
	var delays []time.Duration
	late := 0
	for range 1000 {
		d := s.Decide(request(), start).Delay
		if delays = append(delays, d); d >= 2*time.Second {
			late++
		}
	}
	slices.Sort(delays)
	if median := delays[500]; median < 700*time.Millisecond || median > 900*time.Millisecond || late != 100 || delays[0] <= 0 {
		t.Errorf("the median is %v, %d of 1000 are late, the least is %v", median, late, delays[0])
	}
}

func TestFindPreset(t *testing.T) {
	t.Parallel()
	_, err := fault.FindPreset("chaos")
	var names []string
	for _, preset := range fault.Presets() {
		names = append(names, preset.Name)
	}
	want := `there is no preset "chaos"; the presets are ` + strings.Join(names, ", ")
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_, err = fault.FindPreset("rate-limit")
	if want := `there is no preset "rate-limit" (hint: did you mean rate-limit-burst?)`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	_, err = fault.FindPreset("flakey-5xx")
	if want := `there is no preset "flakey-5xx" (hint: did you mean flaky-5xx?)`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestPresetsSurviveTheFile writes each preset as a file of rules and reads it.
func TestPresetsSurviveTheFile(t *testing.T) {
	t.Parallel()
	for _, preset := range fault.Presets() {
		text, err := fault.Format(preset.Rules)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := scope.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", preset.Name, err, text)
		}
		wantEqual(t, rules, preset.Rules)
	}
}
