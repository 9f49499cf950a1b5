package judged_test

// unseen are the defects, by server, that the judge does not see: their data
// are not there, or no question meets them. One that it sees comes off.
var unseen = map[string][]string{
	"fake": {
		"IO-CF-16 the last days of a month are the first of the next",
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages",
		"IO-LIST-TICKETS-13 a phrase of three words is no phrase",
		"IO-LIST-TICKETS-36 created_before is off by a day and a half",
		"IO-LIST-TICKETS-37 created_before is ignored beside created_after on small pages",
		"IO-LIST-TICKETS-51 no page has more than 20 rows whatever it says",
		"IO-LIST-TICKETS-58 priority asc is turned round on the third page and later",
	},
	"stranger": {
		"IO-AUTH-12 without entitlement timelines are 404",
		"IO-AUTH-13 without entitlement notes are 404",
		"IO-CF-01 addresses end at their first question mark",
		"IO-CF-01 texts with a percent sign are ignored",
		"IO-LIST-MSG-07 a long timeline lacks its last row",
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages",
		"IO-LIST-TICKETS-32 a third tag does not count",
		"IO-LIST-TICKETS-32 of several tags the last is enough on small pages",
		"IO-LIST-TICKETS-37 created before is ignored beside created after on small pages",
		"IO-LIST-TICKETS-58 a custom field with a day is ignored on later pages",
		"IO-LIST-TICKETS-62 a page beyond all integers is the first",
		"IO-POST-MSG-06 a note stands first by number",
	},
}
