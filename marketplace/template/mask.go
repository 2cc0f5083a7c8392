package template

import "slices"

// stricter is the stricter of two maskings; "" is none.
func stricter(a, b string) string {
	if slices.Index(Maskings, b) > slices.Index(Maskings, a) {
		return b
	}
	return a
}

// demanded is the masking that the version demands for a class; "" if none. Masked access masks what the case carries
// whether a template thought of it or not.
func (r *rule) demanded(c *Case, carried []string, class string) string {
	m := r.Body.Masking[class]
	if m == "" && c.Access == Masked && slices.Contains(carried, class) {
		return Hash
	}
	return m
}

// carriedClasses are all classes that the case is known or thought to carry.
func (c *Case) carriedClasses() []string {
	out := slices.Clone(c.Classes)
	for i := range c.Columns {
		out = append(append(out, c.Columns[i].Declared...), c.Columns[i].Inherited...)
	}
	return set(out)
}

// masking is the strictest masking for each class that a template speaks of or that the case carries.
func masking(rules []rule, c *Case, carried []string) map[string]string {
	if c.Access == Metadata {
		return nil
	}
	out := map[string]string{}
	for i := range rules {
		for class, m := range rules[i].Body.Masking {
			out[class] = stricter(out[class], m)
		}
		for _, class := range carried {
			if m := rules[i].demanded(c, carried, class); m != "" {
				out[class] = stricter(out[class], m)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
