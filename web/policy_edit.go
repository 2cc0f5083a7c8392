package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/policy"
)

// newRules is how many rules the form adds at once.
const newRules = 3

// policyChange is what the form of the rules says: which edit of the rules it is about, what goes and what comes.
type policyChange struct {
	edits int
	drop  []authz.Rule
	add   []authz.Rule
	empty []authz.Rule // half chosen ones, to be shown again
}

// editPolicy answers the form that changes the rules.
func (s *Site) editPolicy(w http.ResponseWriter, r *http.Request) error {
	return s.showPolicyForm(w, r, http.StatusOK, policyChange{}, view.Edit{})
}

// changePolicy takes the form of the rules: first to say what would change, then to save.
func (s *Site) changePolicy(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	c, err := readPolicyChange(r.PostForm)
	if err != nil {
		return s.policyAgain(w, r, c, err)
	}
	rules, edits := s.Policy.Rules()
	if c.edits != edits {
		return s.policyAgain(w, r, c, errs.E(errs.Conflict, ""))
	}
	after := c.apply(rules)
	switch r.PostForm.Get("do") {
	case "back":
		return s.showPolicyForm(w, r, http.StatusOK, c, view.Edit{})
	case "save":
		proposed, err := s.instead(w, r, marketplace.RulesAct{Edits: c.edits, Drop: c.drop, Add: c.add}, link.Policy())
		if err != nil || proposed {
			return s.orAgain(w, r, c, err)
		}
		if err := s.rights().SetRules(r.Context(), c.edits, after); err != nil {
			return s.policyAgain(w, r, c, err)
		}
		return saved(w, r, link.Policy())
	}
	if slices.Equal(rules, after) {
		return s.showPolicyForm(w, r, http.StatusUnprocessableEntity, c, view.Edit{Refused: "Nothing is chosen: tick a rule that is to go, or choose one that is to come."})
	}
	if err := authz.CheckRules(after); err != nil {
		return s.policyAgain(w, r, c, err)
	}
	return s.previewPolicy(w, r, c, rules, after)
}

// apply makes the rules that the change asks for.
func (c policyChange) apply(rules []authz.Rule) []authz.Rule {
	after := slices.DeleteFunc(slices.Clone(rules), func(r authz.Rule) bool { return slices.Contains(c.drop, r) })
	for _, r := range c.add {
		if !slices.Contains(after, r) {
			after = append(after, r)
		}
	}
	return after
}

// orAgain shows the form again if there is an error.
func (s *Site) orAgain(w http.ResponseWriter, r *http.Request, c policyChange, err error) error {
	if err == nil {
		return nil
	}
	return s.policyAgain(w, r, c, err)
}

// policyAgain shows the form again with why it was not done.
func (s *Site) policyAgain(w http.ResponseWriter, r *http.Request, c policyChange, err error) error {
	if errs.Is(err, errs.Conflict) {
		return s.showPolicyForm(w, r, http.StatusConflict, c, view.Edit{Conflict: true})
	}
	if !errs.Is(err, errs.Invalid) {
		return err
	}
	return s.showPolicyForm(w, r, http.StatusUnprocessableEntity, c, view.Edit{Refused: policyFault(err)})
}

// policyFault says what is wrong with rules, without the places that they have in the list.
func policyFault(err error) string {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return errs.Shown(err)
	}
	var out []string
	for _, f := range e.Fields {
		subject := "These rules "
		if strings.HasPrefix(f.Name, "rules[") {
			subject = "A rule "
		}
		out = append(out, subject+f.Message)
	}
	return strings.Join(slices.Compact(out), " ")
}

// lineOf is a rule as forms name it; ruleOfLine reads it back.
func lineOf(r authz.Rule) string {
	return strings.Join([]string{r.Role, r.Domain, string(r.Kind), string(r.Action), strconv.FormatBool(r.Deny)}, "|")
}

func ruleOfLine(line string) (authz.Rule, error) {
	parts := strings.Split(line, "|")
	if len(parts) != 5 {
		return authz.Rule{}, errs.Bad("rules", "can't be read. Open the form again.")
	}
	deny, err := strconv.ParseBool(parts[4])
	if err != nil {
		return authz.Rule{}, errs.Bad("rules", "can't be read. Open the form again.")
	}
	return authz.Rule{Role: parts[0], Domain: parts[1], Kind: authz.Kind(parts[2]), Action: authz.Action(parts[3]), Deny: deny}, nil
}

// readPolicyChange reads the form, or what the preview sent along of it.
func readPolicyChange(values url.Values) (policyChange, error) {
	var c policyChange
	var err error
	if c.edits, err = strconv.Atoi(values.Get("edits")); err != nil {
		return c, errs.Bad("edits", "is not a number. Open the form again.")
	}
	for _, line := range values["drop"] {
		r, err := ruleOfLine(line)
		if err != nil {
			return c, err
		}
		c.drop = append(c.drop, r)
	}
	for _, line := range values["add"] {
		r, err := ruleOfLine(line)
		if err != nil {
			return c, err
		}
		c.add = append(c.add, r)
	}
	return c, c.readNew(values)
}

// readNew reads the rules that are chosen field by field. One without a role is not meant; one that lacks something else is wrong.
func (c *policyChange) readNew(values url.Values) error {
	var bad bool
	for i := range newRules {
		at := strconv.Itoa(i)
		r := authz.Rule{Role: values.Get("role" + at), Domain: values.Get("domain" + at), Kind: authz.Kind(values.Get("kind" + at)),
			Action: authz.Action(values.Get("action" + at)), Deny: values.Get("effect"+at) == "deny"}
		switch {
		case r.Role == "":
		case r.Kind == "" || r.Action == "" || r.Domain == "":
			c.empty = append(c.empty, r)
			bad = true
		default:
			c.add = append(c.add, r)
		}
	}
	if bad {
		return errs.Bad("rules", "have to say what is done with what, and where.")
	}
	return nil
}

// showPolicyForm shows the rules as they are, with the change as it was chosen.
func (s *Site) showPolicyForm(w http.ResponseWriter, r *http.Request, status int, c policyChange, p view.Edit) error {
	roles, err := s.roles(r.Context())
	if err != nil {
		return err
	}
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	rules, edits := s.Policy.Rules()
	p.Edits = strconv.Itoa(edits)
	for _, role := range policyRoles(roles) {
		if g := ruleGroup(rules, role, c.drop, all); len(g.Rules) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	p.Roles = append([]form.Option{{Label: "Choose a role"}}, allRoleOptions(roles)...)
	p.Kinds = append([]form.Option{{Label: "Choose"}}, kindOptions(true)...)
	p.Actions = append([]form.Option{{Label: "Choose"}}, actionOptions(true)...)
	p.Domains = all.options("Everywhere")
	p.New = newRuleRows(c)
	return s.show(w, r, status, view.EditPage(s.shell(r), p))
}

func allRoleOptions(roles roleNames) []form.Option {
	var out []form.Option
	for _, r := range roles {
		out = append(out, form.Option{Value: r.Name, Label: r.Title})
	}
	return out
}

func ruleGroup(rules []authz.Rule, role view.Role, drop []authz.Rule, all places) view.Group {
	g := view.Group{Role: role}
	for _, r := range rules {
		if r.Role == role.Name {
			g.Rules = append(g.Rules, view.Rule{Line: lineOf(r), Text: ruleText(r, all), Deny: r.Deny, Off: slices.Contains(drop, r)})
		}
	}
	return g
}

// newRuleRows are the rows of the form for rules that come: those chosen before, and empty ones.
func newRuleRows(c policyChange) []view.NewRule {
	var out []view.NewRule
	for _, r := range slices.Concat(c.add, c.empty) {
		row := view.NewRule{Role: r.Role, Kind: string(r.Kind), Action: string(r.Action), Domain: r.Domain, Effect: "allow"}
		if r.Deny {
			row.Effect = "deny"
		}
		if r.Kind == "" || r.Action == "" || r.Domain == "" {
			row.Wrong = "Choose all of it, or no role."
		}
		out = append(out, row)
	}
	for len(out) < newRules {
		out = append(out, view.NewRule{Domain: authz.Everywhere})
	}
	return out[:newRules]
}
