package audit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// AnchorLine writes each checkpoint as a line of the program's log, which is often kept elsewhere.
type AnchorLine struct {
	Logger *slog.Logger // nil is slog.Default
}

// Name is "log".
func (AnchorLine) Name() string { return "log" }

// Send writes the line. It never fails: nobody tells whether a line arrived.
func (a AnchorLine) Send(ctx context.Context, c Checkpoint, _ Prover) (string, error) {
	logger := a.Logger
	if logger == nil {
		logger = slog.Default()
	}
	logger.InfoContext(ctx, "checkpoint", "size", c.Size, "root", c.Root.String(), "note", c.Note)
	return "", nil
}

// AnchorFile appends each checkpoint to a file, as a line of JSON: {"time":…,"checkpoint":…}. It is worth something where
// who owns the store can't rewrite the file, as on storage that is written once.
type AnchorFile struct {
	Path string
}

// Name is "file".
func (AnchorFile) Name() string { return "file" }

// Send appends the line, which is on the disk when it returns. Errors: those of the file system.
func (a AnchorFile) Send(_ context.Context, c Checkpoint, _ Prover) (string, error) {
	line, err := json.Marshal(struct {
		Time       time.Time `json:"time"`
		Checkpoint string    `json:"checkpoint"`
	}{c.At, c.Note})
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(filepath.Clean(a.Path), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(append(line, '\n'))
	return "", errors.Join(err, f.Sync(), f.Close())
}
