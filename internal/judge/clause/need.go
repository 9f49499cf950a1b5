package clause

// Need is something a clause cannot be judged without.
type Need string

// What clauses need: a key, permission to do something, or a fact that the API
// does not reveal.
const (
	Key           Need = "key"
	ReadOnlyKey   Need = "readonly-key"
	RevokedKey    Need = "revoked-key"
	UnentitledKey Need = "unentitled-key"
	HandoffKey    Need = "apphandoff-key"
	Write         Need = "write"
	Burst         Need = "burst"
	HandoffBurst  Need = "apphandoff-burst"
	Tags          Need = "tags"
	CustomFields  Need = "custom-fields"
	Drafts        Need = "drafts"
	HandoffTicket Need = "apphandoff-ticket"
	Tasks         Need = "tasks"
	NoAccess      Need = "no-access"
)

// needs says for each need, in short, what meets it, what is missing without
// it, and how to meet it.
var needs = map[Need]struct{ brief, reason, unlock string }{
	Key:           {"--key", "no InboxOps key was given", "--key KEY or MOCKDESK_KEY"},
	ReadOnlyKey:   {"--readonly-key", "no read-only key was given", "--readonly-key KEY or MOCKDESK_READONLY_KEY"},
	RevokedKey:    {"--revoked-key", "no revoked key was given", "--revoked-key KEY or MOCKDESK_REVOKED_KEY"},
	UnentitledKey: {"--unentitled-key", "no key of a workspace without API access was given", "--unentitled-key KEY or MOCKDESK_UNENTITLED_KEY"},
	HandoffKey:    {"--apphandoff-key", "no AppHandoff key was given", "--apphandoff-key KEY or MOCKDESK_APPHANDOFF_KEY"},
	Write:         {"--write", "nothing may be written to the target", "--write"},
	Burst: {
		"--limited-key or --burst", "no key may be driven into its rate limit",
		"--limited-key KEY or MOCKDESK_LIMITED_KEY, or --burst N to send up to N requests with the main key",
	},
	HandoffBurst: {
		"--apphandoff-limited-key or --burst", "no AppHandoff key may be driven into its rate limit",
		"--apphandoff-limited-key KEY or MOCKDESK_APPHANDOFF_LIMITED_KEY, or --burst N to send up to N requests with --apphandoff-key",
	},
	Tags:          {"tags in --facts", "the API does not reveal tags and no facts name any", "inboxops.tags in --facts FILE"},
	CustomFields:  {"custom fields in --facts", "the API does not reveal custom-field definitions and no facts name any", "inboxops.custom_fields in --facts FILE"},
	Drafts:        {"drafts in --facts", "no facts name a ticket with drafts", `a ticket with draft_ids under inboxops.tickets in --facts FILE`},
	HandoffTicket: {"AppHandoff tickets in --facts", "no facts name a project and ticket of AppHandoff", "apphandoff.projects with tickets in --facts FILE"},
	Tasks:         {"AppHandoff tasks in --facts", "no facts name a ticket with tasks", "tasks of a ticket under apphandoff.projects in --facts FILE"},
	NoAccess: {
		"--outsider-key or inaccessible projects in --facts", "neither a key outside the project nor a project outside the key's reach is known",
		"--outsider-key KEY or MOCKDESK_OUTSIDER_KEY, or apphandoff.inaccessible_projects in --facts FILE",
	},
}

// Brief says in a few words what meets the need.
func (n Need) Brief() string { return needs[n].brief }

// Reason says what is missing when the need is not met.
func (n Need) Reason() string { return needs[n].reason }

// Unlock says what to give so that the need is met.
func (n Need) Unlock() string { return needs[n].unlock }
