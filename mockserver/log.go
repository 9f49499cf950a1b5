package mockserver

import (
	"log/slog"
	"time"

	"github.com/mockdesk/mockdesk/mockserver/journal"
)

// log writes the log line of the request. The path is escaped, so that it
// cannot control a terminal.
func (x *exchange) log(took time.Duration, breach journal.Breach) {
	logger, ctx := x.server.config.Logger, x.request.Context()
	if breach.Words != "" && x.server.config.Verdict != nil {
		x.warn("the request breaks the contract", breach)
	}
	if !logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	logger.LogAttrs(ctx, slog.LevelInfo, "request",
		slog.String("method", x.request.Method), slog.String("path", x.masked(x.request.URL.EscapedPath())), slog.Int("status", x.status),
		slog.Duration("took", took), slog.String("request_id", x.masked(x.call.RequestID)))
}

// warn writes a line about a breach of the contract.
func (x *exchange) warn(message string, breach journal.Breach) {
	x.server.config.Logger.LogAttrs(x.request.Context(), slog.LevelWarn, message,
		slog.String("method", x.request.Method), slog.String("url", breach.URL), slog.String("breach", breach.Words),
		slog.Int("status", x.status), slog.String("request_id", x.masked(x.call.RequestID)))
}

// masked returns a text for the log without keys of the target.
func (x *exchange) masked(text string) string {
	if x.server.config.Target == nil || x.call.Key == nil {
		return text
	}
	return x.call.Workspace.Journal.Mask(x.call.Key.Secret, text)
}
