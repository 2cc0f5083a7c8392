package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/jobs"
)

// maxDigest is how many notifications a digest tells of; the page has the others.
const maxDigest = 50

// digests makes the digests that are due, one a day for whoever wants one.
func (s *Service) digests(ctx context.Context) error {
	due := s.digestDue()
	after := ""
	for {
		page, err := s.Store.List(ctx, graph.Query{Kind: settingType.Kind, Limit: graph.MaxPage, After: after,
			Where: []graph.Filter{{Prop: "mail", Values: []any{string(MailDigest)}}}})
		if err != nil {
			return err
		}
		settings, err := settingType.ReadAll(page.Nodes)
		if err != nil {
			return broken(err)
		}
		for _, set := range settings {
			if !set.Digested.Before(due) && !set.Digested.After(s.now().Add(24*time.Hour)) {
				continue
			}
			if err := s.digest(ctx, set, due); err != nil && !errs.Is(err, errs.Conflict) {
				return err // a conflict is the person changing his settings just now: the next run sees them
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// digestWait is how long after its hour a digest is made: servers whose clocks differ by less have written all of its day.
const digestWait = 5 * time.Minute

// digestDue is up to when notifications belong into the last digests that there should be.
func (s *Service) digestDue() time.Time {
	now := s.now().UTC().Add(-digestWait)
	due := time.Date(now.Year(), now.Month(), now.Day(), s.DigestHour, 0, 0, 0, time.UTC)
	if due.After(now) {
		due = due.AddDate(0, 0, -1)
	}
	return due
}

// digest writes one person's digest of what came up to due and is unread, and that he has it, in one transaction.
func (s *Service) digest(ctx context.Context, set setting, due time.Time) error {
	u, ok, err := s.reachable(ctx, set.Person)
	if err != nil {
		return err
	}
	since := set.Digested
	if oldest := due.Add(-sendAge); since.Before(oldest) || since.After(due) {
		since = oldest
	}
	var notes []string
	if ok && u.Email != "" {
		if notes, err = s.undigested(ctx, set, since, due); err != nil {
			return err
		}
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := jobs.Fence(ctx, tx); err != nil {
			return err
		}
		set.Digested = due
		writes := []graph.NodeWrite{settingType.Write(set.ID, graph.IfVersion, set)}
		if len(notes) > 0 {
			id := deliveryID(doorMail, "digest "+string(set.Person)+" "+due.Format(time.RFC3339))
			writes = append(writes, deliveryType.Write(id, graph.Ensure, delivery{
				Door: doorMail, State: waiting, Person: set.Person, Notices: notes, Digest: true, Next: due, Since: due, At: due,
			}))
		}
		_, err := tx.Put(ctx, writes...)
		return err
	})
}

// undigested are the unread notifications, written down in a time, that weren't mailed by themselves, oldest first.
func (s *Service) undigested(ctx context.Context, set setting, since, until time.Time) ([]string, error) {
	page, err := s.Store.List(ctx, graph.Query{Kind: notificationType.Kind, Sort: "kept", Limit: graph.MaxPage, Where: []graph.Filter{
		{Prop: "person", Values: []any{string(set.Person)}}, {Prop: "read", Op: graph.Missing},
		{Prop: "kept", Op: graph.More, Values: []any{since}}, {Prop: "kept", Op: graph.Less, Values: []any{until}},
	}})
	if err != nil {
		return nil, err
	}
	notes, err := notificationType.ReadAll(page.Nodes)
	if err != nil {
		return nil, broken(err)
	}
	var out []string
	for _, n := range notes {
		if !n.Urgent && !slices.Contains(set.Muted, string(n.Kind)) && len(out) < maxDigest {
			out = append(out, string(n.ID))
		}
	}
	return out, nil
}

func digestSubject(n int, at time.Time) string {
	day := at.Format("2 January 2006")
	if n == 1 {
		return "1 notification up to " + day
	}
	return fmt.Sprintf("%d notifications up to %s", n, day)
}
