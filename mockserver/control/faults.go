package control

import (
	"errors"
	"net/http"

	"github.com/mockdesk/mockdesk/mockserver/fault"
)

// listFaults answers with the rules in force and what has come of them.
func (a *API) listFaults(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"faults": w.Faults.List()}, nil
}

// addFault puts one rule in force.
func (a *API) addFault(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	rule, err := a.readRule(r)
	if err != nil {
		return nil, err
	}
	added, err := w.Faults.Add(w.Clock.Now(), rule)
	if err != nil {
		return nil, invalid(err)
	}
	return created{added[0]}, nil
}

// readRule reads the rule of a body.
func (a *API) readRule(r *http.Request) (fault.Rule, error) {
	body, err := readBody(r)
	if err != nil {
		return fault.Rule{}, err
	}
	rule, err := fault.ParseRule(body, a.config.Operations)
	if err != nil {
		return fault.Rule{}, invalid(err)
	}
	return rule, nil
}

// replaceFault puts another rule in the place of one, with fresh counts.
func (a *API) replaceFault(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	rule, err := a.readRule(r)
	if err != nil {
		return nil, err
	}
	rule.ID = r.PathValue("id")
	if err := w.Faults.Replace(w.Clock.Now(), rule.ID, rule); err != nil {
		return nil, absent(err, "GET "+Prefix+"faults")
	}
	return rule, nil
}

// deleteFault takes a rule out of force.
func (a *API) deleteFault(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	if err := w.Faults.Delete(r.PathValue("id")); errors.Is(err, fault.ErrNoRule) {
		return nil, absent(err, "GET "+Prefix+"faults")
	}
	return nil, nil
}

// clearFaults takes all rules out of force.
func (a *API) clearFaults(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	w.Faults.Clear()
	return nil, nil
}

// exportFaults answers with the rules in force as a file for serve --faults.
func (a *API) exportFaults(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	var rules []fault.Rule
	for _, rule := range w.Faults.List() {
		rules = append(rules, rule.Rule)
	}
	text, err := fault.Format(rules)
	return yaml(text), err
}

// importFaults puts the rules of a file in force, behind those there are.
func (a *API) importFaults(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	rules, err := fault.Parse(body, a.config.Operations)
	if err != nil {
		return nil, invalid(err)
	}
	added, err := w.Faults.Add(w.Clock.Now(), rules...)
	if err != nil {
		return nil, invalid(err)
	}
	return created{map[string]any{"faults": added}}, nil
}

// listPresets answers with every preset.
func (a *API) listPresets(*http.Request) (any, error) {
	return map[string]any{"presets": fault.Presets()}, nil
}

// applyPreset puts the rules of a preset in force.
func (a *API) applyPreset(r *http.Request) (any, error) {
	w, err := a.workspace(r)
	if err != nil {
		return nil, err
	}
	preset, err := fault.FindPreset(r.PathValue("name"))
	if err != nil {
		return nil, absent(err, "GET "+Prefix+"presets")
	}
	added, err := w.Faults.Add(w.Clock.Now(), preset.Rules...)
	if err != nil {
		return nil, invalid(err)
	}
	return created{map[string]any{"faults": added}}, nil
}
