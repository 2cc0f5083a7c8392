package verify

import (
	"testing"
	"time"
)

// withholding is a log of ten entries about a person, whose payloads are gone, and then what explains it.
func withholding(t *testing.T, subject string, last fields) *forge {
	f := newForge(t)
	for range 10 {
		f.add(fields{action: "thing.name", subject: subject, body: `[{"asset":"a"}]`})
	}
	f.add(last)
	f.mark()
	for i := range 10 {
		f.entries[i].payload = nil
	}
	return f
}

func TestWhatIsMissingHasToBeExplained(t *testing.T) {
	erase := fields{action: "audit.erase", facts: map[string]string{"subject": "usr_9", "basis": "a request"}}
	if r := check(t, withholding(t, "usr_9", erase).plain(), Options{}); !r.OK || r.Erased != 10 {
		t.Errorf("an erased person: %+v", r)
	}
	for name, f := range map[string]*forge{
		"nobody":                withholding(t, "", erase),
		"another person":        withholding(t, "usr_8", erase),
		"no erasure":            withholding(t, "usr_9", fields{action: "thing.name"}),
		"one redaction for all": withholding(t, "usr_9", fields{action: "audit.redact", facts: map[string]string{"seq": "10", "field": "changes"}}),
		"another field":         withholding(t, "usr_9", fields{action: "audit.redact", facts: map[string]string{"seq": "1", "field": "other"}}),
	} {
		if r := check(t, f.plain(), Options{}); r.OK || r.Reason != PayloadMissing && r.Reason != PayloadKept || r.Broken != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// An erasure explains what was there before it, not what comes after.
func TestAnErasureDoesNotReachForward(t *testing.T) {
	f := withholding(t, "usr_9", fields{action: "audit.erase", facts: map[string]string{"subject": "usr_9"}})
	f.add(fields{action: "thing.name", subject: "usr_9", body: `[{"asset":"a"}]`})
	f.mark()
	if r := check(t, f.plain(), Options{}); !r.OK || r.Erased != 10 || r.Payloads != 1 {
		t.Errorf("a person who came back: %+v", r)
	}
	f.entries[11].payload = nil
	if r := check(t, f.plain(), Options{}); r.OK || r.Reason != PayloadMissing || r.Broken != 11 {
		t.Errorf("a payload of later is missing: %+v", r)
	}
	f = withholding(t, "usr_9", fields{action: "audit.erase", facts: map[string]string{"subject": "usr_9"}})
	f.add(fields{action: "thing.name"})
	f.mark()
	f.entries[4].payload = []Payload{{Index: 4, Field: "changes", Key: payloadKeyOf(4), Body: []byte(`[{"asset":"a"}]`)}}
	if r := check(t, f.plain(), Options{}); r.OK || r.Reason != PayloadKept || r.Broken != 4 {
		t.Errorf("an erased payload that is there: %+v", r)
	}
}

func TestPrunedLogs(t *testing.T) {
	f := newForge(t)
	for range 600 {
		f.add(fields{action: "thing.name", body: `[{"asset":"a"}]`})
		if len(f.entries) == 100 {
			f.mark()
		}
	}
	f.add(fields{action: "audit.prune", facts: map[string]string{"min_index": "256", "archive_digest": sixty4}})
	f.mark()
	for pruned, ok := range map[int64]bool{0: true, 100: true, 256: true, 257: false, 512: false} {
		f.pruned = pruned
		r := check(t, f.plain(), Options{Key: f.first, Known: f.sign(77, f.first)})
		if r.OK != ok || ok && r.Pruned != pruned || !ok && (r.Reason != BadPrune || r.Broken != 256) {
			t.Errorf("the first %d are gone: %+v", pruned, r)
		}
	}
}

// Clocks may be wrong; that is told, but breaks nothing.
func TestClocksThatGoBackAreNoticed(t *testing.T) {
	f := newForge(t)
	f.add(fields{action: "thing.name", at: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)})
	f.add(fields{action: "thing.name", at: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).Add(-lag)})
	f.mark()
	if r := check(t, f.plain(), Options{Key: f.first}); !r.OK || len(r.Notices) != 0 {
		t.Errorf("within bounds: %+v", r)
	}
	f.add(fields{action: "thing.name", at: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)})
	f.mark()
	if r := check(t, f.plain(), Options{Key: f.first}); !r.OK || len(r.Notices) != 1 {
		t.Errorf("a month back: %+v", r)
	}
}
