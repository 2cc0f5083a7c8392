// Package replica runs several servers on one Neo4j, each over a line of its own that toxiproxy cuts and slows.
package replica
