/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unified diffs of short texts: the longest common subsequence of their lines,
 * by the table of the textbook.
 */
#include "raft/raft_internal.h"
#include "raft/rafttest/datadriven.h"

#include <stdlib.h>
#include <string.h>

#define CONTEXT 3

/* Beyond so many cells the table costs more than a good diff is worth; all lines
 * between the common beginning and end count as replaced then. */
#define MAX_CELLS ((size_t)1 << 22)

struct line {
	const char *s;
	size_t len; /* with the newline, if there is one */
};

struct lines {
	struct line *v;
	size_t len;
};

/* A line of the diff: ' ' in both, '-' only in a, '+' only in b. */
struct edit {
	char kind;
	struct line line;
	size_t a, b; /* lines of a and b before it */
};

struct edits {
	struct edit *v;
	size_t len;
};

static struct lines split(const char *s)
{
	struct lines out = {0};
	uint32_t cap = 0;

	while (*s) {
		size_t len = strcspn(s, "\n");

		len += s[len] == '\n';
		out.v = raft_grow(out.v, &cap, out.len + 1, sizeof(*out.v));
		out.v[out.len++] = (struct line){s, len};
		s += len;
	}
	return out;
}

static bool same(const struct line *a, const struct line *b)
{
	return a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

static void push(struct edits *e, char kind, const struct lines *a, size_t i, const struct lines *b,
	size_t j)
{
	e->v[e->len++] = (struct edit){kind, kind == '+' ? b->v[j] : a->v[i], i, j};
}

/* The table of edit_between: at [r * cols + c], the most lines that a[i + r, n) and
 * b[j + c, m) share. NULL if it would be too large. */
static uint32_t *count_common(
	const struct lines *a, size_t i, size_t n, const struct lines *b, size_t j, size_t m)
{
	size_t rows = n - i + 1, cols = m - j + 1;

	if (rows > MAX_CELLS / cols)
		return NULL;
	uint32_t *common = raft_calloc(rows * cols, sizeof(*common));
	for (size_t r = rows - 1; r-- > 0;) {
		uint32_t *row = &common[r * cols], *below = row + cols;

		for (size_t c = cols - 1; c-- > 0;) {
			if (same(&a->v[i + r], &b->v[j + c]))
				row[c] = below[c + 1] + 1;
			else
				row[c] = RAFT_MAX(below[c], row[c + 1]);
		}
	}
	return common;
}

/* Edits a[i, n) to b[j, m). */
static void edit_between(struct edits *e, const struct lines *a, size_t i, size_t n,
	const struct lines *b, size_t j, size_t m)
{
	size_t cols = m - j + 1;
	uint32_t *common = count_common(a, i, n, b, j, m), *at = common;

	/* at is the cell of (i, j): right of it is (i, j + 1), below it (i + 1, j). */
	while (i < n || j < m) {
		if (common && i < n && j < m && same(&a->v[i], &b->v[j])) {
			push(e, ' ', a, i++, b, j++);
			at += cols + 1;
		} else if (i < n && (j == m || !common || at[cols] >= at[1])) {
			push(e, '-', a, i++, b, j);
			at = common ? at + cols : NULL;
		} else {
			push(e, '+', a, i, b, j++);
			at = common ? at + 1 : NULL;
		}
	}
	free(common);
}

static void print_edit(const struct edit *e, FILE *out)
{
	fprintf(out, "%c%.*s", e->kind, (int)e->line.len, e->line.s);
	if (e->line.len == 0 || e->line.s[e->line.len - 1] != '\n')
		fputs("\n\\ No newline at end\n", out);
}

/* Prints the edits [from, to), which begin and end in context. */
static void print_hunk(const struct edits *e, size_t from, size_t to, size_t first_line, FILE *out)
{
	size_t in_a = 0, in_b = 0;

	for (size_t i = from; i < to; i++) {
		in_a += e->v[i].kind != '+';
		in_b += e->v[i].kind != '-';
	}
	fprintf(out, "@@ -%zu,%zu +%zu,%zu @@\n", e->v[from].a + first_line, in_a,
		e->v[from].b + first_line, in_b);
	for (size_t i = from; i < to; i++)
		print_edit(&e->v[i], out);
}

/* The first changed line from i on. */
static size_t next_change(const struct edits *e, size_t i)
{
	while (i < e->len && e->v[i].kind == ' ')
		i++;
	return i;
}

static void print_edits(const struct edits *e, size_t first_line, FILE *out)
{
	size_t change = next_change(e, 0);

	while (change < e->len) {
		size_t from = change > CONTEXT ? change - CONTEXT : 0, last;

		/* A hunk goes on over gaps that two contexts would fill. */
		do {
			last = change;
			change = next_change(e, change + 1);
		} while (change < e->len && change - last <= 2 * CONTEXT);
		print_hunk(e, from, RAFT_MIN(last + 1 + CONTEXT, e->len), first_line, out);
	}
}

void datadriven_diff(const char *a_text, const char *b_text, size_t first_line, FILE *out)
{
	struct lines a = split(a_text), b = split(b_text);
	struct edits e = {.v = raft_calloc(a.len + b.len, sizeof(struct edit))};
	size_t head = 0, tail = 0, shorter = RAFT_MIN(a.len, b.len);

	while (head < shorter && same(&a.v[head], &b.v[head]))
		head++;
	while (tail < shorter - head && same(&a.v[a.len - 1 - tail], &b.v[b.len - 1 - tail]))
		tail++;

	for (size_t i = 0; i < head; i++)
		push(&e, ' ', &a, i, &b, i);
	edit_between(&e, &a, head, a.len - tail, &b, head, b.len - tail);
	for (size_t i = tail; i > 0; i--)
		push(&e, ' ', &a, a.len - i, &b, b.len - i);

	fputs("--- expected\n+++ actual\n", out);
	print_edits(&e, first_line, out);
	free(e.v);
	free(a.v);
	free(b.v);
}
