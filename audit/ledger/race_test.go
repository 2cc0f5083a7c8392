//go:build race

package ledger_test

// racing: the race detector makes all several times as slow.
const racing = true
