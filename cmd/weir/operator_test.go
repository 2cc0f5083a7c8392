package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Whoever mistypes a role leaves nobody half made, without a role and without a password.
func TestUserAdd_WithARoleThatCannotBeGiven(t *testing.T) {
	dir := t.TempDir()
	for role, names := range map[string]string{"king": "role", "steward@Nowhere": "domain", "consumer": "domain", "member": "role"} {
		if _, failed := run(t, "user", "add", "ada", "--role", "auditor", "--role", role, "--dir", dir); !strings.HasPrefix(failed, names+": ") {
			t.Errorf("%s: %q", role, failed)
		}
	}
	if list, failed := run(t, "user", "list", "--dir", dir); failed != "" || strings.Contains(list, "ada") {
		t.Errorf("somebody was made all the same: %s %s", list, failed)
	}
	if _, failed := run(t, "user", "add", "ada", "--role", "auditor", "--dir", dir); failed != "" {
		t.Error(failed)
	}
	if list, failed := run(t, "user", "list", "--dir", dir); failed != "" || !strings.Contains(list, "auditor") || !strings.Contains(list, "usr_") {
		t.Errorf("%s %s", list, failed)
	}
}

// Too few words say which are wanted.
func TestUserAdd_WithoutALogin(t *testing.T) {
	if _, failed := run(t, "user", "add", "--dir", t.TempDir()); !strings.Contains(failed, "weir user add LOGIN") {
		t.Error(failed)
	}
}

// Whoever mistypes an id must not believe that somebody is erased.
func TestErase_OfNobody(t *testing.T) {
	dir := t.TempDir()
	if _, failed := run(t, "user", "add", "ada", "--role", "admin", "--dir", dir); failed != "" {
		t.Fatal(failed)
	}
	list, _ := run(t, "user", "list", "--dir", dir)
	id := list[strings.Index(list, "usr_"):]
	id = id[:strings.IndexByte(id, ' ')]
	erase := func(id string) string {
		_, failed := run(t, "audit", "erase", "--subject", id, "--basis", "a request", "--dir", dir)
		return failed
	}
	if failed := erase(id[:len(id)-1]); !strings.Contains(failed, "nothing that is sealed for this id") {
		t.Errorf("an id that nobody has: %q", failed)
	}
	if failed := erase(id); failed != "" {
		t.Error(failed)
	}
}

// Each setting that is not right is named as the operator knows it, also before a server is started.
func TestConfigCheck_NamesTheSetting(t *testing.T) {
	for name, args := range map[string][]string{
		"external-url":   {"--external-url", "https://weir.example.com/catalog"},
		"anchor-webhook": {"--anchor-webhook", "http://elsewhere.example/"},
		"witness-url":    {"--witness-url", "https://witness.example", "--witness-key", "none"},
	} {
		_, failed := run(t, append([]string{"config", "check", "--dir", t.TempDir()}, args...)...)
		if !strings.HasPrefix(failed, name) {
			t.Errorf("%s: %q", name, failed)
		}
	}
}

// The address for the first administrator is the one at which his session will be kept.
func TestGreeting_NamesTheAddressOfReaders(t *testing.T) {
	s := &Server{Config: Config{ExternalURL: "https://weir.example.com/"}}
	if got := s.whereReadersAre(); got != "https://weir.example.com" {
		t.Error(got)
	}
}

// contested is a store whose followers are always outrun by another server's.
type contested struct{ graph.Store }

func (contested) Update(context.Context, string, func(context.Context, graph.Tx) error) error {
	return errs.E(errs.Conflict, "Somebody was faster.")
}

// An import into a store that a server elsewhere follows is no failure: the other does the work.
func TestCatchUp_BesideAnotherFollower(t *testing.T) {
	cfg := defaults()
	cfg.Dir = t.TempDir()
	store, err := cfg.open(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, time.Now(), audit.Entry{Actor: authz.Operator.ID, Action: "catalog.test", Decision: audit.Allowed})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inherits(store).Step(t.Context(), contested{store}); !errs.Is(err, errs.Conflict) {
		t.Fatalf("nothing is contested: %v", err)
	}
	if err := catchUp(t.Context(), contested{store}); err != nil {
		t.Error(err)
	}
}
