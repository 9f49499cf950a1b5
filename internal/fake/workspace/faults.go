package workspace

import (
	"errors"
	"fmt"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// Scope is what fault rules of the workspace can match: the operations of both
// services, with its keys.
func (w *Workspace) Scope() fault.Scope {
	return fault.Scope{Operations: w.config.Operations, Most: w.config.Limits.Rules, Key: w.checkKey}
}

// Inject puts fault rules in force from now on, after the existing ones, all or
// none. A rule that can never match or fire is an error.
func (w *Workspace) Inject(rules ...fault.Rule) ([]fault.Rule, error) {
	var wrong []error
	for i, rule := range rules {
		if err := w.Scope().Check(&rule); err != nil {
			wrong = append(wrong, fmt.Errorf("rule %d: %w", i+1, err))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	defer w.Touch()
	return w.Faults.Add(w.Clock.Now(), rules...)
}

// Start puts rules in force that belong to the workspace from its beginning:
// Reset puts them in force again.
func (w *Workspace) Start(rules ...fault.Rule) ([]fault.Rule, error) {
	added, err := w.Inject(rules...)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.first.rules = append(w.first.rules, added...)
	return added, nil
}

// Replace replaces the rule with the id by another one from now on.
func (w *Workspace) Replace(id string, rule fault.Rule) error {
	if err := w.Scope().Check(&rule); err != nil {
		return err
	}
	defer w.Touch()
	return w.Faults.Replace(w.Clock.Now(), id, rule)
}

// checkKey refuses to match a key that the workspace does not have, or one
// whose service or kind does not fit the rest of the match.
func (w *Workspace) checkKey(m *fault.Match) error {
	if w.config.Foreign && m.KeyKind != "" {
		return hint.Errorf("match.key takes a key as it is sent", "match.key_kind can never match: a proxy does not know what the keys of its target are for")
	}
	if m.Key == "" || w.config.Foreign {
		return nil
	}
	for _, key := range w.Keys {
		if key.Secret != m.Key {
			continue
		}
		if m.Service != "" && m.Service != key.Service || m.KeyKind != "" && m.KeyKind != string(key.Kind) {
			return hint.Errorf("leave out service and key_kind", "match can never match: the key is %s of %s", key.Kind, key.Service)
		}
		return nil
	}
	return hint.Errorf("GET /_mockdesk/catalog lists its keys", "match.key %s can never match: the workspace %s has no such key", auth.Mask(m.Key), w.Name)
}
