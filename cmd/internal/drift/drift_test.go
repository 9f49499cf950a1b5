package drift_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mockdesk/mockdesk/cmd/internal/drift"
	"github.com/mockdesk/mockdesk/openapi"
)

// TestCompare changes a contract as its vendor might.
func TestCompare(t *testing.T) {
	t.Parallel()
	const list = "GET /api/v1/tickets "
	tests := map[string]struct {
		changes [][2]string // what stands there, and what does then
		want    []string    // breaking or other, operation and rule
		others  int
	}{
		"nothing": {nil, nil, 0},
		"words and examples are not compared": {
			[][2]string{{"description: All filters combine with AND.", "description: Filters."}, {"example: refund\n", "example: order\n"}}, nil, 0,
		},
		"bodies of errors are not compared": {[][2]string{{"required: [type, status, code]", "required: [title]"}}, nil, 0},
		"the server may stand elsewhere":    {[][2]string{{"- url: /api/v1", "- url: https://app.example/api/v1"}}, nil, 0},
		"a path of other things": {
			[][2]string{{"\npaths:\n", "\npaths:\n  /contacts: {get: {responses: {\"200\": {description: Contacts.}}}}\n"}}, nil, 1,
		},
		"a new parameter": {
			[][2]string{{"        - name: sort\n", "        - {name: cursor, in: query, schema: {type: string}}\n        - name: sort\n"}},
			[]string{"other " + list + "new-optional-request-parameter"},
			0,
		},
		"a renamed parameter": {
			[][2]string{{"- name: inbox_id\n", "- name: mailbox_id\n"}},
			[]string{"breaking " + list + "request-parameter-removed", "other " + list + "new-optional-request-parameter"},
			0,
		},
		"a member that is no longer required": {
			[][2]string{{"required: [page, per_page, total]", "required: [page, per_page]"}},
			[]string{"breaking " + list + "response-property-became-optional"},
			0,
		},
		"a member that must be sent": {
			[][2]string{{"    NewNote:\n      type: object\n      required: [type]", "    NewNote:\n      type: object\n      required: [type, body_text]"}},
			[]string{"breaking POST /api/v1/tickets/{id}/messages request-property-became-required"},
			0,
		},
	}
	document, err := openapi.Document(openapi.InboxOps)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := string(document)
			for _, change := range test.changes {
				if !strings.Contains(text, change[0]) {
					t.Fatalf("the contract has no %q", change[0])
				}
				text = strings.Replace(text, change[0], change[1], 1)
			}
			report, err := drift.Compare("", []byte(text), "theirs.yaml")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			breaking := 0
			for _, c := range report.Changes {
				kind := "other"
				if c.Breaking {
					kind = "breaking"
					breaking++
				}
				got = append(got, kind+" "+c.Method+" "+c.Path+" "+c.Rule)
			}
			if diff := cmp.Diff(test.want, got); diff != "" || report.Others != test.others || report.Breaking != breaking {
				t.Errorf("%d breaking, %d others (-want +got):\n%s", report.Breaking, report.Others, diff)
			}
		})
	}
}
