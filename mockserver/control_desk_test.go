package mockserver_test

import "maps"

// bringCheckout is a project with a ticket.
const bringCheckout = `{"name":"checkout","tickets":[{"name":"refunds","tasks":["api"],"messages":[{"text":"Why?"}]}]}`

// The steps of cases.
const (
	bring    = `POST desk/tickets {"name":"stuck","status":"open","inbox":"Support","messages":[{"text":"It hangs."}]}`
	checkout = "POST desk/projects " + bringCheckout
	// The ids of their messages.
	hangs = "4271a9c9-f076-5eda-86b7-6c120d40098e"
	why   = "6275de08-71a8-5c19-a6a1-f0a9f9642432"
)

func init() { maps.Copy(controlCases, deskCases) }

// deskCases are acts.
var deskCases = map[string]controlCase{
	"a ticket comes": {nil, "POST", "desk/tickets", `{"name":"stuck","subject":"It hangs"}`, 201, `"ticket_number":1101,"subject":"It hangs"`},
	"a ticket comes of which nobody says more":                   {nil, "POST", "desk/tickets", `{}`, 201, `"status":"open"`},
	"a ticket comes to a workspace":                              {[]string{`POST workspaces {"name":"a"}`}, "POST", "desk/tickets?workspace=a", `{}`, 201, `"ticket_number":1101`},
	"a ticket needs a body":                                      {nil, "POST", "desk/tickets", ``, 400, `"hint":"{}, or what`},
	"a ticket is no list":                                        {nil, "POST", "desk/tickets", `[]`, 400, "a list is not a mapping"},
	"a ticket needs a status that there is":                      {nil, "POST", "desk/tickets", `{"status":"wating"}`, 400, `{"error":"ticket: line 1, column 11: status: \"wating\" is no status of this world","hint":"did you mean waiting?"}`},
	"a ticket has no member that nobody knows":                   {nil, "POST", "desk/tickets", `{"subjekt":"x"}`, 400, `"hint":"did you mean subject?"`},
	"a ticket does not come tomorrow":                            {nil, "POST", "desk/tickets", `{"created_at":"2999-01-01T00:00:00Z"}`, 400, "is in the future"},
	"a ticket comes with its reminder":                           {nil, "POST", "desk/tickets", `{"status":"waiting","remind_at":"2025-07-01T09:00:00Z","remind_status":"Closed","messages":[{"text":"x","to":"a@b.example","sent_at":"2025-06-01T09:00:00Z"}]}`, 201, `"remind_at":"2025-07-01T09:00:00.000Z"`},
	"a message comes to somebody":                                {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{"from":"agent","from_address":"Ada <ada@example.com>","to":"b@b.example","cc":"","bcc":"","sent_at":"never"}`, 201, `"to_addresses":"b@b.example"`},
	"a project comes with a task and a message without a format": {nil, "POST", "desk/projects", `{"name":"checkout","tickets":[{"name":"refunds","tasks":[{"title":"api"}],"messages":[{"format":"none","task":"api"}]}]}`, 201, `"title":"api"`},
	"a name is that of one ticket":                               {[]string{bring}, "POST", "desk/tickets", `{"name":"stuck"}`, 409, `"hint":"name: stuck-2"`},
	"a name of the seed is that of one ticket":                   {nil, "POST", "desk/tickets", `{"name":"long-thread"}`, 409, `"hint":"name: long-thread-2"`},
	"a name is not used again":                                   {[]string{bring, "DELETE desk/tickets/stuck"}, "POST", "desk/tickets", `{"name":"stuck"}`, 409, `or was`},
	"a name is no number":                                        {nil, "POST", "desk/tickets", `{"name":"12"}`, 400, `"hint":"name: ticket-12"`},
	"a field is one of the inbox":                                {nil, "POST", "desk/tickets", `{"inbox":"Support","custom_fields":{"sla_tier":"Gold"}}`, 400, "tickets of Support do not have this field"},

	"all of a ticket is there to see":        {[]string{bring}, "GET", "desk/tickets/stuck", "", 200, `"name":"stuck"`},
	"all of a seeded ticket is there to see": {nil, "GET", "desk/tickets/only-drafts", "", 200, `"hidden":true`},
	"a ticket is found by its number":        {nil, "GET", "desk/tickets/1007", "", 200, `"ticket_number":1007`},
	"a ticket that is not there is not seen": {nil, "GET", "desk/tickets/stuck", "", 404, `there is no ticket \"stuck\"`},

	"a ticket changes":                            {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"status":"closed","assignee":null,"tags":[]}`, 200, `"status":"closed"`},
	"a ticket keeps its status of a category":     {nil, "PATCH", "desk/tickets/waiting-with-reminder", `{"status":"waiting"}`, 200, `"status":"waiting"`},
	"a ticket gets a reminder":                    {[]string{bring, `PUT clock {"mode":"frozen","at":"2025-06-03T09:00:00Z"}`}, "PATCH", "desk/tickets/stuck", `{"status":"waiting","remind_at":"+1d2h"}`, 200, `"remind_at":"2025-06-04T11:00:00.000Z"`},
	"a reminder is not for the past":              {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"remind_at":"2h"}`, 400, `"hint":"+2h"`},
	"a reminder is needed to go somewhere":        {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"remind_status":"Closed"}`, 400, `"hint":"remind_at: +2h"`},
	"a change changes something":                  {[]string{bring}, "PATCH", "desk/tickets/stuck", `{}`, 400, `"hint":"status: closed"`},
	"a subject cannot be null":                    {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"subject":null}`, 400, `{"error":"change: line 1, column 12: subject cannot be null","hint":"leave it out, and it stays"}`},
	"a change needs a field of the inbox":         {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"custom_fields":{"sla_tier":"Gold"}}`, 400, `"hint":"inbox: Billing & Accounts"`},
	"a change of a ticket that is not there":      {nil, "PATCH", "desk/tickets/stuck", `{"status":"closed"}`, 404, "there is no ticket"},
	"a change has no updated_at":                  {[]string{bring}, "PATCH", "desk/tickets/stuck", `{"updated_at":"-3d"}`, 400, "there is no member"},
	"a ticket goes":                               {[]string{bring}, "DELETE", "desk/tickets/stuck", "", 204, ""},
	"a ticket goes once":                          {[]string{bring, "DELETE desk/tickets/stuck"}, "DELETE", "desk/tickets/stuck", "", 404, "there is no ticket"},
	"a message comes":                             {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{}`, 201, `"direction":"outbound"`},
	"a draft is hidden":                           {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{"draft":true}`, 201, `"hidden":true`},
	"a note comes":                                {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{"note":"Look."}`, 201, `"type":"internal_note"`},
	"a message comes when it comes":               {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{"created_at":"-3d"}`, 400, "leave it out"},
	"a customer's mail is not sent":               {[]string{bring}, "POST", "desk/tickets/stuck/messages", `{"from":"customer","send_status":"failed"}`, 400, "leave it out, or say from: agent"},
	"a message to a ticket that is not there":     {nil, "POST", "desk/tickets/stuck/messages", `{}`, 404, "there is no ticket"},
	"a message changes":                           {[]string{bring}, "PATCH", "desk/tickets/stuck/messages/" + hangs, `{"text":"It works."}`, 200, `"body_text":"It works.","body_html":"<p>It works.`},
	"a message does not become a draft":           {[]string{bring}, "PATCH", "desk/tickets/stuck/messages/" + hangs, `{"draft":true}`, 400, `"hint":"false, which sends it"`},
	"a message keeps something to say":            {[]string{bring}, "PATCH", "desk/tickets/stuck/messages/" + hangs, `{"text":""}`, 400, "leave it out"},
	"a customer's mail does not fail":             {[]string{bring}, "PATCH", "desk/tickets/stuck/messages/" + hangs, `{"send_status":"failed"}`, 400, "only an agent's mail is sent"},
	"a message that is not there does not change": {[]string{bring}, "PATCH", "desk/tickets/stuck/messages/1", `{"text":"x"}`, 404, "the ticket has no message"},
	"a message goes":                              {[]string{bring}, "DELETE", "desk/tickets/stuck/messages/" + hangs, "", 204, ""},
	"a message that is not there does not go":     {[]string{bring}, "DELETE", "desk/tickets/stuck/messages/1", "", 404, "the ticket has no message"},
	"a project comes":                             {nil, "POST", "desk/projects", `{"name":"checkout","member":false}`, 201, `"name":"checkout","member":false,"tickets":[]`},
	"a project needs a name":                      {nil, "POST", "desk/projects", `{}`, 400, `"hint":"name: checkout"`},
	"a project has a name of its own":             {[]string{checkout}, "POST", "desk/projects", `{"name":"checkout"}`, 409, `"hint":"name: checkout-2"`},
	"a project is left":                           {[]string{checkout}, "PATCH", "desk/projects/checkout", `{"member":false}`, 200, `"member":false`},
	"a project is left or not":                    {[]string{checkout}, "PATCH", "desk/projects/checkout", `{}`, 400, `"hint":"member: false"`},
	"a project that is not there is not left":     {nil, "PATCH", "desk/projects/checkout", `{"member":false}`, 404, "there is no project"},
	"a ticket comes to a project":                 {[]string{checkout}, "POST", "desk/projects/checkout/tickets", `{"name":"taxes"}`, 201, `"name":"taxes"`},
	"a ticket of a project needs a name":          {[]string{checkout}, "POST", "desk/projects/checkout/tickets", `{}`, 400, `"hint":"name: refunds"`},
	"a ticket of a project has a name of its own": {[]string{checkout}, "POST", "desk/projects/checkout/tickets", `{"name":"refunds"}`, 409, `"hint":"name: refunds-2"`},
	"a task is added":                             {[]string{checkout}, "POST", "desk/projects/checkout/tickets/refunds/tasks", `{"title":"page"}`, 201, `"title":"page"`},
	"a task needs a title":                        {[]string{checkout}, "POST", "desk/projects/checkout/tickets/refunds/tasks", `{}`, 400, `"hint":"title: api"`},
	"a task has a title of its own":               {[]string{checkout}, "POST", "desk/projects/checkout/tickets/refunds/tasks", `{"title":"api"}`, 409, `api-2`},
	"a message comes to a project":                {[]string{checkout}, "POST", "desk/projects/checkout/tickets/refunds/messages", `{"task":"api"}`, 201, `"author_type":"agent"`},
	"a message comes to a seeded project":         {nil, "POST", "desk/projects/Orders%20API/tickets/nix/messages", `{}`, 404, "the project has no ticket"},
	"a message of a project has a task there is":  {[]string{checkout}, "POST", "desk/projects/checkout/tickets/refunds/messages", `{"task":"apis"}`, 400, "did you mean api?"},
	"a message of a project changes":              {[]string{checkout}, "PATCH", "desk/projects/checkout/tickets/refunds/messages/" + why, `{"text":"Why not?","task":null,"format":null}`, 200, `"body":"Why not?","task_id":null,"body_format":null`},
	"a message of a project that is not there":    {[]string{checkout}, "PATCH", "desk/projects/checkout/tickets/refunds/messages/1", `{"text":"x"}`, 404, "the ticket has no message"},
	"a message of a project goes":                 {[]string{checkout}, "DELETE", "desk/projects/checkout/tickets/refunds/messages/" + why, "", 204, ""},
	"a message of a project goes once":            {[]string{checkout}, "DELETE", "desk/projects/checkout/tickets/refunds/messages/1", "", 404, "the ticket has no message"},
	"what happened is listed":                     {[]string{bring, "DELETE desk/tickets/stuck"}, "GET", "events", "", 200, `"event":"ticket.deleted"`},
	"what happened to a ticket is listed":         {[]string{bring, checkout}, "GET", "events?ticket=stuck&service=inboxops&by=tester&event=ticket.created&limit=1&since=2025-01-01T00:00:00Z", "", 200, `"name":"stuck"`},
	"nothing happened":                            {nil, "GET", "events?until=2025-01-01T00:00:00Z", "", 200, `{"events":[]}`},
	"nothing happened to a ticket that never was": {nil, "GET", "events?ticket=stuk", "", 404, "there is no ticket"},
	"what has not happened is not selected":       {[]string{bring}, "GET", "events?after=9", "", 400, `"hint":"after=1, if`},
	"what cannot happen is not selected":          {nil, "GET", "events?event=ticket.create", "", 400, `"hint":"did you mean ticket.created?"`},
	"nobody else makes anything happen":           {nil, "GET", "events?by=teser", "", 400, `"hint":"did you mean tester?"`},
	"a limit of no events":                        {nil, "GET", "events?limit=0", "", 400, `"hint":"limit=17"`},
	"events of a day":                             {nil, "GET", "events?since=2025-06-02", "", 400, `"hint":"since=2025-06-02T12:00:00Z"`},
	"events between the end and the beginning":    {nil, "GET", "events?since=2025-06-02T12:00:00Z&until=2025-06-01T12:00:00Z", "", 400, "until is before since"},
	"a stream of what cannot happen":              {nil, "GET", "events/stream?service=other", "", 400, "is not one of inboxops, apphandoff"},
}
