package marketplace

import (
	"weir/catalog"
	"weir/graph"
)

// simulationID is the id of the simulation of one version of a template.
func simulationID(of graph.ID, number int) graph.ID {
	return catalog.NewID(simulationType.Spec.Prefix, string(of), decimal(number))
}
