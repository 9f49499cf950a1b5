package scenario

var messageList = []Scenario{}
