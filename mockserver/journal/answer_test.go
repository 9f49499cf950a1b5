package journal_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/mockserver/journal"
	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// front returns the journal of a proxy that counts the bodies that are judged.
func front(ledger *journal.Ledger) (j *journal.Journal, judged *int) {
	judged = new(int)
	return journal.New(journal.Config{
		Verdict: verdict.OnRequest, Ledger: ledger, Foreign: true,
		AnswerVerdict: func(c *openapi.Contract, r *http.Request, a *http.Response) []openapi.Violation {
			if r.Method != http.MethodHead {
				*judged++
			}
			return verdict.OnResponse(c, r, a)
		},
	}), judged
}

// listed is an answer to a list of tickets.
func listed(body string, header ...string) journal.Record {
	r := journal.Record{
		Method: "GET", Path: "/api/v1/tickets", Service: "inboxops", Operation: "listTickets", Status: 200,
		ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: []byte(body),
	}
	for i := 0; i < len(header); i += 2 {
		r.ResponseHeader.Set(header[i], header[i+1])
	}
	return r
}

const empty = `{"data":[],"meta":{"page":1,"per_page":25,"total":0}}`

// A body that comes again is not judged again, but its header is, and its status
// with it.
func TestAnswersThatComeAgain(t *testing.T) {
	t.Parallel()
	j, judged := front(nil)
	for i, test := range []struct {
		record journal.Record
		judged int
		want   string
	}{
		{listed(empty), 1, ""},
		{listed(empty), 1, ""},
		{listed(strings.Replace(empty, "25", `"25"`, 1)), 2, "body.meta.per_page"},
		{listed(strings.Replace(empty, "25", `"25"`, 1)), 2, "body.meta.per_page"},
		{listed(empty, "Content-Type", "text/html"), 3, "header.Content-Type"},
		{func() journal.Record { r := listed(empty); r.Status = 418; return r }(), 4, "response.status"},
		{func() journal.Record { r := listed(empty); r.Status = 418; return r }(), 4, "response.status"},
		{func() journal.Record { r := listed(`{"more":1,` + empty[1:]); return r }(), 5, ""},
		{func() journal.Record { r := listed(empty); r.Path = "/api/v1/contacts"; return r }(), 5, ""},
		{func() journal.Record { r := listed(empty); r.Path = "/elsewhere"; return r }(), 5, ""},
	} {
		breach := j.CheckAnswer(&test.record, true)
		where := ""
		if len(test.record.AnswerViolations) > 0 {
			where = test.record.AnswerViolations[0].Where
		}
		if *judged != test.judged || where != test.want || (breach.Words == "") != (test.want == "") {
			t.Errorf("%d: %d bodies judged, want %d; it breaks the contract at %q, want %q: %+v", i, *judged, test.judged, where, test.want, breach)
		}
	}
}

// The summary of the journal, and that of a ledger, have the breaches of answers
// apart from those of requests.
func TestSummaryOfAnswers(t *testing.T) {
	t.Parallel()
	ledger := journal.NewLedger()
	j, _ := front(ledger)
	for range 3 {
		r := listed(strings.Replace(empty, "25", `"25"`, 1))
		j.CheckAnswer(&r, true)
		j.Add(r)
	}
	type group struct {
		Where string
		Count uint64
	}
	for name, s := range map[string]journal.Summary{"journal": j.Summary(), "ledger": ledger.Totals().Summary} {
		var got []group
		for _, g := range s.AnswerViolations {
			got = append(got, group{g.Where, g.Count})
		}
		if diff := cmp.Diff([]group{{"body.meta.per_page", 3}}, got); diff != "" || len(s.Violations) > 0 {
			t.Errorf("%s: %+v (-want +got):\n%s", name, s.Violations, diff)
		}
	}
	if n := j.AnswerViolations(); n != 3 || j.Violations() != 0 {
		t.Errorf("%d in answers, %d in requests", n, j.Violations())
	}
	if j.Clear(); j.AnswerViolations() != 0 {
		t.Error("they are not forgotten")
	}
}

func TestGunzip(t *testing.T) {
	t.Parallel()
	pack := func(n int) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(make([]byte, n))
		_ = w.Close()
		return b.Bytes()
	}
	if plain, err := journal.Gunzip(pack(journal.MostAnswer)); err != nil || len(plain) != journal.MostAnswer {
		t.Errorf("%d bytes, %v", len(plain), err)
	}
	for says, packed := range map[string][]byte{
		"unpacked, it has more than 1048576 bytes": pack(journal.MostAnswer + 1), "it is no gzip: unexpected EOF": pack(100)[:20], "it is no gzip": []byte("{}"),
	} {
		if _, err := journal.Gunzip(packed); err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%v, want %s", err, says)
		}
	}
}

// A token is masked wherever a text holds it, unless it is a short word.
func TestMask(t *testing.T) {
	t.Parallel()
	j := journal.New(journal.Config{})
	for text, want := range map[string]string{"a 12345678 b": "a … b", "ixk_any_other": "ixk_…er", "nothing": "nothing"} {
		if got := j.Mask("12345678", text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := j.Mask("a", "a b"); got != "a b" {
		t.Errorf("%q", got)
	}
}
