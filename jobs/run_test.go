package jobs_test

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/jobs"
)

func TestRun_TwoServersDoAJobOnceAPeriod(t *testing.T) {
	for _, every := range []time.Duration{5 * time.Second, time.Minute, time.Hour} {
		t.Run(every.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, w := graphtest.Memory(jobs.Schema()), &witness{}
				for _, who := range []string{"a", "b"} {
					job := jobs.Job{Name: "count", Every: every, Do: func(ctx context.Context) error { return w.run(ctx, who, time.Second) }}
					defer start(t, jobs.Runner{Store: s, Who: who, Jobs: []jobs.Job{job}})()
				}
				time.Sleep(20*every + every/2)
				if n := w.count(); n < 19 || n > 21 { // each may be late by a sixth of a term, when somebody looks
					t.Errorf("%d runs in 20 periods", n)
				}
				if w.two() {
					t.Error("two ran at once")
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				for i := 1; i < len(w.begun); i++ {
					if gap := w.begun[i].Sub(w.begun[i-1]); gap < every {
						t.Errorf("run %d began %v after the one before, want at least %v", i, gap, every)
					}
				}
			})
		})
	}
}

func TestRun_AnotherGoesOnWhenOneDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := graphtest.Memory(jobs.Schema()), &witness{}
		first := &link{Store: s}
		job := func(who string) []jobs.Job {
			return []jobs.Job{{Name: "long", Every: time.Hour, Do: func(ctx context.Context) error { return w.run(ctx, who, 10*time.Minute) }}}
		}
		defer start(t, jobs.Runner{Store: first, Who: "first", Jobs: job("first")})()
		time.Sleep(time.Minute)
		defer start(t, jobs.Runner{Store: s, Who: "second", Jobs: job("second")})()
		time.Sleep(time.Minute)
		if w.count() != 1 {
			t.Fatalf("%d runs while the first works", w.count())
		}
		first.cut.Store(true) // it goes on working, but can't renew
		time.Sleep(2 * jobs.DefaultTerm)
		if w.count() != 2 || w.by[1] != "second" {
			t.Fatalf("the second has not taken over: %v", w.by)
		}
		if w.two() {
			t.Error("the first went on after the second had begun")
		}
		time.Sleep(10 * time.Minute)
		if got := state(t, s, "long"); got.Runs != 1 || got.Error != "" || got.Holder != "" {
			t.Errorf("after the run the state is %+v", got)
		}
	})
}

func TestRun_GivesBackWhatItHoldsWhenItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := graphtest.Memory(jobs.Schema()), &witness{}
		server := func(who string) jobs.Runner {
			return jobs.Runner{Store: s, Who: who, Jobs: []jobs.Job{{Name: "quick", Every: time.Second, Do: func(ctx context.Context) error { return w.run(ctx, who, 0) }}}}
		}
		stop := start(t, server("first"))
		time.Sleep(10 * time.Second)
		if got := state(t, s, "quick").Holder; got != "first" {
			t.Fatalf("%q holds the lease", got)
		}
		stop()
		if got := state(t, s, "quick").Holder; got != "" {
			t.Fatalf("%q holds the lease after its end", got)
		}
		before := w.count()
		defer start(t, server("second"))()
		time.Sleep(2 * time.Second)
		if w.count() == before {
			t.Error("the next server waits although nobody holds the lease")
		}
	})
}

// Wall clocks that jump, differently on each server, neither let two run at once nor stop a job for long.
func TestRun_ClocksThatJump(t *testing.T) {
	const year = 365 * 24 * time.Hour
	synctest.Test(t, func(t *testing.T) {
		s, w := graphtest.Memory(jobs.Schema()), &witness{}
		var offset [2]atomic.Int64
		for i, who := range []string{"a", "b"} {
			job := jobs.Job{Name: "tick", Every: time.Minute, Do: func(ctx context.Context) error { return w.run(ctx, who, 20*time.Second) }}
			now := func() time.Time { return time.Now().Add(time.Duration(offset[i].Load())) }
			defer start(t, jobs.Runner{Store: s, Now: now, Who: who, Jobs: []jobs.Job{job}})()
		}
		jumps := [][2]time.Duration{{year, 0}, {year, year}, {-year, year}, {0, 0}, {0, -40 * time.Second}, {0, 0}}
		for _, jump := range jumps {
			before := w.count()
			for i := range offset {
				offset[i].Store(int64(jump[i]))
			}
			time.Sleep(10 * time.Minute)
			if n := w.count() - before; n < 4 {
				t.Errorf("with clocks off by %v the job ran %d times in 10 minutes", jump, n)
			}
		}
		if w.two() {
			t.Error("two ran at once")
		}
	})
}

// However often the way to the store breaks, for each of three servers on its own, no two run at once, and the job goes on.
func TestRun_NeverTwoWhateverBreaks(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			s, w := graphtest.Memory(jobs.Schema()), &witness{}
			for i, who := range []string{"a", "b", "c"} {
				rnd := rand.New(rand.NewPCG(seed, uint64(i)))
				broken := false
				way := &link{Store: s, fate: func() error {
					if rnd.IntN(12) == 0 {
						broken = !broken
					}
					time.Sleep(time.Duration(rnd.IntN(4_000)) * time.Millisecond)
					if broken {
						return errCut
					}
					return nil
				}}
				job := jobs.Job{Name: "tick", Every: 20 * time.Second, Do: func(ctx context.Context) error {
					return w.run(ctx, who, time.Duration(seed)*3*time.Second)
				}}
				defer start(t, jobs.Runner{Store: way, Who: who, Jobs: []jobs.Job{job}})()
			}
			time.Sleep(2 * time.Hour)
			if w.two() {
				t.Errorf("seed %d: two ran at once", seed)
			}
			if w.count() < 10 {
				t.Errorf("seed %d: %d runs in two hours", seed, w.count())
			}
		})
	}
}

func TestRun_KeepsErrorsAndPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := graphtest.Memory(jobs.Schema())
		var outcome atomic.Pointer[func() error]
		ends := func(f func() error) { outcome.Store(&f) }
		ends(func() error { return errJob })
		job := jobs.Job{Name: "bad", Every: 24 * time.Hour, Do: func(context.Context) error { return (*outcome.Load())() }}
		defer start(t, jobs.Runner{Store: s, Who: "a", Jobs: []jobs.Job{job}})()
		time.Sleep(time.Second)
		if got := state(t, s, "bad"); got.Failures != 1 || got.Error != errJob.Error() {
			t.Fatalf("%+v", got)
		}
		ends(func() error { panic("out of " + strings.Repeat("ä", 2_000)) })
		time.Sleep(time.Minute)
		got := state(t, s, "bad")
		if got.Failures < 2 || !strings.HasPrefix(got.Error, "panic: out of ä") || len(got.Error) > 1_000 {
			t.Fatalf("a failed job waits for its whole period, or the panic isn't kept: %+v", got)
		}
		ends(func() error { return nil })
		time.Sleep(time.Hour)
		runs := state(t, s, "bad").Runs
		if got := state(t, s, "bad"); got.Failures != 0 || got.Error != "" {
			t.Fatalf("%+v", got)
		}
		time.Sleep(20 * time.Hour)
		if got := state(t, s, "bad").Runs; got != runs {
			t.Errorf("%d more runs after a good one, within its period", got-runs)
		}
	})
}

func TestRun_RefusesWrongLists(t *testing.T) {
	do := func(context.Context) error { return nil }
	for name, list := range map[string][]jobs.Job{
		"no name":   {{Every: time.Second, Do: do}},
		"spaces":    {{Name: "a b", Every: time.Second, Do: do}},
		"twice":     {{Name: "a", Every: time.Second, Do: do}, {Name: "a", Every: time.Second, Do: do}},
		"no period": {{Name: "a", Do: do}},
		"no deed":   {{Name: "a", Every: time.Second}},
	} {
		r := jobs.Runner{Store: graphtest.Memory(jobs.Schema()), Jobs: list}
		if err := r.Run(t.Context()); !errs.Is(err, errs.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a job writes under Fence is refused once its lease has gone to another server, even if it doesn't listen to its context.
func TestFence_RefusesWhoLostTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := graphtest.Memory(jobs.Schema())
		fenced := func(ctx context.Context) error {
			return s.Update(context.WithoutCancel(ctx), "", jobs.Fence)
		}
		way := &link{Store: s}
		var early, late error // of the deaf server, read after its end
		tokens := make(chan int64, 10)
		deaf := jobs.Job{Name: "write", Every: time.Hour, Do: func(ctx context.Context) error {
			early = fenced(ctx)
			tokens <- jobs.Token(ctx)
			way.cut.Store(true)
			time.Sleep(5 * time.Minute)
			late = fenced(ctx)
			return nil
		}}
		stop := start(t, jobs.Runner{Store: way, Who: "deaf", Jobs: []jobs.Job{deaf}})
		time.Sleep(time.Second)
		next := jobs.Job{Name: "write", Every: time.Hour, Do: func(ctx context.Context) error {
			tokens <- jobs.Token(ctx)
			return fenced(ctx)
		}}
		defer start(t, jobs.Runner{Store: s, Who: "next", Jobs: []jobs.Job{next}})()
		time.Sleep(10 * time.Minute)
		stop()
		if early != nil || !errs.Is(late, errs.Conflict) {
			t.Errorf("with the lease: %v; without: %v", early, late)
		}
		if a, b := <-tokens, <-tokens; a >= b || a == 0 || len(tokens) > 0 {
			t.Errorf("the tokens are %d, then %d", a, b)
		}
		if got := state(t, s, "write"); got.Error != "" || got.Runs != 1 {
			t.Errorf("%+v", got)
		}
		if err := fenced(t.Context()); err != nil {
			t.Errorf("outside a job: %v", err)
		}
	})
}

// The race for a lease, on the engines as they are: at no moment do two work, and every server comes to an end.
func TestRun_RaceOnTheEngines(t *testing.T) {
	eachEngine(t, func(t *testing.T, s graph.Store) {
		w := &witness{}
		var stops []func()
		for _, who := range []string{"a", "b", "c", "d"} {
			job := jobs.Job{Name: "tick", Every: 3 * time.Second, Do: func(ctx context.Context) error { return w.run(ctx, who, 5*time.Millisecond) }}
			stops = append(stops, start(t, jobs.Runner{Store: s, Who: who, Jobs: []jobs.Job{job}, Term: 3 * time.Second}))
		}
		for deadline := time.Now().Add(30 * time.Second); w.count() < 2 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		for _, stop := range stops {
			stop()
		}
		if w.two() || w.count() < 2 {
			t.Errorf("%d runs, by %v; two at once: %t", w.count(), w.by, w.two())
		}
		if got := state(t, s, "tick"); got.Holder != "" || got.Runs == 0 {
			t.Errorf("%+v", got)
		}
	})
}
