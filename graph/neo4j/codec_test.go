package neo4j

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/graph"
)

var codecProps = graph.Props{
	"t": true, "f": false, "int": int64(-1 << 62), "float": -0.125, "time": time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
	"string": "a\x00é😀", "empty": "", "bytes": []byte{0, 255}, "none": []byte{}, "list": []string{"", "x"}, "nothing": []string{},
}

func TestPackedComesBack(t *testing.T) {
	day := time.Date(2024, 2, 29, 1, 2, 3, 4000, time.UTC)
	n := graph.Node{ID: "th_1", Kind: "Thing", Version: 7, Created: day, Updated: day.Add(time.Hour), Props: codecProps}
	e := graph.Edge{From: "a", To: "b", Rel: "FEEDS", Key: "k", Props: codecProps, Valid: graph.Span{Until: day}, Known: graph.Span{Since: day}}
	u := newUnpacker()
	if got := u.node(packNode(n)); !reflect.DeepEqual(got, n) || u.err != nil {
		t.Errorf("got %v, error %v", got, u.err)
	}
	if got := u.edge("a", "b", packEdge(e)); !reflect.DeepEqual(got, e) || u.err != nil {
		t.Errorf("got %v, error %v", got, u.err)
	}
	for name, value := range codecProps {
		u.fields = []string{name}
		if got := u.node(packNode(n)); !reflect.DeepEqual(got.Props, graph.Props{name: value}) || u.err != nil {
			t.Errorf("of %s got %v, error %v", name, got.Props, u.err)
		}
	}
	u.fields = nil
	if got := u.rel(packEdge(e)); got != e.Rel {
		t.Errorf("relation %s", got)
	}
}

func TestBrokenPackedIsAnError(t *testing.T) {
	whole := packNode(graph.Node{ID: "th_1", Kind: "Thing", Props: codecProps})
	for n := range whole {
		u := newUnpacker()
		u.node(whole[:n])
		if u.err == nil {
			t.Fatalf("%d of %d bytes are taken for a node", n, len(whole))
		}
	}
	for _, v := range []any{nil, "text", []byte{99}} {
		u := newUnpacker()
		if u.node(v); u.err == nil {
			t.Errorf("%v is taken for a node", v)
		}
	}
}

func TestKeysSortAsValues(t *testing.T) {
	long := strings.Repeat("x", graph.MaxSortBytes)
	values := []any{
		false, true, int64(-1 << 63), int64(-1), int64(0), int64(1), int64(1<<63 - 1), -1e300, -0.5, 0.0, 1e-300, 2.0,
		graph.MinTime, time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 1000, time.UTC), graph.MaxTime,
		"", "\x01", "A", "a", "a\x01", "aa", "b", long[1:], long, "é", "\ufffd", "😀", nil,
	}
	keys, packs := make([]string, len(values)), make([]string, len(values))
	for i, v := range values {
		keys[i], packs[i] = sortKey(v)+"th_1", packed(orderKey(v))
		if n := len([]rune(packs[i])); n > 180 {
			t.Errorf("the packed key of %v has %d letters", v, n)
		}
	}
	for name, list := range map[string][]string{"keys": keys, "packed": packs} {
		if !slices.IsSorted(list) || len(slices.Compact(list)) != len(values) {
			t.Errorf("%s are not in the order of their values", name)
		}
	}
	if sortKey(long+"x") != sortKey(long) {
		t.Error("what is beyond the sort's limit counts")
	}
	if exactKey(long+"x") == exactKey(long) {
		t.Error("a longer value equals")
	}
}
