package template

import "slices"

func onlyDuration(refusals []Refusal) bool {
	return !slices.ContainsFunc(refusals, func(f Refusal) bool { return f.Field != "duration" })
}

// covers tells whether each step of b is in a, at least as strict.
func covers(a, b []NeededStep) bool {
	for _, s := range b {
		i := slices.IndexFunc(a, func(n NeededStep) bool { return n.By == s.By && n.Team == s.Team && n.Role == s.Role })
		if i < 0 || strict(a[i].Step) < strict(s.Step) {
			return false
		}
	}
	return true
}

// masks tells whether each column of a is masked at least as strictly as in b. Both are of one case.
func masks(a, b []ColumnVerdict) bool {
	for i := range b {
		if stricter(a[i].Masking, b[i].Masking) != a[i].Masking {
			return false
		}
	}
	return true
}

// sameFields tells whether two lists of refusals are of the same templates and fields.
func sameFields(a, b []Refusal) bool {
	key := func(f Refusal) string { return string(f.Template) + " " + f.Field }
	keys := func(list []Refusal) []string {
		var out []string
		for _, f := range list {
			out = append(out, key(f))
		}
		return set(out)
	}
	return slices.Equal(keys(a), keys(b))
}
