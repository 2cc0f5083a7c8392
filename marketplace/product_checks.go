package marketplace

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// assertionsFacet is the facet of OpenLineage in which the results of checks arrive.
const assertionsFacet = "dataQualityAssertions"

// maxChecked is of how many datasets a product's page reads the checks.
const maxChecked = 20

// check is the result of one check of a dataset.
type check struct {
	Dataset   string
	Assertion string `json:"assertion"`
	Column    string `json:"column"`
	Success   bool   `json:"success"`
}

// addChecks reads the results of checks, as sources report them. What can't be read is as if it hadn't come: its form is the
// source's.
func (s *Service) addChecks(ctx context.Context, t *trusted) error {
	for _, d := range t.datasets[:min(len(t.datasets), maxChecked)] {
		v, err := s.catalog.Dataset(ctx, d.ID)
		if err != nil {
			return err
		}
		for _, f := range v.Facets {
			if f.Key == assertionsFacet {
				t.checks = append(t.checks, checksIn(f.JSON, titleOf(d))...)
			}
		}
	}
	return nil
}

func checksIn(text, dataset string) []check {
	var body struct {
		Assertions []check `json:"assertions"`
	}
	if json.Unmarshal([]byte(text), &body) != nil {
		return nil
	}
	for i := range body.Assertions {
		body.Assertions[i].Dataset = dataset
	}
	return body.Assertions
}

// checked tells how the checks came out.
func (t trusted) checked() Signal {
	out := Signal{Aspect: TrustChecks, State: SignalUnknown, Text: "No results of checks are reported for it."}
	if len(t.checks) == 0 {
		return out
	}
	var bad []string
	for _, c := range t.checks {
		if !c.Success {
			at := c.Dataset
			if c.Column != "" {
				at += ", " + c.Column
			}
			bad = append(bad, c.Assertion+" ("+at+")")
		}
	}
	if len(bad) == 0 {
		out.State, out.Text = SignalGood, fmt.Sprintf("All %d checks that were reported last came out well.", len(t.checks))
		return out
	}
	out.State = SignalBad
	out.Text = fmt.Sprintf("%d of %d checks failed: %s.", len(bad), len(t.checks), strings.Join(bad[:min(len(bad), 3)], "; "))
	return out
}
