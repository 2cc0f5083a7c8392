package layout

import "strconv"

// mostUnread is how far the number at the bell counts.
const mostUnread = 99

// unread is the number at the bell.
func (m Market) unread() string {
	if m.Unread > mostUnread {
		return strconv.Itoa(mostUnread) + "+"
	}
	return strconv.Itoa(m.Unread)
}

// bell names the link to notifications.
func (m Market) bell() string {
	if m.Unread == 0 {
		return "Notifications, none new"
	}
	return "Notifications, " + m.unread() + " new"
}
