/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command line flags, by the rules of Go's pflag, which etcdctl follows:
 * --name=value, --name value, -n value, -nvalue, -n=value, several booleans in
 * one -abc, flags and arguments in any order, "--" ends the flags.
 *
 * libc's getopt_long does most of this but not all: it takes "-w=x" for the
 * value "=x", accepts abbreviated names, reads a boolean's "=false" only as a
 * string of ours, and its complaints are not etcdctl's; scripts match on those.
 */
#ifndef CLIENT_FLAGS_H
#define CLIENT_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/util.h"

enum flag_kind {
	FLAG_BOOL,
	FLAG_INT, /* int64_t; 0x10, 010, 0b1 and 1_000 are understood */
	FLAG_STRING,
	FLAG_DURATION, /* nanoseconds; 1m30s */
	FLAG_LIST,     /* strings in CSV; given again, it adds */
};

/* What is known about a flag before the command line is read. */
struct flag_def {
	const char *name;
	char shorthand; /* 0: none */
	enum flag_kind kind;
	const char *initial; /* the default, as it would be given */
	const char *usage;
	bool unsupported; /* known to etcdctl, refused by us */
};

struct flag {
	const struct flag_def *def;
	bool changed; /* set by command line or environment */
	bool boolean;
	int64_t number;
	const char *string;
	const char **list;
	size_t n_list;
};

/* A set of flags and, once parsed, the arguments beside them. */
struct flagset {
	struct pool *pool;
	struct flag *flags;
	size_t n_flags;
	const char **args;
	size_t n_args;
};

/* flagset_init makes *fs empty, with memory from p. */
void flagset_init(struct flagset *fs, struct pool *p);

/* flagset_add adds n flags with their defaults. defs outlives fs. */
void flagset_add(struct flagset *fs, const struct flag_def *defs, size_t n);

/* flagset_parse reads n words, setting flags and collecting arguments.
 * Returns: NULL, or the complaint in pflag's words. */
const char *flagset_parse(struct flagset *fs, const char *const *words, size_t n);

/* flagset_find returns the flag of that name, NULL if there is none. */
struct flag *flagset_find(const struct flagset *fs, const char *name);

/* flagset_find_shorthand returns the flag of that letter, NULL if there is none. */
struct flag *flagset_find_shorthand(const struct flagset *fs, char letter);

/* flag_set gives f the value that text spells.
 * Returns: NULL, or what is wrong with it. */
const char *flag_set(struct pool *p, struct flag *f, const char *text);

/* flag_text returns f's value as pflag prints it. */
const char *flag_text(struct pool *p, const struct flag *f);

/* flag_bool, flag_int, flag_string return the value of a flag that fs is known
 * to have. flag_int returns a duration in nanoseconds. */
bool flag_bool(const struct flagset *fs, const char *name);
int64_t flag_int(const struct flagset *fs, const char *name);
const char *flag_string(const struct flagset *fs, const char *name);

/* flag_usages appends the lines of a help text that describe the defs, sorted
 * by name. Sorts defs in place. */
void flag_usages(struct text *t, const struct flag_def **defs, size_t n);

#endif
