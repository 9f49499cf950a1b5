package stranger

import "time"

// Options are the legal choices where the contract is silent; each names the
// choice of openapi/CHOICES.md that it takes. The zero value is the plainest
// reading. A number that stands for a choice is the status of the answer: 400
// and the like refuse, 200 goes on with the rest; 0 is the choice named first.
type Options struct {
	Seed    uint64           // same seed, same bytes
	Tickets int              // 0 is 180, a negative number none
	Now     func() time.Time // nil is a clock that moves a millisecond each request
	Service string           // "" both, "inboxops" or "apphandoff" that one only

	// The data.
	Fraction   int   // A23: digits after the second in the times of InboxOps
	Offset     int   // A23: minutes east of UTC in which times are written
	LowerT     bool  // A23: RFC 3339 lets t and z be small
	UpperCase  bool  // A23, D16: UUIDs are written in capitals
	TiedTimes  bool  // B5: tickets share created_at and updated_at
	NumberBase int64 // A22: the first ticket_number; 0 is 1
	Sparse     bool  // A21: one inbox, nothing but open tickets, no tags, fields, agents, attachments or notes

	// The writing.
	Absent       bool // A21, D17: absent instead of null
	EmptyStrings bool // C13: "" instead of null for texts that are not there
	Extra        bool // A22, D25: members nobody documented
	Indent       bool // white space in bodies
	ASCII        bool // \u escapes for all but ASCII
	Charset      bool // a charset parameter in Content-Type
	CapitalMedia bool // capitals in Content-Type

	// Errors and keys.
	Dialect    string // A1, A2: "" problem, "sample", "sample-word" with the problem code as code, "sample-bare" without code
	Instance   bool   // A3: instance, where the answer has an X-Request-Id
	RequestID  string // A4: "" only when the client sent one, "always", "replaced", "twice"
	Challenge  bool   // A7: WWW-Authenticate
	FieldsExt  bool   // A22: errors names the faulty fields in the problem dialect
	LooseSpell bool   // A6: scheme in any case, spaces around the token
	RetryAfter string // A13: "" seconds, "date", "none"
	Headers    bool   // A15: X-RateLimit-*
	Method     int    // A17: 405 or 404
	Head       int    // A10: 200 or 405
	LooseSlash bool   // A25: a slash at the end is ignored
	UnknownArg int    // A19, D26: 200 or 400
	ArgsFirst  bool   // A5: unknown parameters are refused before keys are looked at

	// Rate limit (A12, D28).
	Limit        int           // requests in a window, 0 is no limit
	Window       time.Duration // 0 is a minute
	LimitForm    string        // "" fixed window, "sliding", "bucket"
	Limited      int           // of the limited keys, 0 is 5
	CountRefused bool          // A16: refused requests count

	// List tickets.
	DefaultSort   string // B1, B3: "" is updated_at
	DefaultOrder  string // B1, B2: "" is desc
	Alphabetical  bool   // B4: priorities sort by name
	TieBreak      string // B5: "" by number, "id", "reversed" by number in the order asked for
	PerPage       int    // B6: 0 is 20
	MaxPerPage    int    // B7: 0 is 500
	RefuseLarge   bool   // B7: above the maximum is 400 instead of clamped
	BadPage       int    // B9: 400 or 200
	BadPerPage    int    // B10: 400 or 200
	BadSort       int    // IO-LIST-TICKETS-47, 48: 400 or 200
	BadStatus     int    // B14: 400 or 200
	StatusNames   bool   // B15: status takes custom names and ids too
	Untrimmed     bool   // B16: spaces in lists count
	Repeated      string // B17: "" the first, "last", "refused"
	BadPriority   int    // B18: 400 or 200
	Unassigned    bool   // B19: unassigned without underscores too
	BadAssignee   int    // B20: 400 or 200
	NoAssignee    int    // B21: 200, 400 or 404 for an unknown one
	BadInbox      int    // B22: 400 or 200
	NoInbox       int    // B21: 200, 400 or 404 for an unknown one
	BadTag        int    // B23: 400 or 200
	NoTag         int    // B23: 200 or 400 for an unknown one
	Inclusive     bool   // B24: bounds include their instant
	DateOnly      int    // B25: 400 or 200
	Backward      int    // B27: 200 or 400
	BlankQuery    string // B28: "" is absent, "nothing" finds nothing
	Stem          bool   // B29: a final s does not count
	StopWords     bool   // B29: the, and, to ... are not words
	PerDocument   bool   // B32: all terms in one document
	SkipNotes     bool   // B33: notes are not searched
	SearchDrafts  bool   // B33: drafts are searched
	EqualTwice    int    // B35: 400 or 200 for a key sent twice with one value
	EmptyKey      int    // B38: 400 or 200
	NoOption      int    // B40: 400 or 200
	FoldText      bool   // B43: text, url and email compare without case
	BadNumber     int    // B43: 400 or 200 for a number or boolean that is none
	EmptyIsNone   bool   // B47: a stored "" or [] is no value
	UnlinkedEmpty bool   // B49: __empty__ finds tickets of unlinked inboxes
	FieldsInRows  bool   // B50: custom_fields in list rows

	// Messages.
	BadID         int           // C2: 404 or 400
	LooseNumber   bool          // C3: leading zeros
	EmptyTypes    int           // C8: 200 (both) or 400
	FoldTypes     bool          // C8: any case
	NoteDirection string        // C10: "" null, "outbound", "inbound"
	SentAlways    bool          // C11: send_status sent on inbound rows and notes
	Attachments   string        // C15: "" [], "null", "absent"
	ContentIDs    bool          // C16: content_id on every attachment
	NoSentAt      bool          // C17: sent_at null everywhere
	PostAnswer    string        // C18: "" {"data"}, "object" {}, "message", "id", "nothing"
	Location      bool          // C19
	PostUnknown   int           // C20: 404 or any other 4xx
	EmptyNote     int           // C23: 400 or 201
	Derive        bool          // C24: the missing half is made from the other
	Sanitise      bool          // C26: scripts and attributes are cut out
	UnknownMember int           // C28: 201 or 400
	BadMedia      int           // C31: 400 or 415
	Touch         bool          // C33: a note moves updated_at
	NoteDelay     time.Duration // C35: a note shows later
	NoteAuthor    bool          // C36: from_address of a note
	MessageMeta   bool          // C5, A22: meta on timelines
	TimelineByIDs bool          // C4: ties by id instead of arrival

	// AppHandoff.
	Digits         int    // D4: digits after the second; 0 is 3, negative none
	Refusal        int    // D5, D7, D8, D12: status of a refusal: 400, 404 or 422
	BadSince       int    // D5: 0 refuses, 200 ignores
	LatestFirst    bool   // D6: limit keeps the latest
	LargeLimit     int    // D7: 0 clamps, 400 refuses
	BadLimit       string // D8: "" refuses, "default", "clamp", "zero" gives no rows for 0
	TiesByID       bool   // D10: by id instead of arrival
	NoTask         int    // D11: 200 or 404
	BadTask        int    // D12: 0 refuses, 200 finds nothing
	BadPath        int    // D13: 404, 400, 422
	BadProject     int    // D13, AH-ERR-07: 0 is BadPath, 403
	NoAccess       int    // D14: 403 or 404
	NoProject      int    // D14: 404 or 403
	OnlyRequired   bool   // D17: members that are not required never show
	AuthorLabels   bool   // D18: author_id is a label
	NoCodes        bool   // D23: no code in errors
	Issues         string // D24: "" both, "fields", "issues", "none"
	Reconnect      bool   // D22: reconnect false on 401
	NoRetryInBody  bool   // D21: no retryAfter
	HandoffIDLower bool   // D16: only AppHandoff keeps small letters when UpperCase is set
}
