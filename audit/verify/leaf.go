package verify

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// leaf is what the verifier reads of an entry. It passes over what it does not know: that is covered by the hash.
type leaf struct {
	action, decision, id, subject, target, actor string
	at                                           time.Time
	facts                                        map[string]string
	commitments                                  []commitment // in order of their fields
}

// commitment is what an entry promised of one of its payloads: HMAC-SHA-256 under a key that lies beside the payload.
type commitment struct {
	field string
	mac   [32]byte
}

const maxLeaf = 65_535

// parseLeaf reads an entry.
func parseLeaf(text []byte) (leaf, error) {
	var l leaf
	if len(text) > maxLeaf {
		return l, errForm
	}
	s := scanner{text: text}
	version := ""
	err := s.object(func(key string) (err error) {
		switch key {
		case "action":
			l.action, err = s.str()
		case "actor":
			l.actor, err = s.str()
		case "c":
			err = s.object(func(field string) error { return l.commit(&s, field) })
		case "decision":
			l.decision, err = s.str()
		case "facts":
			err = s.object(func(name string) error { return l.fact(&s, name) })
		case "id":
			l.id, err = s.str()
		case "subject":
			l.subject, err = s.str()
		case "target":
			l.target, err = s.str()
		case "ts":
			err = l.time(&s)
		case "v":
			version, err = "1", s.word("1")
		default:
			err = s.value(1)
		}
		return err
	})
	if err != nil {
		return l, err
	}
	if version == "" || l.action == "" || l.id == "" || l.at.IsZero() {
		return l, errForm
	}
	return l, s.end()
}

func (l *leaf) commit(s *scanner, field string) error {
	text, err := s.str()
	if err != nil {
		return err
	}
	c := commitment{field: field}
	if err := unhex(c.mac[:], text); err != nil {
		return err
	}
	l.commitments = append(l.commitments, c)
	return nil
}

func (l *leaf) fact(s *scanner, name string) (err error) {
	if !strings.HasPrefix(l.action, "audit.") {
		return s.value(2) // of others' facts nothing follows here
	}
	if l.facts == nil {
		l.facts = map[string]string{}
	}
	l.facts[name], err = s.str()
	return err
}

func (l *leaf) time(s *scanner) error {
	text, err := s.str()
	if err != nil {
		return err
	}
	l.at, err = time.Parse(time.RFC3339Nano, text)
	if err != nil || l.at.Format(time.RFC3339Nano) != text || !strings.HasSuffix(text, "Z") {
		return errForm
	}
	return nil
}

// size reads a fact that is a size of the log, between 1 and most.
func (l *leaf) size(name string, most int64) (int64, error) {
	n, err := strconv.ParseInt(l.facts[name], 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, problem(-1, BadForm, "its %s is not a size that the log has had", name)
	}
	return n, nil
}

// unhex fills to with the bytes of lower case hex digits.
func unhex(to []byte, text string) error {
	if len(text) != 2*len(to) {
		return errForm
	}
	for i := range text {
		if hexDigit(text[i]) < 0 {
			return errForm
		}
	}
	if _, err := hex.Decode(to, []byte(text)); err != nil {
		return errForm
	}
	return nil
}
