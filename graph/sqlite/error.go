package sqlite

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"

	"weir/errs"
)

var errClosed = errs.E(errs.Unavailable, "The store is closed.")

// exit is the one place where errors of SQLite become errors of the contract.
func exit(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	if ctx.Err() != nil {
		return errs.Wrap(errors.Join(ctx.Err(), err), errs.Timeout, "That took longer than allowed. Nothing was saved.")
	}
	kind, message := explain(sqlite.ErrCode(err).ToPrimary())
	return errs.Wrap(err, kind, message)
}

func explain(code sqlite.ResultCode) (errs.Kind, string) {
	switch code {
	case sqlite.ResultFull:
		return errs.Unavailable, "The disk that holds the store is full. Nothing was saved."
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return errs.Unavailable, "Another program is writing to the store. Nothing was saved; try again."
	case sqlite.ResultReadOnly, sqlite.ResultPerm, sqlite.ResultAuth:
		return errs.Unavailable, "The store's files can't be written. Nothing was saved."
	case sqlite.ResultCantOpen:
		return errs.Unavailable, "The store's files can't be opened."
	case sqlite.ResultIOErr:
		return errs.Unavailable, "The disk that holds the store failed. Nothing was saved."
	case sqlite.ResultNoMem:
		return errs.Unavailable, "There is not enough memory for that. Nothing was saved."
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return errs.Unavailable, "The store's file is damaged. Restore it from a backup."
	}
	return errs.Internal, ""
}

// commitError is the exit of a failed commit. A disk that fails while it is flushed may have kept it or not.
func commitError(err error) error {
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultIOErr {
		return errs.Wrap(err, errs.Unknown, "The disk failed while saving. It may have been saved or not.")
	}
	return err
}
