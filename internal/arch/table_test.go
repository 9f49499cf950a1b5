package arch_test

// module is the import path all packages of ours start with.
const module = "github.com/mockdesk/mockdesk"

// mayImport says for each package which packages of ours its code may import.
// Tests are free, because the compiler already refuses their cycles.
var mayImport = map[string][]string{
	"openapi":         {},
	"openapi/verdict": {"internal/suggest", "openapi"},
	"fixtures":        {},

	"internal/fake/clock":         {},
	"internal/fake/problem":       {},
	"internal/fake/ratelimit":     {"internal/hint"},
	"internal/fake/search":        {"internal/fake/search/parser"},
	"internal/catalog":            {},
	"internal/fake/search/parser": {},
	"internal/fake/auth":          {"internal/keykind", "internal/fake/problem", "internal/fake/ratelimit"},
	"mockserver/fault":            {"internal/document", "internal/glob", "internal/header", "internal/hint", "internal/suggest", "internal/strict", "internal/fake/auth", "internal/fake/problem"},
	"mockserver/journal":          {"internal/curl", "internal/glob", "internal/header", "internal/hint", "internal/suggest", "internal/spans", "openapi", "internal/fake/auth", "internal/fake/problem"},
	"internal/fake/store":         {"fixtures", "internal/fake/search"},
	"internal/fake/life":          {"fixtures", "internal/hint", "internal/suggest", "internal/fake/store"},
	"internal/fake/workspace": {
		"fixtures", "mockserver/casefile", "internal/hint", "internal/fake/auth", "internal/fake/clock", "internal/fake/life", "mockserver/fault", "mockserver/journal",
		"internal/fake/problem", "internal/fake/ratelimit", "internal/fake/store",
	},
	"internal/fake/metrics": {},
	"mockserver/scrape":     {"internal/fake/metrics"},
	"internal/fake/service": {
		"fixtures", "openapi", "internal/fake/auth", "internal/fake/problem", "internal/fake/store", "internal/fake/workspace",
	},
	"internal/fake/inboxops": {
		"fixtures", "openapi", "internal/fake/auth", "internal/fake/service", "internal/fake/problem", "internal/fake/search",
		"internal/fake/store", "internal/fake/workspace",
	},
	"internal/fake/apphandoff": {
		"fixtures", "internal/fake/auth", "internal/fake/service", "internal/fake/problem",
	},
	"mockserver/casefile": {
		"fixtures", "internal/document", "internal/header", "internal/hint", "internal/suggest", "internal/fake/auth", "internal/fake/life", "internal/fake/ratelimit", "mockserver/fault",
	},
	"mockserver/record": {
		"fixtures", "internal/fake/auth", "internal/fake/service", "internal/fake/search", "internal/fake/store", "mockserver/casefile", "mockserver/desk", "mockserver/journal", "mockserver/replay", "openapi",
	},
	"mockserver/replay":    {"mockserver/casefile", "mockserver/journal", "internal/fake/auth"},
	"mockserver/reconcile": {"fixtures", "internal/hint", "internal/suggest", "internal/strict", "mockserver/desk", "internal/fake/apphandoff", "internal/fake/inboxops", "internal/fake/store", "internal/fake/workspace", "mockserver/journal"},
	"mockserver/desk": {
		"fixtures", "internal/catalog", "internal/hint", "internal/fake/apphandoff", "internal/fake/service", "internal/fake/store", "internal/fake/workspace", "mockserver/casefile",
	},
	"mockserver/control": {
		"fixtures", "internal/catalog", "mockserver/casefile", "mockserver/desk", "internal/hint", "internal/suggest", "internal/strict", "openapi", "internal/fake/auth", "internal/fake/clock", "internal/fake/service", "internal/fake/life", "mockserver/fault",
		"mockserver/journal", "mockserver/replay", "internal/fake/problem", "internal/fake/ratelimit", "internal/fake/store", "internal/fake/workspace", "mockserver/reconcile",
	},
	"mockserver/console": {
		"openapi", "mockserver/control", "mockserver/fault", "internal/fake/inboxops", "mockserver/journal", "internal/fake/workspace",
	},
	"mockserver": {
		"internal/hint", "fixtures", "openapi", "internal/fake/apphandoff", "internal/fake/auth", "internal/fake/clock",
		"mockserver/casefile", "mockserver/control", "internal/fake/service", "mockserver/fault", "internal/fake/inboxops", "mockserver/journal",
		"internal/fake/life", "internal/fake/metrics", "internal/fake/problem", "internal/fake/ratelimit", "internal/fake/search", "internal/fake/store", "internal/fake/workspace", "mockserver/record", "mockserver/replay",
	},
	"mockserver/mockservertest": {"mockserver", "mockserver/control", "mockserver/desk", "mockserver/fault", "mockserver/journal", "mockserver/reconcile", "internal/fake/auth"},

	"internal/judge/clause": {"internal/suggest"},
	"internal/judge/facts":  {"internal/catalog", "internal/keykind", "internal/suggest", "internal/strict"},
	"internal/judge/target": {"internal/curl", "internal/keykind", "openapi", "openapi/verdict", "internal/judge/clause"},
	"internal/judge/survey": {"internal/judge/clause", "internal/judge/facts", "internal/judge/target"},
	"internal/judge/model":  {"internal/judge/survey"},
	"internal/judge/scenario": {
		"openapi", "internal/judge/clause", "internal/judge/facts", "internal/judge/model", "internal/judge/survey", "internal/judge/target",
	},
	"internal/judge/runner": {
		"openapi", "internal/judge/clause", "internal/judge/facts", "internal/judge/scenario", "internal/judge/survey", "internal/judge/target",
	},
	"conformance": {
		"internal/keykind", "internal/plain", "openapi", "internal/judge/clause", "internal/judge/facts", "internal/judge/runner", "internal/judge/scenario",
		"internal/judge/survey", "internal/judge/target",
	},
	"internal/judge/report": {
		"internal/junit", "internal/plain", "conformance", "internal/judge/scenario", "internal/judge/target",
	},
	"conformance/conformancetest": {"internal/plain", "conformance", "internal/judge/clause", "internal/judge/scenario"},

	"cmd/internal/collector": {},
	"cmd/internal/drift":     {"openapi"},
	"cmd/internal/cli": {
		"cmd/internal/collector", "cmd/internal/drift", "cmd/internal/outcome", "internal/hint", "internal/junit", "internal/keykind", "internal/suggest", "internal/plain", "fixtures", "openapi", "openapi/verdict", "mockserver", "internal/fake/auth", "internal/fake/clock", "mockserver/casefile", "mockserver/console", "mockserver/control",
		"mockserver/fault", "mockserver/journal", "mockserver/record", "mockserver/replay", "mockserver/scrape", "internal/fake/life", "internal/fake/ratelimit", "internal/fake/workspace",
		"conformance", "internal/judge/clause", "internal/judge/facts", "internal/judge/report", "internal/judge/scenario", "internal/judge/target",
	},
	"cmd/internal/outcome": {
		"internal/junit", "internal/plain", "internal/judge/report", "mockserver/fault", "mockserver/journal", "openapi",
	},
	"cmd/mockdesk": {"cmd/internal/cli"},

	"deploy":                    {},
	"internal/golden":           {},
	"internal/race":             {},
	"internal/arch":             {},
	"internal/document":         {"internal/hint"},
	"internal/glob":             {},
	"internal/junit":            {},
	"internal/curl":             {},
	"internal/header":           {},
	"internal/hint":             {},
	"internal/keykind":          {},
	"internal/suggest":          {},
	"internal/plain":            {},
	"internal/spans":            {},
	"internal/strict":           {},
	"internal/websearch/oracle": {"internal/fake/search", "internal/fake/search/parser"},
	"internal/e2e":              {},
	"internal/release":          {},
	"internal/bench":            {"internal/process"},
	"internal/process":          {},
	"internal/soak":             {"internal/process"},
	"internal/stranger":         {},
	"internal/defect":           {},
	"internal/judgetest": {
		"conformance", "internal/judge/facts", "internal/judge/target", "mockserver", "mockserver/control", "mockserver/mockservertest",
	},
}

// homes says for each third-party module which packages may import it.
var homes = map[string]home{
	"github.com/CycloneDX/cyclonedx-go":        {packages: []string{"internal/release"}},
	"github.com/RoaringBitmap/roaring/v2":      {packages: []string{"internal/fake/store"}},
	"github.com/blevesearch/snowballstem":      {packages: []string{"internal/fake/search"}},
	"github.com/brianvoe/gofakeit/v7":          {packages: []string{"fixtures"}},
	"github.com/chromedp/cdproto":              {tests: []string{"internal/e2e"}},
	"github.com/chromedp/chromedp":             {tests: []string{"internal/e2e"}},
	"github.com/fatih/color":                   {packages: []string{"internal/judge/report", "cmd/internal/cli"}},
	"github.com/gavv/httpexpect/v2":            {packages: []string{"internal/judge/scenario", "internal/judge/runner"}, everyTest: true},
	"github.com/getkin/kin-openapi":            {packages: []string{"cmd/internal/drift"}}, // what oasdiff reads documents with
	"github.com/oasdiff/oasdiff":               {packages: []string{"cmd/internal/drift"}},
	"github.com/google/go-containerregistry":   {packages: []string{"internal/release"}, tests: []string{"internal/e2e"}},
	"github.com/google/go-cmp":                 {packages: []string{"internal/golden", "internal/judge/scenario"}, everyTest: true},
	"github.com/hashicorp/go-retryablehttp":    {tests: []string{"internal/e2e"}},
	"github.com/pb33f/libopenapi":              {packages: []string{"openapi/verdict"}},
	"github.com/pb33f/libopenapi-validator":    {packages: []string{"openapi/verdict"}},
	"github.com/prometheus/client_golang":      {packages: []string{"mockserver/scrape"}},
	"github.com/prometheus/common":             {tests: []string{"mockserver"}},
	"github.com/rogpeppe/go-internal":          {tests: []string{"cmd/internal/cli"}},
	"github.com/rs/cors":                       {packages: []string{"mockserver"}},
	"github.com/santhosh-tekuri/jsonschema/v6": {packages: []string{"openapi/verdict"}, tests: []string{"internal/judge/facts", "mockserver/casefile"}},
	"golang.org/x/net":                         {packages: []string{"fixtures"}, tests: []string{"mockserver"}}, // of tests: frames of HTTP/2
	"golang.org/x/text":                        {packages: []string{"openapi/verdict"}},
	"github.com/schollz/progressbar/v3":        {packages: []string{"internal/judge/report", "cmd/internal/cli"}},
	"github.com/spf13/cobra":                   {packages: []string{"cmd/internal/cli"}}, // commands, completion, manual pages
	"github.com/spf13/pflag":                   {packages: []string{"cmd/internal/cli"}},
	"github.com/swaggest/swgui":                {packages: []string{"mockserver/console"}},
	"go.yaml.in/yaml/v4":                       {packages: []string{"fixtures", "openapi", "openapi/verdict", "mockserver/console", "mockserver/fault", "mockserver/control", "mockserver/casefile", "internal/document", "cmd/internal/cli"}, tests: []string{"deploy", "internal/e2e"}},
	"golang.org/x/sys":                         {packages: []string{"internal/process", "cmd/internal/cli"}},
	"golang.org/x/term":                        {packages: []string{"internal/judge/report", "cmd/internal/cli"}},
}

// brought are the libraries that the fake brings with it, each with its reason.
// Whoever imports mockserver compiles them.
var brought = map[string]string{
	"github.com/RoaringBitmap/roaring/v2": "lists are filtered by bitmaps",
	"github.com/blevesearch/snowballstem": "search stems words as PostgreSQL does",
	"github.com/brianvoe/gofakeit/v7":     "the seeded world has names and companies",
	"github.com/rs/cors":                  "browsers ask before they call",
	"go.yaml.in/yaml/v4":                  "contracts, fault rules and the texts of the seeded world are YAML",
	"golang.org/x/net":                    "the text of an HTML note",
}

// allowed holds the only places a banned call may stand at, each with its
// reason: file, then call.
var allowed = map[string]map[string]string{
	"internal/fake/clock/real.go": {
		"time.Now":      "the one place that reads the machine's clock",
		"time.NewTimer": "the one place that waits on the machine's clock",
	},
	"cmd/internal/cli/token.go": {"crypto/rand.Text": "an admin token must not be guessed"},
	"cmd/internal/cli/tls.go":   {"crypto/rand.Reader": "the key of a self-signed certificate must not be guessed"},
	"cmd/mockdesk/main.go": {
		"os.Exit":      "the process ends here, with the code Run returned",
		"os.LookupEnv": "the environment enters here and is handed down as a function",
		"os.Environ":   "the environment enters here and is handed down to the commands that exec runs",
	},
	"internal/judge/target/wallclock.go": {
		"time.Now":      "the one place of the judge that reads the machine's clock",
		"time.NewTimer": "the one place of the judge that waits on the machine's clock",
	},
	"internal/soak/main.go":             {"os.Exit": "a program of its own ends here"},
	"internal/soak/memory.go":           {"time.NewTicker": "it measures", "time.Now": "it measures", "time.Since": "it measures", "time.Sleep": "it waits for a server"},
	"internal/soak/abuse.go":            {"time.NewTicker": "it is slow on purpose", "time.Sleep": "it is slow on purpose"},
	"internal/soak/client.go":           {"time.Now": "it measures", "time.Since": "it measures"},
	"internal/soak/mixed.go":            {"time.NewTicker": "it loads a server at a rate"},
	"internal/soak/terminate.go":        {"time.Sleep": "it loads a server for a while"},
	"internal/bench/bare.go":            {"fmt.Printf": "a program of its own: the line that says it answers"},
	"internal/bench/bench.go":           {"time.Now": "it measures", "time.Since": "it measures"},
	"internal/bench/judge.go":           {"time.Now": "it measures", "time.Since": "it measures"},
	"internal/bench/load.go":            {"time.Now": "it measures", "time.Since": "it measures"},
	"internal/bench/start.go":           {"time.Now": "it measures", "time.Since": "it measures"},
	"internal/bench/proxy.go":           {"time.Now": "it waits for a server", "time.Since": "it waits for a server"},
	"internal/bench/main.go":            {"os.Exit": "a program of its own ends here"},
	"internal/release/main.go":          {"os.Exit": "a program of its own ends here"},
	"internal/websearch/oracle/main.go": {"os.Exit": "a program of its own ends here"},
}

// pins holds the versions that must not move unnoticed.
var pins = []pin{
	{"github.com/pb33f/libopenapi-validator", "v0.14.0", "later releases need modules the Go module proxy refuses to serve"},
	{"github.com/pb33f/libopenapi", "v0.38.6", "it is what validator v0.14.0 chooses; v0.42 needs a refused module, below v0.38.3 goroutines race"},
	{"go.yaml.in/yaml/v4", "v4.0.0-rc.6", "v4.0.0 removed Dumper.SetIndent, without which libopenapi v0.38.6 does not compile"},
	{"github.com/gavv/httpexpect/v2", "v2.17.0", "its version list cannot be fetched, so only the exact version downloads"},
}
