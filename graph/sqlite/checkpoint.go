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

// checkpoints copies the log while something is committed. It uses a connection of its own; what goes wrong here
// shows in the next commit, which then checkpoints by itself.
func (s *store) checkpoints() {
	defer close(s.done)
	c, err := newSession(s.path, 1<<10)
	if err != nil {
		return // commits do it themselves, at backstopPages
	}
	defer c.close()
	c.conn.SetInterrupt(s.closing)
	c.conn.SetBusyTimeout(checkpointPatience)
	for {
		select {
		case <-s.closing:
			return
		case <-s.dirty:
		}
		if pages, ok := c.checkpoint("PASSIVE"); ok && pages > checkpointPages {
			s.restartLog(c)
		}
		select {
		case <-s.closing:
			return
		case <-time.After(checkpointPause):
		}
	}
}

// restartLog lets the next commit begin the log anew. Most of it has been copied: the writer waits for the rest only.
func (s *store) restartLog(c *session) {
	select {
	case w := <-s.writer:
		defer func() { s.writer <- w }()
		c.checkpoint("RESTART")
	case <-s.closing:
	}
}

// checkpoint returns the length of the log in pages, and whether the checkpoint could run.
func (s *session) checkpoint(mode string) (int64, bool) {
	var pages int64
	ok := false
	err := s.each("PRAGMA wal_checkpoint("+mode+")", func(stmt *sqlite.Stmt) error {
		ok, pages = stmt.ColumnInt64(0) == 0, stmt.ColumnInt64(1)
		return nil
	})
	return pages, ok && err == nil
}
