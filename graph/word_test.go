package graph

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestASCIIWords holds the quick way to split ASCII to the one that splits anything.
func TestASCIIWords(t *testing.T) {
	const letters = "abYZ019_. -/"
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := make([]byte, rnd.IntN(90))
		for i := range text {
			text[i] = letters[rnd.IntN(len(letters)-rnd.IntN(8))]
		}
		for _, wholes := range []bool{true, false} {
			got, want := splitASCII(string(text), wholes), splitAny(string(text), wholes)
			if !slices.Equal(got, want) {
				t.Fatalf("%q with wholes %v: %q, want %q", text, wholes, got, want)
			}
		}
	}
}
