package burst

import (
	"optflow/model"
	"optflow/model/ticker"
)

// Renamed is to be called when contracts turned out to be of another underlying
// than was thought (State.Moves). Floor, ranks and twins are that one's from now
// on; of a mere other spelling all that was seen goes along.
func (b *Set) Renamed() {
	for id, s := range b.strands {
		if s == nil {
			continue
		}
		c := b.contracts.At(model.ContractID(id))
		if c == nil || s.pool.name == c.Underlying {
			continue
		}
		was, today := s.pool, s.among == &s.pool.today
		if b.pools[c.Underlying] == nil && ticker.Same(was.name, c.Underlying) {
			delete(b.pools, was.name)
			was.name = c.Underlying
			b.pools[c.Underlying] = was
		}
		b.assign(s, c.Underlying, today)
	}
}
