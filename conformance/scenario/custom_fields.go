package scenario

var customFields = []Scenario{}
