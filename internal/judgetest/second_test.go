package judgetest_test

import (
	"flag"
	"fmt"
	"net/http"
	"testing"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/facts"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/judgetest"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/internal/stranger"
)

// strange is a Config that judges a second implementation, with everything
// allowed. wrap, when not nil, changes what the judge sees of it.
func strange(t *testing.T, o stranger.Options, wrap wrap) conformance.Config {
	t.Helper()
	c := judgetest.NewClock()
	o.Now = c.Now
	s := stranger.New(o)
	known, err := facts.Parse(s.Facts())
	if err != nil {
		t.Fatal(err)
	}
	var seen http.Handler = s
	if wrap != nil {
		seen = wrap(s)
	}
	return conformance.Config{
		BaseURL: "http://stranger.test", Facts: known, Write: true, Transport: target.Handler(seen), Now: c.Now,
		Sleep: c.Sleep,
	}
}

// everyStranger has every variant judged on three seeds, which takes minutes.
var everyStranger = flag.Bool("every-stranger", false, "judge every legal stranger, on three seeds")

// A key that may send one request is limited again by each that looks at what came of
// the one before.
func TestALimitOfOneRequest(t *testing.T) {
	t.Parallel()
	c := limitedStranger(stranger.Options{Limited: 1})(t, unchanged)
	c.Only = []string{"IO-RATE-*"}
	r := judgetest.Run(t, c)
	if got := failed(r); got != "" || r.Counts.Pass < 5 {
		t.Errorf("failed: %q; %+v", got, r.Counts)
		tell(t, r)
	}
}

func TestLegalStrangers(t *testing.T) {
	t.Parallel()
	const seeds, some = 3, 8 // each run judges one of so many variants, on one seed
	for i, v := range stranger.Variants() {
		for seed := range uint64(seeds) {
			if !*everyStranger && (race.Enabled || i%some != 0 || uint64(i/some)%seeds != seed) {
				continue
			}
			t.Run(fmt.Sprintf("%s, seed %d", v.Name, seed+1), func(t *testing.T) {
				t.Parallel()
				v.Options.Seed = seed + 1
				c := strange(t, v.Options, nil)
				c.Seed = seed + 1
				r := judgetest.Run(t, c)
				if got := failed(r); got != "" || r.Counts.Error > 0 {
					t.Errorf("failed: %q; %+v", got, r.Counts)
					tell(t, r)
				}
			})
		}
	}
}
