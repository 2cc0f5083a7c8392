package web_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"weir/audit"
	"weir/audit/ledger"
	"weir/audit/verify"
	"weir/authz"
	"weir/catalog"
	"weir/web"
)

// sealedTown is a town with an auditor, whose log is kept and sealed.
func sealedTown(t *testing.T) (*town, *audit.Sealer) {
	t.Helper()
	var log *ledger.Service
	v := newTown(t, func(o *web.Options) {
		log = &ledger.Service{Now: o.Now, Policy: o.Policy}
		o.Log = log
	})
	opened, err := audit.Open(t.Context(), v.store, audit.Options{Dir: t.TempDir(), Now: log.Now})
	if err != nil {
		t.Fatal(err)
	}
	log.Store, log.Log = v.store, opened
	op := authz.With(t.Context(), authz.Operator)
	if err := v.rights.GrantRole(op, authz.RoleChange{Subject: v.ids["cy"], Role: authz.Auditor, Domain: authz.Everywhere}); err != nil {
		t.Fatal(err)
	}
	v.identity.Forget()
	s := &audit.Sealer{Log: opened}
	if _, err := s.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	return v, s
}

func TestAudit_OnlyForThoseWhoMayReadIt(t *testing.T) {
	v, _ := sealedTown(t)
	bo := v.as("bo")
	for _, path := range []string{"/audit", "/audit/entries/1", "/audit/entries/1.tlog-proof", "/audit/checkpoints", "/audit/checkpoint", "/audit/tile/0/000.p/1"} {
		if a := bo.do(http.MethodGet, path, nil); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
			t.Errorf("a steward gets %s: %d", path, a.status)
		}
	}
	if a := v.as("cy").do(http.MethodGet, "/audit", nil); a.status != http.StatusOK {
		t.Errorf("an auditor: %d", a.status)
	}
}

func TestAudit_FindsByPersonActionAssetAndDay(t *testing.T) {
	v, _ := sealedTown(t)
	id := string(catalog.DatasetID("care-db", "tickets"))
	title := "Tickets of the desk"
	bo, err := v.identity.PrincipalOf(t.Context(), v.ids["bo"])
	if err != nil {
		t.Fatal(err)
	}
	if err := v.catalog.Describe(authz.With(t.Context(), bo), catalog.DescribeInput{ID: catalog.DatasetID("care-db", "tickets"), Title: &title}); err != nil {
		t.Fatal(err)
	}
	cy := v.as("cy")
	for query, want := range map[string]string{
		"?actor=Bo+Steward": "described", "?actor=" + string(v.ids["bo"]): "described", "?action=catalog.describe": "described",
		"?asset=" + id: "described", "?action=role.grant": "gave the role steward to", "?action=role": "gave the role auditor to",
		"?from=" + noon.Format("2006-01-02"): "described", "?to=2020-01-01": "No entry matches", "?actor=operator": "added",
	} {
		a := cy.do(http.MethodGet, "/audit"+query, nil)
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, without %q", query, a.status, want)
		}
	}
	for query, want := range map[string]string{
		"?actor=Zoe": "nobody", "?from=yesterday": "is not a day", "?to=2026-13-01": "is not a day",
	} {
		if a := cy.do(http.MethodGet, "/audit"+query, nil); a.status != http.StatusBadRequest || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, without %q", query, a.status, want)
		}
	}
	if a := cy.do(http.MethodGet, "/audit?actor=Bo+Steward", nil); strings.Contains(a.body, "gave the role") {
		t.Error("the filter by person shows what others did")
	}
}

func TestAudit_AnEntryAndItsProof(t *testing.T) {
	v, sealer := sealedTown(t)
	cy := v.as("cy")
	if a := cy.do(http.MethodGet, "/audit/entries/2?verify=1", nil); !strings.Contains(a.body, "The proof holds") || !strings.Contains(a.body, "Root over") {
		t.Errorf("%d: not proved", a.status)
	}
	proof := cy.do(http.MethodGet, "/audit/entries/2.tlog-proof", nil)
	state, err := sealer.Log.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	result, err := verify.Proof([]byte(proof.body), nil, verify.Options{Key: state.Keys[0].VKey})
	if err != nil || !result.OK {
		t.Errorf("the file: %+v, %v", result, err)
	}
	last := strconv.FormatInt(state.Size, 10) // the sign-in of the auditor is not sealed yet
	if a := cy.do(http.MethodGet, "/audit/entries/"+last, nil); !strings.Contains(a.body, "Next seal") || strings.Contains(a.body, "Root over") {
		t.Errorf("entry %s: %d, as if it were sealed", last, a.status)
	}
	for _, path := range []string{"/audit/entries/0", "/audit/entries/999999", "/audit/entries/x", "/audit/entries/-1", "/audit/entries/999999.tlog-proof"} {
		if a := cy.do(http.MethodGet, path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := cy.do(http.MethodGet, "/audit/checkpoints", nil); !strings.Contains(a.body, state.Keys[0].VKey) || !strings.Contains(a.body, "No checkpoint leaves this machine") {
		t.Errorf("checkpoints: %d", a.status)
	}
}

func TestAudit_Export(t *testing.T) {
	v, sealer := sealedTown(t)
	cy := v.as("cy")
	a := cy.do(http.MethodPost, "/audit/export", nil)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/x-tar" {
		t.Fatalf("%d: %.300s", a.status, a.body)
	}
	result, err := verify.Bundle(strings.NewReader(a.body), verify.Options{})
	if err != nil || !result.OK || result.Size == 0 {
		t.Errorf("%+v, %v", result, err)
	}
	tr := tar.NewReader(bytes.NewReader([]byte(a.body)))
	if h, err := tr.Next(); err != nil && !errors.Is(err, io.EOF) || h.Name != "README" {
		t.Errorf("the first file: %v, %v", h, err)
	}
	if _, err := sealer.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := cy.do(http.MethodGet, "/audit?action=audit.export", nil); !strings.Contains(got.body, "exported the log") {
		t.Error("the export is not in the log")
	}
	if a := v.as("bo").do(http.MethodPost, "/audit/export", nil); a.status == http.StatusOK {
		t.Error("a steward may take the log out")
	}
}
