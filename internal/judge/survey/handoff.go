package survey

import (
	"context"
	"net/url"
	"time"

	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// maxHandoffPages bounds the pages of 200 messages read of one thread.
const maxHandoffPages = 8

// Handoff reads all messages of an AppHandoff ticket, oldest first. It asks
// again from just before the last message of a page, so that messages with the
// same created_at are not lost, until nothing new comes or as many were read as
// the facts count.
func (s *Survey) Handoff(ctx context.Context, project, ticket string) ([]Row, error) {
	id := project + "/" + ticket
	if rows, ok := s.handoffs[id]; ok {
		return rows, nil
	}
	var all []Row
	seen := map[string]bool{}
	query := "limit=200"
	for range maxHandoffPages {
		rows, _, _, err := s.ask(ctx, target.Member, "/projects/"+project+"/tickets/"+ticket+"/messages", query, "messages")
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, r := range rows {
			if !seen[r.ID()] {
				seen[r.ID()] = true
				all = append(all, r)
			}
		}
		if len(rows) == 0 || len(all) == before || len(all) == s.counted(project, ticket) {
			break
		}
		last, ok := rows[len(rows)-1].Time("created_at")
		if !ok {
			break
		}
		query = "limit=200&since=" + url.QueryEscape(last.Add(-time.Second).Format(time.RFC3339Nano))
	}
	s.handoffs[id] = all
	return all, nil
}

// counted is how many messages of a ticket the facts count, 0 when they do not.
func (s *Survey) counted(project, ticket string) int {
	for _, p := range s.facts.AppHandoff.Projects {
		for _, t := range p.Tickets {
			if p.ID == project && t.ID == ticket {
				return t.Messages
			}
		}
	}
	return 0
}
