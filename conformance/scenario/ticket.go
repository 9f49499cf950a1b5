package scenario

var ticketRow = []Scenario{}
