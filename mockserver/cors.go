package mockserver

import (
	"net/http"
	"net/url"

	"github.com/rs/cors"

	"github.com/mockdesk/mockdesk/internal/hint"
)

// exposed are the headers of an answer that a page may read besides those that
// it always may.
var exposed = []string{"Allow", BreachHeader, WhyHeader, "Preference-Applied", "Retry-After", "WWW-Authenticate", "X-Request-Id"}

// newCORS returns what tells browsers which origins may read answers, nil when
// there are none.
func newCORS(origins []string) (*cors.Cors, error) {
	if len(origins) == 0 {
		return nil, nil
	}
	for _, origin := range origins {
		if origin != "*" && !isOrigin(origin) {
			return nil, hint.Errorf("https://app.example, http://localhost:3000, or * for all", "cors: %q is not an origin", origin)
		}
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"*"},
		ExposedHeaders: exposed,
		MaxAge:         600, // seconds
	}), nil
}

// isOrigin reports whether a text is an origin as browsers write it: a scheme,
// a host and perhaps a port.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && text == u.Scheme+"://"+u.Host
}

// answerBrowser tells a browser which pages may read the answer. It reports
// whether that was all the browser asked for: a preflight has no key, and
// faults, limits and the journal ignore it.
func (s *Server) answerBrowser(w http.ResponseWriter, r *http.Request) (preflight bool) {
	s.cors.HandlerFunc(w, r)
	return r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
}
