//go:build !race

package verify

const racing = false
