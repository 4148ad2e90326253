/* SPDX-License-Identifier: Apache-2.0 */
/*
 * etcdctl: a command line client of etcd's v3 API.
 *
 * Where to look: command.h for what a command is, root.c for which there are,
 * command/ for each of them; session.h for what they share, rpc.h for how they
 * talk to a server, printer.h for how answers are shown.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/command.h"

/* main_finish makes sure that what was printed has got out. */
static int main_finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "Error: cannot write to standard output: %s\n", strerror(errno));
	return code ? code : CTL_IO;
}

int main(int argc, char **argv)
{
	const char *api = getenv("ETCDCTL_API");
	struct pool pool;
	struct ctl ctl = {
		.pool = &pool, .in = stdin, .out = stdout, .err = stderr, .environ = environ};
	int code;

	if (api && *api && strcmp(api, "3") != 0) {
		fprintf(stderr, "unsupported API version %s\n", api);
		return CTL_ERROR;
	}
	pool_init(&pool);
	code = ctl_run(&ctl, (const char *const *)argv + 1, argc ? (size_t)argc - 1 : 0);
	pool_free(&pool);
	return main_finish(code);
}
