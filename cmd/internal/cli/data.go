package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mockdesk/mockdesk/fixtures"
	"github.com/mockdesk/mockdesk/internal/fake/auth"
	"github.com/mockdesk/mockdesk/internal/judge/target"
	"github.com/mockdesk/mockdesk/internal/suggest"
	"github.com/mockdesk/mockdesk/mockserver"
	"github.com/mockdesk/mockdesk/mockserver/casefile"
	"github.com/mockdesk/mockdesk/openapi"
)

func dataCommand(t Terminal) *cobra.Command {
	f := &dataFlags{}
	c := &cobra.Command{
		Use:   "data [flags]",
		Short: "Print the seeded world, or a part of it, as a case file to start from.",
		Long: `It prints all that the world has, said explicitly, as a case with an empty world:
what serve --case answers from it has the same ids, times and texts. The filters
are those of the list of tickets; inboxes, agents and tags go by name, address or
id, nobody is who has no assignee. Tickets are numbered from 1001 in their order,
so that those of a part have other numbers than in the whole.

Without a filter and without --project it is everything. With a filter it is the
tickets that it finds, with --project these projects, with both it is both.`,
		Example: `mockdesk data > case.yaml && mockdesk serve --case case.yaml
mockdesk data --status waiting --tag billing --limit 5
mockdesk data --query '"never arrived"' --sort updated_at
mockdesk data --project Payroll`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("mockdesk data --help", "data takes no arguments, got %q", args[0])
			}
			return f.print(c, t)
		},
	}
	flags := c.Flags()
	f.at = instant{fixtures.DefaultAt}
	flags.Uint64Var(&f.seed, "seed", 1, "`number` that says which world it is; not 0")
	flags.IntVar(&f.tickets, "tickets", fixtures.DefaultTickets, fmt.Sprintf("`number` of InboxOps tickets that world has, from %d to %d", fixtures.MinTickets, fixtures.MaxTickets))
	flags.Var(&f.at, "at", "instant at which the world was made")
	flags.StringSliceVar(&f.statuses, "status", nil, "`category` of tickets to print: open, in_progress, waiting, resolved, closed; may be repeated")
	flags.StringVar(&f.priority, "priority", "", "`level` of tickets to print: low, normal, high, urgent")
	flags.StringVar(&f.inbox, "inbox", "", "`inbox` of tickets to print")
	flags.StringVar(&f.assignee, "assignee", "", "`agent` whose tickets to print")
	flags.StringSliceVar(&f.tags, "tag", nil, "`tag` of tickets to print; may be repeated, all of them then")
	flags.StringVar(&f.query, "query", "", "`words` to search for, as the list does")
	flags.StringArrayVar(&f.fields, "custom-field", nil, "`KEY=VALUE` of a custom field of tickets to print; may be repeated")
	for _, name := range bounds {
		flags.String(name, "", "`instant` as the list takes it")
	}
	flags.StringVar(&f.sort, "sort", "", "`order` in which the first are counted: created_at, updated_at, priority")
	flags.StringVar(&f.order, "order", "", "`direction` of it: asc, desc")
	flags.IntVar(&f.limit, "limit", 0, "largest `number` of tickets to print; 0 is all of them")
	flags.StringSliceVar(&f.projects, "project", nil, "`name` of an AppHandoff project to print; may be repeated")
	return c
}

// bounds are the flags for time bounds, named as the parameters of the list
// are.
var bounds = []string{"created-after", "created-before", "updated-after", "updated-before"}

// dataFlags are the flags of data.
type dataFlags struct {
	seed                                          uint64
	tickets, limit                                int
	at                                            instant
	statuses, tags, fields, projects              []string
	priority, inbox, assignee, query, sort, order string
}

// print prints what the flags select.
func (f *dataFlags) print(c *cobra.Command, t Terminal) error {
	if f.seed == 0 {
		return noSeed()
	}
	if f.limit < 0 {
		return usage("--limit 10", "--limit %d is no number of tickets", f.limit)
	}
	server, err := mockserver.New(mockserver.Config{
		Seed: f.seed, Tickets: f.tickets, Empty: f.tickets == 0, At: f.at.Time, Progress: progress(t, "making tickets", f.tickets, ""),
	})
	if err != nil {
		return usage("mockdesk data --help", "%w", err)
	}
	data := server.Workspace("").Store.World().Data
	query, err := f.filters(&data.InboxOps, c)
	if err != nil {
		return err
	}
	tickets, projects := []int(nil), data.AppHandoff.Projects
	filtered := len(query) > 0 || f.limit > 0
	switch {
	case filtered:
		if tickets, err = f.find(c.Context(), server, query); err != nil {
			return err
		}
	case len(f.projects) == 0:
		tickets = make([]int, len(data.InboxOps.Tickets))
		for i := range tickets {
			tickets[i] = i
		}
	}
	if filtered || len(f.projects) > 0 {
		if projects, err = f.chosen(projects); err != nil {
			return err
		}
	}
	state, err := casefile.OwnState(data, tickets, projects)
	if err != nil {
		return err
	}
	return unwritten("the world", casefile.Write(t.Stdout, state))
}

// chosen returns the projects of --project.
func (f *dataFlags) chosen(all []fixtures.Project) ([]fixtures.Project, error) {
	var names []string
	for i := range all {
		names = append(names, all[i].Name)
	}
	var chosen []fixtures.Project
	for _, name := range f.projects {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, usage(fmt.Sprintf("--project %q", cmp.Or(suggest.Word(name, names), names[0])), "there is no project %q in this world", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// filters returns the query of the list that the flags mean.
func (f *dataFlags) filters(desk *fixtures.InboxOps, c *cobra.Command) (url.Values, error) {
	query := url.Values{}
	set := func(name, value string) {
		if value != "" {
			query.Add(name, value)
		}
	}
	set("status", strings.Join(f.statuses, ","))
	set("priority", f.priority)
	set("query", f.query)
	set("sort", f.sort)
	set("order", f.order)
	for _, name := range bounds {
		set(strings.ReplaceAll(name, "-", "_"), c.Flag(name).Value.String())
	}
	var inboxes, agents, tags []called
	for _, x := range desk.Inboxes {
		inboxes = append(inboxes, called{x.ID, []string{x.Name, x.Address}})
	}
	for _, x := range desk.Agents {
		agents = append(agents, called{x.ID, []string{x.Name, x.Email}})
	}
	for _, x := range desk.Tags {
		tags = append(tags, called{x.ID, []string{x.Name}})
	}
	if f.assignee == "nobody" {
		set("assignee_id", "__unassigned__")
	} else if err := find(query, "assignee_id", "agent", f.assignee, agents); err != nil {
		return nil, err
	}
	if err := find(query, "inbox_id", "inbox", f.inbox, inboxes); err != nil {
		return nil, err
	}
	for _, tag := range f.tags {
		if err := find(query, "tag_ids", "tag", tag, tags); err != nil {
			return nil, err
		}
	}
	if ids := query["tag_ids"]; len(ids) > 1 {
		query["tag_ids"] = []string{strings.Join(ids, ",")}
	}
	for _, field := range f.fields {
		key, value, ok := strings.Cut(field, "=")
		if !ok {
			return nil, usage("--custom-field plan=Enterprise", "--custom-field %q has no =", field)
		}
		set("custom_field_"+key, optionID(desk, key, value))
	}
	return query, nil
}

// called is the id of a thing and the names it goes by.
type called struct {
	id    fixtures.ID
	names []string
}

// find adds to a query the id of the thing that goes by a name.
func find(query url.Values, parameter, kind, name string, all []called) error {
	if name == "" {
		return nil
	}
	var known []string
	for _, x := range all {
		if slices.ContainsFunc(append(x.names, x.id.String()), func(other string) bool { return strings.EqualFold(other, name) }) {
			query.Add(parameter, x.id.String())
			return nil
		}
		known = append(known, x.names...)
	}
	return usage(suggest.Hint(name, known, strings.Join(known, ", ")), "there is no %s %q in this world", kind, name)
}

// optionID returns the id of an option by its label; any other value stays.
func optionID(desk *fixtures.InboxOps, key, value string) string {
	for _, def := range desk.CustomFields {
		for _, option := range def.Options {
			if def.Key == key && option.Label == value {
				return option.ID.String()
			}
		}
	}
	return value
}

// meantValue is the hint when the list refuses one of the filters: the value
// that was meant, where the contract lists the values.
func meantValue(query url.Values) string {
	const otherwise = "mockdesk data --help describes the filters"
	contract, err := openapi.Load(openapi.InboxOps)
	if err != nil {
		return otherwise
	}
	list, _ := contract.Operation("listTickets") // the contract has it
	for _, p := range list.Parameters {
		for value := range strings.SplitSeq(query.Get(p.Name), ",") {
			if len(p.Enum) == 0 || value == "" || slices.Contains(p.Enum, value) {
				continue
			}
			if meant := suggest.Word(value, p.Enum); meant != "" {
				return "--" + p.Name + " " + strings.Replace(query.Get(p.Name), value, meant, 1)
			}
		}
	}
	return otherwise
}

// find returns the indexes of the tickets that the list finds, in ascending order.
func (f *dataFlags) find(ctx context.Context, server *mockserver.Server, query url.Values) ([]int, error) {
	client := http.Client{Transport: target.Handler(server)}
	found := []int{}
	query.Set("per_page", "100")
	for page := 1; ; page++ {
		query.Set("page", strconv.Itoa(page))
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, embedded+"/api/v1/tickets?"+query.Encode(), http.NoBody)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Authorization", "Bearer "+server.Workspace("").Key(auth.InboxOps, auth.ReadWrite).Secret)
		a, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		var list struct {
			Detail string
			Data   []struct {
				Number int `json:"ticket_number"`
			}
		}
		err = json.NewDecoder(a.Body).Decode(&list)
		_ = a.Body.Close()
		if err != nil {
			return nil, err
		}
		if a.StatusCode != http.StatusOK {
			return nil, usage(meantValue(query), "the list refuses this: %s", list.Detail)
		}
		for _, row := range list.Data {
			if found = append(found, row.Number-fixtures.FirstNumber); len(found) == f.limit {
				break
			}
		}
		if len(list.Data) < 100 || len(found) == f.limit {
			slices.Sort(found)
			return found, nil
		}
	}
}
