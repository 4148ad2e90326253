/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands: what they are called, how one is found on the command line, its
 * help, and what it is given to run with.
 *
 * A command is a constant (command/put.c has command_put, and so on); root.c
 * hangs them all into one tree. Adding one is a new file and a line there.
 */
#ifndef CLIENT_COMMAND_H
#define CLIENT_COMMAND_H

#include <stdio.h>

#include "client/flags.h"
#include "client/util.h"

/* etcdctl's exit codes. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_ERROR = 1,          /* the server, or the command line's flags */
	CTL_BAD_CONNECTION = 2, /* nowhere to connect to */
	CTL_INVALID_INPUT = 3,  /* txn's standard input */
	CTL_BAD_FEATURE = 4,    /* known, with a value that is not supported */
	CTL_INTERRUPTED = 5,
	CTL_IO = 6,
	CTL_BAD_ARGS = 128,
};

struct printer;
struct ctl;

struct command {
	const char *name;
	const char *arguments; /* follows the name in the usage line, may be NULL */
	const char *summary;
	const char *description; /* further lines of help, may be NULL */
	const struct flag_def *flags;
	size_t n_flags;
	/* flags that hold for the command and all below it */
	const struct flag_def *persistent;
	size_t n_persistent;
	const struct command *const *children; /* NULL, or ended by NULL */
	/* NULL: the command only groups its children. Returns an exit code. */
	int (*run)(struct ctl *ctl);
	bool unsupported; /* etcdctl has it, we don't yet: refused by name */
};

enum { COMMAND_DEPTH = 3 };

/* One run of the program. */
struct ctl {
	struct pool *pool;
	FILE *in;
	FILE *out;
	FILE *err;
	char **environ;
	const struct command *path[COMMAND_DEPTH + 1]; /* from the root, ended by NULL */
	const struct command *command;                 /* the last of path */
	struct flagset flags;                          /* and its arguments */
	/* what session_open() fills in */
	const struct printer *printer;
	const char **endpoints;
	size_t n_endpoints;
	bool value_only; /* get --print-value-only */
};

extern const struct command command_root;

/* ctl_run runs the command that the n words (without the program's name) ask
 * for. Requires: pool, in, out, err, environ are set. Returns: the exit code. */
int ctl_run(struct ctl *ctl, const char *const *words, size_t n);

/* ctl_fail prints "Error: ..." on ctl->err. Returns: code. */
int ctl_fail(struct ctl *ctl, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* command_help appends the help text of the last command of path. */
void command_help(struct text *t, const struct command *const *path);

/* ctl_help prints the help text of ctl->command on ctl->out. */
void ctl_help(struct ctl *ctl);

/* What command_find() found. */
struct command_found {
	const struct command *path[COMMAND_DEPTH + 1]; /* from the root, ended by NULL */
	const struct command *command;                 /* the last of path */
	const char **rest;                             /* the other words, in order */
	size_t n_rest;
	const char *unknown; /* no command of the root; NULL: none such */
};

/* command_find walks from root along the words that name commands; a beginning
 * of a name is enough where only one command has it. */
struct command_found command_find(
	struct pool *p, const struct command *root, const char *const *words, size_t n);

/* command_suggest returns what etcdctl says after an unknown command's name:
 * empty, or a list of what may have been meant. */
const char *command_suggest(struct pool *p, const char *unknown);

#endif
