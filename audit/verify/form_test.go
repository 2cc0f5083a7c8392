package verify

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	good := []string{`{}`, `[]`, `"a"`, `0`, `-1`, `{"a":1,"b":2}`, `{"A":1,"a":[1,"\n",{"b":null}]}`, `"\u0001\u001f\"\\\b"`, `"é😀/<>&"`, "\"\u2028\""}
	for _, text := range good {
		if err := canonical([]byte(text)); err != nil {
			t.Errorf("%s is canonical", text)
		}
	}
	bad := []string{
		``, ` {}`, `{} `, `{"a": 1}`, `{"b":1,"a":2}`, `{"a":1,"a":1}`, `{"a":1,}`, `[1,]`, `01`, `-0`, `1.0`, `1e3`, `1234567890123456`, `"\u000a"`, `"\u0041"`,
		`"\u001F"`, `"\/"`, "\"\n\"", "\"\xff\"", `"`, `{"é":1}`, `{1:2}`, `tru`, `nulll`, `[`, strings.Repeat("[", 40) + strings.Repeat("]", 40),
	}
	for _, text := range bad {
		if err := canonical([]byte(text)); err == nil {
			t.Errorf("%s is not canonical", text)
		}
	}
}

func TestEntriesHaveOneForm(t *testing.T) {
	const good = `{"action":"a.b","actor":"u","c":{"changes":"` + sixty4 + `"},"decision":"allowed","id":"ent_1","ts":"2026-01-01T00:00:00.000001Z","v":1}`
	if _, err := parseLeaf([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"no version":           strings.Replace(good, `,"v":1`, ``, 1),
		"another version":      strings.Replace(good, `"v":1`, `"v":2`, 1),
		"no id":                strings.Replace(good, `"id":"ent_1",`, ``, 1),
		"no time":              strings.Replace(good, `"ts":"2026-01-01T00:00:00.000001Z",`, ``, 1),
		"a local time":         strings.Replace(good, `01Z`, `01+02:00`, 1),
		"a time with zeros":    strings.Replace(good, `000001Z`, `100000Z`, 1),
		"a short digest":       strings.Replace(good, sixty4, sixty4[2:], 1),
		"a digest in capitals": strings.Replace(good, sixty4, strings.ToUpper(sixty4), 1),
		"more behind it":       good + "{}",
		"too large":            strings.Replace(good, `"actor":"u"`, `"actor":"`+strings.Repeat("u", maxLeaf)+`"`, 1),
	} {
		if _, err := parseLeaf([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

const sixty4 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

// What is no bundle is not judged; what begins as one and is not in its form is.
func TestArchivesInAnotherFormAreRefused(t *testing.T) {
	var links bytes.Buffer
	w := tar.NewWriter(&links)
	for _, h := range []*tar.Header{
		{Name: "README", Mode: 0o644, Typeflag: tar.TypeReg},
		{Name: "keys", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink},
	} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "zeros": make([]byte, 4096)} {
		if _, err := Bundle(bytes.NewReader(b), Options{}); !errors.Is(err, errNoBundle) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := sample(t)
	file := func(name, body string) []byte {
		var b bytes.Buffer
		if err := writeFile(&b, name, []byte(body)); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	start := bytes.Join([][]byte{file("README", readme), file("keys", string(keysText([]Span{{Key: f.first}})))}, nil)
	for name, tt := range map[string]struct {
		b   []byte
		why Reason
	}{
		"links":                    {links.Bytes(), BadArchive},
		"another README":           {file("README", "trust me\n"), BadReadme},
		"no keys":                  {append(file("README", readme), file("leaves/000000000000", "x\n")...), BadOrder},
		"a path upwards":           {append(bytes.Clone(start), file("leaves/../../etc/passwd", "x\n")...), BadOrder},
		"an absolute path":         {append(bytes.Clone(start), file("/hashes/000000000000", "x\n")...), BadOrder},
		"a number in another form": {append(bytes.Clone(start), file("hashes/0", sixty4+"\n")...), BadOrder},
		"a part of later":          {append(bytes.Clone(start), file("hashes/000000000256", sixty4+"\n")...), BadOrder},
		"an empty part":            {append(bytes.Clone(start), file("hashes/000000000000", "")...), BadArchive},
		"a line without end":       {append(bytes.Clone(start), file("hashes/000000000000", sixty4)...), BadArchive},
		"no hash":                  {append(bytes.Clone(start), file("hashes/000000000000", "xx\n")...), BadHash},
		"entries alone":            {append(bytes.Clone(start), file("leaves/000000000000", "x\n")...), BadOrder},
		"README twice":             {append(bytes.Clone(start), file("README", readme)...), BadOrder},
		"a huge file":              {append(bytes.Clone(start), header("hashes/000000000000", maxFile+1)...), TooLarge},
		"keys of nobody":           {append(file("README", readme), file("keys", "x 0 0\n")...), BadKey},
		"keys that end early":      {append(file("README", readme), file("keys", f.first+" 9 3\n")...), BadKey},
	} {
		r, err := Bundle(bytes.NewReader(tt.b), Options{})
		if err != nil || r.OK || r.Reason != tt.why {
			t.Errorf("%s: %+v, %v, want %s", name, r, err, tt.why)
		}
	}
}

// A payload is read by the very bytes that were committed to.
func TestPayloadLines(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	good := string(appendPayload(nil, Payload{Index: 4, Field: "changes", Key: key, Body: []byte(`[{"a":"}\n"}]`)}))
	p, ok := parsePayload([]byte(good))
	if !ok || p.Index != 4 || p.Field != "changes" || !bytes.Equal(p.Key, key) || string(p.Body) != `[{"a":"}\n"}]` {
		t.Fatalf("%+v, %t", p, ok)
	}
	for _, bad := range []string{
		strings.TrimSuffix(good, "\n"), " " + good, strings.Replace(good, ":5,", ":05,", 1), strings.Replace(good, ":5,", ":0,", 1),
		strings.Replace(good, "0707", "07", 1), strings.Replace(good, `[{`, `[[{`, 1), strings.Replace(good, "seq", "Seq", 1),
		fmt.Sprintf(`{"seq":5,"field":"changes","body":1}%s`, "\n"),
	} {
		if _, ok := parsePayload([]byte(bad)); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}
