package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"weir/errs"
)

// ErrForked is what an anchor fails with that has seen another log under our name, or a longer one: somebody signed what isn't
// in the store. It doesn't go away by trying again.
var ErrForked = errors.New("the witness has seen another history of this log")

// AnchorWitness asks a C2SP witness to sign each checkpoint, which it does only for a log that continues what it signed before.
type AnchorWitness struct {
	url    string
	key    *cosigner
	client *http.Client
	size   int64 // of the last checkpoint that it signed, as far as we know
}

// NewAnchorWitness checks the address, as of NewAnchorWebhook, and the witness' verifier key (of type 4, Ed25519 cosignatures).
func NewAnchorWitness(address, vkey string, client *http.Client) (*AnchorWitness, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	key, err := newCosigner(vkey)
	if err != nil {
		return nil, err
	}
	return &AnchorWitness{url: strings.TrimSuffix(address, "/") + "/add-checkpoint", key: key, client: clientOr(client)}, nil
}

// Name is "witness." and the hash of its key.
func (w *AnchorWitness) Name() string { return fmt.Sprintf("witness.%08x", w.key.hash) }

// Send asks for the signature and returns its line. Errors: ErrForked, and whatever keeps the witness from answering.
func (w *AnchorWitness) Send(ctx context.Context, c Checkpoint, prove Prover) (string, error) {
	for range 3 { // the first answer may be the size to begin from
		request, err := w.request(ctx, c, prove)
		if err != nil {
			return "", err
		}
		status, body, err := post(ctx, w.client, w.url, request)
		if err != nil {
			return "", err
		}
		switch status {
		case http.StatusOK:
			lines, err := w.accept(c, body)
			if err == nil {
				w.size = c.Size
			}
			return lines, err
		case http.StatusConflict:
			if err := w.resume(c, body); err != nil {
				return "", err
			}
		case http.StatusUnprocessableEntity:
			return "", fmt.Errorf("%w: it finds no consistency with the first %d entries", ErrForked, w.size)
		default:
			return "", fmt.Errorf("the witness answers with status %d", status)
		}
	}
	return "", errors.New("the witness keeps signing other checkpoints")
}

// request is the body of add-checkpoint: the size that the witness knows, the proof from there, and the checkpoint.
func (w *AnchorWitness) request(ctx context.Context, c Checkpoint, prove Prover) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "old %d\n", w.size)
	if w.size > 0 {
		proof, err := prove(ctx, w.size)
		if err != nil {
			return "", err
		}
		for _, h := range proof {
			b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
		}
	}
	b.WriteString("\n" + c.Note)
	return b.String(), nil
}

// resume takes over the size that the witness says it knows.
func (w *AnchorWitness) resume(c Checkpoint, body string) error {
	size, err := strconv.ParseInt(strings.TrimSuffix(body, "\n"), 10, 64)
	if err != nil || size < 0 {
		return errors.New("the witness answers with a conflict, but without a size")
	}
	if size > c.Size {
		return fmt.Errorf("%w: it signed a checkpoint of %d entries, this one has %d", ErrForked, size, c.Size)
	}
	if size == w.size && size == c.Size {
		return fmt.Errorf("%w: it signed another root of %d entries", ErrForked, size)
	}
	w.size = size
	return nil
}

// accept returns the lines of an answer that are signatures of the witness over the checkpoint.
func (w *AnchorWitness) accept(c Checkpoint, body string) (string, error) {
	n, err := note.Open([]byte(c.Note+body), note.VerifierList(w.key))
	if err != nil {
		return "", errs.Wrap(err, errs.Invalid, "The witness answers with something else than its signature.")
	}
	var b strings.Builder
	for _, s := range n.Sigs {
		fmt.Fprintf(&b, "— %s %s\n", s.Name, s.Base64)
	}
	return b.String(), nil
}
