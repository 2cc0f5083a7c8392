package web

import "testing"

func TestShortName(t *testing.T) {
	tests := map[string]string{
		"shop.main.shop.stg_orders.build.run":  "stg_orders run",
		"shop.main.shop.stg_orders.build.test": "stg_orders test",
		"shop.main.shop.stg_orders.run":        "stg_orders run",
		"shop.main.orders":                     "orders",
		"etl.run":                              "run",
		"orders":                               "orders",
		"Orders. All of them":                  "Orders. All of them",
		"orders.":                              "orders.",
	}
	for name, want := range tests {
		if got := shortName(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
