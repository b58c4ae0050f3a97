package page

import (
	"optflow/model"
	"optflow/model/alert"
	"optflow/model/burst"
)

// maskOf is the tabs whose own filter takes a burst.
func (t *tabs) maskOf(b *burst.Burst) (mask uint32) {
	if b == nil || !b.Over || b.Row.Kind == model.KindGap {
		return 0
	}
	c := t.Contracts.At(b.Row.Contract)
	if c == nil || !t.Follows.Takes(b.Row.Contract, c) {
		return 0
	}
	for i := range t.All {
		if t.All[i].takes(&b.Burst, c, t.Now) {
			mask |= 1 << i
		}
	}
	return mask
}

// takes reports whether a tab's own filter takes a burst.
func (x *tab) takes(b *model.Burst, c *model.Contract, now int64) bool {
	return x.wrong == nil && (x.Own == nil || x.Own.Match(b, c, now) == model.True)
}

// grow makes room for a handle.
func (t *tabs) grow(id uint32) {
	if n := int(id) + 1 - len(t.masks); n > 0 {
		t.masks = append(t.masks, make([]uint32, n)...)
		t.told = append(t.told, make([]uint32, n)...)
	}
}

// take counts a change of a burst towards every tab, whatever is in front, and
// what is new on those that ring.
func (t *tabs) take(c burst.Change) {
	t.grow(c.ID)
	was, mask := t.masks[c.ID], uint32(0)
	if c.Kind != burst.Went {
		b := t.pull.Bursts.Get(c.ID)
		if mask = t.maskOf(b); b != nil && b.Row.Is(model.FlagPast) {
			t.setMask(c.ID, was, mask)
			return // history is no news
		}
	}
	t.setMask(c.ID, was, mask)
	if came := mask &^ t.told[c.ID]; came != 0 && t.live {
		t.ring(came)
	}
	if t.told[c.ID] |= mask; c.Kind == burst.Went {
		t.told[c.ID] = 0 // the handle will be another burst's
	}
}

func (t *tabs) setMask(id uint32, was, mask uint32) {
	t.masks[id] = mask
	if was == mask {
		return
	}
	for i := range t.All {
		switch bit := uint32(1) << i; {
		case mask&^was&bit != 0:
			t.All[i].Count++
		case was&^mask&bit != 0:
			t.All[i].Count--
		}
	}
}

// ring counts a burst on the tabs that ring. Who rings reads the tape by itself.
func (t *tabs) ring(came uint32) {
	for i := range t.All {
		if x := &t.All[i]; came&(1<<i) != 0 && x.Bell && (i != t.At || t.Blurred) {
			x.Rung++
		}
	}
}

// Ringing are the tabs that ring, each as a rule.
func (t *tabs) Ringing() (list []alert.Rule) {
	for i := range t.All {
		if x := &t.All[i]; x.Bell && x.wrong == nil {
			list = append(list, alert.Rule{Name: x.Name, When: x.Filter})
		}
	}
	return list
}

// recount reads every burst anew for every tab, after a change of the tabs, the
// tickers or the interval.
func (t *tabs) recount() {
	clear(t.masks)
	for i := range t.All {
		t.All[i].Count = 0
	}
	for id, b := range t.pull.Bursts.Each(burst.ShelfOver) {
		t.grow(id)
		t.setMask(id, 0, t.maskOf(b))
		t.told[id] |= t.masks[id] // what was there before is no news
	}
}

// recountFront reads every burst anew for the tab in front, after a change of its
// filter. What it takes now is no news.
func (t *tabs) recountFront() {
	front, bit := t.Front(), uint32(1)<<t.At
	front.Count = 0
	for id, b := range t.pull.Bursts.Each(burst.ShelfOver) {
		t.grow(id)
		t.masks[id] &^= bit
		if c := t.Contracts.At(b.Row.Contract); c != nil && t.Follows.Takes(b.Row.Contract, c) && front.takes(&b.Burst, c, t.Now) {
			front.Count++
			t.masks[id] |= bit
			t.told[id] |= bit
		}
	}
}

// age reads tabs anew whose filters ask for the age of rows, or spoke of another
// day; it reports the latter.
func (t *tabs) age(day model.Date) (stale bool) {
	aged := false
	for i := range t.All {
		if own := t.All[i].Own; own != nil {
			aged, stale = aged || own.Ages, stale || own.Day != day
		}
	}
	if stale {
		t.reread()
	}
	if aged || stale {
		t.recount()
	}
	return stale
}

// restart counts from nothing: what is read again is no news.
func (t *tabs) restart() {
	clear(t.masks)
	clear(t.told)
	t.live, t.held = false, nil
	for i := range t.All {
		t.All[i].Count = 0
	}
}

// hold keeps how many rows each tab takes, for a frozen picture.
func (t *tabs) hold() {
	t.held = t.held[:0]
	for i := range t.All {
		t.held = append(t.held, t.All[i].Count)
	}
}

// counted is how many rows a tab takes, as the picture has it.
func (t *tabs) counted(i int) int {
	if i < len(t.held) {
		return t.held[i]
	}
	return t.All[i].Count
}
