/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command.h"

#include <string.h>

#include "client/testing.h"
#include "raft/rafttest/runner.h"

/* find returns the path that a line leads to, and the words that are left. */
static const char *find(struct pool *p, const char *line)
{
	struct command_found found;
	const char *words[16];
	struct text t;
	size_t n = 0;

	for (char *s = strtok(pool_strndup(p, line, strlen(line)), " "); s; s = strtok(NULL, " "))
		words[n++] = s;
	found = command_find(p, &command_root, words, n);
	text_init(&t, p);
	for (size_t i = 1; found.path[i]; i++)
		text_printf(&t, "%s ", found.path[i]->name);
	text_puts(&t, "|");
	for (size_t i = 0; i < found.n_rest; i++)
		text_printf(&t, " %s", found.rest[i]);
	if (found.unknown)
		text_printf(&t, " unknown %s", found.unknown);
	return t.data;
}

TEST(command_find_walks_the_tree)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{"", "|"},
		{"get a", "get | a"},
		{"get get", "get | get"},
		{"ge a", "get | a"},
		{"--hex get a", "get | --hex a"},
		{"-w json get a", "get | -w json a"},
		{"-wjson get a", "get | -wjson a"},
		{"--endpoints x get a", "get | --endpoints x a"},
		{"endpoint health", "endpoint health |"},
		{"endp -w json heal x", "endpoint health | -w json x"},
		{"endpoint --cluster health", "endpoint health | --cluster"},
		{"endpoint foo", "endpoint | foo"},
		{"m list", "| m list unknown m"},
		{"--prefix get a", "| --prefix get a unknown a"},
		{"--help get", "| --help get"},
		{"-- get a", "| -- get a"},
		{"bogus", "| bogus unknown bogus"},
	};
	struct pool p;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_STR_EQ(rows[i].want, find(&p, rows[i].line));
	pool_free(&p);
}

TEST(command_suggest_names_what_is_near)
{
	struct pool p;

	pool_init(&p);
	EXPECT_STR_EQ("", command_suggest(&p, "nonsense"));
	EXPECT_STR_EQ("\n\nDid you mean this?\n\tget\n", command_suggest(&p, "gett"));
	EXPECT_STR_EQ("\n\nDid you mean this?\n\tmove-leader\n\tmember\n\tmake-mirror\n\tmigrate\n",
		command_suggest(&p, "m"));
	EXPECT_STR_EQ("\n\nDid you mean this?\n\tget\n\tdel\n\tendpoint\n\telect\n",
		command_suggest(&p, "e"));
	pool_free(&p);
}

TEST(ctl_run_refuses_and_explains)
{
	static const struct {
		const char *words[4];
		int code;
		const char *out;
		const char *err;
	} rows[] = {
		{{"version"}, CTL_OK, "etcdctl version: 3.4.23\n", ""},
		{{"get"}, CTL_BAD_ARGS, "", "Error: get command needs one argument"},
		{{"get", "--bogus"}, CTL_ERROR, "NAME:\n\tget - ",
			"Error: unknown flag: --bogus\n"},
		{{"watch", "a"}, CTL_BAD_FEATURE, "",
			"Error: etcdctl watch is not supported yet\n"},
		{{"--user=x", "get", "a"}, CTL_BAD_FEATURE, "",
			"Error: --user is not supported yet\n"},
		{{"-wx", "get", "a"}, CTL_BAD_FEATURE, "", "Error: unsupported output format\n"},
		{{"--endpoints=", "get", "a"}, CTL_BAD_CONNECTION, "",
			"Error: etcdclient: no available endpoints\n"},
		{{"--endpoints=https://x:1", "get", "a"}, CTL_BAD_FEATURE, "",
			"Error: endpoint https://x:1: TLS is not supported yet\n"},
		{{"endpoint"}, CTL_OK, "NAME:\n\tendpoint - ", ""},
		{{NULL}, CTL_OK, "NAME:\n\tetcdctl - ", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fake f;
		size_t n = 0;

		while (n < 4 && rows[i].words[n])
			n++;
		fake_open(&f);
		EXPECT_EQ(rows[i].code, ctl_run(&f.ctl, rows[i].words, n));
		fake_flush(&f);
		EXPECT_STR_EQ(rows[i].out, pool_strndup(&f.pool, f.out, strlen(rows[i].out)));
		EXPECT_STR_EQ(rows[i].err, pool_strndup(&f.pool, f.err, strlen(rows[i].err)));
		fake_close(&f);
	}
}

TEST(ctl_run_takes_the_environment)
{
	char *environ_good[] = {"ETCDCTL_ENDPOINTS=", "ETCDCTL_WRITE_OUT=nonsense", "PATH=/", NULL};
	char *environ_twice[] = {"ETCDCTL_HEX=true", NULL};
	struct fake f;

	fake_open(&f);
	f.ctl.environ = environ_good;
	EXPECT_EQ(CTL_BAD_FEATURE, ctl_run(&f.ctl, (const char *[]){"get", "a"}, 2));
	fake_flush(&f);
	EXPECT(strstr(f.err, "unrecognized environment variable ETCDCTL_ENDPOINTS="));
	EXPECT(strstr(f.err, "Error: unsupported output format\n"));
	EXPECT(!strstr(f.err, "PATH"));
	fake_close(&f);

	fake_open(&f);
	f.ctl.environ = environ_twice;
	EXPECT_EQ(CTL_ERROR, ctl_run(&f.ctl, (const char *[]){"get", "a", "--hex"}, 3));
	fake_flush(&f);
	EXPECT(strstr(f.err, "conflicting environment variable \"ETCDCTL_HEX\""));
	fake_close(&f);
}
