package scenario

var internalNote = []Scenario{}
