package fault

// Actions are what a fault may do, by the names that rules have for it.
var Actions = []string{"status", "headers", "latency", "connection", "body", "malformed", "content_type", "violation"}

// Actions returns what the effect does to its request; what turned out to change
// nothing is not among it.
func (e *Effect) Actions() []string {
	then := e.Then
	if then == nil {
		then = &Then{}
	}
	did := []bool{
		e.Refuse != nil, then.Headers != nil, e.Delay > 0, then.Connection != "",
		then.Body != nil, then.Malformed, then.ContentType != "", then.Violation != nil,
	}
	var actions []string
	for i, action := range Actions {
		if did[i] && e.Idle>>i&1 == 0 {
			actions = append(actions, action)
		}
	}
	return actions
}
