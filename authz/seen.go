package authz

import (
	"strings"
	"sync"

	"weir/graph"
)

// maxSeen is how many answers a ruleset remembers; beyond that it forgets all and begins again.
const maxSeen = 10_000

// seen remembers what principals with the same rights may see: a page asks dozens of times, and each answer asks the rules
// twice for every domain in which a role is held. It belongs to one state of the rules, so that no answer outlives them.
type seen struct {
	mu sync.Mutex
	by map[string]*graph.Visible
}

// of is what a principal may see under a ruleset. Nobody may change it.
func (c *seen) of(s *ruleset, who Principal) *graph.Visible {
	key := who.rights()
	c.mu.Lock()
	v, ok := c.by[key]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = s.visible(who)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil || len(c.by) >= maxSeen {
		c.by = map[string]*graph.Visible{}
	}
	c.by[key] = v
	return v
}

// rights is all that decisions about a principal depend on, but for the rules: two with the same rights may do the same.
func (p Principal) rights() string {
	var b strings.Builder
	part := func(s string) { b.WriteString(s); b.WriteByte(0) }
	held := func(roles []Held) {
		for _, h := range roles {
			part(h.Role)
			part(h.Domain)
		}
		part("\n")
	}
	part(string(p.Type))
	held(p.Roles)
	if p.Token != "" {
		part("token")
		for _, scope := range p.Scopes {
			part(scope)
		}
	}
	part("\n")
	if p.Owner != nil {
		part("of " + string(p.Owner.Type))
		held(p.Owner.Roles)
	}
	return b.String()
}
