package serve

import (
	"fmt"
	"slices"
	"time"

	"optflow/config/viewers"
)

// Licence is who may see the data beside its owner.
type Licence struct {
	Others  int         // people of whom an agreement says that they may
	Free    func() bool // the data is invented, and nobody's
	Account string      // who runs this, where no owner is named
}

// refuses says why somebody may not see the data, nil for those who may: its
// owner, and as many others as the agreement is about, the first of the file.
func (l Licence) refuses(v *viewers.Viewer, list *viewers.List, now time.Time) error {
	if v.Role == viewers.Owner || l.Free() {
		return nil
	}
	if l.Others == 0 {
		return fmt.Errorf("the data is licensed to %s alone; see docs/serving.md about an agreement for others", l.licensee(list))
	}
	if at := slices.Index(list.Others(now), v.Name); at < 0 || at >= l.Others {
		return fmt.Errorf("the data is licensed to %s and by agreement to the first %d others of the viewers file", l.licensee(list), l.Others)
	}
	return nil
}

func (l Licence) licensee(list *viewers.List) string {
	if owner := list.Owner(); owner != "" {
		return owner
	}
	return l.Account
}

// line says whose data this is.
func (l Licence) line(v *viewers.Viewer, list *viewers.List, _ time.Time) string {
	switch {
	case l.Free():
		return "a simulated market: the data is nobody's"
	case v.Role == viewers.Owner:
		return "the data is licensed to " + l.licensee(list) + " alone: do not pass it on"
	}
	return fmt.Sprintf("the data is licensed to %s, and shown to you by agreement: do not pass it on", l.licensee(list))
}
