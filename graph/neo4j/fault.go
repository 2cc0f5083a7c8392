package neo4j

import (
	"context"
	"errors"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/errs"
)

// Codes of the server that the engine acts upon.
const (
	codeConstraint = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeThere      = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
	codeVanished   = "Neo.ClientError.Statement.EntityNotFound" // another transaction deleted what this one found
	codeTimedOut   = "Neo.ClientError.Transaction.TransactionTimedOut"
	codeTerminated = "Neo.ClientError.Transaction.Terminated"
	codeStopped    = "Neo.ClientError.Transaction.LockClientStopped"
	prefixSecurity = "Neo.ClientError.Security."
	prefixDatabase = "Neo.DatabaseError."
)

// exit gives every error that leaves the engine its kind.
func exit(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errs.Wrap(err, errs.Timeout, "That took longer than allowed. Nothing was saved.")
	}
	code := codeOf(err)
	switch {
	case strings.HasPrefix(code, codeTimedOut):
		return errs.Wrap(err, errs.Timeout, "That took longer than allowed. Nothing was saved.")
	case strings.HasPrefix(code, prefixSecurity):
		return unavailable(err, "The Neo4j server refuses the credentials. Nothing was saved.")
	case transient(err):
		return unavailable(err, "The Neo4j server can't be reached or is overloaded. Nothing was saved; try again.")
	}
	return errs.Wrap(err, errs.Internal, "")
}

// retryAfter is what callers are told to wait when the server is away.
const retryAfter = 2 * time.Second

func unavailable(cause error, message string) error {
	err := errs.Wrap(cause, errs.Unavailable, message)
	if e, ok := errs.As(err); ok {
		e.RetryAfter = retryAfter
	}
	return err
}

// codeOf is the server's code of an error; empty if it doesn't come from the server.
func codeOf(err error) string {
	var e *driver.Neo4jError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// transient tells whether the same work may succeed if it is done again from the beginning: deadlocks, what other
// transactions changed meanwhile, and broken connections.
func transient(err error) bool {
	if _, ok := errs.As(err); ok || err == nil {
		return false
	}
	var e *driver.Neo4jError
	if !errors.As(err, &e) {
		return disconnected(err)
	}
	switch e.Code {
	case codeConstraint, codeVanished, codeTerminated, codeStopped:
		return true // what the work itself violates is found before it is written, in the next run
	}
	return driver.IsRetryable(e)
}

// disconnected tells whether the connection broke, so that it isn't known what the server did last.
func disconnected(err error) bool {
	var usage *driver.UsageError
	var auth *driver.InvalidAuthenticationError
	var token *driver.TokenExpiredError
	var server *driver.Neo4jError
	return !errors.As(err, &usage) && !errors.As(err, &auth) && !errors.As(err, &token) && !errors.As(err, &server) &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// doubtful tells whether a commit that failed so may have been carried out all the same.
func doubtful(err error) bool {
	code := codeOf(err)
	return code == "" || strings.HasPrefix(code, prefixDatabase)
}
