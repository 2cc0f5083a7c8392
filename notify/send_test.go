package notify_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/notify"
)

// A mail server that doesn't answer: deliveries wait with growing pauses, and end as failed where somebody sees them.
func TestSend_TriesAgainThenFailsVisibly(t *testing.T) {
	w := memory(t)
	ann, _ := w.person("ann")
	w.happens("one", nil, ann)
	w.post.fate = func(notify.Message) (bool, error) { return false, errPost }
	w.works()
	tries, last := 0, w.deliveries()[0]
	for range 100 {
		last = w.deliveries()[0]
		if last.State != notify.Waiting {
			break
		}
		tries = last.Attempts
		pause := last.Next.Sub(w.now)
		if want := min(6*time.Hour, time.Minute<<(tries-1)); pause != want {
			t.Fatalf("after try %d it waits %v, want %v", tries, pause, want)
		}
		w.now = last.Next.Add(-time.Second)
		w.works()
		if got := w.deliveries()[0].Attempts; got != tries {
			t.Fatal("it was tried before its time")
		}
		w.now = last.Next
		w.works()
	}
	if last.State != notify.Failed || last.Attempts != 12 || last.Why == "" || last.Done.IsZero() {
		t.Fatalf("in the end %+v", last)
	}
	w.post.fate = nil
	olga := w.operator()
	w.is(w.Retry(olga, "dlv_none"), errs.NotFound)
	w.fine(w.Retry(olga, last.ID))
	w.works()
	if got := w.deliveries()[0]; got.State != notify.Sent || len(w.post.got) != 1 {
		t.Errorf("after another try by hand: %+v", got)
	}
	w.is(w.Retry(olga, last.ID), errs.Conflict)
}

func TestSend_GivesUpWhatIsTooOld(t *testing.T) {
	w := memory(t)
	ann, _ := w.person("ann")
	w.happens("one", nil, ann)
	w.post.fate = func(notify.Message) (bool, error) { return false, errPost }
	w.works()
	w.now = w.now.Add(4 * 24 * time.Hour)
	w.happens("two", nil, ann)
	w.post.fate = nil
	w.works()
	if got := w.post.subjects("ann@example.com"); !slices.Equal(got, []string{"About two"}) {
		t.Errorf("mailed: %v", got)
	}
}

// Of what must not come twice, an attempt of unknown outcome is the last one; of everything else it isn't.
func TestSend_OutcomeUnknown(t *testing.T) {
	for _, once := range []bool{true, false} {
		t.Run(fmt.Sprint("once ", once), func(t *testing.T) {
			w := memory(t)
			ann, _ := w.person("ann")
			facts := map[string]string{}
			if once {
				facts["once"] = "yes"
			}
			w.happens("one", facts, ann)
			w.post.fate = func(notify.Message) (bool, error) { return true, errPost } // it took the mail, and the line broke
			w.works()
			w.post.fate = nil
			w.now = w.now.Add(time.Hour)
			w.works()
			want := map[bool]notify.State{true: notify.Unknown, false: notify.Sent}[once]
			if d := w.deliveries()[0]; d.State != want {
				t.Errorf("the state is %s, want %s", d.State, want)
			}
			if n := len(w.post.got); n != map[bool]int{true: 1, false: 2}[once] {
				t.Errorf("mailed %d times", n)
			}
			if n := len(w.post.got); n == 2 && w.post.got[0].ID != w.post.got[1].ID {
				t.Error("the second mail has another id")
			}
		})
	}
}

// The end of the program in the middle of a sending: what went out before is written down as sent.
func TestSend_WritesDownWhatWasSentWhileItEnds(t *testing.T) {
	w := memory(t)
	ann, _ := w.person("ann")
	w.happens("one", nil, ann)
	w.fine(run(t.Context(), w.Service, "notify.follow"))
	ctx, cancel := context.WithCancel(t.Context())
	s := w.with(func(o *notify.Options) { o.Mail = ending{w.post, cancel} })
	if err := run(ctx, s, "notify.mail"); err == nil {
		t.Error("the job ends as if it had done all")
	}
	if d := w.deliveries()[0]; d.State != notify.Sent {
		t.Errorf("%+v", d)
	}
}

// ending is a mail server during whose answer the program is told to end.
type ending struct {
	*post
	cancel context.CancelFunc
}

func (e ending) Send(ctx context.Context, m notify.Message) error {
	err := e.post.Send(ctx, m)
	e.cancel()
	return err
}

// A follower that is killed before it has written down where it stands sees the same entries again: what a person has read by
// then stays read.
func TestFollow_AgainLeavesWhatIsRead(t *testing.T) {
	w := memory(t)
	ann, asAnn := w.person("ann")
	w.happens("one", nil, ann)
	for calls := int64(1); ; calls++ { // killed when the notification is written, and the position not yet
		left := &atomic.Int64{}
		left.Store(calls)
		mortal := w.with(func(o *notify.Options) { o.Store = fuse{w.store, left, false} })
		if err := run(t.Context(), mortal, "notify.follow"); err == nil {
			t.Fatal("it was never killed between the two")
		}
		if n, err := w.Unread(asAnn); err != nil || n == 1 {
			w.fine(err)
			break
		}
	}
	w.fine(w.MarkAllRead(asAnn))
	w.works()
	if n, err := w.Unread(asAnn); n != 0 || err != nil {
		t.Errorf("%d unread, %v", n, err)
	}
}

// A clock that was years ahead when a delivery was put off doesn't keep it for years.
func TestSend_AfterAClockThatWasWrong(t *testing.T) {
	w := memory(t)
	ann, _ := w.person("ann")
	w.happens("one", nil, ann)
	w.fine(run(t.Context(), w.Service, "notify.follow"))
	right := w.now
	w.now = right.Add(24 * time.Hour)
	w.post.fate = func(notify.Message) (bool, error) { return false, errPost }
	w.fine(run(t.Context(), w.Service, "notify.mail"))
	w.now, w.post.fate = right.Add(time.Minute), nil
	w.works()
	if d := w.deliveries()[0]; d.State != notify.Sent {
		t.Errorf("%+v", d)
	}
}

// fuse is a store that dies after so many calls, as a server does: in the middle of whatever it was doing.
type fuse struct {
	graph.Store
	left  *atomic.Int64
	after bool // the last write is done, its answer lost
}

var errDead = errs.E(errs.Unavailable, "dead")

func (f fuse) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	if f.left.Add(-1) < 0 {
		return nil, errDead
	}
	return f.Store.Nodes(ctx, ids...)
}

func (f fuse) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	if f.left.Add(-1) < 0 {
		return graph.Page{}, errDead
	}
	return f.Store.List(ctx, q)
}

func (f fuse) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	left := f.left.Add(-1)
	if left < 0 {
		return errDead
	}
	err := f.Store.Update(ctx, id, fn)
	if left == 0 && f.after {
		return errDead
	}
	return err
}

// Killed after each call to the store in turn, then started anew: nothing is lost, nothing is told twice in the program, what
// must not come twice doesn't, and what may come twice has the same id.
func TestKilledAnywhere_NothingLostNothingTwice(t *testing.T) {
	for _, after := range []bool{false, true} {
		for calls := int64(0); ; calls++ {
			w := memory(t)
			ann, asAnn := w.person("ann")
			ben, _ := w.person("ben")
			for i := range 3 {
				w.happens(fmt.Sprint("plain", i), nil, ann, ben)
				w.happens(fmt.Sprint("once", i), map[string]string{"once": "yes", "kind": "reminder"}, ann)
				w.now = w.now.Add(time.Second)
			}
			left := &atomic.Int64{}
			left.Store(calls)
			mortal := w.with(func(o *notify.Options) { o.Store = fuse{w.store, left, after} })
			err := errors.Join(run(t.Context(), mortal, "notify.follow"), run(t.Context(), mortal, "notify.mail"))
			for range 3 { // a new server, at once, then later
				w.works()
				w.now = w.now.Add(3 * time.Minute)
			}
			w.checkAfterKill(asAnn, fmt.Sprintf("killed after %d calls (answer lost: %t)", calls, after))
			if err == nil {
				break
			}
			if calls > 500 {
				t.Fatal("it never comes to its end")
			}
		}
	}
}

func (w *world) checkAfterKill(asAnn context.Context, when string) {
	w.t.Helper()
	page, err := w.List(asAnn, false, "", 100)
	w.fine(err)
	if len(page.Items) != 6 {
		w.t.Errorf("%s: ann has %d notifications, want 6", when, len(page.Items))
	}
	unknown := 0
	for _, d := range w.deliveries() {
		if d.State == notify.Unknown {
			unknown++
		} else if d.State != notify.Sent {
			w.t.Errorf("%s: %+v", when, d)
		}
	}
	times := map[string]int{}
	ids := map[string]bool{}
	for _, m := range w.post.got {
		times[m.To+" "+m.Subject]++
		ids[m.ID] = true
	}
	if len(times)+unknown < 9 || len(ids) != len(times) || unknown > 1 {
		w.t.Errorf("%s: mailed %v, unknown %d", when, slices.Sorted(maps.Keys(times)), unknown)
	}
	for i := range 3 {
		if n := times[fmt.Sprint("ann@example.com About once", i)]; n > 1 {
			w.t.Errorf("%s: what must not come twice came %d times", when, n)
		}
	}
}

// Two servers that follow and send at once, without a lease between them: each notice once, each mail once.
func TestTwoServersAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ann, asAnn := w.person("ann")
		for i := range 20 {
			w.happens(fmt.Sprint(i), nil, ann)
		}
		other := w.with(func(*notify.Options) {})
		for _, job := range []string{"notify.follow", "notify.mail"} {
			done := make(chan error, 2)
			for _, s := range []*notify.Service{w.Service, other} {
				go func() { done <- run(t.Context(), s, job) }()
			}
			w.fine(errors.Join(<-done, <-done))
		}
		w.works()
		if n := len(w.post.got); n != 20 {
			t.Errorf("%d mails, want 20", n)
		}
		page, err := w.List(asAnn, false, "", 100)
		w.fine(err)
		if len(page.Items) != 20 {
			t.Errorf("%d notifications, want 20", len(page.Items))
		}
	})
}
