package template

import "slices"

// consider finds whether the version's own conditions of pre-approval hold.
func (r *rule) consider(c *Case) {
	p := r.Body.PreApproved
	r.base = c.Access == Metadata || p != nil && p.holds(c)
	r.bare = c.Access != Metadata && p != nil && p.NoUnmasked && len(c.coarse()) > 0
}

// holds tells whether the condition holds, apart from what the columns carry.
func (p *Condition) holds(c *Case) bool {
	return narrowed(p.Access, c.Access) && narrowed(p.Purposes, c.Purpose) && narrowed(p.Kinds, c.Beneficiary) &&
		(p.MaxDays == 0 || c.Days <= p.MaxDays) && (len(p.Roles) == 0 || overlap(p.Roles, c.Roles))
}

// free tells whether the version grants column i at once. Only its own masking counts: what others demand must not
// make it laxer.
func (r *rule) free(c *Case, i int) bool {
	if !r.base || r.bare {
		return false
	}
	if c.Access == Metadata || c.Access == Masked || !r.Body.PreApproved.NoUnmasked {
		return true
	}
	for _, class := range c.Columns[i].sensitive() {
		if r.Body.Masking[class] == "" {
			return false
		}
	}
	return true
}

// waits tells whether the version wants a decision on anything that is asked for.
func (r *rule) waits(c *Case) bool {
	if !r.base || r.bare {
		return true
	}
	for i := range c.Columns {
		if r.bears(i) && !r.free(c, i) {
			return true
		}
	}
	return false
}

func overlap[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}
