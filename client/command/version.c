/* SPDX-License-Identifier: Apache-2.0 */
#include "client/version.h"
#include "client/command/commands.h"

static int version_run(struct ctl *ctl)
{
	fprintf(ctl->out, "etcdctl version: %s\nAPI version: %s\n", ETCDCTL_VERSION,
		ETCDCTL_API_VERSION);
	return CTL_OK;
}

const struct command command_version = {
	.name = "version",
	.summary = "Prints the version of etcdctl",
	.run = version_run,
};
