package scenario

var appHandoff = []Scenario{}
