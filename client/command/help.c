/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "client/command/commands.h"

/* help_run: help for the command that the arguments name. One that etcdctl has
 * and we don't is told so. */
static int help_run(struct ctl *ctl)
{
	struct command_found found =
		command_find(ctl->pool, &command_root, ctl->flags.args, ctl->flags.n_args);

	memcpy(ctl->path, found.path, sizeof(ctl->path));
	ctl->command = found.command;
	if (found.unknown) {
		fputs("Unknown help topic [", ctl->err);
		for (size_t i = 0; i < ctl->flags.n_args; i++)
			fprintf(ctl->err, "%s`%s`", i ? " " : "", ctl->flags.args[i]);
		fputs("]\n", ctl->err);
	}
	if (ctl->command->unsupported)
		return ctl_fail(ctl, CTL_BAD_FEATURE, "etcdctl %s is not supported yet",
			ctl->command->name);
	ctl_help(ctl);
	return CTL_OK;
}

const struct command command_help_topic = {
	.name = "help",
	.arguments = "[command]",
	.summary = "Help about any command",
	.description = "Help provides help for any command in the application.\n"
		       "Simply type etcdctl help [path to command] for full details.",
	.run = help_run,
};
