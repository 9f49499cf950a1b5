package control

import (
	"errors"
	"net/http"

	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/fake/workspace"
	"github.com/mockdesk/mockdesk/internal/hint"
	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// listFaults answers with the rules in force and what has come of them.
func (a *API) listFaults(w *workspace.Workspace, _ *http.Request) (any, error) {
	return map[string]any{"faults": inForce(w)}, nil
}

// inForce lists the rules as the API shows them.
func inForce(w *workspace.Workspace) []fault.InForce {
	list := w.Faults.ListAt(w.Clock.Now())
	for i := range list {
		list[i].Rule = withoutKey(w, list[i].Rule)
	}
	return list
}

// orderFaults sets the order in which the rules are tried.
func (a *API) orderFaults(w *workspace.Workspace, r *http.Request) (any, error) {
	var wish struct {
		Order []string `json:"order"`
	}
	if err := decode(r, &wish); err != nil {
		return nil, err
	}
	switch err := w.Faults.Order(wish.Order); {
	case errors.Is(err, fault.ErrNoRule):
		return nil, absent(hint.Errorf("GET "+Prefix+"faults lists the rules", "%w", err))
	case err != nil:
		return nil, invalid(err)
	}
	return map[string]any{"faults": inForce(w)}, nil
}

// withoutKey returns the rule with its key named by service and kind, which
// matches the same requests; a key of another workspace is masked.
func withoutKey(w *workspace.Workspace, rule fault.Rule) fault.Rule {
	if rule.Match.Key == "" {
		return rule
	}
	for _, key := range w.Keys {
		if key.Secret == rule.Match.Key {
			rule.Match.Key, rule.Match.Service, rule.Match.KeyKind = "", key.Service, string(key.Kind)
			return rule
		}
	}
	rule.Match.Key = auth.Mask(rule.Match.Key)
	return rule
}

// withoutKeys does so for all rules.
func withoutKeys(w *workspace.Workspace, rules []fault.Rule) []fault.Rule {
	shown := make([]fault.Rule, len(rules))
	for i, rule := range rules {
		shown[i] = withoutKey(w, rule)
	}
	return shown
}

func (a *API) addFault(w *workspace.Workspace, r *http.Request) (any, error) {
	rule, err := readRule(w, r)
	if err != nil {
		return nil, err
	}
	added, err := w.Inject(rule)
	if err != nil {
		return nil, refused(err)
	}
	return withoutKey(w, added[0]), nil
}

func readRule(w *workspace.Workspace, r *http.Request) (fault.Rule, error) {
	body, err := readText(r, `{"then": {"status": {"code": 429, "retry_after": 3}}}`)
	if err != nil {
		return fault.Rule{}, err
	}
	rule, err := w.Scope().ParseRule(body)
	if err != nil {
		return fault.Rule{}, invalid(err)
	}
	return rule, nil
}

// replaceFault replaces a rule by another one, with fresh counts.
func (a *API) replaceFault(w *workspace.Workspace, r *http.Request) (any, error) {
	rule, err := readRule(w, r)
	if err != nil {
		return nil, err
	}
	rule.ID = r.PathValue("id")
	switch err := w.Replace(rule.ID, rule); {
	case errors.Is(err, fault.ErrNoRule):
		return nil, noRule(err, rule.ID)
	case err != nil:
		return nil, invalid(err)
	}
	return withoutKey(w, rule), nil
}

// noRule returns the refusal of an id that no rule has.
func noRule(err error, id string) error {
	return absent(hint.Errorf("GET "+Prefix+"faults lists the rules", "rule %s: %w", quoted(id), err))
}

func (a *API) deleteFault(w *workspace.Workspace, r *http.Request) (any, error) {
	if err := w.Faults.Delete(r.PathValue("id")); err != nil {
		return nil, noRule(err, r.PathValue("id"))
	}
	return nil, nil
}

func (a *API) clearFaults(w *workspace.Workspace, _ *http.Request) (any, error) {
	w.Faults.Clear()
	return nil, nil
}

// rulesOf are the rules in force, without the secrets of keys.
func rulesOf(w *workspace.Workspace) (rules []fault.Rule) {
	for _, rule := range w.Faults.List() {
		rules = append(rules, withoutKey(w, rule.Rule))
	}
	return rules
}

// exportFaults answers with the rules in force as a file for serve --faults.
func (a *API) exportFaults(w *workspace.Workspace, _ *http.Request) (any, error) {
	text, err := fault.Format(rulesOf(w))
	return yaml(text), err
}

// importFaults puts the rules of a file in force, after the existing ones.
func (a *API) importFaults(w *workspace.Workspace, r *http.Request) (any, error) {
	body, err := readText(r, "a file as GET "+Prefix+"faults.yaml writes it")
	if err != nil {
		return nil, err
	}
	rules, err := w.Scope().Parse(body)
	if err != nil {
		return nil, refused(err)
	}
	return addAll(w, rules)
}

func addAll(w *workspace.Workspace, rules []fault.Rule) (any, error) {
	added, err := w.Inject(rules...)
	if err != nil {
		return nil, refused(err)
	}
	return map[string]any{"faults": withoutKeys(w, added)}, nil
}

func (a *API) listPresets(*workspace.Workspace, *http.Request) (any, error) {
	return map[string]any{"presets": fault.Presets()}, nil
}

func (a *API) applyPreset(w *workspace.Workspace, r *http.Request) (any, error) {
	preset, err := fault.FindPreset(r.PathValue("name"))
	if err != nil {
		return nil, absent(err)
	}
	return addAll(w, preset.Rules)
}
