package verify

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// serve serves a log as C2SP tlog-tiles to whoever has the token.
func (f *forge) serve(t *testing.T, checkpoint []byte) *httptest.Server {
	t.Helper()
	files := map[string][]byte{"/audit/checkpoint": checkpoint}
	for begin := 0; begin < len(f.entries); begin += tileWidth {
		part := f.entries[begin:min(begin+tileWidth, len(f.entries))]
		var hashes, leaves []byte
		for i, e := range part {
			hashes = append(hashes, e.hash[:]...)
			leaves = append(binary.BigEndian.AppendUint16(leaves, uint16(len(e.leaf))), e.leaf...)
			if begin+i < int(f.pruned) {
				leaves = nil
			}
		}
		path := tilePath(int64(begin/tileWidth), int64(len(part)))
		files["/audit/tile/0/"+path] = hashes
		if leaves != nil {
			files["/audit/tile/entries/"+path] = leaves
		}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		switch {
		case r.Header.Get("Authorization") != "Bearer secret":
			w.WriteHeader(http.StatusUnauthorized)
		case !ok:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(body) // the client says what it misses
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// grown is a log of 700 entries.
func grown(t *testing.T) *forge {
	f := newForge(t)
	for i := range 700 {
		f.add(fields{action: "thing.name", facts: map[string]string{"n": fmt.Sprint(i)}})
	}
	return f
}

func TestTheLogOfAServer(t *testing.T) {
	f := grown(t)
	note := f.sign(700, f.first)
	for name, tt := range map[string]struct {
		change func(f *forge)
		note   []byte
		known  []byte
		why    Reason
		index  int64
	}{
		"sound":               {note: note, index: -1},
		"with an older one":   {note: note, known: f.sign(300, f.first), index: -1},
		"an entry is changed": {note: note, change: func(f *forge) { f.entries[300].leaf = []byte("{}") }, why: BadLeaf, index: 300},
		"with its hash": {note: note, change: func(f *forge) {
			f.entries[300].leaf = []byte(strings.Replace(string(f.entries[300].leaf), "usr_1", "usr_2", 1))
			f.entries[300].hash = tlog.RecordHash(f.entries[300].leaf)
		}, why: BadRoot, index: 0},
		"a shorter log":        {note: f.sign(600, f.first), known: note, why: RolledBack, index: -1, change: func(f *forge) { f.entries = f.entries[:600] }},
		"a checkpoint of none": {note: f.sign(700, f.key()), why: BadSignature, index: -1},
		"entries are gone":     {note: note, change: func(f *forge) { f.pruned = 256 }, why: BadPrune, index: 0},
	} {
		c := f.clone()
		if tt.change != nil {
			tt.change(c)
		}
		s := c.serve(t, tt.note)
		r, err := Live(t.Context(), s.Client(), s.URL, "secret", Options{Key: f.first, Known: tt.known})
		if err != nil || r.OK != (tt.why == "") || r.Reason != tt.why || r.Broken != tt.index {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// What can't be asked gives no answer, which is not the same as a bad one.
func TestAServerThatDoesNotAnswer(t *testing.T) {
	f := grown(t)
	s := f.serve(t, f.sign(700, f.first))
	for name, tt := range map[string]struct {
		url, token, key string
	}{
		"no token":  {s.URL, "", f.first},
		"no log":    {s.URL + "/elsewhere", "secret", f.first},
		"no server": {"http://127.0.0.1:1", "secret", f.first},
		"no key":    {s.URL, "secret", ""},
	} {
		if r, err := Live(t.Context(), s.Client(), tt.url, tt.token, Options{Key: tt.key}); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestTilePath(t *testing.T) {
	for want, at := range map[string][2]int64{
		"000": {0, 256}, "007.p/3": {7, 3}, "x001/234": {1234, 256}, "x001/x234/067.p/255": {1_234_067, 255},
	} {
		if got := tilePath(at[0], at[1]); got != want {
			t.Errorf("tile %d of %d is at %q, want %q", at[0], at[1], got, want)
		}
	}
}

// Who has a key that was retired is told where to look: a server shows its latest checkpoint alone.
func TestLive_ByARetiredKey(t *testing.T) {
	f, second := rotated(t)
	s := f.serve(t, f.sign(30, second))
	ask := func(known []byte) Result {
		r, err := Live(t.Context(), s.Client(), s.URL, "secret", Options{Key: f.first, Known: known})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := ask(nil); r.OK || r.Reason != BadKey || !strings.Contains(r.Message, "an export shows which one followed it") {
		t.Errorf("%+v", r)
	}
	if r := ask(f.sign(15, f.first, second)); !r.OK {
		t.Errorf("with a checkpoint of both: %+v", r)
	}
}
