package web

import (
	"net/http"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/jobs"
	"weir/notify"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/notice"
)

// operation is what the pages about how the program works have in common.
func (s *Site) operation(r *http.Request, part link.OperationPart) view.Operation {
	return view.Operation{Part: part, Manage: s.Policy.Can(r.Context(), authz.System, authz.Everywhere, authz.Manage)}
}

// receivers are whom deliveries go to, by name.
func (s *Site) receivers(r *http.Request, all []notify.Delivery) (map[graph.ID]string, error) {
	hooks, err := s.Notify.Webhooks(r.Context())
	if err != nil {
		return nil, err
	}
	called := map[graph.ID]string{}
	for _, h := range hooks {
		called[h.ID] = h.Name
	}
	var people []graph.ID
	for _, d := range all {
		if d.Person != "" {
			people = append(people, d.Person)
		}
	}
	names, err := s.Identity.Names(r.Context(), people...)
	out := map[graph.ID]string{}
	for _, d := range all {
		switch {
		case d.Door == "mail" && names[d.Person] != "":
			out[d.ID] = names[d.Person] + ", by mail"
		case d.Door == "mail":
			out[d.ID] = "Somebody who is gone, by mail"
		case called[d.Webhook] != "":
			out[d.ID] = called[d.Webhook]
		default:
			out[d.ID] = "A webhook that was removed"
		}
	}
	return out, err
}

var hookFormats = []form.Option{
	{Value: string(notify.Standard), Label: "Signed events", Hint: "JSON with a signature, as Standard Webhooks has it. For programs."},
	{Value: string(notify.Chat), Label: "A chat", Hint: "A text, as Slack and what is like it take it."},
}

var hookLabels = labels{"name": "Name", "url": "Address", "format": "What it takes", "kinds": "What it is told"}

// webhooks answers the places outside that are told.
func (s *Site) webhooks(w http.ResponseWriter, r *http.Request) error {
	return s.showWebhooks(w, r, http.StatusOK, func(*view.Operation) {})
}

func (s *Site) showWebhooks(w http.ResponseWriter, r *http.Request, status int, change func(*view.Operation)) error {
	hooks, err := s.Notify.Webhooks(r.Context())
	if err != nil {
		return err
	}
	p := s.operation(r, link.Webhooks)
	for _, h := range hooks {
		row := view.Hook{ID: string(h.ID), Name: h.Name, Host: h.Host, Format: "signed events", Off: h.Disabled, Since: s.when(h.Created)}
		if h.Format == notify.Chat {
			row.Format = "a chat"
		}
		for _, k := range h.Kinds {
			row.Kinds = append(row.Kinds, noticeWords[k])
		}
		p.Hooks = append(p.Hooks, row)
	}
	p.Form = hookFields(string(notify.Standard), nil)
	change(&p)
	return s.show(w, r, status, view.WebhooksPage(s.shell(r), p))
}

func hookFields(format string, kinds []string) view.Form {
	var all []form.Option
	for _, k := range notify.Kinds {
		all = append(all, form.Option{Value: string(k.Kind), Label: k.Meaning})
	}
	return view.Form{Formats: form.Choose(hookFormats, format), Kinds: form.Choose(all, kinds...)}
}

// addWebhook adds one, and shows its secret this once.
func (s *Site) addWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := notify.NewWebhook{Name: typed(r.PostForm, "name"), URL: typed(r.PostForm, "url"), Format: notify.Format(r.PostForm.Get("format"))}
	for _, k := range r.PostForm["kind"] {
		in.Kinds = append(in.Kinds, notify.Kind(k))
	}
	made, secret, err := s.Notify.AddWebhook(r.Context(), in)
	if err == nil {
		return s.showWebhooks(w, r, http.StatusOK, func(p *view.Operation) { p.Made = view.Made{Name: made.Name, Secret: secret} })
	}
	t, err := troubleOf(err, hookLabels)
	if err != nil {
		return err
	}
	return s.showWebhooks(w, r, t.status, func(p *view.Operation) {
		p.Form = hookFields(r.PostForm.Get("format"), r.PostForm["kind"])
		p.Form.Name, p.Form.URL, p.Form.Errors, p.Form.Refused = in.Name, in.URL, t.fields, t.refused
	})
}

// removeWebhook takes one away.
func (s *Site) removeWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Notify.RemoveWebhook(r.Context(), graph.ID(r.PostForm.Get("id"))); err != nil {
		return err
	}
	return saved(w, r, link.Operation(link.Webhooks))
}

// switchWebhook switches one off or on.
func (s *Site) switchWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Notify.SwitchWebhook(r.Context(), graph.ID(r.PostForm.Get("id")), r.PostForm.Get("off") == "true"); err != nil {
		return err
	}
	return saved(w, r, link.Operation(link.Webhooks))
}

// testWebhook sends a test at once and says how that went.
func (s *Site) testWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	got, err := s.Notify.TestWebhook(r.Context(), graph.ID(r.PostForm.Get("id")))
	if err != nil {
		return err
	}
	return s.showWebhooks(w, r, http.StatusOK, func(p *view.Operation) {
		p.Result, p.ResultOK = "The test arrived.", got.OK
		if !got.OK {
			p.Result = "The test did not arrive: " + got.Why
		}
	})
}

// periodicWork answers what the program does by itself.
func (s *Site) periodicWork(w http.ResponseWriter, r *http.Request) error {
	all, err := jobs.Status(r.Context(), s.Notify.Store, s.Policy)
	if err != nil {
		return err
	}
	p := s.operation(r, link.JobsPart)
	for _, j := range all {
		p.Jobs = append(p.Jobs, view.Job{Name: j.Name, Every: every(j.Every), Holder: j.Holder, Error: j.Error, Last: s.when(j.Last), Failures: j.Failures})
	}
	return s.show(w, r, http.StatusOK, view.JobsPage(s.shell(r), p))
}

// every is a period in words: "30 s", "1 min", "24 h".
func every(d time.Duration) string {
	switch {
	case d < time.Minute:
		return d.String()
	case d < time.Hour:
		return strings.TrimSuffix(d.String(), "0s")
	}
	return strings.TrimSuffix(d.String(), "0m0s")
}
