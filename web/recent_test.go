package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/identity"
)

// TestRecent_NotForTokens: not even the operator's token has proved just now who shows it.
func TestRecent_NotForTokens(t *testing.T) {
	v := newTown(t)
	_, secret, err := v.identity.CreateToken(authz.With(t.Context(), authz.Operator), identity.NewToken{Name: "ops", Scopes: []string{authz.ScopeAdmin}})
	must(t, err)
	path := "/people/" + string(v.ids["bo"]) + "/password"
	if a := v.send(http.MethodPost, path, url.Values{}, bearer(secret)); a.status != http.StatusForbidden {
		t.Errorf("status %d: %.200s", a.status, a.body)
	}
}

// TestRecent_ForStandIns: who leaves his browser alone doesn't find somebody else with his rights.
func TestRecent_ForStandIns(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	v.now = v.now.Add(6 * time.Minute)
	a := bo.do(http.MethodPost, "/settings/stand-ins", url.Values{"to": {"cy"}})
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sign-in/again?next=") {
		t.Errorf("status %d to %q", a.status, a.header.Get("Location"))
	}
}
