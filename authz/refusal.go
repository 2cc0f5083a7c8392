package authz

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many refusals of one person, with his agents, are written to the audit log: at once, and how often after that.
const (
	refusalsAtOnce = 600
	refusalEvery   = 10 * time.Second
	maxRefused     = 10_000 // people who are remembered; beyond that all begin anew
)

// refusals count what was refused lately, by the id of the person.
type refusals struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

// Noted tells whether a refusal of the principal in ctx is still to be an entry of the log. Whoever tries without end must
// not fill the log, which nothing is ever taken out of: what is beyond the measure is in the log of the program alone.
func (p *Policy) Noted(ctx context.Context, now time.Time) bool {
	if p == nil {
		return true
	}
	who := From(ctx)
	id := who.ID
	if who.Type == Agent && who.Owner != nil {
		id = who.Owner.ID // he may have any number of agents
	}
	if p.refused.allow(id, now) {
		return true
	}
	slog.WarnContext(ctx, "too many refusals to write them all into the audit log", "principal", id)
	return false
}

func (r *refusals) allow(id string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.of[id]
	if !ok {
		if r.of == nil || len(r.of) >= maxRefused {
			r.of = map[string]*rate.Limiter{}
		}
		l = rate.NewLimiter(rate.Every(refusalEvery), refusalsAtOnce)
		r.of[id] = l
	}
	return l.AllowN(now, 1)
}
