// Package neo4j is the engine of graph.Store on a Neo4j 5 server. It is the only place with Cypher and the driver.
//
// A node is a Neo4j node with two labels, _Node and its kind; an edge's current row is a relationship of the edge's
// type, and rows that were superseded are relationships of the type _was_TYPE, so that walks never meet them. Users'
// names stand in the database as they are; what the engine adds begins with one underscore, and users' names that
// begin with one get another (see name.go).
//
// The server isolates transactions by read committed. So every write takes the lock of the nodes concerned first, by
// setting a property to what it is, and reads them in the same statement after that. An edge is guarded by the lock
// of the node it comes from.
package neo4j
