/* SPDX-License-Identifier: Apache-2.0 */
#include "server/config.h"

#include <string.h>

#include "raft/rafttest/runner.h"

static struct config c;

/* Parses the words as arguments; they end with NULL. */
#define PARSE(...) parse((char *[]){"etcd", __VA_ARGS__ __VA_OPT__(, ) NULL}, (char *[]){NULL})
#define PARSE_ENV(env, ...)                                                                        \
	parse((char *[]){"etcd", __VA_ARGS__ __VA_OPT__(, ) NULL}, (char *[]){env, NULL})

static bool parse(char *const *argv, char *const *env)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return config_parse(&c, argc, argv, env);
}

TEST(config_defaults)
{
	EXPECT(PARSE());
	EXPECT_STR_EQ("default", c.name);
	EXPECT_STR_EQ("default.etcd", c.data_dir);
	EXPECT_STR_EQ("default=http://localhost:2380", c.initial_cluster);
	EXPECT_STR_EQ("http://localhost:2379", c.listen_client_urls.texts[0]);
	EXPECT_EQ(100, c.heartbeat_ms);
	EXPECT_EQ(1000, c.election_ms);
	EXPECT_EQ(128, c.max_txn_ops);
	EXPECT_EQ(1572864, c.max_request_bytes);
	EXPECT_EQ(LOG_INFO, c.log_level);
	config_free(&c);
}

TEST(config_go_flag_syntax)
{
	EXPECT(PARSE("-name", "a", "--data-dir=/x=y", "-pre-vote", "--election-timeout", "2000"));
	EXPECT_STR_EQ("a", c.name);
	EXPECT_STR_EQ("/x=y", c.data_dir);
	EXPECT(c.pre_vote);
	EXPECT_EQ(2000, c.election_ms);
	EXPECT_STR_EQ("a=http://localhost:2380", c.initial_cluster);
	config_free(&c);
	EXPECT(PARSE("--pre-vote=false", "-name=b"));
	EXPECT(!c.pre_vote);
	config_free(&c);
	/* a boolean takes no separate value: what follows is no flag */
	EXPECT(!PARSE("--pre-vote", "true"));
	EXPECT_STR_EQ("'true' is not a valid flag. See 'etcd --help'.", c.error);
	config_free(&c);
}

TEST(config_errors_name_the_flag)
{
	static const struct {
		char *argv[4];
		const char *error;
	} cases[] = {
		{{"etcd", "-nosuch"}, "flag provided but not defined: -nosuch. See 'etcd --help'."},
		{{"etcd", "--nosuch=1"},
			"flag provided but not defined: -nosuch. See 'etcd --help'."},
		{{"etcd", "-name"}, "flag needs an argument: -name"},
		{{"etcd", "---name"}, "bad flag syntax: ---name"},
		{{"etcd", "-=x"}, "bad flag syntax: -=x"},
		{{"etcd", "-heartbeat-interval", "x"},
			"invalid value \"x\" for flag -heartbeat-interval: parse error"},
		{{"etcd", "-heartbeat-interval=-5"},
			"invalid value \"-5\" for flag -heartbeat-interval: parse error"},
		{{"etcd", "-max-txn-ops=99999999999"},
			"invalid value \"99999999999\" for flag -max-txn-ops: value out of range"},
		{{"etcd", "-pre-vote=maybe"},
			"invalid boolean value \"maybe\" for flag -pre-vote: parse error"},
		{{"etcd", "--snapshot-count", "5"}, "flag -snapshot-count is not supported yet"},
		{{"etcd", "--enable-v2"}, "flag -enable-v2 is not supported yet"},
		{{"etcd", "--cert-file=x"}, "flag -cert-file is not supported yet"},
		{{"etcd", "--log-level", "loud"},
			"invalid value \"loud\" for flag -log-level: unknown log level"},
		{{"etcd", "--logger=capnslog"}, "--logger=capnslog is not supported, only zap is"},
		{{"etcd", "--listen-client-urls=http://127.0.0.1:1"},
			"--advertise-client-urls is required when --listen-client-urls is set "
			"explicitly"},
		{{"etcd", "--listen-peer-urls", "http://example.com:1"},
			"expected IP in URL for binding (http://example.com:1)"},
		{{"etcd", "--heartbeat-interval=0"},
			"--heartbeat-interval must be >0 (set to 0ms)"},
		{{"etcd", "--election-timeout=400"}, "--election-timeout[400ms] should be at least "
						     "as 5 times as --heartbeat-interval[100ms]"},
		{{"etcd", "--election-timeout=60000"}, "--election-timeout[60000ms] is too long, "
						       "and should be set less than 50000ms"},
		{{"etcd", "--initial-cluster-state=old"}, "unexpected clusterState \"old\""},
		{{"etcd", "--initial-cluster=b=http://localhost:2380"},
			"couldn't find local name \"default\" in the initial cluster "
			"configuration"},
		{{"etcd", "--initial-cluster=default=http://localhost:2380,b=http://localhost:1"},
			"--initial-cluster=default=http://localhost:2380,b=http://localhost:1: "
			"more than one member is not "
			"supported yet"},
		{{"etcd", "--initial-cluster=default=http://localhost:1"},
			"--initial-cluster=default=http://localhost:1 does not agree with "
			"--initial-advertise-peer-urls"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		EXPECT(!parse(cases[i].argv, (char *[]){NULL}));
		EXPECT_STR_EQ(cases[i].error, c.error);
		config_free(&c);
	}
}

TEST(config_env)
{
	EXPECT(PARSE_ENV("ETCD_NAME=fromenv"));
	EXPECT_STR_EQ("fromenv", c.name);
	config_free(&c);
	/* the flag wins */
	EXPECT(PARSE_ENV("ETCD_NAME=fromenv", "--name=fromflag"));
	EXPECT_STR_EQ("fromflag", c.name);
	config_free(&c);
	/* empty is unset */
	EXPECT(PARSE_ENV("ETCD_NAME="));
	EXPECT_STR_EQ("default", c.name);
	config_free(&c);
	EXPECT(PARSE_ENV("ETCD_NO_SUCH=1"));
	EXPECT_STR_EQ("ETCD_NO_SUCH=1", c.unknown_env[0]);
	EXPECT(!c.unknown_env[1]);
	config_free(&c);
	EXPECT(!PARSE_ENV("ETCD_ELECTION_TIMEOUT=x"));
	EXPECT_STR_EQ("invalid value \"x\" for ETCD_ELECTION_TIMEOUT: parse error", c.error);
	config_free(&c);
	EXPECT(!PARSE_ENV("ETCD_SNAPSHOT_COUNT=10"));
	EXPECT_STR_EQ("ETCD_SNAPSHOT_COUNT is not supported yet", c.error);
	config_free(&c);
}

TEST(config_help_and_version_stop_parsing)
{
	EXPECT(PARSE("--version", "-nosuch"));
	EXPECT(c.version);
	config_free(&c);
	EXPECT(PARSE("-h"));
	EXPECT(c.help);
	config_free(&c);
}

TEST(config_urls)
{
	struct config_urls urls;

	EXPECT(!config_urls_parse(&urls, "http://127.0.0.1:2, http://127.0.0.1:10,http://[::1]:5"));
	EXPECT_EQ(3, urls.n);
	EXPECT_STR_EQ("http://127.0.0.1:10", urls.texts[0]);
	EXPECT_STR_EQ("http://127.0.0.1:2", urls.texts[1]);
	EXPECT_STR_EQ("::1", urls.v[2].host);
	EXPECT_STR_EQ("5", urls.v[2].port);
	EXPECT(!urls.texts[3]);
	config_urls_free(&urls);
	EXPECT_STR_EQ("https is not supported yet: https://127.0.0.1:1",
		config_urls_parse(&urls, "https://127.0.0.1:1"));
	EXPECT_STR_EQ(
		"URL scheme must be http: localhost:1", config_urls_parse(&urls, "localhost:1"));
	EXPECT_STR_EQ("URL scheme must be http: ", config_urls_parse(&urls, ""));
	EXPECT_STR_EQ("URL must not contain a path: http://a:1/",
		config_urls_parse(&urls, "http://a:1/"));
	static const char *const bad[] = {"http://a", "http://:1", "http://a:", "http://a:x",
		"http://a:99999", "http://[::1]", "http://[::1:2"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		EXPECT(strncmp(config_urls_parse(&urls, bad[i]),
			       "URL address does not have the form", 34) == 0);
}
