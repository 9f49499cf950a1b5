package scenario

import (
	"encoding/json"
	"reflect"
)

// apart returns two objects without the members that are the same in both: what
// differs may stand far behind what is shown of a row. Other texts stay.
func apart(expected, actual string) (string, string) {
	var want, got map[string]any
	if json.Unmarshal([]byte(expected), &want) != nil || json.Unmarshal([]byte(actual), &got) != nil {
		return expected, actual
	}
	for name, value := range want {
		if other, has := got[name]; has && reflect.DeepEqual(value, other) {
			delete(want, name)
			delete(got, name)
		}
	}
	if len(want)+len(got) == 0 { // they differ in how they are written
		return expected, actual
	}
	return text(want), text(got)
}
