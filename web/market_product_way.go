package web

import (
	"slices"
	"strings"

	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

var accessIcons = map[template.Access]string{
	template.Metadata: "file-text", template.Masked: "eye-off", template.Read: "table-2", template.Export: "download",
}

// addWays adds what would come of asking in each way, and which policies say so.
func (s *Site) addWays(p *view.Page, v marketplace.ProductView) {
	switch {
	case v.Closed != "":
		p.Problem = "It can't be asked for. " + v.Closed
		return
	case v.Tried == nil:
		p.Problem = "You can't ask for it: only people, agents and service accounts do."
		return
	case v.Tried.Problem != "":
		p.Problem = v.Tried.Problem
		return
	}
	p.Tried = "if you ask today, for " + strings.ToLower(template.PurposeTitle(v.Asked.Purpose)) + ", " + ui.Count(v.Asked.Days, "day", "days")
	for _, way := range v.Tried.Ways {
		p.Ways = append(p.Ways, accessWay(way, string(v.Product.ID)))
	}
	p.Policies = policiesOf(v.Tried.Verdict)
}

func accessWay(way marketplace.Way, target string) view.Way {
	out := view.Way{Name: ui.Capital(way.Access.Words()), Icon: accessIcons[way.Access], Href: link.NewRequest(target), Act: "Ask"}
	switch way.Outcome {
	case template.AtOnce:
		out.Gate, out.Word, out.Act = ui.GateOpen, "Granted at once", "Get it"
		if way.Access == template.Masked {
			out.Gate = ui.GatePart
		}
	case template.Impossible:
		out.Gate, out.Word, out.Why, out.Href = ui.GateSeal, "Not possible", way.Reason, ""
	default:
		out.Gate, out.Word = ui.GateHalf, ui.Count(way.Approvals, "approval", "approvals")
		if way.Stuck {
			out.Why = "Nobody can decide it now."
		}
	}
	return out
}

// aspectWords are the aspects that a policy decides, as a sentence about it begins.
var aspectWords = map[string]string{
	"who": "who may ask", "purpose": "what for", "access": "which kinds of access", "environment": "where it may be used",
	"duration": "for how long", "renewal": "whether it can be renewed", "terms": "that terms are accepted", "pre-approval": "whether it is granted at once",
}

// policiesOf are the policies that apply, each with what it decided as the strictest.
func policiesOf(v template.Verdict) []view.Policy {
	var out []view.Policy
	for _, of := range v.Applied {
		row := view.Policy{Name: ui.Link{Text: of.Name}, Why: of.Why}
		if of.Template != "" {
			row.Name.Href = link.Template(string(of.Template))
		}
		var decides []string
		for _, aspect := range sortedAspects(v.DecidedBy) {
			if slices.ContainsFunc(v.DecidedBy[aspect], func(src template.Source) bool { return src.Template == of.Template }) {
				if word := aspectWord(aspect); !slices.Contains(decides, word) {
					decides = append(decides, word)
				}
			}
		}
		if len(decides) > 0 {
			row.Says = []string{"Decides " + strings.Join(decides, ", ") + "."}
		} else {
			row.Says = []string{"Decides nothing here: others are stricter."}
		}
		out = append(out, row)
	}
	return out
}

func sortedAspects(all map[string][]template.Source) []string {
	out := make([]string, 0, len(all))
	for aspect := range all {
		out = append(out, aspect)
	}
	slices.Sort(out)
	return out
}

func aspectWord(aspect string) string {
	if word, ok := aspectWords[aspect]; ok {
		return word
	}
	if class, ok := strings.CutPrefix(aspect, "masking."); ok {
		return "how " + classWord(class) + " is masked"
	}
	return "who approves"
}
