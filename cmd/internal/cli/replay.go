package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/report"
	"github.com/mockdesk/mockdesk/internal/junit"
	"github.com/mockdesk/mockdesk/internal/plain"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/replay"
)

// replayFormats are the formats in which a replay is reported.
var replayFormats = report.Table[replay.Report]{{"text", replayText}, {"json", replayJSON}, {"junit", replayJUnit}}

// replayCase sends the requests of a case to a fake of its own, and reports.
func replayCase(ctx context.Context, t Terminal, world mockserver.Config, files string, specs []string) error {
	if len(world.Case.Requests()) == 0 {
		return usage("GET /_mockdesk/case.yaml writes them, and Save case in the console", "%s: there are no requests", files)
	}
	out, err := openReports(ctx, specs, replayFormats)
	if err != nil {
		return err
	}
	said := world.Case
	server, err := mockserver.New(world)
	if err != nil {
		out.discard()
		return usage("", "%w", err)
	}
	result, err := server.Replay(server.Workspace(""), said)
	if err != nil {
		out.discard()
		return usage("", "%w", err)
	}
	told := error(nil)
	if len(out.stdout) == 0 {
		told = unwritten("the replay", replayText(t.Stdout, result))
	}
	if told = inOneLine(out.write(t.Stdout, result), told); told != nil || result.Same {
		return told
	}
	return fmt.Errorf("%s: %s", files, result)
}

// replayText writes the requests whose answers differ, and the verdict.
func replayText(w io.Writer, r replay.Report) error {
	var b strings.Builder
	for _, row := range r.Rows {
		if len(row.Differences) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s\n", nameOf(&row))
		for _, d := range row.Differences {
			fmt.Fprintf(&b, "    %s\n", plain.Line(d.String()))
		}
	}
	fmt.Fprintf(&b, "%s\n", r)
	_, err := io.WriteString(w, b.String())
	return err
}

// nameOf names a request.
func nameOf(row *replay.Row) string {
	key := row.Recorded.Key
	if key == "" {
		key = "no key"
	}
	return plain.Line(fmt.Sprintf("%d  %s %s (%s)", row.Number, row.Recorded.Method, row.Recorded.URL, key))
}

// replayJSON writes all of it.
func replayJSON(w io.Writer, r replay.Report) error {
	return report.Encode(w, r)
}

// replayJUnit writes a test case for each request.
func replayJUnit(w io.Writer, r replay.Report) error {
	s := junit.Suite{Name: "replay", Output: r.String()}
	for _, row := range r.Rows {
		c := junit.Case{Name: nameOf(&row), Class: "mockdesk.replay"}
		switch {
		case row.Now == nil:
			c.Skipped = &junit.Reason{Message: "it is not sent again"}
		case len(row.Differences) > 0:
			var lines []string
			for _, d := range row.Differences {
				lines = append(lines, plain.Text(d.String()))
			}
			c.Failure = &junit.Reason{Message: strconv.Itoa(len(lines)) + " parts of the answer differ", Type: "different", Text: strings.Join(lines, "\n")}
		}
		s.Cases = append(s.Cases, c)
	}
	return junit.Write(w, "mockdesk case replay", 0, s)
}
