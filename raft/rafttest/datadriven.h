/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Datadriven scripts: text files of commands, each with the output that it must
 * have. The format is that of CockroachDB's package of this name, in which
 * etcd's raft library keeps the stories it has to get right:
 *
 *	# A comment.
 *	command arg key=value key=(v1, v2) \
 *	    a line that ends in a backslash goes on
 *	lines of input, if any
 *	----
 *	the output
 *
 * A blank line ends the output. One that has blank lines itself stands between
 * two lines "----" before and two after. "subtest NAME" and "subtest end" group
 * commands. Lines may end in CRLF; rewriting makes them LF.
 *
 * What the commands mean is the matter of an environment; datadriven_envs lists
 * them, and a script is run by the one that knows its first known command.
 */
#ifndef RAFTTEST_DATADRIVEN_H
#define RAFTTEST_DATADRIVEN_H

#include "raft/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- Commands (datadriven_parse.c) -------------------------------------- */

/* key, key=value or key=(value, value). "key=" has one value, "". */
struct datadriven_arg {
	char *key;
	char **vals;
	size_t vals_len;
};

/* A command and what belongs to it. Strings are never NULL. */
struct datadriven_cmd {
	const char *file; /* borrowed from the reader */
	size_t line;      /* where it begins; the first line is 1 */
	char *text;       /* the whole directive on one line, for people */
	char *cmd;
	struct datadriven_arg *args;
	size_t args_len;
	char *input;          /* without blanks around it */
	char *expected;       /* empty or ends in a newline */
	size_t expected_line; /* where it begins; 0 if there was no line "----" */
};

/* datadriven_parse_line takes a directive apart: d->cmd and d->args are set, cmd
 * is "" for a blank line. The original: ParseLine.
 *
 * Ownership: datadriven_cmd_free(d) frees what is set, also on error.
 * Returns:   0, or the column (from 1) of what makes no sense. */
size_t datadriven_parse_line(const char *line, struct datadriven_cmd *d);
void datadriven_cmd_free(struct datadriven_cmd *d);

/* Reads a script, one command after the other. */
struct datadriven_reader {
	const char *file; /* for messages */
	const char *next; /* the rest of the text */
	const char *end;
	size_t line; /* lines read so far */
	char *text;  /* the line read last, without its end */
	size_t text_cap;

	struct datadriven_cmd cmd; /* the command read last */
	struct strbuf *rewrite;    /* if not NULL: gets the script back, but for the outputs */
	struct strbuf error;       /* what datadriven_next() has to say, with file:line */
};

enum datadriven_next {
	DATADRIVEN_CMD, /* r->cmd is the next command */
	DATADRIVEN_END,
	DATADRIVEN_ERROR, /* r->error says why the rest cannot be read */
};

void datadriven_reader_init(struct datadriven_reader *r, const char *file, const char *text,
	size_t len, struct strbuf *rewrite);
enum datadriven_next datadriven_next(struct datadriven_reader *r);
void datadriven_reader_free(struct datadriven_reader *r);

/* datadriven_trim cuts off white space (Unicode's) before and behind s, in
 * place. Returns: where s begins now. */
char *datadriven_trim(char *s);

/* ---- Arguments (datadriven_scan.c) --------------------------------------- */

/* datadriven_fatalf gives up the script that is being run: it is malformed, and
 * what the environment would make of it is not known. Does not return; may only
 * be called from an environment's handle(). */
_Noreturn void datadriven_fatalf(const struct datadriven_cmd *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* datadriven_parse_* read the whole of s, as Go's strconv does.
 * Returns: NULL, or why not: "invalid syntax", "value out of range". */
const char *datadriven_parse_uint(const char *s, unsigned long long *n);
const char *datadriven_parse_int(const char *s, long long *n);
const char *datadriven_parse_bool(const char *s, bool *b);

/* datadriven_number_error writes how Go's strconv.func complains about s. */
void datadriven_number_error(struct strbuf *b, const char *func, const char *s, const char *why);

/* datadriven_scan_* read value i of arg, or give up the script. */
unsigned long long datadriven_scan_uint(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i);
long long datadriven_scan_int(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i);
bool datadriven_scan_bool(
	const struct datadriven_cmd *d, const struct datadriven_arg *arg, size_t i);

/* datadriven_only_value finds the first argument with that key, which must have
 * one value, or gives up the script. */
const struct datadriven_arg *datadriven_only_value(const struct datadriven_cmd *d, const char *key);

/* ---- Environments ---------------------------------------------------------- */

struct datadriven_env {
	/* knows tells whether cmd is a command of this environment; none has two. */
	bool (*knows)(const char *cmd);

	/* open makes an environment for one script; close frees it. */
	void *(*open)(void);
	void (*close)(void *env);

	/* handle runs d and writes its output to out. It may not end in a newline;
	 * one is added then. */
	void (*handle)(void *env, const struct datadriven_cmd *d, struct strbuf *out);
};

extern const struct datadriven_env datadriven_interaction; /* interaction_env.c */
extern const struct datadriven_env datadriven_confchange;  /* confchange_env.c */
extern const struct datadriven_env datadriven_quorum;      /* quorum_env.c */

/* datadriven_recognise picks the environment for a script by its commands; that
 * of interaction scripts if it has none that is known. */
const struct datadriven_env *datadriven_recognise(const char *text, size_t len);

/* ---- Running (datadriven.c) ------------------------------------------------ */

/* Where a script is; may lie in memory shared with a watching process. */
struct datadriven_place {
	size_t line;
	char text[160]; /* the command, cut off if it is long */
};

enum datadriven_result {
	DATADRIVEN_PASSED,
	DATADRIVEN_FAILED,   /* an output differs, or the script is malformed */
	DATADRIVEN_PANICKED, /* the script made raft panic */
};

/* datadriven_run runs a script. What is wrong is written to report, which may
 * be NULL: a unified diff for each output that is not the expected one, and why
 * the script was given up if it was malformed or raft panicked.
 *
 * rewrite, if not NULL, gets the script with the actual outputs; outputs are not
 * compared then. place, if not NULL, follows the script.
 *
 * A panic inside raft leaves its memory behind: nothing is known of its state.
 * Not to be nested. */
enum datadriven_result datadriven_run(const char *file, const char *text, size_t len,
	struct strbuf *rewrite, struct datadriven_place *place, FILE *report);

/* datadriven_diff writes the unified diff from a to b, lines of a being numbered
 * from first_line on (datadriven_diff.c). */
void datadriven_diff(const char *a, const char *b, size_t first_line, FILE *out);

/* ---- Files (datadriven_files.c) ---------------------------------------------- */

struct datadriven_options {
	bool rewrite;     /* put the actual outputs into the files */
	bool no_fork;     /* run scripts in this process, for debuggers */
	bool verbose;     /* a line for each file */
	unsigned timeout; /* seconds for one script; 0: 60 */
	FILE *out;        /* with a descriptor: other processes write to it, too */
};

struct datadriven_tally {
	size_t passed, failed; /* files */
};

/* datadriven_path runs the script at path or, if it is a directory, all scripts
 * below it in order of their names: files that end in .txt or have no extension,
 * hidden and backup files aside. Each runs in a process of its own, so that
 * whatever it provokes ends that script only. */
void datadriven_path(
	const char *path, const struct datadriven_options *o, struct datadriven_tally *tally);

#endif
