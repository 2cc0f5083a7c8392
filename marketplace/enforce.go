package marketplace

import (
	"context"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/identity"
)

// The verbs of commands.
const (
	VerbGrant  = "grant"
	VerbChange = "change"
	VerbRevoke = "revoke"
)

// Enforcer tells a system outside what a grant is to be there. It is called outside of any transaction, and again if the
// answer got lost: Message.ID is the same then. An error means that it has to be tried again.
type Enforcer interface {
	Enforce(ctx context.Context, m Message) error
}

// Message is all that a system outside has to know of a grant. Each one says the whole, so that the one with the highest
// Number is right whatever came before.
type Message struct {
	ID          graph.ID          `json:"id"`   // of the command; the same when it is sent again
	Type        string            `json:"type"` // grant, change, revoke
	Grant       graph.ID          `json:"grant"`
	Number      int64             `json:"number"` // grows with each message about this grant
	At          time.Time         `json:"at"`
	Holder      MessageHolder     `json:"holder"`
	Target      graph.ID          `json:"target"`
	Title       string            `json:"title"`
	Purpose     string            `json:"purpose"`
	Access      string            `json:"access"`
	Environment string            `json:"environment,omitempty"`
	Since       time.Time         `json:"since"`
	Until       time.Time         `json:"until"`
	Masking     map[string]string `json:"masking,omitempty"` // how classes are masked
	Datasets    []MessageDataset  `json:"datasets"`
}

// MessageHolder is who is to be let in, or out. The name is looked up when the message is sent; it is "" for somebody who was
// erased.
type MessageHolder struct {
	ID   graph.ID `json:"id"`
	Kind string   `json:"kind,omitempty"` // person, team, service, agent
	Name string   `json:"name,omitempty"` // login, or name of a team or account
}

// MessageDataset is a dataset, with the paths of the columns that are open; none: all that it has.
type MessageDataset struct {
	ID        graph.ID `json:"id"`
	Namespace string   `json:"namespace"`
	Name      string   `json:"name"`
	Columns   []string `json:"columns,omitempty"`
}

// command writes what is to be told to the system outside, in the transaction that changes the grant. What of this grant
// hasn't been sent yet is dropped: this says it all.
func (s *Service) command(ctx context.Context, tx graph.Tx, g Grant, body GrantBody, verb string) error {
	if !g.outside() {
		return nil
	}
	if err := s.drop(ctx, tx, g.ID); err != nil {
		return err
	}
	m, err := s.message(ctx, tx, g, body, verb)
	if err != nil {
		return err
	}
	packed, err := pack(m)
	if err != nil {
		return err
	}
	c := Command{Grant: g.ID, Number: m.Number, Verb: verb, Channel: s.options.Channel, State: CommandWaiting, Body: packed, At: m.At}
	if c.Channel != Manual {
		c.Next = m.At
	}
	if c, err = put(ctx, tx, commandType, m.ID, graph.Create, c); err != nil || c.Channel != Manual {
		return err
	}
	return s.manualTask(ctx, tx, g, c)
}

// drop ends the commands of a grant that wait or failed, with their tasks. One that is on its way stays: it may have arrived.
func (s *Service) drop(ctx context.Context, tx graph.Tx, grant graph.ID) error {
	commands, err := commandsOf(ctx, tx, grant)
	if err != nil {
		return err
	}
	for _, c := range commands {
		if c.State != CommandWaiting && c.State != CommandFailed {
			continue
		}
		c.State, c.Next, c.Done = CommandDropped, time.Time{}, graph.Time(s.now())
		if _, err := put(ctx, tx, commandType, c.ID, graph.IfVersion, c); err != nil {
			return err
		}
		if err := s.closeTasks(ctx, tx, Task{Kind: TaskEnforce, About: c.ID, Grant: grant}, "No longer needed: the grant was changed again."); err != nil {
			return err
		}
	}
	return nil
}

// commandsOf are the commands of a grant, the oldest first.
func commandsOf(ctx context.Context, r graph.Reader, grant graph.ID) ([]Command, error) {
	return listAll(ctx, r, commandType, graph.Query{Where: []graph.Filter{where("grant", string(grant))}, Sort: "number"})
}

// listAll reads all pages of a list that is known to be short.
func listAll[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], q graph.Query) ([]T, error) {
	q.Limit = graph.MaxPage
	var out []T
	for {
		page, err := list(ctx, r, t, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// message says what a grant is to be outside. The name of the holder is added when it is sent, so that it is kept nowhere else.
func (s *Service) message(ctx context.Context, r graph.Reader, g Grant, body GrantBody, verb string) (Message, error) {
	m := Message{
		ID:   catalog.NewID(commandType.Spec.Prefix, string(g.ID), verb, decimal(int(g.Version))),
		Type: verb, Grant: g.ID, Number: g.Version, At: graph.Time(s.now()), Holder: MessageHolder{ID: g.Holder},
		Target: g.Target, Title: g.Title, Purpose: g.Purpose, Access: g.Access, Environment: g.Environment,
		Since: g.Since, Until: g.Until, Masking: body.Masking, Datasets: []MessageDataset{},
	}
	known, err := getAll(ctx, r, catalog.DatasetType, datasetsOf(body.Parts))
	if err != nil {
		return Message{}, err
	}
	var columns []graph.ID
	for _, p := range body.Parts {
		columns = append(columns, p.Columns...)
	}
	paths, err := getAll(ctx, r, catalog.ColumnType, columns)
	if err != nil {
		return Message{}, err
	}
	for _, p := range body.Parts {
		d := MessageDataset{ID: p.Dataset, Namespace: known[p.Dataset].Namespace, Name: known[p.Dataset].Name}
		for _, c := range p.Columns {
			d.Columns = append(d.Columns, paths[c].Path)
		}
		m.Datasets = append(m.Datasets, d)
	}
	return m, nil
}

// addressed adds the name of the holder, as it is now.
func addressed(ctx context.Context, r graph.Reader, m Message) (Message, error) {
	found, err := identity.Lookup(ctx, r, m.Holder.ID)
	if err != nil {
		return m, err
	}
	who := found[m.Holder.ID]
	m.Holder.Kind, m.Holder.Name = string(who.Type), who.Handle
	if who.Team {
		m.Holder.Kind = "team"
	}
	return m, nil
}
