package sqlite

import (
	"time"

	"zombiezen.com/go/sqlite"
)

// The write-ahead log is copied into the file on the side, so that no commit has to wait for it.
const (
	checkpointPause = time.Second
	checkpointPages = 4_000 // of the log: then it is begun anew

	// checkpointPatience bounds how long writers wait for a reader of an old moment before the log may begin anew.
	checkpointPatience = 20 * time.Millisecond
)

// checkpoints copies the log while something is committed, on a connection of its own. What goes wrong shows in Ready,
// and in commits as soon as the log has become so long that they copy it themselves.
func (s *store) checkpoints(c *session) {
	defer func() { s.done <- c.close() }()
	c.conn.SetBusyTimeout(checkpointPatience)
	for {
		select {
		case <-s.closing:
			return
		case <-s.dirty:
		}
		pages, err := c.checkpoint("PASSIVE")
		if err == nil && pages > checkpointPages {
			err = s.restartLog(c)
		}
		s.note(err)
		select {
		case <-s.closing:
			return
		case <-time.After(checkpointPause):
		}
	}
}

// note keeps the checkpointer's last error for Ready. That somebody else is at it is none.
func (s *store) note(err error) {
	text := ""
	if err != nil && sqlite.ErrCode(err).ToPrimary() != sqlite.ResultBusy {
		text = err.Error()
	}
	s.trouble.Store(text)
}

// restartLog lets the next commit begin the log anew. Most of it has been copied: the writer waits for the rest only.
func (s *store) restartLog(c *session) error {
	select {
	case w := <-s.writer:
		defer func() { s.writer <- w }()
		_, err := c.checkpoint("RESTART")
		return err
	case <-s.closing:
		return nil
	}
}

// checkpoint returns the length of the log in pages.
func (s *session) checkpoint(mode string) (int64, error) {
	var pages int64
	err := s.each("PRAGMA wal_checkpoint("+mode+")", func(stmt *sqlite.Stmt) error {
		pages = stmt.ColumnInt64(1)
		return nil
	})
	return pages, err
}
