package authz

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"weir/audit"
	"weir/graph"
)

// watchEvery is how often a server looks for changes by other servers: an edit of rules, a role taken away or an account
// disabled elsewhere counts here within that time.
const watchEvery = 250 * time.Millisecond

// touches tells whether an entry may change who may do what.
func touches(e audit.Entry) bool {
	for _, area := range []string{"policy.", "role.", "identity."} {
		if strings.HasPrefix(e.Action, area) {
			return true
		}
	}
	return false
}

// Watch follows the log until ctx ends, and reloads the rules and calls changed after each entry that may change who may
// do what. While the log can't be read what was loaded holds, and the failure is logged.
func (p *Policy) Watch(ctx context.Context, s graph.Store, changed func()) {
	at, failing := int64(-1), false
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		next, err := p.look(ctx, s, at, changed)
		if err != nil && ctx.Err() == nil && !failing {
			slog.Error("changes of rules can't be followed; trying again", "error", err)
		}
		at, failing = next, err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// watchBatch is how many entries are read at once.
const watchBatch = 200

// look reads what came after a position; -1 is the end of the log as it is found.
func (p *Policy) look(ctx context.Context, s graph.Store, at int64, changed func()) (int64, error) {
	if at < 0 {
		last, err := audit.Latest(ctx, s, 1)
		if err != nil {
			return at, err
		}
		end := int64(0)
		for _, e := range last {
			end = e.Seq
		}
		if err := p.Reload(ctx, s); err != nil { // what changed between loading and now
			return at, err
		}
		changed()
		return end, nil
	}
	for {
		entries, err := audit.Heads(ctx, s, at, watchBatch)
		if err != nil || len(entries) == 0 {
			return at, err
		}
		hit := false
		for _, e := range entries {
			hit = hit || touches(e)
		}
		if hit {
			if err := p.Reload(ctx, s); err != nil {
				return at, err
			}
			changed()
		}
		at = entries[len(entries)-1].Seq
	}
}
