/* SPDX-License-Identifier: Apache-2.0 */
#include "client/table.h"

#include <string.h>

#include "client/go_text.h"

enum {
	TABLE_CELL = 30,
	TABLE_COLUMNS = 16,
	/* more than a line's length squared: worth any other raggedness */
	TABLE_TOO_LONG = 100000,
};

/* A cell, broken into lines. */
struct table_cell {
	const char **lines;
	size_t n;
	size_t width; /* what it claims, which its lines may fall short of */
};

/* table_width counts the columns that s takes on a screen. */
static size_t table_width(const char *s)
{
	size_t n = 0, len = strlen(s);
	int32_t r;

	for (size_t i = 0; i < len; n += go_rune_width(r))
		i += go_rune(s + i, len - i, &r);
	return n;
}

/* --- breaking a cell into lines ---------------------------------------------------- */

/* table_words splits at every space: two in a row have an empty word between
 * them, which is how they are still two when the words are joined again. */
static size_t table_words(struct pool *p, const char *s, const char ***words)
{
	size_t n = 0;

	*words = pool_alloc(p, (strlen(s) + 1) * sizeof(**words));
	for (;; s++) {
		size_t len = strcspn(s, " \n");

		(*words)[n++] = pool_strndup(p, s, len);
		s += len;
		if (*s == '\0')
			return n;
	}
}

static size_t table_max(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* table_breaks finds the breaks that make lines least ragged: the sum of the
 * squares of what each line lacks, the last one apart. brk[i] is the word that
 * begins the line after the one that begins with word i. */
static void table_breaks(
	struct pool *p, const char *const *words, size_t n, size_t limit, size_t *brk)
{
	size_t *cost = pool_alloc(p, (n + 1) * sizeof(*cost));

	for (size_t i = n; i-- > 0;) {
		size_t len = table_width(words[i]);

		cost[i] = SIZE_MAX;
		for (size_t j = i + 1; j <= n; j++) {
			size_t lack = limit > len ? limit - len : len - limit;
			size_t c = lack * lack + cost[j] + (len > limit ? TABLE_TOO_LONG : 0);

			if (j == n && len <= limit) {
				cost[i] = 0; /* the rest fits */
				brk[i] = n;
			} else if (j < n && c < cost[i]) {
				cost[i] = c;
				brk[i] = j;
			}
			if (j < n)
				len += 1 + table_width(words[j]);
		}
	}
}

static struct table_cell table_wrap(struct pool *p, const char *s)
{
	struct table_cell cell;
	const char **words;
	size_t n = table_words(p, s, &words), limit = table_width(s), *brk;

	limit = limit < TABLE_CELL ? limit : TABLE_CELL;
	for (size_t i = 0; i < n; i++)
		limit = table_max(limit, table_width(words[i]));
	cell.lines = pool_alloc(p, n * sizeof(*cell.lines));
	cell.n = 0;
	cell.width = limit;
	brk = pool_alloc(p, n * sizeof(*brk));
	table_breaks(p, words, n, limit, brk);
	for (size_t i = 0; i < n; i = brk[i]) {
		struct text line;

		text_init(&line, p);
		for (size_t j = i; j < brk[i]; j++)
			text_printf(&line, "%s%s", j > i ? " " : "", words[j]);
		cell.lines[cell.n++] = line.data;
	}
	return cell;
}

/* --- drawing ------------------------------------------------------------------------ */

static void table_fill(struct text *t, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_putc(t, c);
}

static void table_rule(struct text *t, const size_t *widths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_putc(t, '+');
		table_fill(t, '-', widths[i] + 2);
	}
	text_puts(t, "+\n");
}

static void table_heading(
	struct text *t, const char *const *heading, const size_t *widths, size_t n)
{
	table_rule(t, widths, n);
	for (size_t i = 0; i < n; i++) {
		size_t gap = widths[i] - strlen(heading[i]);

		text_puts(t, "| ");
		table_fill(t, ' ', gap / 2);
		for (const char *c = heading[i]; *c; c++)
			text_putc(t, (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
		table_fill(t, ' ', gap - gap / 2 + 1);
	}
	text_puts(t, "|\n");
	table_rule(t, widths, n);
}

static void table_row(struct text *t, const struct table_cell *row, const size_t *widths, size_t n)
{
	size_t lines = 1;

	for (size_t i = 0; i < n; i++)
		lines = table_max(lines, row[i].n);
	for (size_t l = 0; l < lines; l++) {
		for (size_t i = 0; i < n; i++) {
			const char *s = l < row[i].n ? row[i].lines[l] : "";

			text_puts(t, "| ");
			table_fill(t, ' ', widths[i] - table_width(s));
			text_printf(t, "%s ", s);
		}
		text_puts(t, "|\n");
	}
}

void table_print(struct text *t, const char *const *heading, const char *const *rows, size_t n_rows,
	size_t n)
{
	size_t widths[TABLE_COLUMNS] = {0};
	struct table_cell *cells = pool_alloc(t->pool, n_rows * n * sizeof(*cells));

	for (size_t i = 0; i < n; i++)
		widths[i] = table_width(heading[i]);
	for (size_t i = 0; i < n_rows * n; i++) {
		cells[i] = table_wrap(t->pool, rows[i]);
		widths[i % n] = table_max(widths[i % n], cells[i].width);
	}
	table_heading(t, heading, widths, n);
	for (size_t i = 0; i < n_rows; i++)
		table_row(t, cells + i * n, widths, n);
	table_rule(t, widths, n);
}
