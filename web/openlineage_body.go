package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"weir/errs"
)

// body is a body that is being read. Bodies share memory, each with what it holds and not with what it says
// that will come: slow senders of little keep nobody waiting.
type body struct {
	text  []byte
	whole int // bytes that come if the client is to be believed, and one more; 0: it doesn't say
	room  *room
	held  int64         // of the room, which guards it
	left  time.Duration // of the time for an answer; only what we are the cause of is taken from it
}

func busy() error {
	e := errs.E(errs.Unavailable, "Too much is being read at this moment. Send it again in a second.")
	e.RetryAfter = time.Second
	return e
}

// read reads the body of a request, plain or gzip, of at most most bytes once decompressed.
func (b *body) read(w http.ResponseWriter, r *http.Request, most int) error {
	if t := r.Header.Get("Content-Type"); t != "" && !strings.Contains(t, "json") {
		return errs.Bad("Content-Type", "has to be application/json.")
	}
	if r.ContentLength > int64(most) {
		return tooLarge(most)
	}
	src, err := decoded(w, r, most)
	if err != nil {
		return err
	}
	if r.ContentLength > 0 && r.Header.Get("Content-Encoding") == "" {
		b.whole = int(r.ContentLength) + 1
	}
	for {
		if err := b.grow(r.Context(), most+1); err != nil {
			return err
		}
		n, err := src.Read(b.text[len(b.text):cap(b.text)])
		b.text = b.text[:len(b.text)+n]
		switch {
		case len(b.text) > most:
			return tooLarge(most)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return badBody(err, most)
		}
	}
}

// decoded is what the client means by its bytes.
func decoded(w http.ResponseWriter, r *http.Request, most int) (io.Reader, error) {
	src := http.MaxBytesReader(w, r.Body, int64(most)+1)
	switch strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))) {
	case "", "identity":
		return src, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil, badBody(err, most)
		}
		return z, nil
	}
	return nil, errs.Bad("Content-Encoding", "has to be gzip or absent.")
}

func tooLarge(most int) error {
	return errs.Ef(errs.TooLarge, "The body is larger than %d bytes.", most)
}

// badBody says why a body can't be read whole.
func badBody(err error, most int) error {
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return tooLarge(most)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errs.Wrap(err, errs.Invalid, "The body came too slowly.")
	case errors.Is(err, gzip.ErrHeader):
		return errs.Wrap(err, errs.Invalid, "The body is not gzip, although Content-Encoding says so.")
	}
	return errs.Wrap(err, errs.Invalid, "The body ended early or is damaged.")
}

// grow makes room for more text, of at most most bytes: for twice as much, or for all that was announced once a quarter
// of it has come. The fewer copies are left behind, the less memory waits for the collector.
func (b *body) grow(ctx context.Context, most int) error {
	if len(b.text) < cap(b.text) {
		return nil
	}
	size := max(2*cap(b.text), firstRead)
	if len(b.text) >= b.whole/4 && len(b.text) < b.whole {
		size = b.whole
	}
	size = min(size, most)
	if err := b.hold(ctx, int64(size)-b.held); err != nil {
		return err
	}
	b.text = append(make([]byte, 0, size), b.text...)
	return nil
}

// hold takes n bytes of the room.
func (b *body) hold(ctx context.Context, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, b.left)
	defer cancel()
	begin := time.Now()
	err := b.room.take(ctx, b, n)
	b.left -= time.Since(begin)
	if err != nil {
		return busy()
	}
	return nil
}

// release gives back what the body holds.
func (b *body) release() {
	b.room.giveBack(b)
	b.text = nil
}
