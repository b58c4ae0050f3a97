package book

// Rules is the version of what a Book makes of its inputs. It is raised with each
// change by which the same inputs come to other rows, accounts or totals, so that
// a recording that was made by other rules is not taken for damaged.
const Rules = 1
