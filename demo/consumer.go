package demo

import "time"

var dashboards = []job{
	{
		engine: looker, name: "growth/spring_mailing", title: "Spring mailing", owner: "Growth", domain: "marketing", level: "internal",
		about: "How the spring campaign is doing, and who is still to be written to.", use: "Campaign planning",
		reads: []string{"analytics.mart.campaign_list", "analytics.mart.campaign_performance"}, every: daily, at: 6 * time.Hour, takes: 40 * time.Second,
	},
	{
		engine: looker, name: "growth/retention_weekly", title: "Retention weekly", owner: "Growth", domain: "customer", level: "internal",
		about: "Return rate, churn and win-back by loyalty tier and country.", use: "Reporting",
		reads: []string{"ml.churn_scores", "analytics.mart.customer_360", "analytics.mart.winback_journeys"}, every: weekly, at: 7 * time.Hour, takes: 55 * time.Second,
	},
	{
		engine: looker, name: "sales/orders_today", title: "Orders today", owner: "Order data", domain: "orders", level: "internal",
		about: "The screen in the canteen.", use: "Operations",
		reads: []string{"analytics.mart.orders_daily", "analytics.mart.product_sales"}, every: daily, at: 5*time.Hour + 30*time.Minute, takes: 20 * time.Second,
	},
	{
		engine: looker, name: "stores/footfall", title: "Store footfall", owner: "Store systems", domain: "supply", level: "internal",
		use:   "Store planning",
		reads: []string{"analytics.stage.footfall", "analytics.mart.orders_daily"}, every: daily, at: 6*time.Hour + 10*time.Minute, takes: 25 * time.Second,
	},
	{
		engine: looker, name: "care/desk", title: "Care desk", owner: "Customer care", domain: "care", level: "internal",
		about: "Open tickets and how long they take.", use: "Operations",
		reads: []string{"analytics.mart.care_daily", "analytics.mart.nps"}, every: daily, at: 6*time.Hour + 20*time.Minute, takes: 20 * time.Second,
	},
	{
		engine: looker, name: "supply/stock", title: "Stock and suppliers", owner: "Supply chain", domain: "supply", level: "internal",
		about: "What runs out, and whose fault it is.", use: "Operations",
		reads: []string{"analytics.mart.stock_cover", "analytics.mart.supplier_scorecard", "analytics.mart.delivery_times"}, every: daily, at: 6*time.Hour + 30*time.Minute, takes: 30 * time.Second,
	},
}

var reports = []job{
	{
		engine: finance, name: "board_revenue", title: "Board revenue report", owner: "Finance", domain: "payments", level: "confidential",
		about: "Revenue, orders and customers for the board.", use: "Reporting",
		reads: []string{"analytics.mart.revenue_daily", "analytics.mart.orders_daily", "analytics.mart.customer_360"}, every: weekly, at: 7*time.Hour + 30*time.Minute, takes: 2 * time.Minute,
	},
	{
		engine: finance, name: "data_protection", title: "Data protection report", owner: "Privacy office", domain: "customer", level: "internal",
		about: "Consents given and taken back, for the supervisory authority.", use: "Legal duty",
		reads: []string{"analytics.mart.consent_register", "analytics.mart.customer_360"}, every: weekly, at: 8 * time.Hour, takes: time.Minute,
	},
}

var modelsAndAgents = []job{
	{
		engine: mlflow, name: "churn/7", title: "Churn model v7", owner: "Machine learning", domain: "customer", level: "confidential",
		about: "Gradient boosting over twelve months of customers. *Not for decisions about a single person.*", use: "Model training",
		reads: []string{"ml.churn_features"}, every: weekly, at: 4*time.Hour + 58*time.Minute, takes: 14 * time.Minute,
	},
	{
		engine: mlflow, name: "fraud/3", title: "Fraud model v3", owner: "Payments", domain: "payments", level: "restricted",
		use:   "Fraud prevention",
		reads: []string{"analytics.mart.fraud_signals", "analytics.stage.payments"}, every: weekly, at: 5*time.Hour + 40*time.Minute, takes: 11 * time.Minute, age: 70,
	},
	{
		engine: agents, name: "shop-assistant", title: "Shop assistant", owner: "Priya Raman", domain: "marketing", level: "confidential",
		about: "Answers customers in the shop: what they bought, what fits to it, where it is in stock.", use: "Advice",
		reads: []string{"analytics.mart.customer_360", "analytics.mart.product_sales", "analytics.mart.stock_cover"}, age: 40,
	},
	{
		engine: agents, name: "care-copilot", title: "Care copilot", owner: "Customer care", domain: "care", level: "restricted",
		about: "Suggests answers to tickets.", use: "Advice",
		reads: []string{"analytics.stage.tickets", "analytics.mart.support_topics", "analytics.mart.customer_360"}, age: 18,
	},
}

var applications = []job{
	{
		engine: apps, name: "loyalty-app", title: "Loyalty app", owner: "Web shop", domain: "marketing", level: "confidential",
		about: "Shows customers their tier.", use: "Service",
		reads: []string{"analytics.mart.loyalty_tiers", "analytics.mart.segments"}, age: History,
	},
	{
		engine: apps, name: "mail-tool", title: "Mail tool", owner: "Growth", domain: "marketing", level: "confidential",
		about: "Sends what the lists say.", use: "Campaigns",
		reads: []string{"analytics.mart.campaign_list", "analytics.mart.abandoned_baskets"}, age: 58,
	},
}

// parents start other jobs and touch no data themselves.
var parents = []job{
	{engine: dag, name: "customer_daily", owner: "Customer data", about: "Customers out of the CRM, each night.", every: daily, at: 2 * time.Hour, takes: 31 * time.Minute},
	{engine: dag, name: "care_daily", owner: "Customer care", about: "Tickets and chats, each night.", every: daily, at: 104 * time.Minute, takes: 36 * time.Minute},
}
