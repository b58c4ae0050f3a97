package feed

// face is the first seat of an engine, taken when it is first asked for.
func (e *Engine) face() *seat {
	if all := e.seats.all(); len(all) > 0 {
		return all[0]
	}
	return e.seats.sit(e.inbox)
}
