package cli

import (
	"fmt"
	"strings"

	"github.com/mockdesk/mockdesk/conformance"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/keykind"
)

// cleanKeys strips from keys what is often copied with them, and says so without
// showing them.
func cleanKeys(t Terminal, config conformance.Config) error {
	tell := func(whose string) {
		fmt.Fprintf(t.Stderr, "hint: %s was given with white space, quotes or Bearer around it; the key alone is sent\n", whose)
	}
	for _, k := range keykind.All {
		who := target.Who(k.Caller)
		given := config.Keys[who]
		clean := cleanKey(given)
		if clean != given {
			config.Keys[who] = clean
			tell("--" + k.Flag)
		}
		if strings.ContainsFunc(clean, func(r rune) bool { return r <= ' ' || r > '~' }) {
			example := "ixk_..."
			if k.Service == keykind.AppHandoff {
				example = "ah_k_..."
			}
			return usage("--"+k.Flag+" "+example+", the key alone", "--%s holds white space or a character that no key has", k.Flag)
		}
	}
	if config.Facts == nil {
		return nil
	}
	for i := range config.Facts.Keys {
		k := &config.Facts.Keys[i]
		if clean := cleanKey(k.Key); clean != k.Key {
			k.Key = clean
			tell(fmt.Sprintf("the %s key of %s in --facts", k.Kind, k.Service))
		}
	}
	return nil
}

// cleanKey returns a key without what is often copied with it.
func cleanKey(text string) string {
	const scheme = "bearer "
	for {
		was := text
		text = strings.Trim(strings.TrimSpace(text), "\"'`\u201c\u201d\u2018\u2019")
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			text = text[len(scheme):]
		}
		if text == was {
			return text
		}
	}
}
