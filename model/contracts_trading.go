package model

// MaxTrading is how many contracts may have an account on one date. One that
// trades costs 1.2 KB, six times what a listed one does. There is room for
// twice what the underlying with the most lists, a part of which trades on a day,
// and for six times the whole simulated market; what trades first has it.
const MaxTrading = 60_000

// Full reports whether as many contracts trade as may. Only the writer may call it.
func (c *Contracts) Full() bool { return c.full }

// SetFull says whether as many contracts trade as may. Only the writer may call it.
func (c *Contracts) SetFull(full bool) { c.full = full }

// InternTraded is Intern for a contract that the stream names: one that is new
// trades, and is ErrFull when as many do as may. Only the writer may call it.
func (c *Contracts) InternTraded(symbol string) (ContractID, error) {
	if c.full {
		if id, ok := c.symbols.find([]byte(symbol)); ok {
			return id, nil
		}
		if _, err := ParseContract(symbol); err != nil {
			return 0, err
		}
		return 0, ErrFull
	}
	return c.Intern(symbol)
}
