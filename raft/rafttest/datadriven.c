/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running a datadriven script: its commands one after the other, subtests, and
 * what is said when something is not as expected. The original: datadriven.go.
 */
#include "raft/rafttest/datadriven.h"
#include "raft/raft_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Subtests within subtests; the text is a file, the stack is ours. */
#define MAX_SUBTESTS 64

struct subtest {
	char *name;
	size_t line; /* where it began */
};

/* A run. All that lives longer than a command is here and not in locals, so that
 * it is still known after a jump. */
struct run {
	const struct datadriven_env *kind;
	void *env;
	struct datadriven_reader reader;
	struct strbuf *rewrite;
	struct datadriven_place *place;
	FILE *report;

	struct strbuf actual; /* of the present command */
	struct subtest subtests[MAX_SUBTESTS];
	size_t subtests_len;
	size_t mismatches;

	sigjmp_buf jump;
	enum { RUN_GOES_ON, RUN_GIVEN_UP, RUN_PANICKED } state;
	struct strbuf why; /* it was given up, with file:line */
};

/* raft's panics come without an argument of ours. */
static struct run *running;

_Noreturn void datadriven_fatalf(const struct datadriven_cmd *d, const char *fmt, ...)
{
	/* Static, because nothing could free it after the jump. */
	static char msg[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	strbuf_printf(&running->why, "%s:%zu: %s: %s", d->file, d->line, d->cmd, msg);
	running->state = RUN_GIVEN_UP;
	siglongjmp(running->jump, 1);
}

static void on_panic(const char *msg)
{
	const struct datadriven_cmd *d = &running->reader.cmd;

	strbuf_printf(
		&running->why, "%s:%zu: %s: raft panicked: %s", d->file, d->line, d->text, msg);
	running->state = RUN_PANICKED;
	siglongjmp(running->jump, 1);
}

/* ---- Subtests ----------------------------------------------------------------- */

static bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static void subtest_end(struct run *run, const struct datadriven_cmd *d)
{
	if (run->subtests_len == 0)
		datadriven_fatalf(d, "subtest end without corresponding start");
	if (d->args_len > 2)
		datadriven_fatalf(d, "invalid syntax for subtest end");

	struct subtest *s = &run->subtests[run->subtests_len - 1];
	if (d->args_len == 2 && strcmp(d->args[1].key, s->name) != 0)
		datadriven_fatalf(d,
			"mismatched subtest end directive: expected \"%s\", got \"%s\"", s->name,
			d->args[1].key);
	free(s->name);
	run->subtests_len--;
}

/* The name of a subtest begins with that of the one it is in, and a slash. */
static void subtest_start(struct run *run, const struct datadriven_cmd *d)
{
	const char *name = d->args[0].key, *outer = NULL;

	if (run->subtests_len > 0)
		outer = run->subtests[run->subtests_len - 1].name;
	if (d->args_len != 1)
		datadriven_fatalf(d, "invalid syntax for subtest");
	if (outer && !(starts_with(name, outer) && name[strlen(outer)] == '/'))
		datadriven_fatalf(d, "name of nested subtest must begin with \"%s/\"", outer);
	if (run->subtests_len == MAX_SUBTESTS)
		datadriven_fatalf(d, "more than %d subtests in each other", MAX_SUBTESTS);

	struct strbuf copy = {0};
	strbuf_puts(&copy, name);
	run->subtests[run->subtests_len++] =
		(struct subtest){.name = strbuf_take(&copy), .line = d->line};
}

static void subtest(struct run *run, const struct datadriven_cmd *d)
{
	if (d->args_len == 0)
		datadriven_fatalf(d, "invalid syntax for subtest");
	if (strcmp(d->args[0].key, "end") == 0)
		subtest_end(run, d);
	else
		subtest_start(run, d);
}

/* ---- Outputs --------------------------------------------------------------------- */

static bool has_blank_line(const char *s)
{
	for (; *s; s += *s == '\n') {
		if (s[strspn(s, "\t ")] == '\n')
			return true;
		s += strcspn(s, "\n");
	}
	return false;
}

static void rewrite_output(struct strbuf *out, const char *actual)
{
	bool enclosed = has_blank_line(actual);

	strbuf_puts(out, enclosed ? "----\n----\n" : "----\n");
	strbuf_puts(out, actual);
	strbuf_puts(out, enclosed ? "----\n----\n\n" : "\n");
}

static void compare_output(struct run *run, const struct datadriven_cmd *d, const char *actual)
{
	if (strcmp(d->expected, actual) == 0)
		return;
	run->mismatches++;
	if (!run->report)
		return;
	if (d->expected_line == 0)
		fprintf(run->report, "%s:%zu: %s: no line \"----\" follows; the output is:\n",
			d->file, d->line, d->text);
	else
		fprintf(run->report, "%s:%zu: %s\n", d->file, d->line, d->text);
	datadriven_diff(d->expected, actual, RAFT_MAX(d->expected_line, d->line), run->report);
	fputc('\n', run->report);
}

static void directive(struct run *run, const struct datadriven_cmd *d)
{
	run->actual.len = 0;
	strbuf_puts(&run->actual, "");
	run->kind->handle(run->env, d, &run->actual);
	if (run->actual.len > 0 && run->actual.s[run->actual.len - 1] != '\n')
		strbuf_putc(&run->actual, '\n');
	if (run->rewrite)
		rewrite_output(run->rewrite, run->actual.s);
	else
		compare_output(run, d, run->actual.s);
}

/* ---- The whole --------------------------------------------------------------------- */

static void note_place(struct run *run, const struct datadriven_cmd *d)
{
	if (!run->place)
		return;
	run->place->line = d->line;
	snprintf(run->place->text, sizeof(run->place->text), "%s", d->text);
}

static void run_all(struct run *run)
{
	struct datadriven_reader *r = &run->reader;
	enum datadriven_next next;

	while ((next = datadriven_next(r)) == DATADRIVEN_CMD) {
		note_place(run, &r->cmd);
		if (strcmp(r->cmd.cmd, "subtest") == 0)
			subtest(run, &r->cmd);
		else
			directive(run, &r->cmd);
	}
	if (next == DATADRIVEN_ERROR) {
		run->state = RUN_GIVEN_UP;
		strbuf_puts(&run->why, r->error.s);
	} else if (run->subtests_len > 0) {
		const struct subtest *s = &run->subtests[run->subtests_len - 1];

		run->state = RUN_GIVEN_UP;
		strbuf_printf(&run->why, "%s:%zu: subtest %s has no subtest end", r->file, s->line,
			s->name);
	}
}

/* A rewritten script ends in one newline, not in a blank line. */
static void trim_rewrite(struct strbuf *b)
{
	if (b->len > 2 && b->s[b->len - 1] == '\n' && b->s[b->len - 2] == '\n')
		b->s[--b->len] = '\0';
}

static enum datadriven_result finish(struct run *run)
{
	enum datadriven_result result = DATADRIVEN_PASSED;

	if (run->state == RUN_PANICKED)
		result = DATADRIVEN_PANICKED;
	else if (run->state == RUN_GIVEN_UP || run->mismatches > 0)
		result = DATADRIVEN_FAILED;

	if (run->state != RUN_GOES_ON && run->report)
		fprintf(run->report, "%s\n\n", run->why.s);
	if (run->rewrite)
		trim_rewrite(run->rewrite);
	if (run->state != RUN_PANICKED)
		run->kind->close(run->env);
	while (run->subtests_len > 0)
		free(run->subtests[--run->subtests_len].name);
	datadriven_reader_free(&run->reader);
	strbuf_free(&run->actual);
	strbuf_free(&run->why);
	free(run);
	return result;
}

enum datadriven_result datadriven_run(const char *file, const char *text, size_t len,
	struct strbuf *rewrite, struct datadriven_place *place, FILE *report)
{
	void (*hook)(const char *) = raft_panic_hook;
	enum raft_log_level level = raft_default_logger.level;

	running = raft_calloc(1, sizeof(*running));
	running->kind = datadriven_recognise(text, len);
	running->rewrite = rewrite;
	running->place = place;
	running->report = report;
	datadriven_reader_init(&running->reader, file, text, len, rewrite);
	running->env = running->kind->open();
	raft_panic_hook = on_panic;
	/* Storage's panics go there; they are told in the report. */
	raft_default_logger.level = RAFT_LOG_NONE;
	if (sigsetjmp(running->jump, 0) == 0)
		run_all(running);
	raft_default_logger.level = level;
	raft_panic_hook = hook;
	return finish(running);
}

const struct datadriven_env *datadriven_recognise(const char *text, size_t len)
{
	static const struct datadriven_env *const envs[] = {
		&datadriven_interaction, &datadriven_confchange, &datadriven_quorum};
	const struct datadriven_env *found = NULL;
	struct datadriven_reader r;

	datadriven_reader_init(&r, "", text, len, NULL);
	while (!found && datadriven_next(&r) == DATADRIVEN_CMD)
		for (size_t i = 0; i < sizeof(envs) / sizeof(envs[0]); i++)
			if (envs[i]->knows(r.cmd.cmd))
				found = envs[i];
	datadriven_reader_free(&r);
	return found ? found : &datadriven_interaction;
}
