package fault

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/problem"
	"github.com/mockdesk/mockdesk/internal/header"
	"github.com/mockdesk/mockdesk/internal/hint"
)

// Gateway answers as a proxy before the service does: with a page of HTML, or
// with a redirect.
type Gateway struct {
	Status int `json:"status" yaml:"status"`
	// Location is where a redirect leads to.
	Location string `json:"location,omitempty" yaml:"location,omitempty"`
}

var gateway = Kind{
	Name: "gateway",
	Schema: `
type: object
description: Answers as a gateway in front of the service does, with a page of HTML or a redirect.
required: [status]
properties:
  status: {type: integer, enum: [301, 302, 303, 307, 308, 403, 413, 429, 502, 503, 504]}
  location: {type: string, description: Where a redirect leads to.}`,
	Says:  "answer as a gateway with {status}, which leads to {location}",
	Label: "answer as a gateway",
	Fields: []Field{
		{Name: "status", Label: "status", Type: OneOf, Number: true, Usual: "502", Options: gatewayOptions()},
		{Name: "location", Label: "leads to", Type: Text, Usual: "/login", Only: []string{"301", "302", "303", "307", "308"}},
	},
	set:    func(t *Then) bool { return t.Gateway != nil },
	check:  func(t *Then) error { return t.Gateway.check(t) },
	decide: func(e *Effect, _ *moment) { e.Refuse = problem.New(problem.BadGateway).Because("fault " + e.Rule) },
	change: func(e *Effect, a *Answer) (bool, string) {
		e.Then.Gateway.answer(a)
		return true, ""
	},
}

func gatewayOptions() (options [][2]string) {
	for _, status := range []int{502, 504, 503, 429, 413, 403, 302, 301, 303, 307, 308} { // the usual ones first
		code := strconv.Itoa(status)
		options = append(options, [2]string{code, code + " " + http.StatusText(status)})
	}
	return options
}

// gatewayHint is an example of a gateway with a status.
func gatewayHint(status int) string {
	if redirects(status) {
		return fmt.Sprintf(`"gateway": {"status": %d, "location": "/login"}`, status)
	}
	return fmt.Sprintf(`"gateway": {"status": %d}`, status)
}

func redirects(status int) bool { return status/100 == 3 }

func (g *Gateway) check(t *Then) error {
	_, err := url.Parse(g.Location)
	switch {
	case !slices.Contains(problem.GatewayStatuses(), g.Status):
		return hint.Errorf(gatewayHint(502), "gateway status %d is not one of %s", g.Status, strings.Trim(strings.ReplaceAll(fmt.Sprint(problem.GatewayStatuses()), " ", ", "), "[]"))
	case redirects(g.Status) && g.Location == "":
		return hint.Errorf(gatewayHint(g.Status), "gateway status %d needs a location", g.Status)
	case !redirects(g.Status) && g.Location != "":
		return hint.Errorf(`"status": 302`, "gateway status %d leads nowhere, and location says where", g.Status)
	case err != nil || !header.ValidValue(g.Location):
		return hint.Errorf("/login", "gateway location %q is no address", g.Location)
	case t.Status != nil:
		return hint.Errorf("make two rules", "status and gateway are two answers")
	}
	return nil
}

// answer replaces the service's answer by the gateway's.
func (g *Gateway) answer(a *Answer) {
	a.Status = g.Status
	title := html.EscapeString(fmt.Sprintf("%d %s", g.Status, http.StatusText(g.Status)))
	a.Body = fmt.Appendf(nil, "<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n", title, title)
	a.Header["Content-Type"] = []string{"text/html"}
	if g.Location != "" {
		a.Header["Location"] = []string{g.Location}
	}
}
