//go:build !unix

package textfile

import "io/fs"

// Foreign is not known here.
func Foreign(fs.FileInfo) bool { return false }
