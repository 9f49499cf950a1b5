package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/cmd/internal/cli"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/race"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

const (
	root    = "../../../"
	session = "http://127.0.0.1:4010" // where the server of the pages listens
)

// pages are the README and the pages it leads to.
func pages(t *testing.T) []string {
	t.Helper()
	more, err := filepath.Glob(root + "docs/*.md")
	if err != nil || len(more) == 0 {
		t.Fatalf("docs has no page: %v", err)
	}
	return append([]string{root + "README.md"}, more...)
}

// page is the text of a page.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPages types every command of the console blocks of a page, in order,
// against one fake, as a reader would, and compares what it prints. With
// -update it writes what was printed into the page.
func TestPages(t *testing.T) {
	if race.Enabled {
		t.Skip("the scripts run the same commands")
	}
	for _, name := range pages(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text := page(t, name)
			typed := typePage(t, text)
			if *update {
				if err := os.WriteFile(name, []byte(typed), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(text, typed); diff != "" {
				t.Errorf("the page shows other output than its commands print; run make golden (-page +printed):\n%s", diff)
			}
		})
	}
}

// typePage is the page with what its commands print.
func typePage(t *testing.T, text string) string {
	t.Helper()
	fake, err := mockserver.New(mockserver.Config{Verdict: verdict.OnRequest})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(fake)
	defer func() { web.Close() }()
	block := regexp.MustCompile("(?s)```console\n(.*?)```")
	return block.ReplaceAllStringFunc(text, func(b string) string {
		var out strings.Builder
		out.WriteString("```console\n")
		for _, command := range strings.Split(strings.TrimPrefix(block.FindStringSubmatch(b)[1], "$ "), "\n$ ") {
			command, shown, _ := strings.Cut(strings.TrimSuffix(command, "\n"), "\n")
			for strings.HasSuffix(command, `\`) { // continued on the next line
				var more string
				more, shown, _ = strings.Cut(shown, "\n")
				command += "\n" + more
			}
			if arranged := serveCase(t, text, command); arranged != nil { // from here on it answers
				web.Close()
				web = httptest.NewServer(arranged)
			}
			fmt.Fprintf(&out, "$ %s\n%s", command, typeCommand(t, text, web.URL, command, shown))
		}
		return out.String() + "```"
	})
}

// serveCase makes the fake that a command serves of a case that the page shows;
// nil means that it serves none.
func serveCase(t *testing.T, text, command string) *mockserver.Server {
	t.Helper()
	_, name, found := strings.Cut(command, "mockdesk serve --case ")
	if !found {
		return nil
	}
	fake, err := mockserver.New(mockserver.Config{Verdict: verdict.OnRequest, Case: casefile.MustParse(shownFile(t, text, name))})
	if err != nil {
		t.Fatal(err)
	}
	return fake
}

// shownFile is a file that the page shows as a block that begins with its name.
func shownFile(t *testing.T, text, name string) string {
	t.Helper()
	_, block, found := strings.Cut(text, "```yaml\n# "+name+"\n")
	if !found {
		t.Fatalf("the page does not show %s", name)
	}
	block, _, _ = strings.Cut(block, "```")
	return block
}

// TestTheREADMEShowsCommands sees to it that there is something to type.
func TestTheREADMEShowsCommands(t *testing.T) {
	t.Parallel()
	if n := strings.Count(page(t, root+"README.md"), "\n$ "); n < 5 {
		t.Errorf("the README has %d commands in console blocks, want at least 5", n)
	}
}

// TestLinksOfPages follows the links of pages to files of the repository.
func TestLinksOfPages(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#]+)\)`)
	for _, name := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(page(t, name), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s leads to %s: %v", filepath.Base(name), m[1], err)
			}
		}
	}
}

// TestLimitsAreListed compares the table of limits with the limits.
func TestLimitsAreListed(t *testing.T) {
	t.Parallel()
	text := page(t, root+"docs/serve.md")
	for _, limit := range workspace.AllLimits() {
		row := fmt.Sprintf("| `--%s` | %d | %s |", limit.Name, limit.Default, limit.About)
		if !strings.Contains(text, row) {
			t.Errorf("the page lacks the row\n%s", row)
		}
	}
}

// TestREADMEQuotesTheTest compares the README's Go test with one that runs.
func TestREADMEQuotesTheTest(t *testing.T) {
	t.Parallel()
	text := page(t, root+"README.md")
	source, err := os.ReadFile("../../../mockserver/mockservertest/readme_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ := strings.Cut(string(source), "\n")
	if block := "```go\npackage inbox_test\n" + want + "```\n"; !strings.Contains(text, block) {
		t.Errorf("the README lacks\n%s", block)
	}
}

// TestSyncQuotesItsTests compares the clients of docs/sync.md with those that run.
func TestSyncQuotesItsTests(t *testing.T) {
	t.Parallel()
	text := page(t, root+"docs/sync.md")
	for language, file := range map[string]string{"go": "mockserver/mockservertest/sync_test.go", "js": "docs/sync.test.mjs"} {
		source := page(t, root+file)
		for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(text, -1) {
			for _, part := range strings.Split(strings.TrimSpace(m[1]), "\n\n") {
				if !strings.Contains(source, part) {
					t.Errorf("%s lacks\n%s", file, part)
				}
			}
		}
	}
}

// typeCommand returns what a command prints. A command that runs until it is
// stopped is shown as it is.
func typeCommand(t *testing.T, text, url, command, shown string) string {
	t.Helper()
	stages := stages(strings.ReplaceAll(command, "\\\n", ""))
	words := split(strings.TrimPrefix(strings.ReplaceAll(stages[0], session, url), "go run ./cmd/"))
	var out string
	switch {
	case words[0] == "curl":
		var err error
		if at := slices.Index(words, "-T"); at > 0 { // it uploads a file
			words = slices.Replace(words, at, at+2, "-X", "PUT", "-d", shownFile(t, text, words[at+1]))
		}
		if out, err = curl(words[1:]); err != nil {
			t.Fatal(err)
		}
	case strings.Contains(stages[0], "mockdesk serve"):
		if shown != "" {
			shown += "\n"
		}
		return shown
	case words[0] == "mockdesk":
		var printed bytes.Buffer
		folder := t.TempDir()
		for i, word := range words {
			if strings.Contains(text, "```yaml\n# "+word+"\n") {
				words[i] = filepath.Join(folder, word)
				if err := os.WriteFile(words[i], []byte(shownFile(t, text, word)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		cli.Run(context.Background(), cli.Terminal{
			Args: words[1:], Env: variables(nil), Environ: os.Environ(),
			Stdin: strings.NewReader(""), Stdout: &printed, Stderr: &printed,
		})
		out = strings.ReplaceAll(printed.String(), folder+string(filepath.Separator), "")
		out = regexp.MustCompile(`http://127\.0\.0\.1:\d+`).ReplaceAllString(out, session)
	default:
		t.Fatalf("the test cannot type %q", command)
	}
	for _, stage := range stages[1:] {
		out = pipe(t, split(stage), out)
	}
	out = strings.ReplaceAll(out, url, session)
	if out != "" && !strings.HasSuffix(out, "\n") {
		out += "\n"
	}
	return out
}

// stages separates the commands of a pipe; a pipe within quotes is no pipe of
// ours.
func stages(command string) []string {
	var all []string
	quoted, start := false, 0
	for i, c := range command {
		if c == '\'' {
			quoted = !quoted
		}
		if c == '|' && !quoted {
			all = append(all, strings.TrimSpace(command[start:i]))
			start = i + 1
		}
	}
	return append(all, strings.TrimSpace(command[start:]))
}

// split separates the words of a command; quotes keep blanks in a word.
func split(command string) []string {
	var words []string
	for _, match := range regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`).FindAllStringSubmatch(command, -1) {
		words = append(words, match[1]+match[2]+match[3])
	}
	return words
}

// curlMain is curl for the commands that exec runs.
func curlMain() {
	out, err := curl(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(out)
}

// curl does what curl does with -s, -i, -X, -H and -d.
func curl(args []string) (string, error) {
	method, url, body, head := "GET", "", "", false
	header := http.Header{}
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-s":
		case "-i", "-si":
			head = true
		case "-X":
			i++
			method = args[i]
		case "-H":
			i++
			name, value, _ := strings.Cut(args[i], ": ")
			header.Add(name, value)
		case "-d":
			i++
			body = args[i]
			if method == "GET" {
				method = "POST"
			}
		default:
			url = args[i]
		}
	}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header = header
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || !head {
		return string(content), err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %s\n", answer.Status)
	err = answer.Header.Write(&out)
	return strings.ReplaceAll(out.String(), "\r", "") + "\n" + string(content), err
}

// pipe does what grep -iE PATTERN and jq -c PATH do.
func pipe(t *testing.T, words []string, in string) string {
	t.Helper()
	switch words[0] {
	case "grep":
		pattern := regexp.MustCompile("(?i)" + words[len(words)-1])
		var kept []string
		for _, line := range strings.Split(in, "\n") {
			if pattern.MatchString(line) {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "\n")
	case "jq":
		return query(t, in, words[len(words)-1])
	}
	t.Fatalf("the test cannot pipe through %q", words)
	return ""
}

// query returns the value at a path such as .data[0].subject, as compact JSON
// in the order of the document.
func query(t *testing.T, document, path string) string {
	t.Helper()
	value := json.RawMessage(document)
	for _, step := range regexp.MustCompile(`\.([\w-]+)|\[(\d+)\]`).FindAllStringSubmatch(strings.ReplaceAll(path, `"`, ""), -1) {
		var next json.RawMessage
		if step[1] != "" {
			members := map[string]json.RawMessage{}
			if err := json.Unmarshal(value, &members); err != nil {
				t.Fatalf("%s: %v in %s", path, err, document)
			}
			next = members[step[1]]
		} else {
			var elements []json.RawMessage
			if err := json.Unmarshal(value, &elements); err != nil {
				t.Fatalf("%s: %v in %s", path, err, document)
			}
			i, _ := strconv.Atoi(step[2])
			next = elements[i]
		}
		value = next
	}
	return string(value)
}
