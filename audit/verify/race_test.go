//go:build race

package verify

// racing: the race detector makes all several times as slow.
const racing = true
