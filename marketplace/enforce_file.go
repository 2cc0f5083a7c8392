package marketplace

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"

	"weir/errs"
)

// FileEnforcer appends each message to a file as a line of JSON, for a script of the company to read. A line may come twice,
// with the same id. It names people, so only the user of the program may read the file.
type FileEnforcer struct {
	path string
	mu   sync.Mutex
}

// NewFileEnforcer makes one, and the file if there is none.
func NewFileEnforcer(path string) (*FileEnforcer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "The file for grants can't be written.")
	}
	return &FileEnforcer{path: path}, f.Close()
}

// Enforce appends a line, and returns when it is on the disk.
func (e *FileEnforcer) Enforce(_ context.Context, m Message) error {
	line, err := json.Marshal(m)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "The message can't be written.")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return errs.Wrap(err, errs.Unavailable, "The file for grants can't be written.")
	}
	err = appendLine(f, line)
	return errs.Wrap(errors.Join(err, f.Close()), errs.Unavailable, "The file for grants can't be written.")
}

// appendLine writes a line of its own, also after one that was cut off when the machine stopped.
func appendLine(f *os.File, line []byte) error {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if end > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			line = append([]byte{'\n'}, line...)
		}
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Sync()
}
