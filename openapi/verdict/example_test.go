package verdict_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

func ExampleOnRequest() {
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("GET", "/api/v1/tickets?status=opne&createdAfter=2024-12-25T10:00:00Z&page=0", nil)
	for _, v := range verdict.OnRequest(contract, r) {
		fmt.Println(v)
	}
	// Output:
	// query.status "opne" is not one of open, in_progress, waiting, resolved, closed; hint: did you mean status=open?
	// query.createdAfter "2024-12-25T10:00:00Z" is not a parameter of listTickets; hint: did you mean created_after?
	// query.page "0" is less than 1; hint: write for example page=1
}

func ExampleOnResponse() {
	contract, err := openapi.Load(openapi.AppHandoff)
	if err != nil {
		panic(err)
	}
	const path = "/api/projects/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0/tickets/2489e9ad-2ee2-8e00-8ec9-32d5f69181c1/messages"
	answer := &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"messages": [
			{"id": 7, "author_type": "robot", "body": "Done.", "created_at": "2024-12-25T10:00:00Z"}
		]}`)),
	}
	for _, v := range verdict.OnResponse(contract, httptest.NewRequest("GET", path, nil), answer) {
		fmt.Printf("%s: %s\n", v.Rule, v)
	}
	// Output:
	// enum: body.messages[0].author_type "robot" is not one of human, agent
	// type: body.messages[0].id "7" is of type number, not string
}
