package scalar

import (
	"strings"
	"testing"
	"time"

	"weir/errs"
)

func TestDateTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-21T09:50:46Z":                `"2026-11-21T09:50:46.000000Z"`,
		"2026-11-21T09:50:46.123456789Z":      `"2026-11-21T09:50:46.123456Z"`,
		"2026-11-21T11:50:46.5+02:00":         `"2026-11-21T09:50:46.500000Z"`,
		"0001-01-02T00:00:00Z":                `"0001-01-02T00:00:00.000000Z"`,
		"9999-12-30T23:59:59.999999999-00:00": `"9999-12-30T23:59:59.999999Z"`,
	} {
		got, err := UnmarshalDateTime(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var b strings.Builder
		MarshalDateTime(got).MarshalGQL(&b)
		if b.String() != want {
			t.Errorf("%s is written %s, want %s", text, b.String(), want)
		}
	}
	for _, bad := range []any{"", "2026-11-21", "2026-11-21 09:50:46Z", "2026-11-21T09:50:46", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", 5, nil, time.Now()} {
		if _, err := UnmarshalDateTime(bad); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestInt(t *testing.T) {
	if n, err := UnmarshalInt(int64(5)); n != 5 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := UnmarshalInt("99999999999999999999"); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
}
