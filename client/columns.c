/* SPDX-License-Identifier: Apache-2.0 */
#include "client/columns.h"

#include <string.h>

enum { TAB = 8 };

void columns_print(struct text *t, const char *indent, const char *const (*rows)[2], size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(rows[i][0]);

		if (len + TAB > width)
			width = (len + TAB) / TAB * TAB;
	}
	for (size_t i = 0; i < n; i++) {
		text_printf(t, "%s%s", indent, rows[i][0]);
		for (size_t at = strlen(rows[i][0]); at < width; at = (at + TAB) / TAB * TAB)
			text_putc(t, '\t');
		text_printf(t, "%s\n", rows[i][1]);
	}
}
