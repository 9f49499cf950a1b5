package clause

// The access rules hold on all three operations; a clause names the one it tries.
var auth = group{name: "auth", title: "InboxOps: authentication and access", clauses: []Clause{
	strict("IO-AUTH-01", listTickets, "A request with Authorization: Bearer and a valid ixk_ key is accepted."),
	strict("IO-AUTH-02", listTickets, "GET /tickets without Authorization is 401."),
	strict("IO-AUTH-03", listTickets, "GET /tickets with a Bearer token that is not a known key is 401."),
	strict("IO-AUTH-04", listTickets, "GET /tickets with a revoked key is 401.", RevokedKey),
	strict("IO-AUTH-05", listTickets, "GET /tickets with a non-Bearer scheme (Basic) is 401."),
	strict("IO-AUTH-06", listTickets, "GET /tickets with \"Bearer\" and no token is 401."),
	strict("IO-AUTH-07", listMessages, "GET messages without Authorization is 401."),
	strict("IO-AUTH-08", listMessages, "GET messages with a revoked key is 401.", RevokedKey),
	strict("IO-AUTH-09", addNote, "POST messages without Authorization is 401 and stores nothing.", Write),
	strict("IO-AUTH-10", addNote, "POST messages with a revoked key is 401 and stores nothing.", RevokedKey, Write),
	strict("IO-AUTH-11", listTickets, "A key of a workspace without API entitlement gets 403 on GET /tickets.", UnentitledKey),
	strict("IO-AUTH-12", listMessages, "A key of a workspace without API entitlement gets 403 on GET messages.", UnentitledKey),
	strict("IO-AUTH-13", addNote, "A key of a workspace without API entitlement gets 403 on POST messages and nothing is stored.", UnentitledKey, Write),
	strict("IO-AUTH-14", listTickets, "A read-only key may GET /tickets (200).", ReadOnlyKey),
	strict("IO-AUTH-15", listMessages, "A read-only key may GET messages (200).", ReadOnlyKey),
	strict("IO-AUTH-16", addNote, "A read-only key on POST messages is 403 and nothing is stored.", ReadOnlyKey, Write),
	strict("IO-AUTH-17", listTickets, "The entitlement refusal carries problem code forbidden.", UnentitledKey),
	strict("IO-AUTH-18", addNote, "The read-only refusal carries problem code insufficient_scope.", ReadOnlyKey, Write),
	strict("IO-AUTH-19", listTickets, "A 401 carries problem code unauthorized."),
	lenient("IO-AUTH-20", listTickets, "The key is taken from the header only; the same key in a query parameter is 401."),
	strict("IO-AUTH-21", listTickets, "A bearer token that does not start with ixk_ is 401."),
	lenient("IO-AUTH-22", listTickets, "Keys are compared exactly: a valid key in another letter case, or without its last character, is 401."),
	lenient("IO-AUTH-23", listTickets, "HEAD is guarded like GET: without a key, or with a revoked or unentitled one, it is never 200 (405 tolerated)."),
	strict("IO-AUTH-24", addNote, "The second and later writes of a read-only key are refused like the first.", ReadOnlyKey, Write),
}}
