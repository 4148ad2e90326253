/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The format of datadriven scripts, and what is said about them.
 */
#include "raft/rafttest/datadriven.h"
#include "raft/rafttest/runner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Directives ------------------------------------------------------------------ */

/* Says line as it was understood: "cmd|key|key=[v][v]". */
static char *parsed(const char *line)
{
	struct datadriven_cmd d = {0};
	struct strbuf b = {0};
	size_t column = datadriven_parse_line(line, &d);

	if (column > 0) {
		strbuf_printf(&b, "column %zu", column);
	} else {
		strbuf_puts(&b, d.cmd);
		for (size_t i = 0; i < d.args_len; i++) {
			strbuf_printf(&b, "|%s%s", d.args[i].key, d.args[i].vals_len ? "=" : "");
			for (size_t k = 0; k < d.args[i].vals_len; k++)
				strbuf_printf(&b, "[%s]", d.args[i].vals[k]);
		}
	}
	datadriven_cmd_free(&d);
	return strbuf_take(&b);
}

static void expect_parsed(const char *want, const char *line)
{
	char *got = parsed(line);

	EXPECT_STR_EQ(want, got);
	free(got);
}

TEST(datadriven_parse_line)
{
	expect_parsed("", "");
	expect_parsed("", " \t ");
	expect_parsed("cmd", "cmd");
	expect_parsed("cmd|a|b", "  cmd  a   b  ");
	expect_parsed("cmd|a=[1]|b=[2]", "cmd a=1 b=2");
	expect_parsed("cmd|a=[1][2][3]", "cmd a=(1,2, 3)");
	expect_parsed("cmd|a=[]|b", "cmd a= b");
	expect_parsed("cmd|a=[]", "cmd a=");
	expect_parsed("cmd|a=[]", "cmd a=()");
	expect_parsed("cmd|a=[][]", "cmd a=(,)");
	expect_parsed("cmd|a=[1]|a=[2]", "cmd a=1 a=2");
	expect_parsed("cmd|a=[f(x, y)][z]", "cmd a=(f(x, y), z)");
	expect_parsed("cmd|a=[1]|b", "cmd a=(1)b");
	expect_parsed("cmd|a=[b=c]", "cmd a=b=c");
	expect_parsed("cmd|\"x|y\"", "cmd \"x y\"");
	expect_parsed("tab\there|x", "tab\there x");
	expect_parsed("cmd|x", "\xc2\xa0"
			       "cmd \xe3\x80\x80x\xe2\x80\x83");
}

TEST(datadriven_parse_line_errors)
{
	expect_parsed("column 5", "cmd =1");
	expect_parsed("column 7", "cmd a=(1, 2");
	expect_parsed("column 7", "cmd a=((1, 2)");
	expect_parsed("column 11", "cmd a=(1) =");
}

TEST(datadriven_parse_numbers)
{
	unsigned long long u = 0;
	long long n = 0;
	bool b = false;

	EXPECT(!datadriven_parse_uint("18446744073709551615", &u));
	EXPECT_EQ(18446744073709551615ull, u);
	EXPECT_STR_EQ("value out of range", datadriven_parse_uint("18446744073709551616", &u));
	EXPECT_STR_EQ("value out of range", datadriven_parse_uint("99999999999999999999x", &u));
	EXPECT_STR_EQ("invalid syntax", datadriven_parse_uint("1x", &u));
	EXPECT_STR_EQ("invalid syntax", datadriven_parse_uint("", &u));
	EXPECT_STR_EQ("invalid syntax", datadriven_parse_uint("-1", &u));
	EXPECT(!datadriven_parse_int("-9223372036854775808", &n));
	EXPECT_EQ(-9223372036854775807 - 1, n);
	EXPECT(!datadriven_parse_int("+7", &n));
	EXPECT_EQ(7, n);
	EXPECT_STR_EQ("value out of range", datadriven_parse_int("9223372036854775808", &n));
	EXPECT_STR_EQ("invalid syntax", datadriven_parse_int("--1", &n));
	EXPECT(!datadriven_parse_bool("True", &b) && b);
	EXPECT(!datadriven_parse_bool("0", &b) && !b);
	EXPECT_STR_EQ("invalid syntax", datadriven_parse_bool("yes", &b));
}

/* ---- Scripts ---------------------------------------------------------------------- */

/* Runs text and gives back what was said about it. */
static char *report_of(const char *text, enum datadriven_result want)
{
	char *said = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&said, &len);

	EXPECT(f);
	enum datadriven_result got = datadriven_run("s", text, strlen(text), NULL, NULL, f);
	fclose(f);
	EXPECT_EQ(want, got);
	return said;
}

static void expect_report(const char *want, enum datadriven_result result, const char *text)
{
	char *got = report_of(text, result);

	EXPECT_STR_EQ(want, got);
	free(got);
}

static void expect_rewrite(const char *want, const char *text)
{
	struct strbuf b = {0};

	EXPECT_EQ(DATADRIVEN_PASSED, datadriven_run("s", text, strlen(text), &b, NULL, NULL));
	EXPECT_STR_EQ(want, b.s ? b.s : "");
	strbuf_free(&b);
}

TEST(datadriven_rewrite)
{
	expect_rewrite("", "");
	expect_rewrite("# only a comment\n", "# only a comment");
	expect_rewrite("raft-state\n----\nok\n", "raft-state\n----\n");
	expect_rewrite("raft-state\n----\nok\n", "raft-state");
	expect_rewrite("raft-state\n----\nok\n", "raft-state\r\n----\r\nwrong\r\n");
	expect_rewrite("raft-state\n----\nok\n\n# x\n\n\nx\n----\nunknown command\n",
		"raft-state\n----\na\nb\n \n# x\n\n\nx\n----\n\n");
	expect_rewrite("raft-state \\\n  a\ninput\n\nmore\n----\nok\n",
		"raft-state \\\n  a\ninput\n\nmore\n----\nwrong\n");
	expect_rewrite("raft-state\n----\nok\n\nraft-state\n----\nok\n",
		"raft-state\n----\n----\na\n----\nb\n\nc\n----\n----\n\nraft-state\n----\n");
	expect_rewrite("raft-state\n---- \n----\nok\n", "raft-state\n---- \n----\nok\n");
}

TEST(datadriven_rewrite_encloses_blank_lines)
{
	const char *script = "add-nodes 1 voters=1 index=2\n----\n\n"
			     "propose-conf-change 1\nx1\n\nv2\n----\n\nraft-state\n----\n";
	struct strbuf b = {0};

	EXPECT_EQ(DATADRIVEN_PASSED, datadriven_run("s", script, strlen(script), &b, NULL, NULL));
	EXPECT(strstr(b.s, "v2\n----\n----\nunknown input: x1\n\nv2\n----\n----\n\nraft-state\n"));
	expect_report("", DATADRIVEN_PASSED, b.s);
	strbuf_free(&b);
}

TEST(datadriven_diff_has_lines_of_the_file)
{
	expect_report(
		"s:3: raft-state x\n--- expected\n+++ actual\n@@ -5,2 +5,1 @@\n-OK\n-k\n+ok\n\n",
		DATADRIVEN_FAILED, "# one\n\nraft-state x\n----\nOK\nk\n\nraft-state\n----\nok\n");
	expect_report("s:1: raft-state\n--- expected\n+++ actual\n@@ -4,1 +4,1 @@\n-no\n+ok\n\n",
		DATADRIVEN_FAILED, "raft-state\n----\n----\nno\n----\n----\n");
	expect_report("s:1: raft-state: no line \"----\" follows; the output is:\n"
		      "--- expected\n+++ actual\n@@ -1,0 +1,1 @@\n+ok\n\n",
		DATADRIVEN_FAILED, "raft-state\n");
}

static void expect_diff(const char *want, const char *a, const char *b)
{
	char *got = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&got, &len);

	EXPECT(f);
	datadriven_diff(a, b, 1, f);
	fclose(f);
	EXPECT_STR_EQ(want, got);
	free(got);
}

TEST(datadriven_diff)
{
	expect_diff("--- expected\n+++ actual\n", "a\nb\n", "a\nb\n");
	expect_diff("--- expected\n+++ actual\n@@ -1,4 +1,4 @@\n a\n-b\n+B\n c\n d\n",
		"a\nb\nc\nd\n", "a\nB\nc\nd\n");
	expect_diff("--- expected\n+++ actual\n@@ -1,2 +1,1 @@\n a\n-b\n", "a\nb\n", "a\n");
	/* Two changes far apart are two hunks, near ones are one. */
	expect_diff("--- expected\n+++ actual\n@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n"
		    "@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n",
		"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n");
	expect_diff("--- expected\n+++ actual\n@@ -1,5 +1,5 @@\n-1\n+x\n 2\n 3\n 4\n-5\n+y\n",
		"1\n2\n3\n4\n5\n", "x\n2\n3\n4\ny\n");
}

TEST(datadriven_subtests)
{
	expect_report("", DATADRIVEN_PASSED,
		"subtest a\n\nraft-state\n----\nok\n\nsubtest a/b\nsubtest end a/b\n\nsubtest "
		"end\n");
	expect_report("s:1: subtest: subtest end without corresponding start\n\n",
		DATADRIVEN_FAILED, "subtest end\n");
	expect_report("s:2: subtest: name of nested subtest must begin with \"a/\"\n\n",
		DATADRIVEN_FAILED, "subtest a\nsubtest ab\n");
	expect_report(
		"s:2: subtest: mismatched subtest end directive: expected \"a\", got \"b\"\n\n",
		DATADRIVEN_FAILED, "subtest a\nsubtest end b\n");
	expect_report("s:1: subtest a has no subtest end\n\n", DATADRIVEN_FAILED, "subtest a\n");
	expect_report("s:1: subtest: invalid syntax for subtest\n\n", DATADRIVEN_FAILED, "subtest");
}

TEST(datadriven_malformed)
{
	expect_report("s:2: cannot parse directive at column 16: raft-state a b=(1\n\n",
		DATADRIVEN_FAILED, "# x\nraft-state a b=(1\n----\nok\n");
	expect_report("s:6: non-blank line after end of double ---- separator section\n\n",
		DATADRIVEN_FAILED, "raft-state\n----\n----\n----\n----\nnext\n");
	expect_report(
		"s:1: campaign: there is no node 1\n\n", DATADRIVEN_FAILED, "campaign 1\n----\n");
	expect_report(
		"s:1: campaign: argument 1 is missing\n\n", DATADRIVEN_FAILED, "campaign\n----\n");
	expect_report("s:1: campaign: argument 1: \"one\": invalid syntax\n\n", DATADRIVEN_FAILED,
		"campaign one\n----\n");
	EXPECT_EQ(DATADRIVEN_FAILED, datadriven_run("s", "a\0b", 3, NULL, NULL, NULL));
}

static const struct datadriven_env *recognised(const char *text)
{
	return datadriven_recognise(text, strlen(text));
}

/* Each kind of script has commands of its own; the first known one decides. */
TEST(datadriven_recognise)
{
	EXPECT(recognised("") == &datadriven_interaction);
	EXPECT(recognised("what\n----\n\nsimple\n----\n\nvote\n") == &datadriven_confchange);
	EXPECT(recognised("leave-joint\n") == &datadriven_confchange);
	EXPECT(recognised("subtest a\nvote\n") == &datadriven_quorum);
	EXPECT(recognised("committed\n") == &datadriven_quorum);
	EXPECT(recognised("status 1\n") == &datadriven_interaction);
	EXPECT(recognised("x (\n----\n") == &datadriven_interaction);
}

/* ---- Files --------------------------------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	EXPECT(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void expect_text(const char *path, const char *want)
{
	char text[256];
	FILE *f = fopen(path, "r");

	EXPECT(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	EXPECT_STR_EQ(want, text);
}

TEST(datadriven_files)
{
	struct datadriven_options o = {.out = fopen("/dev/null", "w")};
	struct datadriven_tally tally = {0};
	char dir[] = "/tmp/datadriven_test.XXXXXX";

	EXPECT(mkdtemp(dir) && chdir(dir) == 0);
	write_text("good.txt", "raft-state\n----\nok\n");
	write_text("bad", "raft-state\n----\nno\n");
	write_text("panic.txt", "add-nodes 1 voters=1 index=3\n----\n\ncompact 1 9\n----\n");
	write_text("README.md", "no script\n");
	write_text("good.txt~", "no script\n");
	EXPECT(symlink(".", "loop") == 0);

	datadriven_path(dir, &o, &tally);
	EXPECT_EQ(1, tally.passed);
	EXPECT_EQ(2, tally.failed);

	o.rewrite = true;
	tally = (struct datadriven_tally){0};
	datadriven_path(dir, &o, &tally);
	EXPECT_EQ(2, tally.passed);
	EXPECT_EQ(1, tally.failed);
	expect_text("bad", "raft-state\n----\nok\n");
	expect_text("panic.txt", "add-nodes 1 voters=1 index=3\n----\n\ncompact 1 9\n----\n");
	expect_text("README.md", "no script\n");

	tally = (struct datadriven_tally){0};
	datadriven_path("missing", &o, &tally);
	EXPECT_EQ(1, tally.failed);
	fclose(o.out);
	EXPECT(system("rm -r \"$PWD\"") == 0);
}

/* Runs the script in f, a temporary file, as a failing one. Returns: what was said
 * about it. */
static char *failed_file(FILE *f, unsigned timeout)
{
	struct datadriven_options o = {.out = tmpfile(), .timeout = timeout};
	struct datadriven_tally tally = {0};
	static char said[4096];
	char path[64];

	EXPECT(o.out && fflush(f) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(f));
	datadriven_path(path, &o, &tally);
	EXPECT_EQ(0, tally.passed);
	EXPECT_EQ(1, tally.failed);
	fflush(o.out);
	rewind(o.out);
	said[fread(said, 1, sizeof(said) - 1, o.out)] = '\0';
	fclose(o.out);
	return said;
}

TEST(datadriven_panic_is_reported)
{
	FILE *f = tmpfile();

	EXPECT(f);
	fputs("log-level none\n----\nok\n\nadd-nodes 1 voters=1 index=3\n----\nok\n\n"
	      "compact 1 9\n----\n",
		f);
	const char *said = failed_file(f, 0);
	EXPECT(strstr(said, ":9: compact 1 9: raft panicked: "
			    "compact 9 is out of bound lastindex(3)"));
	fclose(f);
}

/* A script that does not end is a failed script like others. */
TEST(datadriven_time_limit)
{
	FILE *f = tmpfile();

	EXPECT(f);
	fputs("log-level none\n----\nok\n\nadd-nodes 30 index=3 voters=(1", f);
	for (int id = 2; id <= 30; id++)
		fprintf(f, ",%d", id);
	fputs(")\n----\nok\n\n", f);
	for (int i = 0; i < 100000; i++)
		fprintf(f, "campaign %d\n----\nok\n\nstabilize\n----\nok\n\n", 1 + i % 2);
	EXPECT(strstr(failed_file(f, 1), "the script did not end within 1 s"));
	fclose(f);
}
