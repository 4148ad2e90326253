/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "client/columns.h"
#include "client/version.h"

int ctl_fail(struct ctl *ctl, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(ctl->err, "Error: %s\n", pool_vprintf(ctl->pool, fmt, ap));
	va_end(ap);
	return code;
}

/* --- finding ------------------------------------------------------------------ */

static const struct command *command_child(const struct command *c, const char *name)
{
	const struct command *found = NULL;
	size_t matches = 0;

	for (const struct command *const *k = c->children; k && *k; k++) {
		if (strcmp((*k)->name, name) == 0)
			return *k;
		if (strncmp((*k)->name, name, strlen(name)) == 0) {
			found = *k;
			matches++;
		}
	}
	return matches == 1 ? found : NULL;
}

static const struct flag_def *command_flag(
	const struct flag_def *defs, size_t n, const char *name, char shorthand)
{
	for (size_t i = 0; i < n; i++)
		if (name ? strcmp(defs[i].name, name) == 0 : defs[i].shorthand == shorthand)
			return &defs[i];
	return NULL;
}

/* command_lookup finds a flag among those that are known when the search for
 * the command stands at c; --help is not yet, then. */
static const struct flag_def *command_lookup(
	const struct command *root, const struct command *c, const char *name, char shorthand)
{
	const struct flag_def *d = command_flag(c->flags, c->n_flags, name, shorthand);

	if (!d)
		d = command_flag(c->persistent, c->n_persistent, name, shorthand);
	if (!d)
		d = command_flag(root->persistent, root->n_persistent, name, shorthand);
	return d;
}

/* command_takes_next tells whether word is a flag whose value is the next word.
 * A flag that is not known where the search stands counts as one: the rule is
 * cobra's, and makes "etcdctl --prefix get k" fail as it does there. */
static bool command_takes_next(
	const struct command *root, const struct command *c, const char *word)
{
	const struct flag_def *d;

	if (word[0] != '-' || word[1] == '\0' || strchr(word, '='))
		return false;
	if (word[1] == '-')
		d = command_lookup(root, c, word + 2, 0);
	else if (word[2] == '\0')
		d = command_lookup(root, c, NULL, word[1]);
	else
		return false;
	return !d || d->kind != FLAG_BOOL;
}

/* command_next_name returns the place of the first word that is neither a flag
 * nor a flag's value; n_rest if there is none. */
static size_t command_next_name(const struct command_found *f)
{
	for (size_t i = 0; i < f->n_rest; i++) {
		const char *word = f->rest[i];

		if (strcmp(word, "--") == 0)
			break;
		if (command_takes_next(f->path[0], f->command, word))
			i++;
		else if (word[0] != '\0' && word[0] != '-')
			return i;
	}
	return f->n_rest;
}

struct command_found command_find(
	struct pool *p, const struct command *root, const char *const *words, size_t n)
{
	struct command_found f = {.path = {root}, .command = root, .n_rest = n};

	f.rest = pool_alloc(p, (n + 1) * sizeof(*f.rest));
	if (n)
		memcpy(f.rest, words, n * sizeof(*f.rest));
	for (size_t depth = 1;; depth++) {
		size_t at = command_next_name(&f);
		const struct command *child;

		child = at < f.n_rest ? command_child(f.command, f.rest[at]) : NULL;
		if (!child) {
			if (at < f.n_rest && f.command == root)
				f.unknown = f.rest[at];
			return f;
		}
		f.n_rest--;
		memmove(f.rest + at, f.rest + at + 1, (f.n_rest - at) * sizeof(*f.rest));
		f.path[depth] = f.command = child;
	}
}

static size_t command_min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* command_distance counts the edits (Levenshtein) between two names, whatever
 * their case. */
static size_t command_distance(struct pool *p, const char *a, const char *b)
{
	size_t n = strlen(b), *row = pool_alloc(p, (n + 1) * sizeof(*row));

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; *a; i++, a++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t up = row[j];
			bool same = strncasecmp(a, &b[j - 1], 1) == 0;

			row[j] = command_min3(diagonal + !same, up + 1, row[j - 1] + 1);
			diagonal = up;
		}
	}
	return row[n];
}

const char *command_suggest(struct pool *p, const char *unknown)
{
	struct text t;

	text_init(&t, p);
	for (const struct command *const *k = command_root.children; *k; k++) {
		const char *name = (*k)->name;

		if (strncasecmp(name, unknown, strlen(unknown)) != 0 &&
			(strlen(unknown) > 64 || command_distance(p, unknown, name) > 2))
			continue;
		text_printf(&t, "%s\t%s\n", t.len ? "" : "\n\nDid you mean this?\n", name);
	}
	return t.data;
}

/* --- help --------------------------------------------------------------------- */

/* command_name appends the path's names from its depth first on. */
static void command_name(struct text *t, const struct command *const *path, size_t first)
{
	for (size_t i = first; path[i]; i++)
		text_printf(t, "%s%s", i > first ? " " : "", path[i]->name);
}

/* A list of a help text, while it is collected. */
struct command_rows {
	struct pool *pool;
	const char *(*rows)[2];
	size_t n;
};

/* command_list collects the runnable commands below c. */
static void command_list(struct command_rows *l, const struct command *c, const char *prefix)
{
	for (const struct command *const *k = c->children; k && *k; k++) {
		const char *name = pool_printf(l->pool, "%s%s", prefix, (*k)->name);

		if ((*k)->children) {
			command_list(l, *k, pool_printf(l->pool, "%s ", name));
		} else if (!(*k)->unsupported) {
			l->rows = pool_grow(l->pool, l->rows, l->n * sizeof(*l->rows),
				(l->n + 1) * sizeof(*l->rows));
			l->rows[l->n][0] = name;
			l->rows[l->n++][1] = (*k)->summary;
		}
	}
}

static void command_help_list(struct text *t, const struct command *c)
{
	struct command_rows l = {.pool = t->pool};

	if (!c->children)
		return;
	text_printf(t, "API VERSION:\n\t%s\n\n\nCOMMANDS:\n", ETCDCTL_API_VERSION);
	command_list(&l, c, "");
	for (size_t i = 1; i < l.n; i++) { /* by name; the lists are short */
		for (size_t j = i; j && strcmp(l.rows[j - 1][0], l.rows[j][0]) > 0; j--) {
			const char *name = l.rows[j][0], *summary = l.rows[j][1];

			memcpy(l.rows[j], l.rows[j - 1], sizeof(*l.rows));
			l.rows[j - 1][0] = name;
			l.rows[j - 1][1] = summary;
		}
	}
	columns_print(t, "\t", l.rows, l.n);
	text_puts(t, "\n");
}

static size_t command_collect(const struct flag_def **defs, const struct flag_def *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		defs[i] = &from[i];
	return n;
}

static void command_help_flags(struct text *t, const struct command *const *path)
{
	const struct flag_def *defs[64];
	const struct command *c = path[0];
	struct flag_def help = {"help", 'h', FLAG_BOOL, "false", NULL, false};
	size_t n = 0, depth;

	for (depth = 0; path[depth]; depth++)
		c = path[depth];
	help.usage = pool_printf(t->pool, "help for %s", c->name);
	defs[n++] = &help;
	n += command_collect(defs + n, c->flags, c->n_flags);
	n += command_collect(defs + n, c->persistent, c->n_persistent);
	text_puts(t, "OPTIONS:\n");
	flag_usages(t, defs, n);
	text_puts(t, "\n");
	if (depth == 1)
		return;
	n = 0;
	for (size_t i = 0; i + 1 < depth; i++)
		n += command_collect(defs + n, path[i]->persistent, path[i]->n_persistent);
	text_puts(t, "GLOBAL OPTIONS:\n");
	flag_usages(t, defs, n);
	text_puts(t, "\n");
}

void command_help(struct text *t, const struct command *const *path)
{
	const struct command *c = path[0];

	for (size_t i = 0; path[i]; i++)
		c = path[i];
	text_puts(t, "NAME:\n\t");
	command_name(t, path, path[1] ? 1 : 0);
	text_printf(t, " - %s\n\nUSAGE:\n\t", c->summary);
	command_name(t, path, 0);
	text_printf(
		t, "%s%s [flags]\n\n", c->arguments ? " " : "", c->arguments ? c->arguments : "");
	if (!path[1])
		text_printf(t, "VERSION:\n\t%s\n\n", ETCDCTL_VERSION);
	command_help_list(t, c);
	if (c->description) {
		text_puts(t, "DESCRIPTION:\n\t");
		for (const char *s = c->description; *s; s++) {
			text_putc(t, *s);
			if (*s == '\n')
				text_putc(t, '\t');
		}
		text_puts(t, "\n\n");
	}
	command_help_flags(t, path);
}

void ctl_help(struct ctl *ctl)
{
	struct text t;

	text_init(&t, ctl->pool);
	command_help(&t, ctl->path);
	fputs(t.data, ctl->out);
}
