//go:build race

package gqlschema

const raceEnabled = true
