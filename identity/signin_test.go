package identity_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weir/errs"
	"weir/identity"
)

func TestSignIn(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, out := w.user("ada"), w.user("out")
		w.fine(w.DisableUser(w.op, out.ID))
		if _, err := w.CreateUser(w.op, identity.NewUser{Login: "elsewhere", Name: "Signs in elsewhere"}); err != nil {
			t.Fatal(err)
		}
		answers := map[string]bool{}
		for i, c := range []struct{ login, password string }{
			{"ada", "seven quiet herons at dawn"}, {"nobody", goodPassword}, {"out", goodPassword}, {"elsewhere", goodPassword},
			{"ada\xff", goodPassword}, {"", ""},
		} {
			_, err := w.Service.SignIn(t.Context(), c.login, c.password, fmt.Sprint("10.0.0.", i))
			w.is(err, errs.Unauthenticated)
			answers[err.Error()] = true
		}
		if len(answers) != 1 {
			t.Errorf("the answer tells who there is: %v", answers)
		}
		got, err := w.Service.SignIn(t.Context(), " Ada ", goodPassword, "10.0.1.1")
		if err != nil || got.ID != ada.ID || !got.Local {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestThrottle(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.user("ada")
		other := w.replica(identity.Options{}) // counts together with the first
		try := func(s *identity.Service, login, password, ip string) error {
			_, err := s.SignIn(t.Context(), login, password, ip)
			return err
		}
		for _, login := range []string{"ada", "nobody"} { // a lock says nothing about who there is
			for i := range 5 {
				w.is(try([]*identity.Service{w.Service, other}[i%2], login, "wrong", "10.0.0.1"), errs.Unauthenticated)
				if i > 0 {
					w.is(try(w.Service, login, goodPassword, "10.0.0.2"), errs.TooMany)
				}
				w.clock.add(8 * time.Second)
			}
			err := try(other, login, goodPassword, "10.0.0.3")
			w.is(err, errs.TooMany)
			if e, ok := errs.As(err); !ok || e.RetryAfter < 14*time.Minute || e.RetryAfter > 15*time.Minute {
				t.Errorf("%s is locked for %v", login, e)
			}
		}
		w.clock.add(15 * time.Minute)
		w.fine(try(w.Service, "ada", goodPassword, "10.0.0.1"))
		for range 3 {
			w.is(try(w.Service, "ada", "wrong", "10.0.0.1"), errs.Unauthenticated)
			w.clock.add(10 * time.Second)
			w.fine(try(w.Service, "ada", goodPassword, "10.0.0.1")) // begins anew
		}
	})
}

func TestThrottle_AddressCountsAllLogins(t *testing.T) {
	w := memory(t)
	w.user("ada")
	for i := range 50 {
		_, err := w.Service.SignIn(t.Context(), fmt.Sprint("guess", i), "wrong", fmt.Sprint("2001:db8::", i)) // one network
		w.is(err, errs.Unauthenticated)
	}
	_, err := w.Service.SignIn(t.Context(), "ada", goodPassword, "2001:db8::1")
	w.is(err, errs.TooMany)
	_, err = w.Service.SignIn(t.Context(), "ada", goodPassword, "2001:db8:0:1::1")
	w.fine(err)
	w.clock.add(15 * time.Minute)
	_, err = w.Service.SignIn(t.Context(), "ada", goodPassword, "2001:db8::1")
	w.fine(err)
}

// TestThrottle_AtOnce: tries that are made at the same moment don't slip past the count.
func TestThrottle_AtOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		w.user("ada")
		var wg sync.WaitGroup
		var guessed, refused atomic.Int64
		for range 40 {
			wg.Go(func() {
				_, err := w.Service.SignIn(t.Context(), "ada", "wrong", "")
				switch {
				case errs.Is(err, errs.Unauthenticated):
					guessed.Add(1)
				case errs.Is(err, errs.TooMany):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if guessed.Load() > 2 || refused.Load() < 38 {
			t.Errorf("%d guesses were let through, %d refused", guessed.Load(), refused.Load())
		}
	})
}
