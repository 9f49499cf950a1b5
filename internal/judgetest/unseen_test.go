package judgetest_test

// Why a defect may go unseen.
const (
	noData   = "no data there show it"
	allowed  = "a server may do so"
	noBudget = "no question that the requests are enough for meets it"
)

// unseen are the defects, by server, that the judge does not see, and why. One
// that it sees comes off.
var unseen = map[string]map[string]string{
	"fake": {
		"IO-CF-01 a text ends at its first comma":                           noData,
		"IO-CF-01 texts with a digit at the end lose it":                    noData,
		"IO-CF-16 days of the first half of a month are ignored":            noData,
		"IO-CF-16 the last days of a month are the first of the next":       noData,
		"IO-CF-19 seconds do not count":                                     noData,
		"IO-LIST-MSG-07 a long timeline lacks its last row":                 noData, // the last of the one that is long is shown nowhere else
		"IO-LIST-MSG-07 a timeline has 100 rows at most":                    allowed,
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages": noBudget,
		"IO-LIST-TICKETS-32 a third tag does not count":                     noData,
		"IO-LIST-TICKETS-62 a page beyond all integers is the first":        allowed,
		"IO-POST-MSG-27 a note shows twice after three readings":            noData,  // the last note has no text to know it by
		"IO-TICKET-16 closed tickets have a reminder":                       allowed, // they may have waited
	},
	"stranger": {
		"IO-CF-01 texts with a percent sign are ignored":                    noData,
		"IO-LIST-MSG-07 a long timeline lacks its last row":                 noData,
		"IO-LIST-MSG-07 a timeline has 100 rows at most":                    allowed,
		"IO-LIST-TICKETS-12 of two words the last is enough on small pages": noBudget,
		"IO-LIST-TICKETS-13 a phrase of three words is no phrase":           noBudget,
		"IO-LIST-TICKETS-15 of two dashes the second is nothing":            noData,
		"IO-LIST-TICKETS-62 a page beyond all integers is the first":        allowed,
		"IO-POST-MSG-27 a note shows twice after three readings":            noData, // the last note has no text to know it by
	},
}
