/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_COLUMNS_H
#define CLIENT_COLUMNS_H

#include "client/util.h"

/* columns_print appends n lines of two columns: indent, left, tabs, right. The
 * tabs bring the right column in line, one tab stop (8) behind the longest of
 * the left, as Go's text/tabwriter sets etcdctl's help. */
void columns_print(struct text *t, const char *indent, const char *const (*rows)[2], size_t n);

#endif
