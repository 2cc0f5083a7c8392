package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"weir/marketplace"
)

// Grants are looked through by keyboard alone: the first is kept, the second revoked with a reason.
func TestCampaignInTheBrowser_ByKeyboard(t *testing.T) {
	ctx, heard := browser(t)
	w := newDesk(t)
	w.granted(2)
	c, err := w.market.OpenCampaign(w.acting("tom"), marketplace.NewCampaign{
		Name: "Spring", Scope: marketplace.CampaignOwner, Target: w.ids["team"], Due: w.now.AddDate(0, 0, 14), Outcome: marketplace.OutcomeRemind,
	})
	must(t, err)
	asked, err := w.market.Campaign(w.acting("tom"), marketplace.ReviewList{Campaign: c.ID, Limit: 2})
	must(t, err)
	server := w.serve()
	signInAs(t, ctx, server.URL, "tom")
	do(t, ctx, chromedp.Navigate(server.URL+"/campaigns/"+string(c.ID)))
	holds(t, ctx, `document.querySelectorAll("[data-review]").length === 2`)
	do(t, ctx, chromedp.KeyEvent("j"))
	holds(t, ctx, `document.activeElement.matches("[data-review]")`)
	do(t, ctx, chromedp.KeyEvent("y"))
	holds(t, ctx, `document.activeElement.value === "keep"`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `location.search === "?answered=1" && document.querySelectorAll("[data-review]").length === 1 && document.activeElement.matches("[data-review]")`)
	do(t, ctx, chromedp.KeyEvent("r"))
	holds(t, ctx, `document.activeElement.name === "reason"`)
	do(t, ctx, chromedp.KeyEvent("Nobody uses it."), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `document.body.textContent.includes("Nothing left for you to look at")`)
	for n, want := range []marketplace.GrantState{marketplace.Granting, marketplace.Revoked} {
		g, err := w.market.Grant(w.acting("tom"), asked.Reviews.Items[n].Grant)
		must(t, err)
		if g.State != want {
			t.Errorf("grant %d is %s, want %s", n, g.State, want)
		}
	}
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}
