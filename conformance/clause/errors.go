package clause

var errorBodies = group{name: "errors", title: "InboxOps: errors", clauses: []Clause{
	strict("IO-ERR-01", listTickets, "Every 4xx body is a JSON object.").on("listTickets", "listTicketMessages", "addInternalNote"),
	lenient("IO-ERR-02", listTickets, "Problem dialect: Content-Type is application/problem+json on errors.").also(problems),
	lenient("IO-ERR-03", listTickets, "Problem dialect: code is a string equal to the last segment of type.").also(problems),
	lenient("IO-ERR-04", listTickets, "Problem dialect: status equals the HTTP status.").also(problems),
	lenient("IO-ERR-05", listTickets, "Problem dialect: instance, if present, ends in the X-Request-Id value.").also(problems),
	lenient("IO-ERR-06", listTickets, "Sample dialect: error and message are strings and code is the integer HTTP status."),
	lenient("IO-ERR-07", listTickets, "Sample dialect: 400 has details, an array of objects with field and message."),
	lenient("IO-ERR-08", listTickets, "Sample dialect: 429 has numeric retryAfter.", Burst),
	lenient("IO-ERR-09", listMessages, "Sample dialect: 404 body has code 404."),
}}
