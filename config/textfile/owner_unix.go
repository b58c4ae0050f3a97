//go:build unix

package textfile

import (
	"io/fs"
	"os"
	"syscall"
)

// Foreign reports whether a file belongs to another user than us and root.
func Foreign(info fs.FileInfo) bool {
	stat, known := info.Sys().(*syscall.Stat_t)
	return known && stat.Uid != 0 && int(stat.Uid) != os.Geteuid()
}
