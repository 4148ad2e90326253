/* SPDX-License-Identifier: Apache-2.0 */
/* The list of tests and the command line. */
#include "raft/rafttest/runner_internal.h"

#include <errno.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static struct runner_test *runner_first;
static struct runner_test **runner_last = &runner_first;
static size_t runner_count;

void runner_register(struct runner_test *t)
{
	*runner_last = t;
	runner_last = &t->next;
	runner_count++;
}

static bool runner_matches(const char *name, char *const *patterns)
{
	if (!*patterns)
		return true;
	for (; *patterns; patterns++) {
		const char *p = *patterns;

		if (*p == '='               ? strcmp(p + 1, name) == 0
			: strpbrk(p, "*?[") ? fnmatch(p, name, 0) == 0
					    : strstr(name, p) != NULL)
			return true;
	}
	return false;
}

static int runner_by_name(const void *a, const void *b)
{
	return strcmp(
		(*(struct runner_test *const *)a)->name, (*(struct runner_test *const *)b)->name);
}

/* Two tests of one name could not be told apart in a report. */
static bool runner_names_unique(struct runner_test *const *tests, size_t n)
{
	struct runner_test **sorted = calloc(n + 1, sizeof(*sorted));
	bool unique = true;

	if (!sorted)
		abort();
	memcpy(sorted, tests, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), runner_by_name);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) != 0)
			continue;
		fprintf(stderr, "%s:%d: test %s exists already at %s:%d\n", sorted[i]->file,
			sorted[i]->line, sorted[i]->name, sorted[i - 1]->file, sorted[i - 1]->line);
		unique = false;
	}
	free(sorted);
	return unique;
}

/* The settings of the kits that are about to be used. */
static bool runner_kits_check(struct runner_test *const *tests, size_t n)
{
	const struct runner_kit *checked = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct runner_kit *kit = tests[i]->kit;

		if (!kit || kit == checked)
			continue;
		if (kit->check && !kit->check())
			return false;
		checked = kit;
	}
	return true;
}

static void runner_usage(FILE *out, const char *program)
{
	fprintf(out,
		"usage: %s [options] [PATTERN...]\n"
		"  -j, --jobs N      run N tests at a time (default: one per processor)\n"
		"  -l, --list        list the tests\n"
		"  -v, --verbose     print a line for passed tests, too\n"
		"      --timeout S   time limit of a test in seconds (default: 10)\n"
		"      --report FILE write one line per test: name, result, seconds, place, message\n"
		"      --stop-on-hang after the first timeout start no further test\n"
		"      --no-fork     run the tests in this process (the rule under a debugger)\n"
		"PATTERN: part of a name, a shell pattern (*?[), or =name for exactly one\n",
		program);
}

static double runner_number(const char *program, const char *what, const char *s, double min)
{
	char *end;
	double v;

	errno = 0;
	v = strtod(s, &end);
	if (errno || end == s || *end || !(v >= min && v < 1e6)) {
		fprintf(stderr, "%s: %s: not a number that makes sense: %s\n", program, what, s);
		exit(2);
	}
	return v;
}

int main(int argc, char **argv)
{
	static const struct option longopts[] = {{"jobs", required_argument, NULL, 'j'},
		{"list", no_argument, NULL, 'l'}, {"verbose", no_argument, NULL, 'v'},
		{"timeout", required_argument, NULL, 't'}, {"report", required_argument, NULL, 'r'},
		{"stop-on-hang", no_argument, NULL, 's'}, {"no-fork", no_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'}, {0}};
	struct runner_options o = {.out = stdout};
	struct runner_test **tests = calloc(runner_count + 1, sizeof(*tests));
	struct runner_tally tally;
	bool list = false;
	size_t n = 0;
	int c;

	if (!tests)
		abort();
	while ((c = getopt_long(argc, argv, "j:lvh", longopts, NULL)) != -1) {
		switch (c) {
		case 'j':
			o.jobs = (int)runner_number(argv[0], "-j", optarg, 1);
			break;
		case 'l':
			list = true;
			break;
		case 'v':
			o.verbose = true;
			break;
		case 't':
			o.timeout = runner_number(argv[0], "--timeout", optarg, 0.001);
			break;
		case 'r':
			o.report = fopen(optarg, "we");
			if (!o.report) {
				fprintf(stderr, "%s: %s: %s\n", argv[0], optarg, strerror(errno));
				return 2;
			}
			break;
		case 's':
			o.stop_on_hang = true;
			break;
		case 'n':
			o.no_fork = true;
			break;
		case 'h':
			runner_usage(stdout, argv[0]);
			return 0;
		default:
			runner_usage(stderr, argv[0]);
			return 2;
		}
	}

	for (struct runner_test *t = runner_first; t; t = t->next)
		tests[n++] = t;
	if (!runner_names_unique(tests, n))
		return 2;
	n = 0;
	for (struct runner_test *t = runner_first; t; t = t->next)
		if (runner_matches(t->name, argv + optind))
			tests[n++] = t;

	if (list) {
		for (size_t i = 0; i < n; i++)
			printf("%s\n", tests[i]->name);
		free(tests);
		return 0;
	}
	if (n == 0 && argv[optind]) {
		fprintf(stderr, "%s: no test matches\n", argv[0]);
		return 2;
	}
	if (!runner_kits_check(tests, n))
		return 2;
	tally = runner_run(tests, n, &o);
	free(tests);
	if (o.report && fclose(o.report) != 0) {
		fprintf(stderr, "%s: writing the report: %s\n", argv[0], strerror(errno));
		return 2;
	}
	printf("%zu passed, %zu failed\n", tally.passed, tally.failed);
	return tally.failed ? 1 : 0;
}
