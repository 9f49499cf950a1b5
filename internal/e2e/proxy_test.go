//go:build e2e

package e2e_test

import (
	"maps"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// Clients meet in a proxy what they meet in the fake.
func TestProxyPlaysTheScenes(t *testing.T) {
	t.Parallel()
	fake := serve(t, "--quiet")
	scenes := maps.Clone(presetScenes)
	maps.Copy(scenes, faultScenes)
	t.Run("group", func(t *testing.T) {
		for name, scene := range scenes {
			for _, client := range []string{"curl", "ky", "no-retrying"} {
				want := scene.want[client]
				if want == "" {
					continue
				}
				t.Run(name+"/"+client, func(t *testing.T) {
					t.Parallel()
					p := launch(t, "proxy", fake.url, "--quiet")
					got := p.act(t, "", "ixk_test_readwrite", client, scene)
					if !strings.Contains(want, "/") {
						got, _, _ = strings.Cut(got, " /")
					}
					if got != want {
						t.Errorf("got  %s\nwant %s", got, want)
					}
				})
			}
		}
	})
}

// The judge finds through a proxy what it finds without it, notes included.
func TestProxyIsJudged(t *testing.T) {
	t.Parallel()
	counts := func(url string, fake *server) string {
		catalog := fake.url + "/_mockdesk/catalog"
		out, err := exec.CommandContext(t.Context(), binary, "check", url, "--facts", catalog, "--write").Output()
		if err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return regexp.MustCompile(`\d+ clauses: .*`).FindString(string(out))
	}
	straight, behind := serve(t, "--quiet"), serve(t, "--quiet")
	p := launch(t, "proxy", behind.url, "--quiet")
	want, got := counts(straight.url, straight), counts(p.url, behind)
	if want == "" || got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	var list struct{ Requests []struct{} }
	if decode(t, p.control(t, "GET", "requests?answer_violations=true", ""), &list); len(list.Requests) > 0 {
		t.Errorf("%d answers of the fake break the contract", len(list.Requests))
	}
}
