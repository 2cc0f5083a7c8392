package audit_test

import (
	"encoding/binary"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
)

func TestParseTilePath(t *testing.T) {
	good := map[string]audit.TilePath{
		"0/000":                    {N: 0, Width: 256},
		"0/000.p/1":                {N: 0, Width: 1},
		"1/x001/x234/067":          {Level: 1, N: 1_234_067, Width: 256},
		"63/255.p/255":             {Level: 63, N: 255, Width: 255},
		"entries/x001/000.p/7":     {Entries: true, N: 1000, Width: 7},
		"entries/012":              {Entries: true, N: 12, Width: 256},
		"0/x999/x999/x999/999.p/9": {N: 999_999_999_999, Width: 9},
	}
	for path, want := range good {
		got, err := audit.ParseTilePath(path)
		if err != nil || got != want || got.String() != path {
			t.Errorf("%s: %+v (%s), %v", path, got, got, err)
		}
	}
	for _, path := range []string{
		"", "0", "0/", "0/0", "0/00", "0/0000", "0/000/000", "0/x000/001", "00/000", "64/000", "-1/000", "0/-01", "0/000.p/0",
		"0/000.p/01", "0/000.p/256", "0/000.p/", "0/000.p", "0/000/", "/0/000", "data/000", "entries/../000", "0/x01/000",
		"0/x999/x999/x999/x999/x999/x999/x999/999", "0/000.p/1/2", "0/000%", "entries", "Entries/000",
	} {
		if p, err := audit.ParseTilePath(path); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q is %+v, %v", path, p, err)
		}
	}
}

func TestTiles_HoldTheHashesOfTheBundles(t *testing.T) {
	s := openSQLite(t)
	l := openLog(t, s, t.TempDir())
	fill(t, s, 519)
	seal(t, l)
	for n, width := range []int{256, 256, 7} {
		tile, err := l.Tile(t.Context(), 0, int64(n), width)
		if err != nil {
			t.Fatal(err)
		}
		bundle, err := l.Entries(t.Context(), int64(n), width)
		if err != nil {
			t.Fatal(err)
		}
		for i := range width {
			size := int(binary.BigEndian.Uint16(bundle))
			if h := tlog.RecordHash(bundle[2 : 2+size]); string(h[:]) != string(tile[32*i:32*i+32]) {
				t.Fatalf("entry %d of bundle %d has another hash", i, n)
			}
			bundle = bundle[2+size:]
		}
		if len(bundle) != 0 || len(tile) != 32*width {
			t.Errorf("bundle %d has %d bytes too many", n, len(bundle))
		}
	}
	top, err := l.Tile(t.Context(), 1, 0, 2)
	if err != nil || len(top) != 64 {
		t.Errorf("%x, %v", top, err)
	}
	for _, p := range []audit.TilePath{
		{N: 2, Width: 8}, {N: 2, Width: 256}, {N: 3, Width: 1}, {Level: 1, N: 0, Width: 3}, {Level: 2, N: 0, Width: 1},
		{Level: 9, N: 0, Width: 1}, {N: -1, Width: 1}, {N: 0, Width: 0}, {N: 0, Width: 257}, {N: 1 << 60, Width: 256},
		{Entries: true, N: 2, Width: 8}, {Entries: true, N: 1 << 60, Width: 256},
	} {
		if _, err := l.Read(t.Context(), p); !errs.Is(err, errs.NotFound) {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
