package clause

var ticketRow = group{name: "ticket", title: "InboxOps: ticket row", clauses: []Clause{
	strict("IO-TICKET-01", listTickets, "id is a UUID string."),
	strict("IO-TICKET-02", listTickets, "ticket_number is an integer."),
	lenient("IO-TICKET-03", listTickets, "subject is a string (or null)."),
	lenient("IO-TICKET-04", listTickets, "inbox_id is a UUID string (or null)."),
	strict("IO-TICKET-05", listTickets, "status is one of open, in_progress, waiting, resolved, closed."),
	lenient("IO-TICKET-06", listTickets, "status_id is a UUID string (or null)."),
	lenient("IO-TICKET-07", listTickets, "status_name is a string (or null)."),
	lenient("IO-TICKET-08", listTickets, "status_color is a hex colour string (or null)."),
	strict("IO-TICKET-09", listTickets, "priority is one of low, normal, high, urgent."),
	lenient("IO-TICKET-10", listTickets, "priority_id, priority_name, priority_color have the same types as their status counterparts."),
	lenient("IO-TICKET-11", listTickets, "assignee_id and contact_id are UUID strings or null."),
	lenient("IO-TICKET-12", listTickets, "remind_at is a date-time or null; remind_transition_status_id a UUID or null."),
	strict("IO-TICKET-13", listTickets, "created_at and updated_at are RFC 3339 date-times."),
	lenient("IO-TICKET-14", listTickets, "updated_at is not before created_at."),
	strict("IO-TICKET-15", listTickets, "Ticket ids are unique within a listing."),
	lenient("IO-TICKET-16", listTickets, "remind_at is unset on tickets that never moved to waiting."),
	lenient("IO-TICKET-17", listTickets, "All 18 documented keys are present on each row (null allowed)."),
	lenient("IO-TICKET-18", listTickets, "ticket_number is unique within a listing, and a ticket has the same row in every list."),
}}
