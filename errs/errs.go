// Package errs holds the error kinds and the one error type of Weir.
//
// An error carries a kind, from which each entrance derives its status, a message that is safe to show to
// whoever asked, and messages for single fields. What went wrong inside stays in the wrapped cause: it is
// logged and never shown. A foreign error, one without a kind, is Internal.
package errs

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what sort of failure an error is. Each entrance maps it once: REST to a status, GraphQL to a code,
// pages to an error page.
type Kind uint8

// The kinds. Their order is of no meaning.
const (
	Internal        Kind = iota // unexpected; nothing but a problem number is shown
	Invalid                     // the input is wrong; Fields say where
	Unauthenticated             // nobody is signed in, or the token is not known
	Forbidden                   // known, but not allowed
	NotFound                    // absent, or hidden from whoever asked
	Exists                      // something with that identity is there already
	Conflict                    // changed meanwhile; read again, then try again
	TooLarge                    // over a stated limit of size or number
	Unavailable                 // overloaded or a dependency is away; nothing was saved; try again after RetryAfter
	Unknown                     // the answer of the store was lost: it may have been saved; trying again is safe
	Timeout                     // took longer than allowed; nothing was saved
	TooMany                     // the sender tried too often; nothing was done; try again after RetryAfter
)

var names = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden", "not_found", "exists", "conflict", "too_large",
	"unavailable", "unknown", "timeout", "too_many",
}

// String returns the kind's stable name in lower case, such as "not_found".
func (k Kind) String() string {
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Kinds returns all kinds, for tables that have to cover each of them.
func Kinds() []Kind {
	ks := make([]Kind, len(names))
	for i := range ks {
		ks[i] = Kind(i)
	}
	return ks
}

// Field is what is wrong with one part of the input and what to do about it. Name is the path of the part as
// the sender wrote it, such as "job.name" or "inputs[2].namespace".
type Field struct {
	Name    string `json:"field"`
	Message string `json:"message"`
}

// Error is the error type of Weir. Message is safe to show; the cause behind Unwrap is not.
type Error struct {
	Kind       Kind
	Message    string
	Fields     []Field
	RetryAfter time.Duration // of Unavailable and TooMany: when to try again; 0 if unknown

	cause error
}

// E makes an error of a kind with a message that is safe to show.
func E(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// Ef is E with formatting. What is formatted in is shown too: never pass a foreign error.
func Ef(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap gives a foreign error a kind and a message that is safe to show; the cause is kept for the log.
// Wrap of nil is nil.
func Wrap(cause error, kind Kind, message string) error {
	if cause == nil {
		return nil
	}
	return &Error{Kind: kind, Message: message, cause: cause}
}

// Bad makes an Invalid error about one field.
func Bad(field, message string) *Error {
	return &Error{Kind: Invalid, Message: field + ": " + message, Fields: []Field{{field, message}}}
}

// Badf is Bad with formatting.
func Badf(field, format string, args ...any) *Error { return Bad(field, fmt.Sprintf(format, args...)) }

// Fields makes an Invalid error of several fields; nil if there are none.
func Fields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	if len(fields) == 1 {
		return Bad(fields[0].Name, fields[0].Message)
	}
	return &Error{Kind: Invalid, Message: fmt.Sprintf("%d fields are not right.", len(fields)), Fields: fields}
}

// Error returns kind, message and cause, for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// As returns the first Error in err's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf returns the kind of err; Internal for a foreign one. It must not be asked of nil.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of that kind; false for nil.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Shown returns the message of err that may be shown, and a general sentence for Internal and foreign errors.
func Shown(err error) string {
	e, ok := As(err)
	if !ok || e.Kind == Internal || e.Message == "" {
		return "Something went wrong on our side. Nothing was changed."
	}
	return e.Message
}
