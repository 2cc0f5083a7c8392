package web

// Patterns are the patterns of all routes, for tests that have to cover each of them.
func (s *Site) Patterns() []string {
	var out []string
	for _, r := range s.routes() {
		out = append(out, r.pattern)
	}
	return out
}

// Unruled are the patterns of routes that no rule speaks of.
func (s *Site) Unruled() []string {
	var out []string
	for _, r := range s.routes() {
		if r.rule.reach == unsaid || r.rule.reach == chosen && (r.rule.kind == "" || r.rule.action == "") {
			out = append(out, r.pattern)
		}
	}
	return out
}
