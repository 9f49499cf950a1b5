package control

// operation is what the API does for an operation of its contract.
type operation struct {
	handle handler
	// fakeOnly says that it is about something that a fake has and a proxy does
	// not.
	fakeOnly bool
	// asks says that it changes nothing although it is not a GET, or changes
	// only the clock, which each request records anyway.
	asks bool
}

// operations are by operationId.
func (a *API) operations() map[string]operation {
	return map[string]operation{
		"addFault":            {handle: a.addFault},
		"addMessage":          {handle: a.addMessage, fakeOnly: true},
		"addPost":             {handle: a.addPost, fakeOnly: true},
		"addTask":             {handle: a.addTask, fakeOnly: true},
		"advanceClock":        {handle: a.advanceClock, asks: true},
		"applyPreset":         {handle: a.applyPreset},
		"changeKey":           {handle: a.changeKey, fakeOnly: true},
		"changeKeys":          {handle: a.changeKeys, fakeOnly: true},
		"changeMessage":       {handle: a.changeMessage, fakeOnly: true},
		"changePost":          {handle: a.changePost, fakeOnly: true},
		"changeProject":       {handle: a.changeProject, fakeOnly: true},
		"changeTicket":        {handle: a.changeTicket, fakeOnly: true},
		"clearFaults":         {handle: a.clearFaults},
		"clearRequests":       {handle: a.clearRequests},
		"compareSnapshots":    {handle: a.compareSnapshots},
		"createHandoffTicket": {handle: a.createHandoffTicket, fakeOnly: true},
		"createProject":       {handle: a.createProject, fakeOnly: true},
		"createTicket":        {handle: a.createTicket, fakeOnly: true},
		"createWorkspace":     {handle: a.createWorkspace, fakeOnly: true},
		"deleteFault":         {handle: a.deleteFault},
		"deleteMessage":       {handle: a.deleteMessage, fakeOnly: true},
		"deletePost":          {handle: a.deletePost, fakeOnly: true},
		"deleteTicket":        {handle: a.deleteTicket, fakeOnly: true},
		"deleteWorkspace":     {handle: a.deleteWorkspace},
		"explainRequest":      {handle: a.explainRequest, asks: true},
		"exportCase":          {handle: a.exportCase, fakeOnly: true},
		"exportFaults":        {handle: a.exportFaults},
		"exportRequests":      {handle: a.exportRequests},
		"getCatalog":          {handle: a.getCatalog, fakeOnly: true},
		"getClock":            {handle: a.getClock},
		"getDocument":         {handle: a.getDocument},
		"getHealth":           {handle: a.getHealth},
		"getLife":             {handle: a.getLife, fakeOnly: true},
		"getLimits":           {handle: a.getLimits},
		"getMetrics":          {handle: a.getMetrics},
		"getRateLimit":        {handle: a.getRateLimit},
		"getRequest":          {handle: a.getRequest},
		"getSummary":          {handle: a.getSummary},
		"getTicket":           {handle: a.getTicket, fakeOnly: true},
		"getWorkspace":        {handle: a.getWorkspace},
		"importCase":          {handle: a.importCase, fakeOnly: true},
		"importFaults":        {handle: a.importFaults},
		"listEvents":          {handle: a.listEvents, fakeOnly: true},
		"listFaults":          {handle: a.listFaults},
		"listKeys":            {handle: a.listKeys, fakeOnly: true},
		"listPresets":         {handle: a.listPresets},
		"listRequests":        {handle: a.listRequests},
		"listRetries":         {handle: a.listRetries},
		"listWorkspaces":      {handle: a.listWorkspaces},
		"orderFaults":         {handle: a.orderFaults},
		"replaceFault":        {handle: a.replaceFault},
		"replayCase":          {handle: a.replayCase, fakeOnly: true, asks: true},
		"resetWorkspace":      {handle: a.resetWorkspace},
		"restoreSnapshot":     {handle: a.restoreSnapshot},
		"saveSnapshot":        {handle: a.saveSnapshot, asks: true},
		"setClock":            {handle: a.setClock, asks: true},
		"setLife":             {handle: a.setLife, fakeOnly: true},
		"setRateLimit":        {handle: a.setRateLimit},
		"streamEvents":        {handle: a.streamEvents, fakeOnly: true},
		"streamRequests":      {handle: a.streamRequests},
		"verifyRequests":      {handle: a.verifyRequests, asks: true},
		"verifySync":          {handle: a.verifySync, fakeOnly: true, asks: true},
	}
}
