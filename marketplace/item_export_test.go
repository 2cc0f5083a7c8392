package marketplace

import (
	"context"
	"time"

	"weir/graph"
	"weir/marketplace/template"
)

// NextItem is the state that an action leads an item to if guard holds; ok is false if the table has no such line.
func NextItem(from ItemState, action ItemAction, guard string) (to ItemState, ok bool) {
	to, err := next(Items, from, action, guard)
	return to, err == nil
}

// PutTemplate lets a template say something from now on, as if it had been proposed and confirmed.
func PutTemplate(ctx context.Context, s graph.Store, name string, body template.Body, now time.Time) error {
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		before, _, err := get(ctx, tx, templateType, TemplateID(name))
		if err != nil {
			return err
		}
		t, v := starter(template.Starter{Key: name, Body: body}, true, graph.Time(now))
		n := before.Latest + 1
		t.Current, t.Latest, v.Number, v.ID = n, n, n, versionID(t.ID, n)
		if _, err := put(ctx, tx, templateType, t.ID, graph.Upsert, t); err != nil {
			return err
		}
		_, err = put(ctx, tx, versionType, v.ID, graph.Create, v)
		return err
	})
}

// Steps are the steps of an item as they are kept, and who was in its circle when it was sent.
func (s *Service) Steps(ctx context.Context, id graph.ID) (Item, []Step, []graph.ID, error) {
	i, _, err := get(ctx, s.store, itemType, id)
	if err != nil {
		return i, nil, nil, err
	}
	var body itemBody
	err = unpack(i.Body, &body)
	return i, body.Steps, body.Circle, err
}

// TurnsOf are the places that an item has on lists.
func (s *Service) TurnsOf(ctx context.Context, item graph.ID) ([]Turn, error) {
	page, err := list(ctx, s.store, turnType, graph.Query{Where: []graph.Filter{where("item", string(item))}, Sort: "due", Limit: graph.MaxPage})
	return page.Items, err
}

// DecisionsOf are the decisions about an item, the first one first.
func (s *Service) DecisionsOf(ctx context.Context, item graph.ID) ([]Decision, error) {
	return decisionsOf(ctx, s.store, item)
}

// Audiences are the keys under which work for an assignee key is put on lists.
func Audiences(key string) []string { return audiences(key) }

// CopyItem writes an open item many times, each with its places on lists.
func (s *Service) CopyItem(ctx context.Context, id graph.ID, many int) error {
	i, ok, err := get(ctx, s.store, itemType, id)
	if err != nil || !ok {
		return err
	}
	turns, err := s.TurnsOf(ctx, id)
	if err != nil {
		return err
	}
	for begin := 0; begin < many; begin += 1000 {
		err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			var ws []graph.NodeWrite
			for n := begin; n < min(begin+1000, many); n++ {
				i.ID, i.Due = randomID("itm"), i.Due.Add(time.Second)
				ws = append(ws, itemType.Write(i.ID, graph.Create, i))
				for _, t := range turns {
					t.Item, t.Due, t.Since = i.ID, i.Due, i.Due
					ws = append(ws, turnType.Write(turnID(i.ID, t.Step, t.Audience), graph.Create, t))
				}
			}
			_, err := tx.Put(ctx, ws...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
