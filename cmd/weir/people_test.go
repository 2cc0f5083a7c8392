package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/identity"
)

// typed runs a command with something on standard input.
func typed(t *testing.T, input string, args ...string) (printed, failed string) {
	t.Helper()
	c := root()
	var out bytes.Buffer
	c.SetIn(strings.NewReader(input))
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	if err := c.ExecuteContext(t.Context()); err != nil {
		failed = explain(err)
	}
	return out.String(), failed
}

// soon waits until something holds that a server hears of from the log.
func soon(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Errorf("never happened: %s", what)
}

func TestTokens_BesideAServer(t *testing.T) {
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := start(t, cfg, nil)
			on := []string{"--dir", cfg.Dir, "--store", cfg.Store}
			status := func(token string) int {
				return send(t, http.MethodPost, s.URL()+"/api/v1/lineage", event(), "Authorization", "Bearer "+token, "Content-Type", "application/json").status
			}
			printed, failed := run(t, append([]string{"token", "create", "--scope", "lineage:write", "--scope", "catalog:read"}, on...)...)
			token := strings.TrimSuffix(printed, "\n")
			if failed != "" || !identity.LooksLikeToken(token) {
				t.Fatalf("it prints the token alone: %q %s", printed, failed)
			}
			if got := status(token); got != http.StatusCreated {
				t.Errorf("its token: %d", got)
			}
			printed, failed = run(t, append([]string{"token", "create", "--scope", "catalog:read", "--expires", "12h", "--name", "for nothing"}, on...)...)
			if got := status(strings.TrimSpace(printed)); failed != "" || got != http.StatusForbidden {
				t.Errorf("a token of another scope: %d %s", got, failed)
			}
			who, err := s.Identity.ByToken(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			list, failed := run(t, append([]string{"token", "list"}, on...)...)
			if failed != "" || !strings.Contains(list, who.Token) || !strings.Contains(list, "for nothing") || strings.Contains(list, token) {
				t.Errorf("%s\n%s", list, failed)
			}
			if _, failed := run(t, append([]string{"token", "revoke", who.Token}, on...)...); failed != "" {
				t.Error(failed)
			}
			soon(t, "a revoked token is refused", func() bool { return status(token) == http.StatusUnauthorized })
		})
	}
}

func TestUsers_BesideAServer(t *testing.T) {
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := start(t, cfg, nil)
			weir := func(input string, args ...string) string {
				t.Helper()
				printed, failed := typed(t, input, append(args, "--dir", cfg.Dir, "--store", cfg.Store)...)
				if failed != "" {
					t.Fatalf("%v: %s", args, failed)
				}
				return printed
			}
			ctx := authz.With(context.Background(), authz.Operator)
			weir("seven quiet herons at dusk\n", "user", "add", "ada", "--name", "Ada Lovelace", "--role", "steward", "--password-stdin")
			u, err := s.Identity.SignIn(ctx, "ada", "seven quiet herons at dusk", "")
			if err != nil {
				t.Fatal(err)
			}
			holds := func(role string, want bool) {
				soon(t, role, func() bool {
					p, err := s.Identity.PrincipalOf(ctx, u.ID)
					return err == nil && p.Holds(role, "dom_x") == want
				})
			}
			holds(authz.Steward, true)
			weir("", "user", "role", "ada", "auditor")
			holds(authz.Auditor, true)
			weir("", "user", "role", "ada", "auditor", "--revoke")
			holds(authz.Auditor, false)
			if list := weir("", "user", "list"); !strings.Contains(list, "Ada Lovelace") || !strings.Contains(list, "active") || !strings.Contains(list, "steward") {
				t.Error(list)
			}
			given := strings.Split(strings.TrimSpace(weir("", "user", "password", "ada")), "\n")[1]
			if now, err := s.Identity.SignIn(ctx, "ada", given, ""); err != nil || !now.PasswordDue {
				t.Errorf("%+v %v", now, err)
			}
			weir("", "user", "disable", "ada")
			soon(t, "a disabled person is out", func() bool {
				_, err := s.Identity.PrincipalOf(ctx, u.ID)
				return errs.Is(err, errs.Unauthenticated)
			})
			weir("", "user", "enable", "ada")
			holds(authz.Steward, true)
		})
	}
}

func TestUsers_Mistakes(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		args  []string
		input string
		says  string
	}{
		{[]string{"user", "disable", "nobody"}, "", "There is no such person."},
		{[]string{"user", "role", "nobody", "admin"}, "", "no person and no account called nobody"},
		{[]string{"user", "add", "ada", "--password-stdin"}, "", "password: is missing"},
		{[]string{"user", "add", "ada", "--password-stdin"}, "short\n", "password: is shorter than 15"},
		{[]string{"user", "add", "no spaces"}, "", "login: "},
		{[]string{"token", "create"}, "", "scopes: are missing"},
		{[]string{"token", "create", "--scope", "root"}, "", `scopes: hold "root"`},
		{[]string{"token", "create", "--scope", "admin", "--expires", "soon"}, "", "expires: "},
		{[]string{"token", "create", "--scope", "admin", "--expires", "400d"}, "", "expires: is more than a year away."},
		{[]string{"token", "create", "--scope", "admin", "--for", "nobody"}, "", "called nobody"},
		{[]string{"token", "revoke", "tok_none"}, "", "There is no such token."},
	} {
		printed, failed := typed(t, tt.input, append(tt.args, "--dir", dir)...)
		if !strings.Contains(failed, tt.says) || printed != "" {
			t.Errorf("%v: %q, printed %q", tt.args, failed, printed)
		}
	}
}
