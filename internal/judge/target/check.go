package target

import (
	"encoding/json"
	"net/http"

	"github.com/mockdesk/mockdesk/openapi"
	"github.com/mockdesk/mockdesk/openapi/verdict"
)

// check compares an answer with the OpenAPI document of its API.
func (c *Client) check(req *http.Request, resp *http.Response, e *Exchange) {
	api, rest := c.endpoint(req.URL)
	contract := c.config.Endpoints[api].Contract
	e.API = api
	if contract == nil {
		return
	}
	// The document knows its own base path; the target may be served under another.
	documented := req.Clone(req.Context())
	documented.URL.Path, documented.URL.RawPath = contract.Base()+rest, ""
	documented.Body = http.NoBody
	operation, ok := contract.Match(req.Method, documented.URL.Path)
	if !ok {
		return
	}
	e.OperationID = operation.ID
	var found []openapi.Violation
	found, e.value = verdict.OnAnswer(contract, documented, resp, e.ResponseBody)
	for _, v := range found {
		if v.Rule != openapi.RuleUndocumentedStatus {
			e.Violations = append(e.Violations, v)
		}
	}
}

// decodeInto reads a JSON body and reports whether it could.
func decodeInto(body []byte, into any) bool { return json.Unmarshal(body, into) == nil }
