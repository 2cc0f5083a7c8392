package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// A bundle is a tar archive in which nothing is left to choice: plain files with one fixed header each, padded with
// zeros, two blocks of zeros at the end and nothing behind them. So no byte of it can differ without being noticed,
// and there is no room for links, odd paths or attributes.
const (
	block       = 512
	maxFile     = 512 << 20 // of one file in a bundle
	maxName     = 99
	nameEnd     = 100
	sizeAt      = 124
	checksumAt  = 148
	checksumEnd = 156
)

// header is the one header that a file of that name and size has: an ustar header of a plain file, mode 0644, owned by
// nobody, of no time.
func header(name string, size int64) []byte {
	h := make([]byte, block)
	copy(h[:nameEnd], name)
	copy(h[100:], "0000644\x00")
	copy(h[108:], "0000000\x00")
	copy(h[116:], "0000000\x00")
	copy(h[sizeAt:], fmt.Sprintf("%011o\x00", size))
	copy(h[136:], "00000000000\x00")
	copy(h[checksumAt:], "        ")
	h[156] = '0'
	copy(h[257:], "ustar\x0000")
	sum := 0
	for _, c := range h {
		sum += int(c)
	}
	copy(h[checksumAt:checksumEnd], fmt.Sprintf("%06o\x00 ", sum))
	return h
}

// writeFile appends a file to a bundle.
func writeFile(w io.Writer, name string, body []byte) error {
	if len(name) > maxName || len(body) > maxFile {
		return fmt.Errorf("%s is too large for a bundle", name)
	}
	padding := make([]byte, (block-len(body)%block)%block)
	for _, part := range [][]byte{header(name, int64(len(body))), body, padding} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// writeEnd ends a bundle.
func writeEnd(w io.Writer) error {
	_, err := w.Write(make([]byte, 2*block))
	return err
}

// archive reads a bundle file by file.
type archive struct {
	r     io.Reader
	body  bytes.Buffer
	begun bool
}

// errNoBundle says that what was read is no bundle at all.
var errNoBundle = errors.New("this is not a bundle of an audit log")

// next returns the next file, whose body is valid until the next call, or io.EOF behind the last.
func (a *archive) next() (name string, body []byte, err error) {
	h := make([]byte, block)
	if _, err := io.ReadFull(a.r, h); err != nil {
		return "", nil, a.ended(err)
	}
	if !a.begun && string(h[:len(readmeName)+1]) != readmeName+"\x00" {
		return "", nil, errNoBundle
	}
	a.begun = true
	if h[0] == 0 {
		return "", nil, a.end(h)
	}
	name, size, ok := parseHeader(h)
	if !ok {
		return "", nil, problem(-1, BadArchive, "the header of a file is not in the form in which bundles are written")
	}
	if size > maxFile {
		return "", nil, problem(-1, TooLarge, "the file %s is larger than a bundle may hold", name)
	}
	a.body.Reset()
	if _, err := io.CopyN(&a.body, a.r, size); err != nil {
		return "", nil, a.ended(err)
	}
	padding := h[:(block-size%block)%block]
	if _, err := io.ReadFull(a.r, padding); err != nil {
		return "", nil, a.ended(err)
	}
	if !zero(padding) {
		return "", nil, problem(-1, BadArchive, "there are bytes hidden behind the file %s", name)
	}
	return name, a.body.Bytes(), nil
}

// end demands that the archive ends with the block of zeros that was read, another, and nothing more.
func (a *archive) end(first []byte) error {
	second := make([]byte, block)
	if _, err := io.ReadFull(a.r, second); err != nil {
		return a.ended(err)
	}
	if !zero(first) || !zero(second) {
		return problem(-1, BadArchive, "the end of the bundle is not in the form in which bundles are written")
	}
	n, err := a.r.Read(second[:1])
	for n == 0 && err == nil {
		n, err = a.r.Read(second[:1])
	}
	if n > 0 {
		return problem(-1, BadArchive, "there are bytes behind the end of the bundle")
	}
	return err // io.EOF if all is well
}

// ended tells a bundle that was cut from one that can't be read.
func (a *archive) ended(err error) error {
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if !a.begun {
		return errNoBundle
	}
	return problem(-1, BadArchive, "the bundle is cut: it has no end")
}

// parseHeader reads a header; ok is false unless it is the very header that a file of its name and size has.
func parseHeader(h []byte) (name string, size int64, ok bool) {
	raw, _, found := bytes.Cut(h[:nameEnd], []byte{0})
	size, err := strconv.ParseInt(string(h[sizeAt:sizeAt+11]), 8, 64)
	if !found || err != nil || size < 0 {
		return "", 0, false
	}
	return string(raw), size, bytes.Equal(h, header(string(raw), size))
}

func zero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
