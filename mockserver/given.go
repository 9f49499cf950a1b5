package mockserver

import (
	"net/http"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/metrics"
	"github.com/mockdesk/mockdesk/mockserver/control"
)

// What a Config says to be given a console and metrics.
const (
	giveConsole = "mockserver.Config{Console: console.New}, with console from github.com/mockdesk/mockdesk/mockserver/console"
	giveMetrics = "mockserver.Config{Metrics: scrape.Handler}, with scrape from github.com/mockdesk/mockdesk/mockserver/scrape"
)

// noMetrics answers scrapes of a fake that was given no metrics.
func noMetrics(*metrics.Metrics) http.Handler {
	return control.NotFound("this fake was given no metrics", giveMetrics)
}

// noConsole answers below control.Prefix, and at control.Bare, if a fake was
// given no console.
func noConsole(api *control.API) http.Handler {
	absent := control.NotFound("this fake was given no console", giveConsole)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == control.Bare, path == control.Prefix, strings.HasPrefix(path, control.Prefix+"console/"),
			path == control.Prefix+"reference", strings.HasPrefix(path, control.Prefix+"reference/"):
			if api.Admit(w, r) {
				absent.ServeHTTP(w, r)
			}
		default:
			api.ServeHTTP(w, r)
		}
	})
}
