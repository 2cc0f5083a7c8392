package marketplace

// NextItem is the state that an action leads an item to if guard holds; ok is false if the table has no such line.
func NextItem(from ItemState, action ItemAction, guard string) (to ItemState, ok bool) {
	to, err := next(Items, from, action, guard)
	return to, err == nil
}
