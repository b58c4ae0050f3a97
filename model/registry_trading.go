package model

// MaxTrading is how many contracts may have an account on one date. One that
// trades costs 1.2 KB, six times what a listed one does. There is room for
// twice what the underlying with the most lists, a part of which trades on a day,
// and for six times the whole simulated market; what trades first has it.
const MaxTrading = 60_000

// Full reports whether as many contracts trade as may.
func (r *Registry) Full() bool { return r.full }

// SetFull says whether as many contracts trade as may.
func (r *Registry) SetFull(full bool) { r.full = full }

// InternTraded is Intern for a contract that the stream names: one that is new
// trades, and is ErrFull when as many do as may.
func (r *Registry) InternTraded(symbol string) (ContractID, error) {
	if r.full {
		if id, ok := r.symbols[symbol]; ok {
			return id, nil
		}
		if _, err := ParseContract(symbol); err != nil {
			return 0, err
		}
		return 0, ErrFull
	}
	return r.Intern(symbol)
}
