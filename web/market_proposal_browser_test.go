package web_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/marketplace"
)

// acting is a context in which somebody acts.
func (v *town) acting(login string) context.Context {
	v.t.Helper()
	v.identity.Forget()
	p, err := v.identity.PrincipalOf(v.t.Context(), v.ids[login])
	must(v.t, err)
	return authz.With(v.t.Context(), p)
}

// proposed gives a council proposals in each state that its pages show, and names them.
func (v *town) proposed() map[string]string {
	v.t.Helper()
	tickets := catalog.DatasetID("care-db", "tickets")
	v.reads(tickets)
	out := map[string]string{"proposals": "/proposals", "proposals-mine": "/proposals?view=mine", "proposals-all": "/proposals?view=all",
		"proposal-rules": "/proposals/rules", "proposal-new": "/datasets/" + string(tickets) + "/delete"}
	propose := func(name, who string, in marketplace.ActInput, why string) graph.ID {
		p, err := v.market.Propose(v.acting(who), in, why)
		must(v.t, err)
		out["proposal-"+name] = "/proposals/" + string(p.ID)
		return p.ID
	}
	role := func(who, role string) marketplace.RoleAct {
		return marketplace.RoleAct{Subject: v.ids[who], Role: role, Domain: authz.Everywhere}
	}
	propose("waits", "dan", role("bo", authz.Approver), "Bo takes over data security while Ines is away.")
	propose("own", "ann", marketplace.DeleteAct{Dataset: tickets}, "The tickets moved to the new help desk in May.")
	done := propose("done", "dan", marketplace.AgentAct{Name: "ticket-scout", Type: authz.Agent, Owner: v.ids["bo"], Purpose: "Finds data about tickets."}, "Asked for by the service desk.")
	seen, err := v.market.Proposal(v.acting("ann"), done)
	must(v.t, err)
	_, err = v.market.ConfirmProposal(v.acting("ann"), marketplace.ProposalVerdict{Proposal: done, Seen: seen.Seen})
	must(v.t, err)
	refused := propose("refused", "dan", role("cy", authz.Admin), "Cy wants to help.")
	must(v.t, v.market.RefuseProposal(v.acting("ann"), marketplace.ProposalVerdict{Proposal: refused, Note: "Two administrators are enough."}))
	propose("changed", "dan", role("cy", authz.Owner), "Cy looks after sales now.")
	must(v.t, v.rights.GrantRole(authz.With(v.t.Context(), authz.Operator), authz.RoleChange{Subject: v.ids["cy"], Role: authz.Auditor, Domain: authz.Everywhere}))
	v.now = v.now.Add(time.Minute)
	list := propose("list", "ann", marketplace.ExportAct{}, "For the yearly audit.")
	seen, err = v.market.Proposal(v.acting("dan"), list)
	must(v.t, err)
	_, err = v.market.ConfirmProposal(v.acting("dan"), marketplace.ProposalVerdict{Proposal: list, Seen: seen.Seen})
	must(v.t, err)
	return out
}

// TestProposalPagesInTheBrowser opens each page on a phone and on a wide screen, by day and by night, and confirms one with a
// click. WEIR_SCREENSHOTS names a folder for pictures of them.
func TestProposalPagesInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	v := council(t)
	pages := v.proposed()
	server := v.serve()
	axe := readAxe(t)
	signInBrowser(t, ctx, server.URL)
	heard.take()
	dir := os.Getenv("WEIR_SCREENSHOTS")
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
		}
	}
	do(t, ctx, chromedp.Navigate(server.URL+pages["proposal-waits"]), chromedp.Click(`main form button`))
	holds(t, ctx, `document.querySelector("main").innerText.includes("It was confirmed and done.")`)
}
