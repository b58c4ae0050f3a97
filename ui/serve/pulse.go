package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"charm.land/ssh"
	"optflow/model/crash"
)

// keepalive is OpenSSH's question whether somebody is there.
const keepalive = "keepalive@openssh.com"

// Why a visit is ended from here.
var (
	errGone      = errors.New("nobody answered any more")
	errDeaf      = errors.New("the terminal did not read any more")
	errUntouched = errors.New("no key was pressed for so long")
)

// pulse looks after a visit until ctx ends: whether somebody is there, reads, and
// may still look.
func (v *Visit) pulse(ctx context.Context) {
	conn, _ := v.session.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	limits := v.s.o.Limits
	tick := time.NewTicker(limits.Keepalive)
	defer tick.Stop()
	answered, asked, silent := make(chan struct{}, 1), false, 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-answered:
			asked, silent = false, 0
			continue
		case <-tick.C:
		}
		now := time.Now()
		if asked {
			silent++
		} else {
			asked = true
			crash.Go("viewer's pulse", func() {
				if _, _, err := conn.SendRequest(keepalive, true, nil); err == nil {
					answered <- struct{}{}
				}
			})
		}
		since := v.writing.Load()
		switch {
		case silent >= limits.Deaf:
			v.lose(errGone)
		case since > 0 && now.Sub(time.UnixMilli(since)) >= limits.Idle-limits.Keepalive:
			v.lose(errDeaf)
		case now.Sub(time.UnixMilli(v.touched.Load())) >= limits.Untouched && v.Sizes != nil:
			v.end(fmt.Errorf("%w: %s", errUntouched, limits.Untouched))
		default:
			v.readmit()
		}
	}
}

// lose cuts a visit to whose viewer nothing can be said any more.
func (v *Visit) lose(why error) {
	v.end(why)
	v.link.drop(why.Error())
}

// readmit ends the visit of somebody who may look no more: the file, the licence
// or the time has changed.
func (v *Visit) readmit() {
	list := v.s.o.Viewers()
	who := list.Find(v.Key)
	if who == nil || who.Name != v.Name || who.Role != v.Role {
		v.end(errors.New("the viewers file has changed: you may have to log in anew"))
		return
	}
	now := time.Now()
	err := who.Refused(now, v.link.addr)
	if err == nil {
		err = v.s.o.Licence.refuses(who, list, now)
	}
	if err != nil {
		v.end(err)
	}
}
