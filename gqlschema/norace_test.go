//go:build !race

package gqlschema

const raceEnabled = false
