package layout

// placeColumns gives the levels their place from left to right.
func (c *chart) placeColumns() {
	x := 0
	for i := range c.levels {
		if i > 0 {
			x += c.gapAfter(i - 1)
		}
		c.levels[i].x = x
		x += c.levels[i].w
	}
}

// gapAfter is the free width between level i and the next one. Pills stand in
// the middle of the gap between two layers.
func (c *chart) gapAfter(i int) int {
	pills := c.levels[i]
	if !pills.isGap() {
		pills = c.levels[i+1]
	}
	if !pills.isGap() {
		return c.space.Layer
	}
	return max(c.space.PillPad, (c.space.Layer-pills.w)/2)
}

// nodeX is the left edge of a node: cards stand at the left of their layer,
// pills in the middle of their gap.
func (c *chart) nodeX(v int) int {
	lv := c.levels[c.items[v].level]
	if c.nodes[v].Pill {
		return lv.x + (lv.w-c.nodes[v].Width)/2
	}
	return lv.x
}
