/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl_run: from the words of the command line to the command that runs. The
 * order of the checks, the texts and the streams are cobra's.
 */
#include <string.h>

#include "client/command.h"

static const struct flag_def run_help_flag = {"help", 'h', FLAG_BOOL, "false", "", false};

/* run_unknown: etcdctl prints the error twice, once by cobra, once by itself. */
static int run_unknown(struct ctl *ctl, const char *name)
{
	const char *error = pool_printf(ctl->pool, "unknown command %s for \"etcdctl\"%s",
		pool_printf(ctl->pool, "\"%s\"", name), command_suggest(ctl->pool, name));

	fprintf(ctl->err, "Error: %s\nRun 'etcdctl --help' for usage.\n", error);
	return ctl_fail(ctl, CTL_ERROR, "%s", error);
}

static int run_bad_flags(struct ctl *ctl, const char *error)
{
	fprintf(ctl->err, "Error: %s\n", error);
	ctl_help(ctl);
	fputs("\n", ctl->err);
	return ctl_fail(ctl, CTL_ERROR, "%s", error);
}

static int run_unsupported(struct ctl *ctl)
{
	struct text t;

	text_init(&t, ctl->pool);
	for (size_t i = 0; ctl->path[i]; i++)
		text_printf(&t, "%s ", ctl->path[i]->name);
	return ctl_fail(ctl, CTL_BAD_FEATURE, "%sis not supported yet", t.data);
}

int ctl_run(struct ctl *ctl, const char *const *words, size_t n)
{
	struct command_found found = command_find(ctl->pool, &command_root, words, n);
	const char *bad;

	memcpy(ctl->path, found.path, sizeof(ctl->path));
	ctl->command = found.command;
	flagset_init(&ctl->flags, ctl->pool);
	flagset_add(&ctl->flags, &run_help_flag, 1);
	for (size_t i = 0; ctl->path[i]; i++)
		flagset_add(&ctl->flags, ctl->path[i]->persistent, ctl->path[i]->n_persistent);
	if (found.unknown)
		return run_unknown(ctl, found.unknown);
	if (ctl->command->unsupported)
		return run_unsupported(ctl);
	flagset_add(&ctl->flags, ctl->command->flags, ctl->command->n_flags);

	bad = flagset_parse(&ctl->flags, found.rest, found.n_rest);
	if (bad)
		return run_bad_flags(ctl, bad);
	if (flag_bool(&ctl->flags, "help") || !ctl->command->run) {
		ctl_help(ctl);
		return CTL_OK;
	}
	return ctl->command->run(ctl);
}
