// Package e2e holds the tests of the whole program: they build it, run it in a
// real terminal or a pipe, and look at what comes out. Beside them stand the
// tests of the repository itself: who may import whom, and whether the
// documents still say what the code does.
package e2e
