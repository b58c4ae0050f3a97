package keys

import "slices"

// Replay is the same where a recording is played: its keys come first and mean
// what they mean there, and an action of the tape that loses its key to one keeps
// its command. What works in every place loses none.
func (m *Map) Replay() *Map {
	out := &Map{warnings: m.warnings}
	var never, taken []string
	for i := range m.table {
		if k := &m.table[i]; k.Action == Command && k.Where == InTape || k.Action.Everywhere() {
			never = append(never, k.Keys()...)
		}
	}
	for _, k := range m.table {
		if k.Where == InReplay {
			k.Where = InTape
			k.without(never)
			taken = append(taken, k.Keys()...)
			out.table = append(out.table, k)
		}
	}
	for _, k := range m.table {
		if k.Where == InTape {
			k.without(taken)
		}
		if k.Where != InReplay {
			out.table = append(out.table, k)
		}
	}
	out.index()
	out.listed = list(out.table)
	return out
}

// without takes keys from an action.
func (k *Key) without(names []string) {
	left := slices.DeleteFunc(slices.Clone(k.Keys()), func(name string) bool { return slices.Contains(names, name) })
	if len(left) < len(k.Keys()) {
		k.rebind(left)
	}
}
