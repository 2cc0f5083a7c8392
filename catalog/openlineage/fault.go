package openlineage

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"weir/errs"
)

// fault is what is wrong with an event. Its path grows on the way out, so that nothing is paid for paths of good events.
type fault struct {
	kind    errs.Kind
	path    string
	message string
	pos     int // of what isn't JSON: byte within the event; else -1
}

// Error is for tests and logs; exit makes what is shown.
func (f *fault) Error() string { return f.path + ": " + f.message }

func bad(format string, args ...any) *fault {
	return &fault{kind: errs.Invalid, message: fmt.Sprintf(format, args...), pos: -1}
}

// over says that there is more of something than the limit.
func over(limit int, what string) *fault {
	return &fault{kind: errs.TooLarge, message: fmt.Sprintf("has more than %d %s", limit, what), pos: -1}
}

// in puts the name of a member before the path of what is wrong in it.
func in(member string, err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return err
	}
	if len(member) > 100 {
		member = cut(member, 100)
	}
	switch {
	case f.path == "":
		f.path = member
	case f.path[0] == '[':
		f.path = member + f.path
	default:
		f.path = member + "." + f.path
	}
	return f
}

// item puts an index before the path of what is wrong in an element.
func item(i int, err error) error { return in(fmt.Sprintf("[%d]", i), err) }

// origin is where an event stands within the text that it came in.
type origin struct {
	offset       int // bytes before it
	line, column int // of its first byte; both from 1, columns in runes
}

// exit makes every error that leaves the package.
func (o origin) exit(raw []byte, err error) error {
	var faults []*fault
	kind := errs.Invalid
	for _, e := range unjoin(err) {
		var f *fault
		if !errors.As(e, &f) {
			return errs.Wrap(err, errs.Internal, "")
		}
		if f.pos >= 0 {
			line, column := o.position(raw, f.pos)
			f.message += fmt.Sprintf(" at byte %d (line %d, column %d)", o.offset+f.pos, line, column)
		}
		if f.kind == errs.TooLarge {
			kind = f.kind
		}
		faults = append(faults, f)
	}
	if len(faults) == 1 && faults[0].path == "" {
		return errs.E(kind, faults[0].message)
	}
	fields := make([]errs.Field, len(faults))
	messages := make([]string, len(faults))
	for i, f := range faults {
		fields[i] = errs.Field{Name: f.path, Message: f.message}
		messages[i] = f.path + ": " + f.message
	}
	return &errs.Error{Kind: kind, Message: strings.Join(messages, "; "), Fields: fields}
}

// unjoin returns the errors that errors.Join put together, however often.
func unjoin(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, unjoin(e)...)
	}
	return all
}

// position is the line and column of a byte of the event in the text that it came in.
func (o origin) position(raw []byte, pos int) (line, column int) {
	before := raw[:min(pos, len(raw))]
	n := bytes.Count(before, []byte{'\n'})
	if n == 0 {
		return o.line, o.column + utf8.RuneCount(before)
	}
	return o.line + n, 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
}
