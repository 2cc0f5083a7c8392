package notify_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/identity"
	"weir/notify"
)

func titles(notes []notify.Notification) []string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Title)
	}
	return out
}

func TestFollow_TellsInTheProgramAndByMail(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ann, asAnn := w.person("ann")
		ben, asBen := w.person("ben")
		w.happens("one", nil, ann, ben)
		w.now = w.now.Add(time.Second)
		w.happens("two", nil, ann)
		w.now = w.now.Add(time.Second)
		w.works()
		page, err := w.List(asAnn, false, "", 10)
		w.fine(err)
		if got := titles(page.Items); !slices.Equal(got, []string{"About two", "About one"}) {
			t.Fatalf("ann is told %v", got)
		}
		n := page.Items[0]
		if n.Body != "All about two." || n.Link != "/requests/two" || n.Kind != notify.Decide || n.Read {
			t.Errorf("%+v", n)
		}
		if count, err := w.Unread(asBen); err != nil || count != 1 {
			t.Errorf("ben has %d unread, %v", count, err)
		}
		if got := w.post.subjects("ann@example.com"); !slices.Equal(got, []string{"About one", "About two"}) {
			t.Errorf("ann is mailed %v", got)
		}
		m := w.post.got[0]
		for _, part := range []string{"All about one.", "https://data.example.com/requests/one", "https://data.example.com/settings/notifications"} {
			if !strings.Contains(m.Text, part) || !strings.Contains(m.HTML, part) {
				t.Errorf("the mail lacks %q: %s\n%s", part, m.Text, m.HTML)
			}
		}
		w.works()
		if len(w.post.got) != 3 {
			t.Errorf("%d mails after the jobs ran again, want 3", len(w.post.got))
		}
	})
}

func TestFollow_PassesOverWhoCannotBeTold(t *testing.T) {
	w := memory(t)
	ann, asAnn := w.person("ann")
	gone, _ := w.person("gone")
	w.fine(w.people.DisableUser(authz.With(t.Context(), authz.Operator), gone))
	w.happens("a", nil, gone, "usr_never", "tea_x", ann)
	w.happens("b", map[string]string{"kind": "nonsense"}, ann) // a mistake of a source
	w.works()
	page, err := w.List(asAnn, false, "", 10)
	w.fine(err)
	if got := titles(page.Items); !slices.Equal(got, []string{"About a"}) {
		t.Errorf("ann is told %v", got)
	}
	if len(w.post.got) != 1 {
		t.Errorf("%d mails, want 1", len(w.post.got))
	}
}

func TestSettings_SayWhatIsMailed(t *testing.T) {
	tests := []struct {
		name     string
		settings notify.NewSettings
		facts    map[string]string
		mailed   bool
	}{
		{"at once", notify.NewSettings{Mail: notify.MailOnce}, nil, true},
		{"off", notify.NewSettings{Mail: notify.MailOff}, nil, false},
		{"off is off", notify.NewSettings{Mail: notify.MailOff}, map[string]string{"urgent": "yes"}, false},
		{"digest", notify.NewSettings{Mail: notify.MailDigest}, nil, false},
		{"digest, urgent", notify.NewSettings{Mail: notify.MailDigest}, map[string]string{"urgent": "yes"}, true},
		{"muted", notify.NewSettings{Mail: notify.MailOnce, Muted: []notify.Kind{notify.Decide}}, nil, false},
		{"muted, urgent", notify.NewSettings{Mail: notify.MailOnce, Muted: []notify.Kind{notify.Decide}}, map[string]string{"urgent": "yes"}, true},
		{"another is muted", notify.NewSettings{Mail: notify.MailOnce, Muted: []notify.Kind{notify.Task}}, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := memory(t)
			ann, asAnn := w.person("ann")
			w.fine(w.SetSettings(asAnn, tt.settings))
			w.happens("one", tt.facts, ann)
			w.works()
			if got := len(w.post.got) == 1; got != tt.mailed {
				t.Errorf("mailed: %t, want %t", got, tt.mailed)
			}
			if count, err := w.Unread(asAnn); err != nil || count != 1 {
				t.Errorf("in the program are %d, %v", count, err)
			}
		})
	}
}

func TestSettings_AreKeptCheckedAndLogged(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ann, asAnn := w.person("ann")
		got, err := w.Settings(asAnn)
		w.fine(err)
		if got.Mail != notify.MailOnce || got.Address != "ann@example.com" || !got.Mailing || got.Version != 0 {
			t.Errorf("%+v", got)
		}
		w.fine(w.SetSettings(asAnn, notify.NewSettings{Mail: notify.MailDigest, Muted: []notify.Kind{notify.Task, notify.Task}}))
		got, err = w.Settings(asAnn)
		w.fine(err)
		if got.Mail != notify.MailDigest || !slices.Equal(got.Muted, []notify.Kind{notify.Task}) || got.Version != 1 {
			t.Errorf("%+v", got)
		}
		w.is(w.SetSettings(asAnn, notify.NewSettings{Mail: notify.MailOff, Version: 7}), errs.Conflict)
		w.is(w.SetSettings(asAnn, notify.NewSettings{Mail: "hourly"}), errs.Invalid)
		w.is(w.SetSettings(asAnn, notify.NewSettings{Mail: notify.MailOff, Muted: []notify.Kind{"x"}}), errs.Invalid)
		w.is(w.SetSettings(t.Context(), notify.NewSettings{Mail: notify.MailOff}), errs.Unauthenticated)
		last := w.latest()
		if last.Action != "notify.settings" || last.Target != ann || last.Actor != string(ann) || len(last.Changes) != 2 {
			t.Errorf("%+v", last)
		}
	})
}

func TestInbox_IsOnesOwn(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ann, asAnn := w.person("ann")
		ben, asBen := w.person("ben")
		for _, what := range []string{"a", "b", "c"} {
			w.now = w.now.Add(time.Second)
			w.happens(what, nil, ann, ben)
		}
		w.works()
		page, err := w.List(asAnn, true, "", 2)
		w.fine(err)
		if got := titles(page.Items); !slices.Equal(got, []string{"About c", "About b"}) || page.Next == "" {
			t.Fatalf("%v, next %q", got, page.Next)
		}
		w.is(w.MarkRead(asBen, page.Items[0].ID), errs.NotFound)
		w.is(w.MarkRead(asAnn, page.Items[0].ID, "ntf_none"), errs.NotFound)
		w.is(w.MarkRead(asAnn, ann), errs.NotFound)
		w.is(w.MarkRead(asAnn, "not an id"), errs.NotFound)
		if n, err := w.Unread(asAnn); n != 3 || err != nil {
			t.Fatalf("%d unread after refused attempts, %v", n, err)
		}
		before := w.latest().Seq
		w.fine(w.MarkRead(asAnn, page.Items[0].ID, page.Items[0].ID))
		if n, err := w.Unread(asAnn); n != 2 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
		w.fine(w.MarkAllRead(asAnn))
		if n, err := w.Unread(asAnn); n != 0 || err != nil {
			t.Errorf("%d unread, %v", n, err)
		}
		if n, err := w.Unread(asBen); n != 3 || err != nil {
			t.Errorf("ben has %d unread, %v", n, err)
		}
		if w.latest().Seq != before {
			t.Error("reading wrote entries")
		}
	})
}

func TestInbox_IsForPeople(t *testing.T) {
	w := memory(t)
	ann, _ := w.person("ann")
	bot, err := w.people.CreateAccount(authz.With(t.Context(), authz.Operator), identity.NewAccount{Name: "bot", Type: authz.Agent, Owner: ann, Purpose: "x"})
	w.fine(err)
	w.happens("one", nil, ann)
	w.works()
	_, err = w.List(w.as(bot.ID), false, "", 10)
	w.is(err, errs.Forbidden)
	w.is(w.MarkAllRead(w.as(bot.ID)), errs.Forbidden)
	_, err = w.List(t.Context(), false, "", 10)
	w.is(err, errs.Unauthenticated)
	for name, ctx := range map[string]context.Context{"an agent": w.as(bot.ID), "nobody": t.Context()} {
		if n, err := w.Unread(ctx); n != 0 || err != nil {
			t.Errorf("%s has %d unread, %v", name, n, err)
		}
	}
}

func TestTidy_DeletesWhatIsOld(t *testing.T) {
	w := memory(t)
	ann, asAnn := w.person("ann")
	w.happens("old", nil, ann)
	w.works()
	w.now = w.now.Add(100 * 24 * time.Hour)
	w.happens("new", nil, ann)
	w.works()
	w.fine(run(t.Context(), w.Service, "notify.tidy"))
	if got := w.deliveries(); len(got) != 1 {
		t.Errorf("%d deliveries stay, want that of this day", len(got))
	}
	w.now = w.now.Add(350 * 24 * time.Hour)
	w.fine(run(t.Context(), w.Service, "notify.tidy"))
	page, err := w.List(asAnn, false, "", 10)
	w.fine(err)
	if got := titles(page.Items); !slices.Equal(got, []string{"About new"}) {
		t.Errorf("there are still %v", got)
	}
}
