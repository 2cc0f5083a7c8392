package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/notify"
)

func (q queries) Webhooks(ctx context.Context) ([]*gen.Webhook, error) {
	found, err := q.notify.Webhooks(ctx)
	return all(found, showWebhook), err
}

func showWebhook(h notify.Webhook) *gen.Webhook {
	return &gen.Webhook{
		ID: h.ID, Name: h.Name, Host: h.Host, Format: word[gen.WebhookFormat](h.Format), Kinds: words[gen.NoticeKind](h.Kinds),
		IsOff: h.Disabled, CreatedAt: h.Created,
	}
}

func (q queries) Deliveries(ctx context.Context, state *gen.DeliveryState, first *int, after *string) (*gen.DeliveryConnection, error) {
	w, err := reading("deliveries", first, after, func(after string, limit int) ([]notify.Delivery, string, error) {
		page, err := q.notify.Deliveries(ctx, unwordOr[notify.State](state), after, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return nil, err
	}
	out := &gen.DeliveryConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showDelivery, func(at string, n *gen.Delivery) *gen.DeliveryEdge {
		return &gen.DeliveryEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func showDelivery(d notify.Delivery) *gen.Delivery {
	return &gen.Delivery{
		ID: d.ID, Door: word[gen.DeliveryDoor](d.Door), Person: ref(d.Person), Webhook: ref(d.Webhook), Kind: wordOr[gen.NoticeKind](d.Kind),
		IsDigest: d.Digest, State: word[gen.DeliveryState](d.State), Attempts: d.Attempts, NextAt: when(d.Next), Why: text(d.Why),
		At: d.At, DoneAt: when(d.Done),
	}
}

// AddWebhook answers with the secret, once.
func (m mutations) AddWebhook(ctx context.Context, in gen.AddWebhookInput) (*gen.AddWebhookPayload, error) {
	h, secret, err := m.notify.AddWebhook(ctx, notify.NewWebhook{
		Name: in.Name, URL: in.URL, Format: unword[notify.Format](in.Format), Kinds: unwords[notify.Kind](in.Kinds),
	})
	if err != nil {
		return nil, err
	}
	return &gen.AddWebhookPayload{Webhook: showWebhook(h), Secret: text(secret)}, nil
}

func (m mutations) RemoveWebhook(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.notify.RemoveWebhook(ctx, id)
}

func (m mutations) SwitchWebhook(ctx context.Context, id graph.ID, off bool) (graph.ID, error) {
	return id, m.notify.SwitchWebhook(ctx, id, off)
}

func (m mutations) TestWebhook(ctx context.Context, id graph.ID) (*gen.WebhookTest, error) {
	o, err := m.notify.TestWebhook(ctx, id)
	return shownAfter(o, err, func(o notify.Outcome) *gen.WebhookTest { return &gen.WebhookTest{Ok: o.OK, Why: text(o.Why)} })
}

func (m mutations) RetryDelivery(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.notify.Retry(ctx, id)
}
