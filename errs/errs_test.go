package errs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"weir/errs"
)

func TestEveryKindHasItsOwnName(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range errs.Kinds() {
		if seen[k.String()] || strings.HasPrefix(k.String(), "kind(") {
			t.Errorf("kind %d is called %q", k, k)
		}
		seen[k.String()] = true
	}
}

func TestForeignErrorsAreInternalAndNotShown(t *testing.T) {
	err := fmt.Errorf("dial tcp 10.0.0.7: secret")
	if errs.KindOf(err) != errs.Internal || strings.Contains(errs.Shown(err), "secret") {
		t.Errorf("kind %v, shown %q", errs.KindOf(err), errs.Shown(err))
	}
	wrapped := errs.Wrap(err, errs.Unavailable, "The store does not answer.")
	if got := errs.Shown(fmt.Errorf("outer: %w", wrapped)); got != "The store does not answer." {
		t.Errorf("shown %q", got)
	}
	if !errors.Is(wrapped, err) {
		t.Error("the cause is lost")
	}
	if errs.Wrap(nil, errs.Invalid, "x") != nil {
		t.Error("Wrap(nil) is an error")
	}
}

func TestFields(t *testing.T) {
	if errs.Fields(nil) != nil {
		t.Error("no fields make an error")
	}
	err := errs.Fields([]errs.Field{{Name: "a", Message: "is missing"}, {Name: "b", Message: "is too long"}})
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid || len(e.Fields) != 2 {
		t.Errorf("got %v", err)
	}
	if errs.Is(nil, errs.Internal) {
		t.Error("nil has a kind")
	}
}
