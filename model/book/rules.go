package book

// Rules is the version of what a Book makes of its inputs. It is raised with each
// change by which the same inputs come to other rows, accounts or totals, so that
// a recording that was made by other rules is not taken for damaged. Processors
// make no difference: products are rounded before anything is added to them.
const Rules = 1
