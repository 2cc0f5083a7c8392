package link

import "net/url"

// Unread lists the notifications that the reader hasn't read.
func Unread() string { return Notifications() + "?unread=1" }

// ReadNotifications takes the form that marks one as read, or all.
func ReadNotifications() string { return "/notifications/read" }

// OpenNotification marks one as read and leads to what it is about.
func OpenNotification(id string) string { return "/notifications/" + url.PathEscape(id) }

// OperationPart is a page about how the program works.
type OperationPart string

// The pages about how the program works.
const (
	Webhooks   OperationPart = "webhooks"
	Deliveries OperationPart = "deliveries"
	JobsPart   OperationPart = "jobs"
)

// Operation is a page about how the program works; its forms are posted there, too.
func Operation(p OperationPart) string { return "/operation/" + string(p) }

// DeliveriesIn lists deliveries of one state; "" is all.
func DeliveriesIn(state string) string {
	return withQuery(Operation(Deliveries), url.Values{"state": {state}})
}

// OperationDo takes a form about one thing: "remove", "switch" and "test" of a webhook, "retry" of a delivery.
func OperationDo(p OperationPart, act string) string { return Operation(p) + "/" + act }
