package template

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// The limits of a body. Texts are counted in characters.
const (
	MaxTitle   = 120
	MaxSummary = 300
	MaxText    = 4000
	MaxSteps   = 32
	MaxEntries = 200 // of each list
	MaxDays    = 3650
	MaxNeeded  = 20 // approvals that one step may want
)

// word is what data classes and environments look like: "pii", "gdpr-special", "eu-west.lab".
var word = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// Check returns errs.Invalid with a field for each mistake ("steps[1].n"), and nil for a body that may be kept. It also
// refuses a template that nobody could ever satisfy, such as a step of a team that isn't named.
func Check(b Body) error {
	c := &check{}
	c.texts(b)
	c.scope(b.Applies)
	c.who(b)
	c.allowed(b)
	c.preApproved(b)
	c.steps(b)
	c.masking(b)
	return errs.Fields(c.fields)
}

type check struct{ fields []errs.Field }

func (c *check) bad(bad bool, field, message string, args ...any) {
	if bad {
		c.fields = append(c.fields, errs.Field{Name: field, Message: fmt.Sprintf(message, args...)})
	}
}

func (c *check) texts(b Body) {
	b = b.Clean()
	c.bad(b.Title == "", "title", "Give the policy a title.")
	c.length("title", b.Title, MaxTitle)
	c.length("summary", b.Summary, MaxSummary)
	c.length("text", b.Text, MaxText)
}

func (c *check) length(field, s string, most int) {
	c.bad(utf8.RuneCountInString(s) > most, field, "Use at most %d characters.", most)
	c.bad(!utf8.ValidString(s), field, "Is not valid UTF-8.")
}

func (c *check) scope(s Scope) {
	ids(c, "applies.products", s.Products)
	ids(c, "applies.datasets", s.Datasets)
	ids(c, "applies.domains", s.Domains)
	among(c, "applies.levels", s.Levels, catalog.Classifications)
	words(c, "applies.classes", s.Classes)
	among(c, "applies.forKinds", s.ForKinds, Kinds)
	among(c, "applies.forAccess", s.ForAccess, Accesses)
}

func (c *check) who(b Body) {
	c.roles("who.roles", b.Who.Roles)
	ids(c, "who.teams", b.Who.Teams)
	nobody := !b.Who.People && !b.Who.Services && !b.Who.Agents
	c.bad(nobody, "who.people", "Let people, service accounts or agents ask.")
	never := len(b.Applies.ForKinds) > 0 && !slices.ContainsFunc(b.Applies.ForKinds, b.Who.kind)
	c.bad(!nobody && never, "applies.forKinds", "None of these may ask, so nobody ever could.")
}

func (c *check) allowed(b Body) {
	among(c, "purposes", b.Purposes, purposeKeys())
	among(c, "access", b.Access, Accesses)
	c.bad(len(b.Access) == 0, "access", "Allow at least one kind of access.")
	never := len(b.Applies.ForAccess) > 0 && !overlap(b.Applies.ForAccess, b.Access)
	c.bad(len(b.Access) > 0 && never, "applies.forAccess", "None of these is allowed, so nothing ever could be asked for.")
	words(c, "environments", b.Environments)
	c.days("maxDays", b.MaxDays, 1, MaxDays)
	c.days("renewBeforeDays", b.RenewBeforeDays, 0, MaxDays)
	c.bad(b.RenewBeforeDays > 0 && !b.Renewable, "renewBeforeDays", "A grant that can't be renewed has no such time.")
	c.bad(b.RenewBeforeDays > b.MaxDays, "renewBeforeDays", "Use at most the longest duration.")
}

func (c *check) days(field string, n, least, most int) {
	c.bad(n < least || n > most, field, "Use %d to %d days.", least, most)
}

func (c *check) preApproved(b Body) {
	p := b.PreApproved
	if p == nil {
		return
	}
	among(c, "preApproved.access", p.Access, Accesses)
	among(c, "preApproved.purposes", p.Purposes, purposeKeys())
	among(c, "preApproved.kinds", p.Kinds, Kinds)
	c.roles("preApproved.roles", p.Roles)
	within(c, "preApproved.access", p.Access, b.Access)
	if len(b.Purposes) > 0 {
		within(c, "preApproved.purposes", p.Purposes, b.Purposes)
	}
	for i, k := range p.Kinds {
		c.bad(slices.Contains(Kinds, k) && !b.Who.kind(k), at("preApproved.kinds", i), "These may not ask at all.")
	}
	c.days("preApproved.maxDays", p.MaxDays, 0, MaxDays)
	c.bad(p.MaxDays > b.MaxDays && p.MaxDays <= MaxDays, "preApproved.maxDays", "Use at most the longest duration, %d.", b.MaxDays)
}

func (c *check) masking(b Body) {
	c.bad(len(b.Masking) > MaxEntries, "masking", "Use at most %d entries.", MaxEntries)
	for _, class := range keys(b.Masking) {
		c.bad(!word.MatchString(class), "masking."+class, "Use a data class: small letters, digits, dots and dashes.")
		c.bad(!slices.Contains(Maskings, b.Masking[class]), "masking."+class, "Use one of: %s.", list(Maskings, "or"))
	}
}

func (c *check) roles(field string, roles []string) {
	among(c, field, roles, roleNames())
}

func roleNames() []string {
	out := make([]string, len(authz.Builtin))
	for i, r := range authz.Builtin {
		out[i] = r.Name
	}
	return out
}

func at(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// among wants a list of some known words, not too long.
func among[T ~string](c *check, field string, list []T, known []T) {
	c.bad(len(list) > MaxEntries, field, "Use at most %d entries.", MaxEntries)
	for i, v := range list[:min(len(list), MaxEntries)] {
		c.bad(!slices.Contains(known, v), at(field, i), "Is none of: %s.", spelled(known))
	}
}

func spelled[T ~string](list []T) string {
	out := ""
	for i, v := range list {
		if i > 0 {
			out += ", "
		}
		out += string(v)
	}
	return out
}

// within wants each known word of list to be in a wider list.
func within[T ~string](c *check, field string, list, wider []T) {
	for i, v := range list[:min(len(list), MaxEntries)] {
		c.bad(v != "" && !slices.Contains(wider, v), at(field, i), "The policy does not allow %s at all.", string(v))
	}
}

func ids(c *check, field string, list []graph.ID) {
	c.bad(len(list) > MaxEntries, field, "Use at most %d entries.", MaxEntries)
	for i, id := range list[:min(len(list), MaxEntries)] {
		c.bad(!isID(id), at(field, i), "Is not an id.")
	}
}

func isID(id graph.ID) bool {
	return id != "" && len(id) <= graph.MaxIDLen && utf8.ValidString(string(id))
}

func words(c *check, field string, list []string) {
	c.bad(len(list) > MaxEntries, field, "Use at most %d entries.", MaxEntries)
	for i, v := range list[:min(len(list), MaxEntries)] {
		c.bad(!word.MatchString(v), at(field, i), "Use small letters, digits, dots and dashes.")
	}
}
