package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"weir/catalog/openlineage"
	"weir/errs"
)

// What is sent at once. The bytes keep a batch below what the server takes.
const (
	importEvents = 500
	importBytes  = 4 << 20
)

func importCommand() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Take metadata in from files"}
	cfg := defaults()
	ol := &cobra.Command{
		Use: "openlineage FILE…", Short: "Import OpenLineage events", Args: cobra.MinimumNArgs(1),
		Long: "Import OpenLineage events from files: single events, arrays, NDJSON, each gzip too; \"-\" is standard input.\n" +
			"Events go to the server that runs on --dir, or, if none does, into the store itself. Importing again changes nothing.",
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			return runImport(cmd, cfg, files)
		},
	}
	cfg.flags(ol.Flags(), "dir", "store")
	c.AddCommand(ol)
	return c
}

// sink takes events and returns, for each, nil or why it was refused. Its second result is a failure of the whole.
type sink interface {
	send(ctx context.Context, items []openlineage.Item) ([]error, error)
	close(ctx context.Context) error
}

// importer counts what becomes of the events.
type importer struct {
	to       sink
	out, log io.Writer
	bar      *progressbar.ProgressBar // nil: none
	accepted int
	refused  int
}

func runImport(cmd *cobra.Command, cfg Config, files []string) error {
	ctx := cmd.Context()
	to, err := openSink(ctx, cfg)
	if err != nil {
		return err
	}
	im := &importer{to: to, out: cmd.OutOrStdout(), log: cmd.ErrOrStderr()}
	err = im.files(ctx, files)
	if e := to.close(ctx); err == nil {
		err = e
	}
	if _, e := fmt.Fprintf(im.out, "%d events accepted, %d refused\n", im.accepted, im.refused); err == nil {
		err = e
	}
	if err == nil && im.refused > 0 {
		return errs.Ef(errs.Invalid, "%d events were refused; the lines above say why.", im.refused)
	}
	return err
}

func (im *importer) files(ctx context.Context, files []string) error {
	for _, f := range files {
		if err := im.file(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// file imports one file.
func (im *importer) file(ctx context.Context, name string) (err error) {
	src, size, err := openFile(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	if term.IsTerminal(int(os.Stderr.Fd())) {
		im.bar = progressbar.DefaultBytes(size, filepath.Base(name))
	}
	counted := io.Reader(src)
	if im.bar != nil {
		r := progressbar.NewReader(src, im.bar)
		counted = &r
	}
	text, err := plain(counted)
	if err != nil {
		return errs.Badf(name, "is not gzip, although it begins so: %v.", err)
	}
	return im.events(ctx, name, text)
}

func openFile(name string) (io.ReadCloser, int64, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), -1, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, errs.Badf(name, "can't be opened: %v.", errors.Unwrap(err))
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a directory")
	}
	if err != nil {
		return nil, 0, errs.Badf(name, "can't be read: %v.", errors.Join(err, f.Close()))
	}
	return f, info.Size(), nil
}

// plain decompresses what begins like gzip.
func plain(r io.Reader) (io.Reader, error) {
	head := make([]byte, 2)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	whole := io.MultiReader(bytes.NewReader(head[:n]), r)
	if n == 2 && head[0] == 0x1f && head[1] == 0x8b {
		return gzip.NewReader(whole)
	}
	return whole, nil
}

// events reads events and sends them in groups. A refused event is reported with its line and the import goes on; text
// that is no JSON any more ends the file.
func (im *importer) events(ctx context.Context, name string, text io.Reader) error {
	var group []openlineage.Item
	size := 0
	flush := func() error {
		err := im.flush(ctx, name, group)
		group, size = nil, 0
		return err
	}
	for item, err := range openlineage.Read(text) {
		if err != nil {
			return errors.Join(flush(), fmt.Errorf("%s: %s", name, errs.Shown(err)))
		}
		if item.Err != nil {
			im.refuse(name, item, item.Err)
			continue
		}
		group = append(group, item)
		size += len(item.Event.Raw)
		if len(group) == importEvents || size >= importBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

func (im *importer) flush(ctx context.Context, name string, group []openlineage.Item) error {
	if len(group) == 0 {
		return nil
	}
	results, err := im.to.send(ctx, group)
	if err != nil {
		return err
	}
	for i, err := range results {
		if err != nil {
			im.refuse(name, group[i], err)
		} else {
			im.accepted++
		}
	}
	return nil
}

func (im *importer) refuse(name string, item openlineage.Item, err error) {
	im.refused++
	if im.bar != nil {
		_ = im.bar.Clear() // only the look of the terminal is at stake
	}
	_, _ = fmt.Fprintf(im.log, // what can't be printed is counted all the same
		"%s:%d: event %d: %s\n", name, item.Line, item.Index+1, explain(err))
}
