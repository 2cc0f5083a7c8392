package openlineage

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyJSON draws a JSON value as the standard library decodes one.
func anyJSON(depth int) *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(f float64) any { return f }), rapid.Map(rapid.String(), func(s string) any { return s }),
	)
	if depth == 0 {
		return leaf
	}
	inner := anyJSON(depth - 1)
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(inner, 0, 4), func(l []any) any { return l }),
		rapid.Map(rapid.MapOfN(rapid.String(), inner, 0, 4), func(m map[string]any) any { return m }))
}

// decoded is a value as the standard library would have decoded it, read through ours.
func decoded(t *rapid.T, v value) any {
	switch {
	case v.is('{'):
		object := map[string]any{}
		for m := v.members(); m.more(); {
			object[string(m.key)] = decoded(t, m.value)
			if got := decoded(t, v.get(string(m.key))); !reflect.DeepEqual(got, object[string(m.key)]) {
				t.Fatalf("get %q is %v, not %v", m.key, got, object[string(m.key)])
			}
		}
		return object
	case v.is('['):
		list := []any{}
		for e := v.elements(); e.more(); {
			list = append(list, decoded(t, e.value))
		}
		return list
	case v.is('"'):
		return v.text()
	}
	var scalar any
	if err := json.Unmarshal(v.raw(), &scalar); err != nil {
		t.Fatal(err)
	}
	return scalar
}

func TestValuesAreThoseOfTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyJSON(4).Draw(t, "value")
		raw, err := json.MarshalIndent(want, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		var d document
		if err := d.scan(raw); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		var again any
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		if got := decoded(t, value{&d, 0}); !reflect.DeepEqual(got, again) {
			t.Fatalf("%s: %v, not %v", raw, got, again)
		}
	})
}

// TestAnyFacetIsKept puts any value as an unknown facet of each subject and finds it again.
func TestAnyFacetIsKept(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := "x." + strings.ReplaceAll(rapid.StringN(0, 20, 60).Draw(rt, "key"), "\x00", "")
		facet, err := json.Marshal(anyJSON(3).Draw(rt, "facet"))
		if err != nil || string(facet) == "null" {
			return
		}
		quoted, err := json.Marshal(key)
		if err != nil {
			rt.Fatal(err)
		}
		facets := `"facets":{` + string(quoted) + `:` + string(facet) + `}`
		ev, err := Parse([]byte(event(`"run":{"runId":"r",`+facets+`}`, `"job":{"namespace":"n","name":"j",`+facets+`}`,
			`"inputs":[{"namespace":"n","name":"d",`+facets+`}]`)))
		if err != nil {
			rt.Fatal(err)
		}
		if body(ev.Run.Facets, key) != string(facet) || body(ev.Job.Facets, key) != string(facet) || body(ev.Datasets[0].Facets, key) != string(facet) {
			rt.Fatalf("%s: %+v", facet, ev)
		}
	})
}

// TestPiecesMakeNoDifference cuts any sequence of events at any places.
func TestPiecesMakeNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			job("a"), job(`b}\"`), "\n", " ", "[", "]", ",", `{"a":}`, `{"a":1`, "x", `{"`, job("ä"),
		}), 0, 12).Draw(t, "parts")
		raw := strings.Join(parts, "")
		var f framer
		whole, done, err := 0, false, error(nil)
		if raw != "" && (raw[0] == '{' || raw[0] == '[') {
			whole, done, err = f.feed([]byte(raw))
		} else {
			return
		}
		f.reset()
		rest, n := raw, 0
		for len(rest) > 0 {
			size := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			read, pieceDone, pieceErr := f.feed([]byte(rest[:size]))
			n += read
			if pieceDone || pieceErr != nil {
				if n != whole || pieceDone != done || (pieceErr == nil) != (err == nil) {
					t.Fatalf("%q: %d %v %v in pieces, %d %v %v at once", raw, n, pieceDone, pieceErr, whole, done, err)
				}
				return
			}
			rest = rest[size:]
		}
		if done || err != nil {
			t.Fatalf("%q: ends at %d at once, and not in pieces", raw, whole)
		}
	})
}
