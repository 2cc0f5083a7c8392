package catalog_test

import (
	"reflect"
	"slices"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"weir/catalog"
)

func TestParseSearch(t *testing.T) {
	for text, want := range map[string]catalog.Typed{
		"":                   {},
		"  orders  2024 ":    {Words: []string{"orders", "2024"}},
		"kind:dataset email": {Words: []string{"email"}, Terms: []catalog.Term{{Field: "kind", Value: "dataset"}}},
		`domain:"customer care" -class:pii`: {Terms: []catalog.Term{
			{Field: "domain", Value: "customer care"}, {Field: "class", Value: "pii", Not: true},
		}},
		"Level:restricted": {Terms: []catalog.Term{{Field: "classification", Value: "restricted"}}},
		`"net revenue" -old`: {
			Words: []string{"net revenue"}, Terms: []catalog.Term{{Value: "old", Not: true}},
		},
		`tag:"say \"hi\" \\"`: {Terms: []catalog.Term{{Field: "tag", Value: `say "hi" \`}}},
		`"kind:dataset"`:      {Words: []string{"kind:dataset"}},
		"s3://bucket/path":    {Words: []string{"s3://bucket/path"}},
		"colour:blue": {
			Words: []string{"colour:blue"}, Notes: []string{"colour: is not a qualifier, so it was searched as a word."},
		},
		"owner: x":     {Words: []string{"x"}, Notes: []string{"owner: needs a value."}},
		`domain:"open`: {Terms: []catalog.Term{{Field: "domain", Value: "open"}}},
		"-":            {Words: []string{"-"}},
	} {
		if got := catalog.ParseSearch(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q\n got %+v\nwant %+v", text, got, want)
		}
	}
}

// same compares what was typed; notes are about the text, not part of it.
func same(a, b catalog.Typed) bool {
	return slices.Equal(a.Words, b.Words) && slices.Equal(a.Terms, b.Terms)
}

func TestTypedSearchesSurviveBeingWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z:"\\ -]|kind:|-tag:|domain:"){0,12}`)).Draw(t, "text")
		first := catalog.ParseSearch(text)
		if second := catalog.ParseSearch(first.String()); !same(first, second) {
			t.Fatalf("%q is %+v, written as %q it is %+v", text, first, first.String(), second)
		}
	})
}

func TestAnyTermsSurviveBeingWritten(t *testing.T) {
	value := rapid.StringOf(rapid.Rune()).Filter(func(s string) bool { return !blank(s) })
	term := rapid.Custom(func(t *rapid.T) catalog.Term {
		return catalog.Term{Field: rapid.SampledFrom(catalog.Qualifiers).Draw(t, "field"), Value: value.Draw(t, "value"), Not: rapid.Bool().Draw(t, "not")}
	})
	rapid.Check(t, func(t *rapid.T) {
		typed := catalog.Typed{Words: rapid.SliceOfN(value, 0, 4).Draw(t, "words"), Terms: rapid.SliceOfN(term, 0, 4).Draw(t, "terms")}
		if got := catalog.ParseSearch(typed.String()); !same(got, typed) {
			t.Fatalf("%+v written as %q is %+v", typed, typed.String(), got)
		}
	})
}

func FuzzParseSearch(f *testing.F) {
	for _, s := range []string{`a -b kind:"x y"`, `"`, `\`, `-"kind:a"`, "tag:\"\xff\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first := catalog.ParseSearch(text)
		if second := catalog.ParseSearch(first.String()); !same(first, second) {
			t.Fatalf("%q is %+v, written as %q it is %+v", text, first, first.String(), second)
		}
	})
}

func blank(s string) bool {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}
