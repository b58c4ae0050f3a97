package ui

// wheelRows is how many rows one notch of the wheel scrolls.
const wheelRows = 3
