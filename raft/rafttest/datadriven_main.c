/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/datadriven: runs datadriven scripts against this raft library.
 */
#include "raft/rafttest/datadriven.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
	"usage: datadriven [--rewrite] [-v] FILE|DIR...\n"
	"\n"
	"Runs etcd's datadriven scripts - raft interaction, confchange and quorum, told\n"
	"apart by their commands - and shows how their outputs differ from the expected\n"
	"ones. In a directory, all scripts below it: files *.txt or without extension.\n"
	"\n"
	"  --rewrite     put the actual outputs into the files (not if one is malformed\n"
	"                or raft panics)\n"
	"  -v, --verbose a line for each file\n"
	"  --timeout S   end a script after S seconds (60)\n"
	"  --no-fork     run all scripts in one process, for a debugger\n"
	"  -h, --help    this text\n"
	"\n"
	"The last line is \"N passed, M failed\" (files); the exit status is 0 if none\n"
	"failed, 1 if some did or there were none, 2 if the command line makes no sense.\n";

enum { OPT_REWRITE = 256, OPT_TIMEOUT, OPT_NO_FORK };

static const struct option options[] = {
	{"rewrite", no_argument, NULL, OPT_REWRITE},
	{"timeout", required_argument, NULL, OPT_TIMEOUT},
	{"no-fork", no_argument, NULL, OPT_NO_FORK},
	{"verbose", no_argument, NULL, 'v'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

_Noreturn static void wrong(void)
{
	fputs("try datadriven --help\n", stderr);
	exit(2);
}

static unsigned seconds(const char *s)
{
	unsigned long long n;
	const char *why = datadriven_parse_uint(s, &n);

	if (why || n == 0 || n > INT_MAX) {
		fprintf(stderr, "datadriven: --timeout %s: a number of seconds is wanted\n", s);
		wrong();
	}
	return (unsigned)n;
}

int main(int argc, char **argv)
{
	struct datadriven_options o = {.out = stdout};
	struct datadriven_tally tally = {0};
	bool none = false; /* a directory had no scripts: surely a mistake */

	for (int c; (c = getopt_long(argc, argv, "vh", options, NULL)) != -1;) {
		if (c == OPT_REWRITE)
			o.rewrite = true;
		else if (c == OPT_TIMEOUT)
			o.timeout = seconds(optarg);
		else if (c == OPT_NO_FORK)
			o.no_fork = true;
		else if (c == 'v')
			o.verbose = true;
		else if (c == 'h')
			return fputs(usage, stdout) < 0;
		else
			wrong();
	}
	if (optind == argc) {
		fputs("datadriven: no script given\n", stderr);
		wrong();
	}
	for (int i = optind; i < argc; i++) {
		size_t before = tally.passed + tally.failed;

		datadriven_path(argv[i], &o, &tally);
		if (tally.passed + tally.failed == before) {
			printf("%s: no scripts here\n\n", argv[i]);
			none = true;
		}
	}
	printf("%zu passed, %zu failed\n", tally.passed, tally.failed);
	return tally.failed > 0 || none;
}
