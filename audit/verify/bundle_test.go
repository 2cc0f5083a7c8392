package verify

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"testing"
)

func TestAnHonestBundleHolds(t *testing.T) {
	f := sample(t)
	for name, o := range map[string]Options{
		"nothing from elsewhere": {},
		"the key":                {Key: f.first},
		"a checkpoint":           {Key: f.first, Known: f.sign(17, f.first)},
		"the latest checkpoint":  {Key: f.first, Known: f.sign(40, f.first)},
	} {
		r := check(t, f.plain(), o)
		if !r.OK || r.Size != 40 || r.Broken != -1 || r.Checkpoints != 5 || r.Redacted != 1 || r.Payloads != 25 || r.Pinned != (o.Key != "") {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A bundle is a tar archive to everybody else too.
func TestABundleIsATarArchive(t *testing.T) {
	f := sample(t)
	names := map[string][]byte{}
	tr := tar.NewReader(bytes.NewReader(f.plain()))
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg || h.Mode != 0o644 {
			t.Errorf("%s is of type %c and mode %o", h.Name, h.Typeflag, h.Mode)
		}
		if names[h.Name], err = io.ReadAll(tr); err != nil {
			t.Fatal(err)
		}
	}
	if got := names["leaves/000000000000"]; !bytes.HasPrefix(got, f.entries[0].leaf) {
		t.Errorf("the first entry is %.80q", got)
	}
	if !bytes.Equal(names["checkpoint"], names["checkpoints/000000000040"]) || len(names["checkpoint"]) == 0 {
		t.Errorf("the latest checkpoint is %q", names["checkpoint"])
	}
}
