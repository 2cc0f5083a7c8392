package notify_test

import (
	"strings"
	"testing"
	"time"

	"weir/notify"
)

func TestDigest_OneMailADayWithWhatIsUnread(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ann, asAnn := w.person("ann")
		w.now = time.Date(w.now.Year()+1, 3, 1, 12, 0, 0, 0, time.UTC)
		w.Service = w.with(func(o *notify.Options) { o.DigestHour = 7 })
		w.happens("earlier", nil, ann) // mailed at once: it was before she chose digests
		w.works()
		w.now = w.now.Add(time.Second)
		w.fine(w.SetSettings(asAnn, notify.NewSettings{Mail: notify.MailDigest, Muted: []notify.Kind{notify.Task}}))
		w.now = w.now.Add(time.Hour)
		w.happens("one", nil, ann)
		w.happens("two", nil, ann)
		w.happens("read", nil, ann)
		w.happens("muted", map[string]string{"kind": "task"}, ann)
		w.happens("urgent", map[string]string{"urgent": "yes"}, ann)
		w.works()
		page, err := w.List(asAnn, true, "", 10)
		w.fine(err)
		for _, n := range page.Items {
			if n.Title == "About read" {
				w.fine(w.MarkRead(asAnn, n.ID))
			}
		}
		if got := w.post.subjects("ann@example.com"); len(got) != 2 || got[1] != "About urgent" {
			t.Fatalf("before the digest she is mailed %v", got)
		}
		for range 6 { // the next morning, and long after
			w.now = w.now.Add(4 * time.Hour)
			w.works()
			w.works()
		}
		got := w.post.subjects("ann@example.com")
		if len(got) != 3 || got[2] != "2 notifications up to 2 March "+w.now.Format("2006") {
			t.Fatalf("she is mailed %q", got)
		}
		m := w.post.got[2]
		for _, what := range []string{"earlier", "read", "muted", "urgent"} {
			if strings.Contains(m.Text, "About "+what) {
				t.Errorf("the digest tells of %s", what)
			}
		}
		if !strings.Contains(m.Text, "About one") || !strings.Contains(m.HTML, "About two") {
			t.Errorf("the digest is %s", m.Text)
		}
		w.happens("next day", nil, ann)
		w.works()
		w.now = w.now.Add(24 * time.Hour)
		w.works()
		if got := w.post.subjects("ann@example.com"); len(got) != 4 || !strings.HasPrefix(got[3], "1 notification up to 3 March") {
			t.Errorf("on the third day she is mailed %q", got)
		}
		w.now = w.now.Add(24 * time.Hour)
		w.works()
		if got := w.post.subjects("ann@example.com"); len(got) != 4 {
			t.Errorf("with nothing new she is mailed %q", got[4:])
		}
	})
}

// What came while the server was down for a night is in the next digest.
func TestDigest_AfterAPause(t *testing.T) {
	w := memory(t)
	ann, asAnn := w.person("ann")
	w.fine(w.SetSettings(asAnn, notify.NewSettings{Mail: notify.MailDigest}))
	w.now = w.now.Add(time.Hour)
	w.happens("one", nil, ann)
	w.fine(run(t.Context(), w.Service, "notify.follow"))
	w.now = w.now.Add(2 * 24 * time.Hour)
	w.works()
	if got := w.post.subjects("ann@example.com"); len(got) != 1 {
		t.Errorf("she is mailed %q", got)
	}
}
