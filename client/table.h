/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_TABLE_H
#define CLIENT_TABLE_H

#include "client/util.h"

/* table_print appends a table of n_rows rows of n columns, with a heading, as
 * the library draws it that etcdctl uses: headings centred and in capitals,
 * cells to the right, what is longer than 30 characters broken at its spaces.
 * rows holds the cells row by row. */
void table_print(struct text *t, const char *const *heading, const char *const *rows, size_t n_rows,
	size_t n);

#endif
