/* SPDX-License-Identifier: Apache-2.0 */
#include "client/flags.h"

#include <string.h>

#include "client/csv.h"
#include "raft/rafttest/runner.h"

static const struct flag_def defs[] = {
	{"bool", 'b', FLAG_BOOL, "false", "a boolean", false},
	{"count", 'c', FLAG_INT, "7", "a number", false},
	{"list", 0, FLAG_LIST, "one", "a list", false},
	{"name", 'n', FLAG_STRING, "nobody", "a string", false},
	{"time", 0, FLAG_DURATION, "2s", "a duration", false},
	{"yes", 'y', FLAG_BOOL, "true", "another boolean", false},
};

/* parse splits line at its spaces, parses it, and returns all that came of it. */
static const char *parse(struct pool *p, const char *line)
{
	const char *words[16], *bad;
	struct flagset fs;
	struct text t;
	size_t n = 0;

	for (char *s = strtok(pool_strndup(p, line, strlen(line)), " "); s; s = strtok(NULL, " "))
		words[n++] = strcmp(s, "EMPTY") == 0 ? "" : s;
	flagset_init(&fs, p);
	flagset_add(&fs, defs, ARRAY_SIZE(defs));
	bad = flagset_parse(&fs, words, n);
	if (bad)
		return bad;
	text_init(&t, p);
	for (size_t i = 0; i < fs.n_flags; i++)
		if (fs.flags[i].changed)
			text_printf(
				&t, "%s=%s ", fs.flags[i].def->name, flag_text(p, &fs.flags[i]));
	for (size_t i = 0; i < fs.n_args; i++)
		text_printf(&t, "<%s>", fs.args[i]);
	return t.data;
}

TEST(flags_have_defaults)
{
	struct flagset fs;
	struct pool p;

	pool_init(&p);
	flagset_init(&fs, &p);
	flagset_add(&fs, defs, ARRAY_SIZE(defs));
	EXPECT_EQ(false, flag_bool(&fs, "bool"));
	EXPECT_EQ(true, flag_bool(&fs, "yes"));
	EXPECT_EQ(7, flag_int(&fs, "count"));
	EXPECT_EQ(2000000000, flag_int(&fs, "time"));
	EXPECT_STR_EQ("nobody", flag_string(&fs, "name"));
	EXPECT_STR_EQ("[one]", flag_text(&p, flagset_find(&fs, "list")));
	EXPECT(!flagset_find(&fs, "list")->changed);
	pool_free(&p);
}

TEST(flags_are_read_as_pflag_reads_them)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{"a b", "<a><b>"},
		{"--name=x a", "name=x <a>"},
		{"--name x a", "name=x <a>"},
		{"a --name x b", "name=x <a><b>"},
		{"--name= a", "name= <a>"},
		{"--name --bool", "name=--bool "},
		{"-n x", "name=x "},
		{"-nx", "name=x "},
		{"-n=x", "name=x "},
		{"-n=", "name== "},
		{"-n==", "name== "},
		{"-b a", "bool=true <a>"},
		{"-b=false", "bool=false "},
		{"-by=false -c3", "bool=true count=3 yes=false "},
		{"-bnx", "bool=true name=x "},
		{"--bool false", "bool=true <false>"},
		{"--yes=0", "yes=false "},
		{"--count 0x10", "count=16 "},
		{"--time 1m30s", "time=1m30s "},
		{"--list a,b --list c", "list=[a,b,c] "},
		{"--list=", "list=[] "},
		{"-- --name x", "<--name><x>"},
		{"a -- -b", "<a><-b>"},
		{"- a", "<-><a>"},
		{"EMPTY -b", "bool=true <>"},
		{"--nam x", "unknown flag: --nam"},
		{"--nam=x", "unknown flag: --nam"},
		{"-z", "unknown shorthand flag: 'z' in -z"},
		{"-bz", "unknown shorthand flag: 'z' in -z"},
		{"-zb", "unknown shorthand flag: 'z' in -zb"},
		{"-\"", "unknown shorthand flag: '\"' in -\""},
		{"-'", "unknown shorthand flag: '\\'' in -'"},
		{"---x", "bad flag syntax: ---x"},
		{"--=x", "bad flag syntax: --=x"},
		{"--name", "flag needs an argument: --name"},
		{"-n", "flag needs an argument: 'n' in -n"},
		{"-bn", "flag needs an argument: 'n' in -n"},
		{"--bool=maybe", "invalid argument \"maybe\" for \"-b, --bool\" flag: "
				 "strconv.ParseBool: parsing \"maybe\": invalid syntax"},
		{"-c x", "invalid argument \"x\" for \"-c, --count\" flag: strconv.ParseInt: "
			 "parsing \"x\": invalid syntax"},
		{"--time 5", "invalid argument \"5\" for \"--time\" flag: time: missing unit in "
			     "duration \"5\""},
		{"--list a\"b", "invalid argument \"a\\\"b\" for \"--list\" flag: parse error on "
				"line 1, column 2: bare \" in non-quoted-field"},
	};
	struct pool p;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_STR_EQ(rows[i].want, parse(&p, rows[i].line));
	pool_free(&p);
}

TEST(flags_usage_is_set_in_columns)
{
	const struct flag_def *list[] = {&defs[3], &defs[0], &defs[2]};
	struct pool p;
	struct text t;

	pool_init(&p);
	text_init(&t, &p);
	flag_usages(&t, list, ARRAY_SIZE(list));
	EXPECT_STR_EQ("  -b, --bool[=false]\ta boolean\n"
		      "      --list=[one]\ta list\n"
		      "  -n, --name=\"nobody\"\ta string\n",
		t.data);
	pool_free(&p);
}

TEST(csv_fields)
{
	static const struct {
		const char *s;
		const char *want;
	} rows[] = {
		{"", ""},
		{"a", "<a>"},
		{"a,b", "<a><b>"},
		{",", "<><>"},
		{" a , b", "< a >< b>"},
		{"\"a,b\",c", "<a,b><c>"},
		{"\"a\"\"b\"", "<a\"b>"},
		{"\"\"", "<>"},
		{"a\nb", "<a>"},
		{"a,b\"c", "parse error on line 1, column 4: bare \" in non-quoted-field"},
		{"\"a", "parse error on line 1, column 3: extraneous or missing \" in "
			"quoted-field"},
		{"\"a\"b", "parse error on line 1, column 3: extraneous or missing \" in "
			   "quoted-field"},
	};
	struct pool p;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char **fields, *bad;
		struct text t;
		size_t n;

		text_init(&t, &p);
		bad = csv_parse(&p, rows[i].s, &fields, &n);
		for (size_t j = 0; !bad && j < n; j++)
			text_printf(&t, "<%s>", fields[j]);
		EXPECT_STR_EQ(rows[i].want, bad ? bad : t.data);
	}
	pool_free(&p);
}
