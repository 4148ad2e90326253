/* SPDX-License-Identifier: Apache-2.0 */
#include "client/flags.h"

#include <stdlib.h>
#include <string.h>

#include "client/columns.h"
#include "client/csv.h"
#include "client/go_text.h"

void flagset_init(struct flagset *fs, struct pool *p)
{
	*fs = (struct flagset){.pool = p};
}

void flagset_add(struct flagset *fs, const struct flag_def *defs, size_t n)
{
	size_t old = fs->n_flags;

	if (n == 0)
		return;
	fs->flags = pool_grow(
		fs->pool, fs->flags, old * sizeof(*fs->flags), (old + n) * sizeof(*fs->flags));
	for (size_t i = 0; i < n; i++) {
		struct flag *f = &fs->flags[old + i];

		f->def = &defs[i];
		flag_set(fs->pool, f, defs[i].initial);
		f->changed = false;
	}
	fs->n_flags += n;
}

/* --- values ------------------------------------------------------------------- */

/* flag_set_list: the first value given replaces the default, later ones add. */
static const char *flag_set_list(struct pool *p, struct flag *f, const char *text)
{
	const char **fields;
	size_t n, keep = f->changed ? f->n_list : 0;
	const char *bad = csv_parse(p, text, &fields, &n);

	if (bad)
		return bad;
	f->list = pool_grow(p, f->list, keep * sizeof(*f->list), (keep + n) * sizeof(*f->list));
	for (size_t i = 0; i < n; i++)
		f->list[keep + i] = fields[i];
	f->n_list = keep + n;
	return NULL;
}

/* flag_bad_syntax words a complaint of strconv's. */
static const char *flag_bad_syntax(
	struct pool *p, const char *function, const char *text, const char *bad)
{
	if (!bad)
		return NULL;
	return pool_printf(p, "strconv.%s: parsing %s: %s", function, go_quoted(p, text), bad);
}

const char *flag_set(struct pool *p, struct flag *f, const char *text)
{
	const char *bad = NULL;

	switch (f->def->kind) {
	case FLAG_BOOL:
		bad = flag_bad_syntax(p, "ParseBool", text, go_parse_bool(text, &f->boolean));
		break;
	case FLAG_INT:
		bad = flag_bad_syntax(p, "ParseInt", text, go_parse_int(text, 0, &f->number));
		break;
	case FLAG_STRING:
		f->string = text;
		break;
	case FLAG_DURATION:
		bad = go_parse_duration(p, text, &f->number);
		break;
	case FLAG_LIST:
		bad = flag_set_list(p, f, text);
		break;
	}
	if (!bad)
		f->changed = true;
	return bad;
}

const char *flag_text(struct pool *p, const struct flag *f)
{
	struct text t;

	switch (f->def->kind) {
	case FLAG_BOOL:
		return f->boolean ? "true" : "false";
	case FLAG_INT:
		return pool_printf(p, "%lld", (long long)f->number);
	case FLAG_STRING:
		return f->string;
	case FLAG_DURATION:
		return go_duration(p, f->number);
	case FLAG_LIST:
		break;
	}
	text_init(&t, p);
	for (size_t i = 0; i < f->n_list; i++)
		text_printf(&t, "%s%s", i ? "," : "", f->list[i]);
	return pool_printf(p, "[%s]", t.data);
}

struct flag *flagset_find(const struct flagset *fs, const char *name)
{
	for (size_t i = 0; i < fs->n_flags; i++)
		if (strcmp(fs->flags[i].def->name, name) == 0)
			return &fs->flags[i];
	return NULL;
}

struct flag *flagset_find_shorthand(const struct flagset *fs, char letter)
{
	for (size_t i = 0; letter && i < fs->n_flags; i++)
		if (fs->flags[i].def->shorthand == letter)
			return &fs->flags[i];
	return NULL;
}

/* flag_must finds a flag that is there unless the program is wrong. */
static const struct flag *flag_must(const struct flagset *fs, const char *name)
{
	const struct flag *f = flagset_find(fs, name);

	if (!f)
		abort();
	return f;
}

bool flag_bool(const struct flagset *fs, const char *name)
{
	return flag_must(fs, name)->boolean;
}

int64_t flag_int(const struct flagset *fs, const char *name)
{
	return flag_must(fs, name)->number;
}

const char *flag_string(const struct flagset *fs, const char *name)
{
	return flag_must(fs, name)->string;
}

/* --- parsing ------------------------------------------------------------------ */

/* The words still to be read. */
struct flag_words {
	const char *const *at;
	size_t n;
};

static const char *flag_assign(struct flagset *fs, struct flag *f, const char *value)
{
	const char *bad = flag_set(fs->pool, f, value);
	const char *name;

	if (!bad)
		return NULL;
	name = f->def->shorthand
		       ? pool_printf(fs->pool, "-%c, --%s", f->def->shorthand, f->def->name)
		       : pool_printf(fs->pool, "--%s", f->def->name);
	return pool_printf(fs->pool, "invalid argument %s for \"%s\" flag: %s",
		go_quoted(fs->pool, value), name, bad);
}

/* flagset_long reads "--" word, and the next word if that is its value. */
static const char *flagset_long(struct flagset *fs, const char *word, struct flag_words *rest)
{
	const char *equals = strchr(word, '=');
	struct flag *f;
	char *name;

	if (*word == '-' || *word == '=')
		return pool_printf(fs->pool, "bad flag syntax: --%s", word);
	name = pool_strndup(fs->pool, word, equals ? (size_t)(equals - word) : strlen(word));
	f = flagset_find(fs, name);
	if (!f)
		return pool_printf(fs->pool, "unknown flag: --%s", name);
	if (equals)
		return flag_assign(fs, f, equals + 1);
	if (f->def->kind == FLAG_BOOL)
		return flag_assign(fs, f, "true");
	if (rest->n == 0)
		return pool_printf(fs->pool, "flag needs an argument: --%s", word);
	rest->n--;
	return flag_assign(fs, f, *rest->at++);
}

/* flag_letter returns the letter as %q prints it: in single quotes. */
static const char *flag_letter(struct pool *p, char c)
{
	const char *quoted = go_quoted(p, (const char[]){c, '\0'});

	if (c == '\'')
		return "'\\''";
	return c == '"' ? "'\"'" : pool_printf(p, "'%.*s'", (int)strlen(quoted) - 2, quoted + 1);
}

/* flagset_short reads "-" word: one-letter flags, the last maybe with a value. */
static const char *flagset_short(struct flagset *fs, const char *word, struct flag_words *rest)
{
	const char *bad = NULL;

	for (const char *s = word; *s && !bad; s++) {
		struct flag *f = flagset_find_shorthand(fs, *s);

		if (!f)
			return pool_printf(fs->pool, "unknown shorthand flag: %s in -%s",
				flag_letter(fs->pool, *s), s);
		if (s[1] == '=' && s[2])
			return flag_assign(fs, f, s + 2);
		if (f->def->kind == FLAG_BOOL) {
			bad = flag_assign(fs, f, "true");
			continue;
		}
		if (s[1])
			return flag_assign(fs, f, s + 1);
		if (rest->n == 0)
			return pool_printf(fs->pool, "flag needs an argument: %s in -%s",
				flag_letter(fs->pool, *s), s);
		rest->n--;
		return flag_assign(fs, f, *rest->at++);
	}
	return bad;
}

const char *flagset_parse(struct flagset *fs, const char *const *words, size_t n)
{
	struct flag_words rest = {words, n};
	const char *bad = NULL;

	fs->args = pool_alloc(fs->pool, (n + 1) * sizeof(*fs->args));
	fs->n_args = 0;
	while (rest.n && !bad) {
		const char *word = *rest.at++;

		rest.n--;
		if (word[0] != '-' || word[1] == '\0') {
			fs->args[fs->n_args++] = word;
		} else if (word[1] != '-') {
			bad = flagset_short(fs, word + 1, &rest);
		} else if (word[2] != '\0') {
			bad = flagset_long(fs, word + 2, &rest);
		} else { /* "--" */
			while (rest.n--)
				fs->args[fs->n_args++] = *rest.at++;
			return NULL;
		}
	}
	return bad;
}

/* --- help --------------------------------------------------------------------- */

static int flag_def_compare(const void *a, const void *b)
{
	const struct flag_def *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

void flag_usages(struct text *t, const struct flag_def **defs, size_t n)
{
	const char *(*rows)[2] = pool_alloc(t->pool, n * sizeof(*rows));

	qsort(defs, n, sizeof(*defs), flag_def_compare);
	for (size_t i = 0; i < n; i++) {
		const struct flag_def *d = defs[i];
		const char *dash =
			d->shorthand ? pool_printf(t->pool, "  -%c, ", d->shorthand) : "      ";
		const char *value =
			d->kind == FLAG_BOOL     ? pool_printf(t->pool, "[=%s]", d->initial)
			: d->kind == FLAG_STRING ? pool_printf(t->pool, "=\"%s\"", d->initial)
			: d->kind == FLAG_LIST   ? pool_printf(t->pool, "=[%s]", d->initial)
						 : pool_printf(t->pool, "=%s", d->initial);

		rows[i][0] = pool_printf(t->pool, "%s--%s%s", dash, d->name, value);
		rows[i][1] = d->usage;
	}
	columns_print(t, "", rows, n);
}
