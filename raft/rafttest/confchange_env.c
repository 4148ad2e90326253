/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The confchange environment: one configuration, changed step by step.
 *
 *	simple                        enter-joint [autoleave=BOOL]      leave-joint
 *	v1 l2 r3 u4                   v1 l2 r3 u4
 *
 * The index at which new members are probed goes up by one with each command.
 * The original: confchange/datadriven_test.go.
 */
#include "raft/confchange/confchange.h"
#include "raft/raft_internal.h"
#include "raft/rafttest/conf_changes.h"
#include "raft/rafttest/datadriven.h"

#include <stdlib.h>
#include <string.h>

struct env {
	struct progress_tracker tracker;
	raft_index last_index;
};

static bool knows(const char *cmd)
{
	return strcmp(cmd, "simple") == 0 || strcmp(cmd, "enter-joint") == 0 ||
	       strcmp(cmd, "leave-joint") == 0;
}

static void *env_open(void)
{
	struct env *env = raft_calloc(1, sizeof(*env));

	tracker_init(&env->tracker, 10, 0);
	return env;
}

static void env_close(void *arg)
{
	struct env *env = arg;

	tracker_free(&env->tracker);
	free(env);
}

static void adopt(struct env *env, struct confchange_result *result, struct strbuf *out)
{
	env->tracker.config = result->config;
	progress_map_replace(&env->tracker.progress, &result->progress);
	tracker_config_string(&env->tracker.config, out);
	strbuf_putc(out, '\n');
	progress_map_string(&env->tracker.progress, out);
}

static void change(struct env *env, const struct datadriven_cmd *d, bool auto_leave,
	const struct conf_changes *ccs, struct strbuf *out)
{
	struct confchange_changer c = {.tracker = &env->tracker, .last_index = env->last_index};
	struct confchange_result result;
	struct confchange_error err;
	bool ok;

	if (strcmp(d->cmd, "simple") == 0) {
		ok = confchange_simple(&c, ccs->v, ccs->len, &result, &err);
	} else if (strcmp(d->cmd, "enter-joint") == 0) {
		ok = confchange_enter_joint(&c, auto_leave, ccs->v, ccs->len, &result, &err);
	} else if (ccs->len > 0) {
		strbuf_puts(out, "this command takes no input\n");
		return;
	} else {
		ok = confchange_leave_joint(&c, &result, &err);
	}
	if (ok)
		adopt(env, &result, out);
	else
		strbuf_printf(out, "%s\n", err.text);
}

static void handle(void *arg, const struct datadriven_cmd *d, struct strbuf *out)
{
	struct env *env = arg;
	struct conf_changes ccs = {0};
	bool auto_leave = false;

	if (strcmp(d->cmd, "enter-joint") == 0 && d->args_len > 0)
		auto_leave = datadriven_scan_bool(d, datadriven_only_value(d, "autoleave"), 0);
	if (conf_changes_parse(d->input, &ccs, out)) {
		if (knows(d->cmd))
			change(env, d, auto_leave, &ccs, out);
		else
			strbuf_puts(out, "unknown command");
	}
	free(ccs.v);
	env->last_index++;
}

const struct datadriven_env datadriven_confchange = {
	.knows = knows, .open = env_open, .close = env_close, .handle = handle};
