package clause

var rateLimit = group{name: "rate", title: "InboxOps: rate limit", clauses: []Clause{
	strict("IO-RATE-01", listTickets, "Exceeding the workspace limit on GET /tickets gives 429.", Burst),
	strict("IO-RATE-02", listMessages, "Exceeding the workspace limit on GET messages gives 429.", Burst),
	strict("IO-RATE-03", addNote, "Exceeding the workspace limit on POST messages gives 429 and stores nothing.", Burst, Write),
	lenient("IO-RATE-04", listTickets, "A 429 carries problem code rate_limit_exceeded.", Burst).also(problems),
	lenient("IO-RATE-05", listTickets, "Retry-After, if present on 429, is a non-negative integer or an HTTP date.", Burst).also(problems),
	lenient("IO-RATE-06", listTickets, "After the stated wait the same request succeeds.", Burst),
}}
