package lineage

import "weir/views/ui"

// Path is how one column (or one thing) travels, step by step.
type Path struct {
	// Stamp and Name say what travels; both may be empty for a path between two things.
	Stamp ui.Stamp
	Name  ui.Link
	Steps []Step
	// Verdict is how it ends: "Not masked", "Masked at step 1"; Tone is red or green. May be empty.
	Verdict string
	Tone    ui.Tone
}

// Step is one station of a path: a thing, or a job as a pill.
type Step struct {
	Text ui.Link
	// Job draws a pill; Masks the one that masks, from which on the path is green.
	Job    bool
	Masks  bool
	Hidden bool
	// Strong is the thing that the page is about.
	Strong bool
	// Indirect means that the step before only filters, joins or sorts.
	Indirect bool
	// Kind of the transformation in words: "SHA-256"; may be empty.
	How string
	// plain is set for paths that carry nothing sensitive.
	after bool
}

// stations are the steps with what lies behind the masking marked.
func (p Path) stations() []Step {
	steps := make([]Step, len(p.Steps))
	masked := false
	for i, s := range p.Steps {
		s.after = masked
		masked = masked || s.Masks
		steps[i] = s
	}
	return steps
}

// plain says that nothing sensitive travels here, so that the path needs no colour.
func (p Path) plain() bool { return p.Stamp.Class == "" && p.Tone == ui.Grey }

func (s Step) class() string {
	return classes("", named{"after", s.after}, named{"dash", s.Indirect}, named{"strong", s.Strong})
}

func (s Step) icon() string {
	switch {
	case s.Masks:
		return "shield-check"
	case s.Hidden && s.Job:
		return "eye-off"
	case s.Hidden:
		return "lock"
	}
	return "code-xml"
}

// text of a job with how it changes the data.
func (s Step) text() string {
	if s.Hidden && s.Text.Text == "" {
		return "hidden from you"
	}
	if s.How == "" {
		return s.Text.Text
	}
	return s.Text.Text + ", " + s.How
}

func verdictIcon(tone ui.Tone) string {
	if tone == ui.Green {
		return "shield-check"
	}
	return "triangle-alert"
}
