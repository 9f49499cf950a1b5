package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/mockdesk/mockdesk/internal/judge/clause"
	"github.com/mockdesk/mockdesk/internal/judge/scenario"
	"github.com/mockdesk/mockdesk/internal/judge/survey"
	"github.com/mockdesk/mockdesk/internal/judge/target"
)

// writeTicket tells the scenarios which ticket may be written to. Nothing is
// written when the named ticket is not there: no other ticket may be written
// to.
func (p *plan) writeTicket(ctx context.Context, env *scenario.Env, found map[clause.API]finding) {
	env.WriteTicket = p.WriteTicket
	if known := p.Facts.InboxOps.Tickets["write"]; env.WriteTicket == "" {
		env.WriteTicket = known.ID
		if known.ID == "" && known.TicketNumber > 0 {
			env.WriteTicket = strconv.Itoa(known.TicketNumber)
		}
	}
	first, asked := found[clause.InboxOps]
	if !p.Write || env.WriteTicket == "" || !asked || first.state != works && first.state != odd {
		return
	}
	if why := p.unwritable(ctx, env); why != "" {
		env.Write, env.NoWrite = false, fmt.Sprintf("nothing is written: the write ticket %s %s", env.WriteTicket, why)
	}
}

// unwritable says why the named ticket cannot be written to, "" when it can.
func (p *plan) unwritable(ctx context.Context, env *scenario.Env) string {
	if !survey.IsUUID(env.WriteTicket) && !isNumber(env.WriteTicket) {
		return "of the facts is no UUID and no number"
	}
	address := env.Client.Base(clause.InboxOps) + "/tickets/" + env.WriteTicket + "/messages"
	seen, err := p.get(ctx, env.Client, target.ReadWrite, address)
	if halt, ok := errors.AsType[*target.Halt](err); ok {
		return "was not looked for: " + halt.Reason
	}
	switch {
	case err != nil:
		return "cannot be read: " + err.Error()
	case seen.Status == http.StatusNotFound:
		return "is not at the target: " + answered(seen, "GET "+address)
	case seen.Status != http.StatusOK:
		return "cannot be read: " + answered(seen, "GET "+address)
	}
	return ""
}
