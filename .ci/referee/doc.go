// Package referee asks programs of others whether the proofs of the audit log hold. It is a module of its own, so that the
// product does not depend on its referees.
package referee
