package web

import (
	"context"
	"log/slog"
	"net/http"

	"weir/authz"
	"weir/views/layout"
	"weir/views/ui"
)

// shell is what the request brings to every page.
func (s *Site) shell(r *http.Request) layout.Shell {
	shell := layout.Shell{
		Company: s.Organisation, Demo: s.Playground && s.GraphQL != nil,
		Theme: s.setting(r, themeCookie), KeysOff: s.setting(r, keysCookie) == keysOff, Back: here(r),
	}
	if r.URL.Query().Has(savedMark) {
		shell.Notice = "Saved."
	}
	s.viewer(r.Context(), &shell)
	return shell
}

// viewer says who reads the page, and what he finds in its navigation.
func (s *Site) viewer(ctx context.Context, shell *layout.Shell) {
	who := authz.From(ctx)
	if s.Identity == nil || who.Type != authz.Person {
		return
	}
	shell.Viewer = ui.Owner{ID: who.ID, Name: who.Name, Kind: "person"}
	shell.CanSignOut = who.Session != ""
	shell.People = s.Policy.Can(ctx, authz.People, authz.Everywhere, authz.View)
	shell.Audit = s.Log != nil && s.Policy.Can(ctx, authz.Audit, authz.Everywhere, authz.View)
	shell.Policy = s.Policy.Can(ctx, authz.Rules, authz.Everywhere, authz.View)
	shell.System = s.Notify != nil && s.Policy.Can(ctx, authz.System, authz.Everywhere, authz.View)
	if s.Market != nil {
		shell.Market = s.waiting(ctx)
	}
}

// waiting counts what waits for the reader. A number that can't be had is left out: no page fails for it.
func (s *Site) waiting(ctx context.Context) *layout.Market {
	out := &layout.Market{}
	var err error
	if out.Inbox, out.More, err = s.Market.InboxCount(ctx); err != nil {
		slog.WarnContext(ctx, "what waits in the inbox can't be counted", "error", err)
	}
	if out.Proposals, out.MoreProposals, err = s.Market.ProposalCount(ctx); err != nil {
		slog.WarnContext(ctx, "proposals that wait can't be counted", "error", err)
	}
	if out.Requests, err = s.Market.AnswersDue(ctx); err != nil {
		slog.WarnContext(ctx, "questions that wait can't be counted", "error", err)
	}
	if s.Notify == nil {
		return out
	}
	if out.Unread, err = s.Notify.Unread(ctx); err != nil {
		slog.WarnContext(ctx, "notifications can't be counted", "error", err)
	}
	return out
}

// savedMark in an address says that the reader comes from a form that was saved.
const savedMark = "saved"

// here is the address that a settings form returns to: this page where it can be visited, else the first one.
func here(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "/"
	}
	u := *r.URL
	values := u.Query()
	values.Del(savedMark)
	u.RawQuery = values.Encode()
	return u.RequestURI()
}
