package judged_test

// unseen are the defects, by server, that the judge does not see: their data
// are not there, no question meets them, or a server may do so. One that it
// sees comes off.
var unseen = map[string][]string{
	"fake": {
		"IO-AUTH-12 without entitlement timelines are 404",
		"IO-AUTH-13 without entitlement notes are 404",
		"IO-CF-01 a text ends at its first comma",
		"IO-CF-01 texts with a digit at the end lose it",
		"IO-CF-03 a custom field with a day is ignored beside a filter",
		"IO-CF-03 a custom field with a time is ignored beside a filter",
		"IO-CF-04 __empty__ is ignored beside another custom field",
		"IO-CF-16 days of the first half of a month are ignored",
		"IO-CF-16 the last days of a month are the first of the next",
		"IO-CF-19 seconds do not count",
		"IO-LIST-MSG-07 a long timeline lacks its last row",
		"IO-LIST-MSG-07 a timeline has 100 rows at most",
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages",
		"IO-LIST-TICKETS-13 a phrase of three words is no phrase",
		"IO-LIST-TICKETS-36 created_before is off by a day and a half",
		"IO-LIST-TICKETS-51 no page has more than 20 rows whatever it says",
		"IO-LIST-TICKETS-58 a custom field with a day is ignored on later pages",
		"IO-LIST-TICKETS-58 a custom field with a time is ignored on later pages",
		"IO-LIST-TICKETS-58 priority asc is turned round on the third page and later",
		"IO-LIST-TICKETS-60 __empty__ is ignored beside a status",
		"IO-LIST-TICKETS-60 q is ignored together with a custom field",
		"IO-LIST-TICKETS-62 a page beyond all integers is the first",
		"IO-TICKET-16 closed tickets have a reminder",
	},
	"stranger": {
		"IO-AUTH-12 without entitlement timelines are 404",
		"IO-AUTH-13 without entitlement notes are 404",
		"IO-CF-01 texts with a percent sign are ignored",
		"IO-CF-16 days of the first half of a month are ignored",
		"IO-LIST-MSG-07 a long timeline lacks its last row",
		"IO-LIST-MSG-32 content_id of the first attachment is empty by number",
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages",
		"IO-LIST-TICKETS-32 a third tag does not count",
		"IO-LIST-TICKETS-32 of several tags the last is enough on small pages",
		"IO-LIST-TICKETS-51 no page has more than 20 rows whatever it says",
		"IO-LIST-TICKETS-62 a page beyond all integers is the first",
	},
}
