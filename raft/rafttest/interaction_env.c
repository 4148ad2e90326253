/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interaction environment: its commands by name, its output, its nodes.
 */
#include "raft/rafttest/interaction_env.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Output ------------------------------------------------------------------ */

static const char *const level_names[] = {
	[RAFT_LOG_DEBUG] = "DEBUG",
	[RAFT_LOG_INFO] = "INFO",
	[RAFT_LOG_WARN] = "WARN",
	[RAFT_LOG_ERROR] = "ERROR",
	[RAFT_LOG_PANIC] = "FATAL",
	[RAFT_LOG_NONE] = "NONE",
};

static bool quiet(const struct interaction_env *env)
{
	return env->logger.level == RAFT_LOG_NONE;
}

void interaction_printf(struct interaction_env *env, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (quiet(env))
		return;
	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n >= 0)
		interaction_print(env, text);
}

void interaction_print(struct interaction_env *env, char *text)
{
	if (!quiet(env))
		strbuf_puts(env->out, text);
	free(text);
}

static void log_line(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	interaction_printf((struct interaction_env *)logger, "%s %s\n", level_names[level], msg);
}

void interaction_indent(struct interaction_env *env)
{
	env->indented.len = 0;
	strbuf_puts(&env->indented, "");
	env->outer = env->out;
	env->out = &env->indented;
}

/* The original indents with a scanner that stops at a line which does not fit
 * into its 64 KiB with the newline. */
#define LONGEST_LINE ((64 << 10) - 1)

void interaction_outdent(struct interaction_env *env)
{
	char *line = env->indented.s, *end;

	env->out = env->outer;
	for (; *line; line = end) {
		size_t len = strcspn(line, "\n");

		end = line + len + (line[len] == '\n');
		line[len] = '\0';
		if (len > LONGEST_LINE)
			return;
		strbuf_puts(env->out, "  ");
		strbuf_puts(env->out, line);
		strbuf_putc(env->out, '\n');
	}
}

bool interaction_errorf(struct interaction_env *env, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	int n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n >= 0) {
		strbuf_puts(&env->error, text);
		free(text);
	}
	return false;
}

bool interaction_check(struct interaction_env *env, enum raft_error err)
{
	return err == RAFT_OK ? true : interaction_errorf(env, "%s", raft_strerror(err));
}

bool interaction_set_level(struct interaction_env *env, const char *name)
{
	for (int level = RAFT_LOG_DEBUG; level <= RAFT_LOG_NONE; level++) {
		if (strcasecmp(name, level_names[level]) == 0) {
			env->logger.level = (enum raft_log_level)level;
			return true;
		}
	}
	return interaction_errorf(
		env, "log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]");
}

/* ---- Arguments ------------------------------------------------------------------ */

long long interaction_number(const struct datadriven_cmd *d, size_t i)
{
	long long n = 0;

	if (i >= d->args_len)
		datadriven_fatalf(d, "argument %zu is missing", i + 1);

	const char *why = datadriven_parse_int(d->args[i].key, &n);
	if (why)
		datadriven_fatalf(d, "argument %zu: \"%s\": %s", i + 1, d->args[i].key, why);
	return n;
}

struct interaction_node *interaction_node_by_number(
	struct interaction_env *env, const struct datadriven_cmd *d, long long n)
{
	if (n < 1 || n > (long long)env->nodes_len)
		datadriven_fatalf(d, "there is no node %lld", n);
	return env->nodes[n - 1];
}

struct interaction_node *interaction_first_node(
	struct interaction_env *env, const struct datadriven_cmd *d)
{
	return interaction_node_by_number(env, d, interaction_number(d, 0));
}

struct interaction_node *interaction_next_node(
	struct interaction_env *env, const struct datadriven_cmd *d, size_t *i)
{
	while (*i < d->args_len && d->args[*i].vals_len > 0)
		(*i)++;
	if (*i == d->args_len)
		return NULL;
	return interaction_node_by_number(env, d, interaction_number(d, (*i)++));
}

size_t interaction_count_nodes(const struct datadriven_cmd *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->args_len; i++)
		n += d->args[i].vals_len == 0;
	return n;
}

/* ---- Commands ---------------------------------------------------------------------- */

/* _breakpoint does nothing: a place in a long script for a debugger to stop at. */
static bool breakpoint(struct interaction_env *env, const struct datadriven_cmd *d)
{
	(void)env;
	(void)d;
	return true;
}

static const struct command {
	const char *name;
	interaction_handler *handle;
} commands[] = {
	{"_breakpoint", breakpoint},
	{"add-nodes", interaction_add_nodes},
	{"campaign", interaction_campaign},
	{"compact", interaction_compact},
	{"deliver-msgs", interaction_deliver_msgs},
	{"forget-leader", interaction_forget_leader},
	{"log-level", interaction_log_level},
	{"process-append-thread", interaction_process_append_thread},
	{"process-apply-thread", interaction_process_apply_thread},
	{"process-ready", interaction_process_ready},
	{"propose", interaction_propose},
	{"propose-conf-change", interaction_propose_conf_change},
	{"raft-log", interaction_raft_log},
	{"raft-state", interaction_raft_state},
	{"report-unreachable", interaction_report_unreachable},
	{"send-snapshot", interaction_send_snapshot},
	{"set-randomized-election-timeout", interaction_set_randomized_election_timeout},
	{"stabilize", interaction_stabilize},
	{"status", interaction_status},
	{"tick-election", interaction_tick_election},
	{"tick-heartbeat", interaction_tick_heartbeat},
	{"transfer-leadership", interaction_transfer_leadership},
};

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static bool knows(const char *cmd)
{
	return find_command(cmd) != NULL;
}

static void handle(void *arg, const struct datadriven_cmd *d, struct strbuf *out)
{
	const struct command *c = find_command(d->cmd);
	struct interaction_env *env = arg;

	env->out = out;
	env->error.len = 0;
	if (!(c ? c->handle(env, d) : interaction_errorf(env, "unknown command"))) {
		if (quiet(env))
			out->len = 0;
		strbuf_puts(out, env->error.s);
	}
	if (out->len == 0)
		strbuf_puts(out, "ok");
}

/* ---- The whole ------------------------------------------------------------------------ */

static void *env_open(void)
{
	struct interaction_env *env = raft_calloc(1, sizeof(*env));

	env->logger = (struct raft_logger){.level = RAFT_LOG_DEBUG, .log = log_line};
	return env;
}

static void env_close(void *arg)
{
	struct interaction_env *env = arg;

	for (uint32_t i = 0; i < env->nodes_len; i++)
		interaction_node_free(env->nodes[i]);
	free(env->nodes);
	raft_messages_free(&env->messages);
	strbuf_free(&env->indented);
	strbuf_free(&env->error);
	free(env);
}

const struct datadriven_env datadriven_interaction = {
	.knows = knows, .open = env_open, .close = env_close, .handle = handle};
