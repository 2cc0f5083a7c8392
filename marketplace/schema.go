package marketplace

import "weir/graph"

// Schema declares what the marketplace keeps in the store.
func Schema() graph.Schema {
	return graph.Schema{
		Kinds: map[graph.Kind]graph.Spec{
			productType.Kind: productType.Spec, termsType.Kind: termsType.Spec,
			templateType.Kind: templateType.Spec, versionType.Kind: versionType.Spec, simulationType.Kind: simulationType.Spec,
			requestType.Kind: requestType.Spec, itemType.Kind: itemType.Spec, turnType.Kind: turnType.Spec,
			decisionType.Kind: decisionType.Spec,
			grantType.Kind:    grantType.Spec, commandType.Kind: commandType.Spec, taskType.Kind: taskType.Spec,
			campaignType.Kind: campaignType.Spec, reviewType.Kind: reviewType.Spec,
			proposalType.Kind: proposalType.Spec, proposalTurnType.Kind: proposalTurnType.Spec, actRuleType.Kind: actRuleType.Spec,
		},
		Rels: []graph.Rel{RelOffers, RelGrants},
	}
}
