package scenario

var ticketList = []Scenario{}
