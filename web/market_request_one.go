package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/request"
	"weir/views/ui"
)

// requestPage answers a request with what became of it. A draft is gone on with.
func (s *Site) requestPage(w http.ResponseWriter, r *http.Request) error {
	return s.showRequest(w, r, http.StatusOK, func(*view.One) {})
}

// showRequest shows the page of a request, with what a form has to add to it.
func (s *Site) showRequest(w http.ResponseWriter, r *http.Request, status int, change func(*view.One)) error {
	v, err := s.Market.Request(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	if v.Draft {
		http.Redirect(w, r, link.GoOn(string(v.ID)), http.StatusSeeOther)
		return nil
	}
	p, err := s.requestView(r, v)
	if err != nil {
		return err
	}
	change(&p)
	shell := s.shell(r)
	if shell.Notice != "" {
		shell.Notice = sentNotice(v)
	}
	return s.show(w, r, status, view.OnePage(shell, p))
}

// sentNotice says what came of what was just done.
func sentNotice(v marketplace.RequestView) string {
	if !slices.ContainsFunc(v.Items, func(i marketplace.ItemView) bool { return i.State != marketplace.Approved }) {
		return "Granted at once."
	}
	return "Saved. Below is who has to act, and by when."
}

func (s *Site) requestView(r *http.Request, v marketplace.RequestView) (view.One, error) {
	me := authz.Actor(r.Context())
	p := view.One{
		ID: string(v.ID), Title: "Request for " + requestTitle(v), Why: v.Why, Facts: s.requestFacts(v),
		Crumbs: []ui.Link{{Text: "Requests", Href: link.Requests()}, {Text: requestTitle(v)}},
		Mine:   string(v.Sender) == me || string(v.Holder) == me,
	}
	waits := false
	for _, i := range v.Items {
		part, err := s.requestPart(r, i)
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, part)
		waits = waits || undecided(i.State)
	}
	if p.Mine && !waits {
		p.Again = link.AskAgain(string(v.ID))
	}
	return p, nil
}

func (s *Site) requestFacts(v marketplace.RequestView) []view.Fact {
	out := []view.Fact{{Name: "Who asks", Text: nameOr(v.SenderName)}}
	if v.Holder != v.Sender {
		out = append(out, view.Fact{Name: "For whom", Text: nameOr(v.HolderName)})
	}
	out = append(out, view.Fact{Name: "Purpose", Text: template.PurposeTitle(v.Purpose)},
		view.Fact{Name: "How", Text: accessTitles[template.Access(v.Access)]}, view.Fact{Name: "How long", Text: ui.Count(v.Days, "day", "days")})
	if v.Environment != "" {
		out = append(out, view.Fact{Name: "Where", Text: v.Environment})
	}
	return append(out, view.Fact{Name: "Sent", Text: stamp(v.Sent)})
}

// requestPart is an item with its way.
func (s *Site) requestPart(r *http.Request, i marketplace.ItemView) (view.Part, error) {
	sender := string(i.Sender) == authz.Actor(r.Context())
	p := view.Part{
		ID: string(i.ID), Version: strconv.FormatInt(i.Version, 10), State: askerState(i.State, sender || i.MayAnswer),
		Lead: s.leadOf(i, sender), Stuck: i.Stuck && undecided(i.State), Changed: strings.TrimSpace(i.Changed + " " + i.Gone), Withdraw: i.MayWithdraw,
		Events: s.requestEvents(i), Answers: i.MayAnswer, Question: i.Question,
	}
	if undecided(i.State) {
		p.Barred = barredOf(i.Steps)
	}
	if i.Asker != "" {
		p.Asker = askerName(i)
	}
	for _, c := range i.Columns {
		if c.Asked {
			col := view.Column{Path: c.Path, Stamps: classStamps(i.Flow, c.ID)}
			p.Columns = append(p.Columns, col)
		}
	}
	if err := s.addGrant(r, i, &p); err != nil {
		return p, err
	}
	var err error
	p.Name, err = s.itemLink(r, i.Item)
	return p, err
}

// addGrant says what became of the grant of an item, to whom it is shown.
func (s *Site) addGrant(r *http.Request, i marketplace.ItemView, p *view.Part) error {
	if i.Grant == "" {
		return nil
	}
	g, err := s.Market.Grant(r.Context(), i.Grant)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Grant = link.Grant(string(i.Grant))
	until := g.Until.UTC().Format("2 Jan 2006")
	switch g.State {
	case marketplace.Active:
		p.Lead += " It lasts until " + until + "."
	case marketplace.Granting:
		p.Lead += " It is being granted, until " + until + ": the system that holds the data has not said yet that it is done."
	case marketplace.Failed:
		p.Lead += " The system that holds the data couldn't grant it. See the grant for who has to act."
	default:
		p.Lead += " The grant has ended."
	}
	p.Lead = strings.TrimSpace(p.Lead)
	if g.MayRenew {
		p.Extend = link.Extend(string(i.Grant))
	}
	return nil
}

// askerName is who put the question that waits.
func askerName(i marketplace.ItemView) string {
	for _, d := range slices.Backward(i.Decisions) {
		if d.By == i.Asker {
			return nameOr(d.ByName)
		}
	}
	return "Somebody who decides"
}

// itemLink leads to what is asked for. Of a product that is hidden or gone its name at that time stays.
func (s *Site) itemLink(r *http.Request, i marketplace.Item) (ui.Link, error) {
	if kindOfID(i.Target) == "ds" {
		return ui.Link{Text: i.Title, Href: link.Dataset(string(i.Target), i.Title)}, nil
	}
	p, _, err := s.Market.Product(r.Context(), i.Target)
	if errs.Is(err, errs.NotFound) {
		return ui.Link{Text: i.Title}, nil
	}
	return ui.Link{Text: i.Title, Href: link.Product(p.Slug)}, err
}

// leadOf says who has to act and by when, or what came of an item.
func (s *Site) leadOf(i marketplace.ItemView, mine bool) string {
	switch i.State {
	case marketplace.Submitted:
		if i.Stuck {
			return ""
		}
		var who []string
		for _, st := range i.Steps {
			if st.Met {
				continue
			}
			for _, p := range st.Parties {
				if !p.Met {
					who = append(who, whoCan(st, p))
				}
			}
			break
		}
		left, _ := s.leftWords(i.Due)
		if len(who) > 1 {
			return strings.Join(few(who, 3), ", and ") + " have to decide" + left + "."
		}
		return orWords(who) + " has to decide" + left + "."
	case marketplace.NeedsInfo:
		if mine || i.MayAnswer {
			return ""
		}
		return nameOr(i.SenderName) + " has to answer a question."
	case marketplace.Approved:
		if len(i.Steps) == 0 && len(i.Policies) > 0 {
			return "It was granted at once because of the policy " + appliedNames(i.Policies) + "."
		}
	}
	return ""
}

func appliedNames(all []marketplace.FactTemplate) string {
	var names []string
	for _, t := range all {
		names = append(names, "“"+t.Name+"”")
	}
	return strings.Join(few(names, 3), ", ")
}

// requestEvents is what happened with an item, and what has to happen yet.
func (s *Site) requestEvents(i marketplace.ItemView) []view.Event {
	out := []view.Event{{Icon: "send", Tone: ui.Water, What: nameOr(i.SenderName) + " asked", When: s.when(i.Sent)}}
	for _, d := range i.Decisions {
		e := s.decisionEvent(d)
		what := e.Who + " " + e.What
		if d.By == graph.ID(authz.Operator.ID) {
			what = "Granted at once"
		}
		if d.Verdict == marketplace.AskBack || d.Verdict == marketplace.Answer {
			e.Link = ui.Link{} // nothing was decided
		}
		out = append(out, view.Event{Icon: e.Icon, Tone: e.Tone, What: what, Said: e.Said, When: e.When, Link: e.Link})
	}
	switch {
	case i.State == marketplace.NeedsInfo:
		out = append(out, view.Event{Icon: "message-circle-question-mark", Tone: ui.Violet, What: nameOr(i.SenderName) + " has to answer"})
	case undecided(i.State):
		out = append(out, s.stepsToCome(i)...)
	case i.State == marketplace.Withdrawn:
		out = append(out, view.Event{Icon: "undo-2", What: "Withdrawn", When: s.when(i.Decided)})
	case i.State == marketplace.Expired:
		out = append(out, view.Event{Icon: "clock-fading", What: "Ended without a decision", When: s.when(i.Decided)})
	case i.State == marketplace.Approved && i.Grant != "":
		out = append(out, view.Event{Icon: "key-round", Tone: ui.Green, What: grantOpened(i), When: s.when(i.Decided)})
	}
	return out
}

func grantOpened(i marketplace.ItemView) string {
	if i.Extends != "" {
		return "The grant lasts longer"
	}
	return "The grant was opened"
}

// stepsToCome are the decisions that are still needed, the one that waits first.
func (s *Site) stepsToCome(i marketplace.ItemView) []view.Event {
	var out []view.Event
	for n, st := range i.Steps {
		if st.Met {
			continue
		}
		for _, p := range st.Parties {
			if p.Met {
				continue
			}
			e := view.Event{N: n + 1, What: whoCan(st, p) + " decides then", Note: partyNote(st, p)}
			if n == firstUnmet(i.Steps) {
				left, _ := s.leftWords(i.Due)
				e.Icon, e.Tone, e.What = "hourglass", ui.Amber, whoCan(st, p)+" has to decide"+left
			}
			if p.Nobody {
				e.Icon, e.Tone, e.What = "ban", ui.Red, "Nobody can decide"
			}
			if p.Fallback != "" {
				e.Lines = append(e.Lines, p.Fallback)
			}
			out = append(out, e)
		}
	}
	return out
}

func firstUnmet(steps []marketplace.StepView) int {
	return slices.IndexFunc(steps, func(st marketplace.StepView) bool { return !st.Met })
}

// withdrawItem takes an item of a request back.
func (s *Site) withdrawItem(w http.ResponseWriter, r *http.Request) error {
	return s.onItem(w, r, func(item graph.ID, version int64, _ url.Values) error {
		return s.Market.Withdraw(r.Context(), item, version)
	})
}

// answerItem answers the question of somebody who decides.
func (s *Site) answerItem(w http.ResponseWriter, r *http.Request) error {
	return s.onItem(w, r, func(item graph.ID, version int64, v url.Values) error {
		return s.Market.Answer(r.Context(), item, version, typed(v, "answer"))
	})
}

// onItem does what a form of the page of a request says, and shows the page with the reason where it can't be done.
func (s *Site) onItem(w http.ResponseWriter, r *http.Request, do func(item graph.ID, version int64, values url.Values) error) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	item := graph.ID(r.PostForm.Get("item"))
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return errs.Bad("version", "is missing.")
	}
	if err = do(item, version, r.PostForm); err == nil {
		return saved(w, r, link.Request(string(idOf(r))))
	}
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		return err
	}
	status := Status(err)
	if errs.Is(err, errs.Invalid) {
		status = http.StatusUnprocessableEntity
	}
	return s.showRequest(w, r, status, func(p *view.One) {
		for n := range p.Items {
			if p.Items[n].ID == string(item) && p.Items[n].Answers && errs.Is(err, errs.Invalid) {
				p.Items[n].Answer, p.Items[n].Wrong = typed(r.PostForm, "answer"), "Your answer is missing or longer than 2,000 characters."
				return
			}
		}
		p.Refused = errs.Shown(err)
	})
}
