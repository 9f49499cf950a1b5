package judged_test

import (
	"encoding/json"
	"testing"
	"os"
	"time"

	"github.com/mockdesk/mockdesk/internal/judged"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/conformance/report"
)

func TestTmp(t *testing.T) {
	f := judged.New(t, mockserver.Config{Seed: 3, Tickets: 200}, nil)
	b, _ := json.MarshalIndent(f.Config.Facts.InboxOps, "", " ")
	os.WriteFile("/tmp/lt/facts.json", b, 0o644)
	f.Config.Only = []string{"IO-AUTH-*"}
	at := time.Now()
	r := judged.Run(t, f.Config)
	t.Log(time.Since(at))
	report.Text{}.Write(os.Stdout, r)
}
