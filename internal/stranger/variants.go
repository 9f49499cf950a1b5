package stranger

import (
	"slices"
	"time"
)

// Variant is a legal server: a sentence and the options that make it true.
type Variant struct {
	Name    string
	Options Options
}

// Variants returns legal servers, each with one or more choices of its own.
// Those with a limit or a delay need a clock in Options.Now that moves with the
// client's.
func Variants() []Variant { return slices.Concat(lists, searches, timelines, writers, handoffs, mixed) }

var lists = []Variant{
	{"it is as plain as can be", Options{}},
	{"it has another seed", Options{Seed: 77}},
	{"it has no ticket", Options{Tickets: -1}},
	{"it has one ticket", Options{Tickets: 1}},
	{"it has seven tickets", Options{Tickets: 7}},
	{"it has five thousand tickets", Options{Tickets: 5000}},
	{"its tickets share few times", Options{TiedTimes: true}},
	{"tickets of one time stand by id", Options{TiedTimes: true, TieBreak: "id"}},
	{"tickets of one time turn round with the order", Options{TiedTimes: true, TieBreak: "reversed"}},
	{"its ticket numbers are beyond what a double holds", Options{NumberBase: 9007199254740993}},
	{"it uses next to nothing of what there is", Options{Sparse: true}},
	{"it has forty tickets and uses next to nothing", Options{Sparse: true, Tickets: 40}},
	{"it lists the oldest first", Options{DefaultSort: "created_at", DefaultOrder: "asc"}},
	{"it lists by priority unless asked otherwise", Options{DefaultSort: "priority", DefaultOrder: "asc"}},
	{"priorities sort by their names", Options{Alphabetical: true}},
	{"a page has three rows unless asked otherwise", Options{PerPage: 3}},
	{"a page has everything unless asked otherwise", Options{PerPage: 500}},
	{"a page has ten rows at most", Options{PerPage: 10, MaxPerPage: 10}},
	{"a page of more than 100 rows is refused", Options{PerPage: 50, MaxPerPage: 100, RefuseLarge: true}},
	{"a page of more than 25 rows is refused", Options{PerPage: 25, MaxPerPage: 25, RefuseLarge: true}},
	{"a page number that is none is the first page", Options{BadPage: 200}},
	{"a page size that is none is the usual one", Options{BadPerPage: 200}},
	{"an unknown sort or order is ignored", Options{BadSort: 200}},
	{"an unknown status finds nothing", Options{BadStatus: 200}},
	{"statuses go by their names and ids too", Options{StatusNames: true}},
	{"spaces in lists count, and what they spoil is refused", Options{Untrimmed: true}},
	{"spaces in lists count, and what they spoil finds nothing", Options{Untrimmed: true, BadStatus: 200, BadTag: 200}},
	{"the last of a repeated parameter counts", Options{Repeated: "last"}},
	{"a repeated parameter is refused", Options{Repeated: "refused"}},
	{"priority takes a list, and unknown ones find nothing", Options{BadPriority: 200}},
	{"unassigned goes without underscores too", Options{Unassigned: true}},
	{"a malformed assignee finds nothing", Options{BadAssignee: 200}},
	{"an unknown assignee is refused", Options{NoAssignee: 400}},
	{"an unknown assignee or inbox is 404", Options{NoAssignee: 404, NoInbox: 404}},
	{"a malformed inbox finds nothing", Options{BadInbox: 200}},
	{"an unknown inbox is refused", Options{NoInbox: 400}},
	{"a malformed tag finds nothing", Options{BadTag: 200}},
	{"an unknown tag is refused", Options{NoTag: 400}},
	{"bounds include their instant", Options{Inclusive: true}},
	{"bounds may be days, and the wrong way round they are refused", Options{DateOnly: 200, Backward: 400}},
	{"unknown parameters are refused", Options{UnknownArg: 400}},
	{"unknown parameters are refused before keys are looked at", Options{UnknownArg: 400, ArgsFirst: true}},
	{"a custom field twice with one value is fine", Options{EqualTwice: 200}},
	{"a custom field without a key is ignored", Options{EmptyKey: 200}},
	{"an option that is none finds nothing", Options{NoOption: 200}},
	{"texts of custom fields compare without case", Options{FoldText: true}},
	{"a number that is none finds nothing", Options{BadNumber: 200}},
	{"an empty text or list is no value", Options{EmptyIsNone: true}},
	{"no value includes tickets the field is not for", Options{UnlinkedEmpty: true}},
	{"rows show their custom fields", Options{FieldsInRows: true}},
}

var searches = []Variant{
	{"a blank query finds nothing", Options{BlankQuery: "nothing"}},
	{"a final s does not count in searches", Options{Stem: true}},
	{"searches leave out the smallest words", Options{StopWords: true}},
	{"all terms of a search must stand in one text", Options{PerDocument: true}},
	{"notes are not searched", Options{SkipNotes: true}},
	{"drafts are searched", Options{SearchDrafts: true}},
	{"searches stem, drop small words and look at one text", Options{Stem: true, StopWords: true, PerDocument: true}},
}

var timelines = []Variant{
	{"a malformed ticket id is refused with 400", Options{BadID: 400}},
	{"zeros may lead a ticket number", Options{LooseNumber: true}},
	{"empty types are refused, others may be in capitals", Options{EmptyTypes: 400, FoldTypes: true}},
	{"notes are outbound", Options{NoteDirection: "outbound"}},
	{"notes are inbound and come from somebody", Options{NoteDirection: "inbound", NoteAuthor: true}},
	{"every row has been sent", Options{SentAlways: true}},
	{"no attachments are null", Options{Attachments: "null"}},
	{"no attachments are left out", Options{Attachments: "absent"}},
	{"every attachment has a content id", Options{ContentIDs: true}},
	{"no row says when it was sent", Options{NoSentAt: true}},
	{"timelines carry meta", Options{MessageMeta: true}},
	{"messages of one time stand by id", Options{TimelineByIDs: true, TiedTimes: true}},
	{"texts that are not there are empty", Options{EmptyStrings: true}},
	{"POST answers an empty object", Options{PostAnswer: "object"}},
	{"POST answers the bare message and where it is", Options{PostAnswer: "message", Location: true}},
	{"POST answers an id and a time in other form", Options{PostAnswer: "id"}},
	{"POST answers without a body", Options{PostAnswer: "nothing"}},
	{"POST to an unknown ticket is 400", Options{PostUnknown: 400}},
	{"POST to an unknown ticket is 422", Options{PostUnknown: 422}},
	{"POST to an unknown ticket is 410", Options{PostUnknown: 410}},
	{"an empty note is taken", Options{EmptyNote: 201}},
	{"the missing half of a note is made from the other", Options{Derive: true}},
	{"notes lose scripts and attributes", Options{Sanitise: true, Derive: true}},
	{"unknown members of a note are refused", Options{UnknownMember: 400}},
	{"another media type is 415", Options{BadMedia: 415}},
	{"a note moves updated_at", Options{Touch: true}},
	{"a note shows after 400 milliseconds", Options{NoteDelay: 400 * time.Millisecond}},
	{"a note shows late and moves updated_at at once", Options{NoteDelay: 300 * time.Millisecond, Touch: true, DefaultOrder: "asc"}},
}

var writers = []Variant{
	{"times have milliseconds", Options{Fraction: 3}},
	{"times have microseconds and an offset of half an hour", Options{Fraction: 6, Offset: 330}},
	{"times are west of Greenwich", Options{Offset: -210}},
	{"times have a small t and z", Options{LowerT: true}},
	{"UUIDs are in capitals", Options{UpperCase: true}},
	{"UUIDs are in capitals with one service only", Options{UpperCase: true, HandoffIDLower: true}},
	{"what is null is absent", Options{Absent: true, Attachments: "absent"}},
	{"members nobody documented come along", Options{Extra: true, MessageMeta: true}},
	{"bodies are indented", Options{Indent: true}},
	{"bodies are ASCII", Options{ASCII: true}},
	{"media types have a charset", Options{Charset: true}},
	{"media types are in capitals", Options{CapitalMedia: true}},
	{"errors are as in the samples", Options{Dialect: "sample"}},
	{"errors are as in the samples with the problem code", Options{Dialect: "sample-word"}},
	{"errors are as in the samples without code", Options{Dialect: "sample-bare"}},
	{"problems have an instance, requests an id", Options{RequestID: "always", Instance: true}},
	{"the client's request id is replaced", Options{RequestID: "replaced", Instance: true}},
	{"there are two request ids", Options{RequestID: "twice"}},
	{"401 comes with a challenge, schemes in any case", Options{Challenge: true, LooseSpell: true}},
	{"problems name the faulty fields", Options{FieldsExt: true}},
	{"an unsupported method is 404", Options{Method: 404}},
	{"HEAD is not offered", Options{Head: 405}},
	{"HEAD is 404", Options{Head: 405, Method: 404}},
	{"a slash at the end is ignored", Options{LooseSlash: true}},
	{"headers tell the limit", Options{Headers: true, Limit: 1000}},
	{"it takes thirty requests a second", Options{Limit: 30, Window: time.Second}},
	{"it takes forty requests in any two seconds", Options{Limit: 40, Window: 2 * time.Second, LimitForm: "sliding"}},
	{"it takes a request each 20 milliseconds and lets forty gather", Options{Limit: 40, Window: 800 * time.Millisecond, LimitForm: "bucket"}},
	{"Retry-After is a date", Options{Limit: 30, Window: 2 * time.Second, RetryAfter: "date"}},
	{"429 does not say how long to wait", Options{Limit: 50, Window: time.Second, RetryAfter: "none"}},
	{"refused requests count", Options{Limit: 30, Window: time.Second, CountRefused: true}},
	{"429 is as in the samples", Options{Limit: 30, Window: time.Second, Dialect: "sample", CountRefused: true}},
	{"it is InboxOps only", Options{Service: "inboxops"}},
	{"it is AppHandoff only", Options{Service: "apphandoff"}},
}

var handoffs = []Variant{
	{"AppHandoff shows whole seconds", Options{Digits: -1}},
	{"AppHandoff shows microseconds", Options{Digits: 6}},
	{"AppHandoff shows nanoseconds", Options{Digits: 9}},
	{"AppHandoff refuses with 404", Options{Refusal: 404, LargeLimit: 400}},
	{"AppHandoff refuses with 422", Options{Refusal: 422, LargeLimit: 400}},
	{"AppHandoff refuses a large limit with 400", Options{LargeLimit: 400}},
	{"a since that is none is ignored", Options{BadSince: 200}},
	{"limit keeps the latest", Options{LatestFirst: true}},
	{"a limit that is none is the usual one", Options{BadLimit: "default"}},
	{"a limit below one is one", Options{BadLimit: "clamp"}},
	{"limit 0 gives no rows", Options{BadLimit: "zero"}},
	{"AppHandoff's ties stand by id", Options{TiesByID: true}},
	{"an unknown task is 404", Options{NoTask: 404}},
	{"a malformed task finds nothing", Options{BadTask: 200}},
	{"AppHandoff refuses malformed ids with 400", Options{BadPath: 400}},
	{"AppHandoff refuses malformed ids with 422, of projects with 403", Options{BadPath: 422, BadProject: 403}},
	{"a project without access is 404", Options{NoAccess: 404}},
	{"an unknown project is 403", Options{NoProject: 403}},
	{"AppHandoff shows only what is required", Options{OnlyRequired: true}},
	{"authors are labels, reconnect is false", Options{AuthorLabels: true, Reconnect: true}},
	{"AppHandoff's errors are bare", Options{NoCodes: true, Issues: "none", NoRetryInBody: true}},
	{"AppHandoff's errors have issues", Options{Issues: "issues"}},
	{"AppHandoff's errors have field errors", Options{Issues: "fields"}},
}

var mixed = []Variant{
	{"it is terse", Options{
		Absent: true, Attachments: "absent", Dialect: "sample-bare", PostAnswer: "nothing", OnlyRequired: true, NoCodes: true,
		Issues: "none", NoSentAt: true, Head: 405, Method: 404, RetryAfter: "none",
	}},
	{"it is talkative", Options{
		Extra: true, Indent: true, ASCII: true, Charset: true, Instance: true, RequestID: "always", Challenge: true,
		FieldsExt: true, FieldsInRows: true, MessageMeta: true, Headers: true, Location: true, Fraction: 6, Offset: 60,
	}},
	{"it refuses whatever it may", Options{
		UnknownArg: 400, ArgsFirst: true, RefuseLarge: true, MaxPerPage: 50, Repeated: "refused", Untrimmed: true, NoTag: 400,
		NoAssignee: 400, NoInbox: 404, Backward: 400, EmptyTypes: 400, UnknownMember: 400, BadMedia: 415, LargeLimit: 400, NoTask: 404,
	}},
	{"it takes whatever it may", Options{
		BadPage: 200, BadPerPage: 200, BadSort: 200, BadStatus: 200, BadPriority: 200, BadAssignee: 200, BadInbox: 200, BadTag: 200,
		DateOnly: 200, EqualTwice: 200, EmptyKey: 200, NoOption: 200, BadNumber: 200, EmptyNote: 201, BadSince: 200, BadLimit: "default",
		BadTask: 200, LooseSlash: true, LooseSpell: true, LooseNumber: true, StatusNames: true,
	}},
	{"it has seven tickets on pages of two, tied, in capitals", Options{
		Tickets: 7, PerPage: 2, MaxPerPage: 5, TiedTimes: true, UpperCase: true, TieBreak: "id",
	}},
	{"it has five thousand tied tickets by priority, ten on a page", Options{
		Tickets: 5000, TiedTimes: true, Alphabetical: true, MaxPerPage: 10, PerPage: 10, DefaultSort: "priority",
	}},
	{"it is limited, terse about it and slow to show notes", Options{
		Limit: 25, Window: time.Second, RetryAfter: "none", NoteDelay: 200 * time.Millisecond, Dialect: "sample", Head: 405,
	}},
	{"it is AppHandoff in whole seconds, latest first, 422", Options{
		Service: "apphandoff", Digits: -1, LatestFirst: true, Refusal: 422, LargeLimit: 400, BadPath: 422, NoAccess: 404,
	}},
	{"it is InboxOps without a ticket and refuses unknown parameters", Options{Service: "inboxops", Tickets: -1, UnknownArg: 400}},
	{"it is a small tied world with microseconds and inclusive bounds", Options{
		Tickets: 30, Fraction: 6, TiedTimes: true, Inclusive: true, TieBreak: "reversed", PerPage: 4, Touch: true,
	}},
}
