package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Outcome is how a test of a webhook went.
type Outcome struct {
	OK  bool
	Why string // of a failure, in a sentence
}

// TestWebhook sends a test message to a webhook at once, and tells how that went; it is sent once.
// Errors: Unauthenticated, Forbidden, NotFound.
func (s *Service) TestWebhook(ctx context.Context, id graph.ID) (Outcome, error) {
	const action = "notify.webhook-test"
	if err := s.manage(ctx, action, id); err != nil {
		return Outcome{}, err
	}
	var h hook
	err := s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		var err error
		if h, err = hookAt(ctx, tx, id); err != nil {
			return err
		}
		return s.record(ctx, tx, action, id, nil)
	})
	if err != nil {
		return Outcome{}, err
	}
	body, err := json.Marshal(event{Type: "test", Timestamp: s.now(), Data: told{
		Title: "A test of this webhook", Text: "Somebody tries whether messages arrive here. Nothing is to be done.", URL: s.Site + "/",
	}})
	if err != nil {
		return Outcome{}, errs.Wrap(err, errs.Internal, "The test can't be written.")
	}
	err = s.call(ctx, h, graph.ID("tst_"+strings.ToLower(rand.Text())), body)
	var t *trouble
	if errors.As(err, &t) {
		return Outcome{Why: t.why}, nil
	}
	return Outcome{OK: err == nil}, err
}

// State is how a delivery stands.
type State string

// The states of deliveries.
const (
	Waiting State = State(waiting)
	Sending State = State(sending)
	Sent    State = State(sent)
	Failed  State = State(failed)
	Unknown State = State(unknown) // perhaps sent; it must not come twice, so it isn't tried again
)

// Delivery is something that is, was or could not be sent outside.
type Delivery struct {
	ID       graph.ID
	Door     string   // "mail" or "webhook"
	Person   graph.ID // of a mail
	Webhook  graph.ID // of a webhook
	Kind     Kind     // "": a digest
	Digest   bool
	State    State
	Attempts int
	Next     time.Time // while it waits: when it is tried
	Why      string    // of the last failure, in a sentence
	At       time.Time // when what it tells of happened
	Done     time.Time // when it came to its end; zero: not yet
}

// Deliveries is a page of what is sent outside, the newest first; of one state, or of all with "".
// Errors: Unauthenticated, Forbidden, Invalid.
func (s *Service) Deliveries(ctx context.Context, state State, after string, limit int) (Page[Delivery], error) {
	if err := s.Policy.Require(ctx, authz.System, authz.Everywhere, authz.View); err != nil {
		return Page[Delivery]{}, err
	}
	q := graph.Query{Kind: deliveryType.Kind, Sort: "at", Desc: true, After: after, Limit: limit}
	if state != "" {
		q.Where = []graph.Filter{{Prop: "state", Values: []any{string(state)}}}
	}
	page, err := s.Store.List(ctx, q)
	if err != nil {
		return Page[Delivery]{}, err
	}
	nodes, err := deliveryType.ReadAll(page.Nodes)
	if err != nil {
		return Page[Delivery]{}, broken(err)
	}
	out := Page[Delivery]{Next: page.Next}
	for _, d := range nodes {
		out.Items = append(out.Items, Delivery{
			ID: d.ID, Door: d.Door, Person: d.Person, Webhook: d.Hook, Kind: d.Kind, Digest: d.Digest, State: State(d.State),
			Attempts: d.Attempts, Next: d.Next, Why: d.Error, At: d.At, Done: d.Done,
		})
	}
	return out, nil
}

// Retry tries a delivery again that has failed, or that was perhaps sent: then whoever asks for it accepts that it may come
// twice. Errors: Unauthenticated, Forbidden, NotFound, Conflict if it is neither.
func (s *Service) Retry(ctx context.Context, id graph.ID) error {
	const action = "notify.retry"
	if err := s.manage(ctx, action, id); err != nil {
		return err
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		n, err := graph.One(ctx, tx, id)
		if errs.Is(err, errs.NotFound) || err == nil && n.Kind != deliveryType.Kind {
			return errs.E(errs.NotFound, "There is no such delivery.")
		}
		if err != nil {
			return err
		}
		d, err := deliveryType.Read(n)
		if err != nil {
			return broken(err)
		}
		if d.State != failed && d.State != unknown {
			return errs.E(errs.Conflict, "It is sent already, or will be.")
		}
		changes := changed(nil, id, "state", string(d.State), string(waiting))
		d.State, d.Attempts, d.Next, d.Since, d.Done = waiting, 0, s.now(), s.now(), time.Time{}
		if _, err := tx.Put(ctx, deliveryType.Write(id, graph.IfVersion, d)); err != nil {
			return err
		}
		return s.record(ctx, tx, action, id, changes)
	})
}
