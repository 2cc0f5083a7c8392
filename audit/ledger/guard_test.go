package ledger_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/audit/ledger"
	"weir/audit/verify"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
)

// guarded is a log under the rules that come with the program.
func guarded(t *testing.T) *book {
	t.Helper()
	s, err := graph.Merge(schema(t), authz.Schema())
	if err != nil {
		t.Fatal(err)
	}
	b := openBook(t, graphtest.Memory(s))
	b.must(authz.Install(t.Context(), b.Store, b.now))
	b.Policy, err = authz.NewPolicy(t.Context(), b.Store)
	b.must(err)
	b.write(3)
	b.sealed()
	return b
}

// as is a context in which somebody with a role acts.
func (b *book) as(role string) context.Context {
	who := authz.Principal{ID: "usr_" + role, Type: authz.Person, Roles: []authz.Held{{Role: role, Domain: authz.Everywhere}}}
	return authz.With(b.ctx(), who)
}

// Each command asks the policy, and who is refused is written down with what he wanted.
func TestCommandsAskThePolicy(t *testing.T) {
	const admin, auditor, platform, steward = authz.Admin, authz.Auditor, authz.Platform, authz.Steward
	for name, tt := range map[string]struct {
		do     func(ctx context.Context, s *ledger.Service) error
		may    []string
		action string // of the entry of a refusal; "" for reading
	}{
		"export": {func(ctx context.Context, s *ledger.Service) error {
			_, err := s.Export(ctx, io.Discard)
			return err
		}, []string{admin, auditor}, ledger.ActionExport},
		"verify": {func(ctx context.Context, s *ledger.Service) error {
			_, err := s.Verify(ctx, verify.Options{})
			return err
		}, []string{admin, auditor}, ""},
		"erase": {func(ctx context.Context, s *ledger.Service) error { return s.Erase(ctx, person, "a request") },
			[]string{admin}, audit.ActionErase},
		"redact": {func(ctx context.Context, s *ledger.Service) error { return s.Redact(ctx, 3, "an order") },
			[]string{admin}, audit.ActionRedact},
		"prune": {func(ctx context.Context, s *ledger.Service) error {
			err := s.Prune(ctx, 256, strings.Repeat("ab", 32), "the rule")
			if errs.Is(err, errs.Invalid) {
				return nil // it was let through to what says that so much is not there
			}
			return err
		}, []string{admin}, audit.ActionPrune},
		"rotate": {func(ctx context.Context, s *ledger.Service) error {
			_, err := s.Rotate(ctx)
			return err
		}, []string{admin, platform}, audit.ActionKey},
		"retire": {func(ctx context.Context, s *ledger.Service) error {
			err := s.Retire(ctx, "no key")
			if errs.Is(err, errs.NotFound) {
				return nil
			}
			return err
		}, []string{admin, platform}, audit.ActionRetire},
		"rewrap": {func(ctx context.Context, s *ledger.Service) error { return s.Rewrap(ctx) },
			[]string{admin, platform}, audit.ActionRewrap},
	} {
		for _, role := range []string{admin, auditor, platform, steward} {
			b := guarded(t)
			err := tt.do(b.as(role), b.Service)
			may := strings.Contains(strings.Join(tt.may, " "), role)
			if may && err != nil || !may && !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s by a %s: %v", name, role, err)
			}
			last, err := audit.Latest(b.ctx(), b.Store, 1)
			b.must(err)
			denied := last[0].Decision == audit.Denied && last[0].Actor == "usr_"+role && last[0].Action == tt.action
			if wanted := !may && tt.action != ""; denied != wanted {
				t.Errorf("%s by a %s: the last entry is %+v", name, role, last[0])
			}
		}
		b := guarded(t)
		if err := tt.do(b.ctx(), b.Service); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s by nobody: %v", name, err)
		}
	}
}

func TestExport_SaysWhoTookTheLogOut(t *testing.T) {
	b := guarded(t)
	if _, err := b.Export(b.as(authz.Auditor), io.Discard); err != nil {
		t.Fatal(err)
	}
	last, err := audit.Latest(b.ctx(), b.Store, 1)
	b.must(err)
	if e := last[0]; e.Action != ledger.ActionExport || e.Actor != "usr_auditor" || e.Decision != audit.Allowed {
		t.Errorf("%+v", e)
	}
}

// An export is of one moment, whatever is written, erased and signed while it runs.
func TestExport_WhileTheLogGrows(t *testing.T) {
	b := openBook(t, openSQLite(t))
	b.write(10)
	b.sealed()
	key := b.key()
	ctx, stop := context.WithCancel(b.ctx())
	ended := make(chan error, 2)
	sealer := &audit.Sealer{Log: b.Log, Every: 20 * time.Millisecond}
	go func() { ended <- sealer.Run(ctx) }()
	go func() { ended <- b.churn(ctx) }()
	for range 15 {
		var out bytes.Buffer
		size, err := b.Export(b.ctx(), &out)
		if err != nil {
			t.Errorf("export: %v", err)
			break
		}
		r, err := verify.Bundle(&out, verify.Options{Key: key})
		if err != nil || !r.OK || r.Size != size {
			t.Errorf("an export of %d entries: %+v, %v", size, r, err)
		}
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	}
}

// churn writes about a person and erases that person, over and over.
func (b *book) churn(ctx context.Context) error {
	at := b.now
	for n := 0; n < 500 && ctx.Err() == nil; n++ {
		err := b.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if n%4 == 3 {
				return audit.Erase(ctx, tx, at, audit.Entry{Actor: "usr_ann"}, person, "a request")
			}
			if _, err := tx.Put(ctx, thingType.Write("th_a", graph.Upsert, thing{Name: "a"})); err != nil {
				return err
			}
			return audit.Append(ctx, tx, at, audit.Entry{Actor: "usr_ann", Action: "thing.name", Decision: audit.Allowed, Subject: person,
				Changes: []audit.Change{{Asset: "th_a", Field: "name", After: "x"}}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
