package auth

// variables name the environment variables that the tests of a client find the
// keys of the default workspace in.
var variables = map[string]map[Kind]string{
	InboxOps: {
		ReadWrite: "MOCKDESK_KEY", ReadOnly: "MOCKDESK_READONLY_KEY",
		Revoked: "MOCKDESK_REVOKED_KEY", Unentitled: "MOCKDESK_UNENTITLED_KEY",
	},
	AppHandoff: {
		Member: "MOCKDESK_APPHANDOFF_KEY", Outsider: "MOCKDESK_OUTSIDER_KEY",
	},
}

// Variable returns the environment variable of a key of the default workspace,
// empty when it has none.
func (k *Key) Variable() string {
	return variables[k.Service][k.Kind]
}
