package scenario

import (
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

var ticketList = slices.Concat(
	[]Scenario{
		{Clause: strict("IO-LIST-TICKETS-01", listTickets, "GET /api/v1/tickets with a valid key is 200, JSON."), Steady: true, Run: func(s *Session) {
			s.Get(target.ReadWrite, "/tickets", "").Status(http.StatusOK)
			s.Object()
			kind := s.Last().ResponseHeader.Get("Content-Type")
			media, _, err := mime.ParseMediaType(kind)
			isJSON := media == "application/json" || strings.HasSuffix(media, "+json")
			s.Assert(err == nil && isJSON, "Content-Type", "application/json", kind)
		}},
		{Clause: strict("IO-LIST-TICKETS-02", listTickets, "The body has data, an array."), Steady: true, Run: func(s *Session) {
			s.eachEnvelope(func(body map[string]any) {
				_, ok := body["data"].([]any)
				s.Assert(ok, "data", "an array", member(body, "data"))
			})
		}},
		{Clause: strict("IO-LIST-TICKETS-03", listTickets, "The body has meta with integer page, per_page and total."), Steady: true, Run: func(s *Session) {
			s.eachEnvelope(func(body map[string]any) {
				meta, ok := body["meta"].(map[string]any)
				s.Assert(ok, "meta", "an object", member(body, "meta"))
				for _, name := range []string{"page", "per_page", "total"} {
					_, ok := survey.Integer(meta[name])
					s.Assert(ok, "meta."+name, "an integer", member(meta, name))
				}
			})
		}},
	},
	ticketSearch, ticketFilters, ticketTags, ticketTimes, ticketOrder, ticketPaging, ticketHostile,
	planned(ticketPairs), planned(ticketQuestions),
)

// eachEnvelope judges the bodies of lists with rows, with few and with none.
// The first clause judges that they come at all.
func (s *Session) eachEnvelope(judge func(body map[string]any)) {
	for _, query := range []string{"", pageQuery(1, 1), "query=zqxjkvwzqpx"} {
		if s.exchange(target.ReadWrite, "/tickets", query).Status == http.StatusOK {
			judge(s.Object())
		}
	}
	s.SkipUnlessAsserted("the target answers no list with 200", "")
}
