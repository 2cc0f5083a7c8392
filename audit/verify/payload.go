package verify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
)

// A payload stands on a line of its own in one fixed form, so that it can be read by eye and compared byte by byte:
//
//	{"seq":5,"field":"changes","key":"…64 hexadecimal digits…","body":…}
//
// seq is the number of the entry, from 1. The body is the very text that the entry committed to.
const (
	payloadSeq   = `{"seq":`
	payloadField = `,"field":"`
	payloadKey   = `","key":"`
	payloadBody  = `","body":`
	payloadEnd   = "}\n"
)

// Payload is a payload of a bundle.
type Payload struct {
	Index int64 // of the entry
	Field string
	Key   []byte // of the commitment, 32 bytes
	Body  []byte // JSON in one line
}

// appendPayload appends the line of a payload.
func appendPayload(b []byte, p Payload) []byte {
	b = append(b, payloadSeq...)
	b = strconv.AppendInt(b, p.Index+1, 10)
	b = append(b, payloadField...)
	b = append(b, p.Field...)
	b = append(b, payloadKey...)
	b = hex.AppendEncode(b, p.Key)
	b = append(b, payloadBody...)
	b = append(b, p.Body...)
	return append(b, payloadEnd...)
}

// parsePayload reads a line of payloads.
func parsePayload(line []byte) (p Payload, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(payloadSeq))
	if !ok {
		return p, false
	}
	seq, rest, ok1 := bytes.Cut(rest, []byte(payloadField))
	field, rest, ok2 := bytes.Cut(rest, []byte(payloadKey))
	key, rest, ok3 := bytes.Cut(rest, []byte(payloadBody))
	body, ok4 := bytes.CutSuffix(rest, []byte(payloadEnd))
	n, err := strconv.ParseInt(string(seq), 10, 64)
	if !ok1 || !ok2 || !ok3 || !ok4 || err != nil || n < 1 || strconv.FormatInt(n, 10) != string(seq) || !ascii(string(field)) {
		return p, false
	}
	p = Payload{Index: n - 1, Field: string(field), Key: make([]byte, sha256.Size), Body: body}
	return p, unhex(p.Key, string(key)) == nil && json.Valid(body)
}

// payloads takes the payloads of a part, in the order of its entries, and demands that each is what was committed to.
func (w *walk) payloads(text []byte) error {
	next := 0
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n') + 1
		if end == 0 {
			end = len(text)
		}
		p, ok := parsePayload(text[:end])
		if !ok {
			return problem(w.nextWant(next), BadPayload, "its payload, or one before it, is not in the form in which bundles are written")
		}
		text = text[end:]
		for next < len(w.wants) && (w.wants[next].index < p.Index || w.wants[next].index == p.Index && w.wants[next].field < p.Field) {
			next++
		}
		if next == len(w.wants) || w.wants[next].index != p.Index || w.wants[next].field != p.Field {
			return problem(p.Index, PayloadExtra, "there is a payload that it did not commit to, or that stands there twice or out of order")
		}
		m := hmac.New(sha256.New, p.Key)
		m.Write(p.Body)
		if !hmac.Equal(m.Sum(nil), w.wants[next].mac[:]) {
			return problem(p.Index, BadPayload, "its payload is not what it committed to")
		}
		w.wants[next].met = true
		next++
	}
	return nil
}

// nextWant is the index of the entry whose payload would come next, or -1.
func (w *walk) nextWant(next int) int64 {
	if next < len(w.wants) {
		return w.wants[next].index
	}
	return -1
}
