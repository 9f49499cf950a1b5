package cli

import (
	"net"
	"slices"
	"strings"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
)

// clientEnv adds to an environment what a client's tests need to find the fake.
func clientEnv(environ []string, address string, keys []*auth.Key) []string {
	url := "http://" + address
	env := append(slices.Clone(environ), noProxy(environ, address)...)
	env = append(env, "MOCKDESK_URL="+url, "MOCKDESK_CONTROL="+url+"/_mockdesk")
	for _, key := range keys {
		if name := key.Variable; name != "" {
			env = append(env, name+"="+key.Secret)
		}
	}
	return env
}

// noProxy keeps requests to the address away from proxies, in addition to those
// that the environment keeps away already. Some clients read one spelling, some
// the other; each ignores the other one where its own is set.
func noProxy(environ []string, address string) []string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	names := [2]string{"NO_PROXY", "no_proxy"}
	var values [2]string
	for i, name := range names {
		for _, variable := range environ { // the last one wins
			if value, found := strings.CutPrefix(variable, name+"="); found {
				values[i] = strings.TrimSpace(value)
			}
		}
	}
	var out []string
	for i, name := range names {
		value := values[i]
		if value == "" {
			value = values[1-i]
		}
		listed := slices.ContainsFunc(strings.Split(value, ","), func(s string) bool { return strings.TrimSpace(s) == host })
		switch {
		case value == "":
			value = host
		case value != "*" && !listed: // curl takes * for all only where it stands alone
			value += "," + host
		}
		out = append(out, name+"="+value)
	}
	return out
}
