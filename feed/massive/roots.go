package massive

import "optflow/model"

// maxRoots are cached; about 6,000 exist.
const maxRoots = 16_384

// roots remembers the verdict of Keep for each root heard, and the contracts
// whose bars were wanted when last looked at, which are most of a stream.
type roots struct {
	known     map[string]*rootEntry
	heard     map[string]bool // underlyings announced
	version   int             // raised when the followed set changes
	contracts []bool          // wanted, by contract number; emptied when the version is raised
}

type rootEntry struct {
	root    string
	version int
	kept    bool
}

// forget makes Keep be asked again.
func (r *roots) forget() {
	r.version++
	r.contracts = r.contracts[:0]
}

// wanted reports whether the bars of a contract are known to be.
func (r *roots) wanted(id model.ContractID) bool {
	return int(id) < len(r.contracts) && r.contracts[id]
}

// want notes that a contract's root is kept.
func (r *roots) want(id model.ContractID) {
	if n := int(id) + 1; n > len(r.contracts) {
		r.contracts = append(r.contracts, make([]bool, n-len(r.contracts))...)
	}
	r.contracts[id] = true
}

// kept reports whether bars of a root are wanted. It allocates for a root not
// heard before, or not since forget.
func (d *Decoder) kept(root []byte, into *Batch) bool {
	r := &d.roots
	entry := r.known[string(root)]
	if entry == nil {
		entry = r.add(string(root), d.Contracts, into)
	}
	if entry.version != r.version {
		entry.version = r.version
		entry.kept = d.Keep == nil || d.Keep(d.Contracts.RootUnderlying(entry.root))
	}
	return entry.kept
}

func (r *roots) add(root string, contracts *model.Registry, into *Batch) *rootEntry {
	if r.known == nil || len(r.known) >= maxRoots {
		r.known = make(map[string]*rootEntry)
	}
	if r.heard == nil {
		r.heard = make(map[string]bool)
	}
	underlying := contracts.RootUnderlying(root)
	if len(r.heard) < maxRoots && !r.heard[underlying] {
		r.heard[underlying] = true
		into.NewUnderlyings = append(into.NewUnderlyings, underlying)
	}
	entry := &rootEntry{root: root, version: r.version - 1}
	r.known[root] = entry
	return entry
}

// unhear takes back announcements, so that they are made again.
func (r *roots) unhear(underlyings []string) {
	if len(underlyings) == 0 {
		return
	}
	for _, u := range underlyings {
		delete(r.heard, u)
	}
	r.known = nil
	r.forget()
}
