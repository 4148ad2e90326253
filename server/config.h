/* SPDX-License-Identifier: Apache-2.0 */
/* config: what bin/etcd is told, by flags and environment.
 *
 * One table in config.c drives the flags, their ETCD_... variables and --help.
 * Names, defaults and syntax are those of etcd 3.4 (Go's flag package: one dash
 * or two, `-name value` or `-name=value`, booleans only `-name` or
 * `-name=true`); a flag wins over its variable. The flags of etcd 3.4 that are
 * not served yet are in the table too, and refused by name. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "server/log.h"

/* config_url is one URL of a list, http://host:port. */
struct config_url {
	char *text; /* as given, without spaces around it */
	char *host; /* without the brackets of an IPv6 address; never empty */
	char *port;
};

/* config_urls is sorted by text, as etcd's lists are. */
struct config_urls {
	struct config_url *v;
	size_t n;
	char **texts; /* the same, as a list that ends in NULL */
};

struct config {
	char *name;
	char *data_dir;
	char *wal_dir; /* empty: inside data_dir */
	struct config_urls listen_client_urls;
	struct config_urls advertise_client_urls;
	struct config_urls listen_peer_urls;
	struct config_urls initial_advertise_peer_urls;
	char *initial_cluster;
	char *initial_cluster_token;
	char *initial_cluster_state;
	unsigned heartbeat_ms;
	unsigned election_ms;
	unsigned max_txn_ops;
	unsigned max_request_bytes;
	bool pre_vote;
	enum log_level log_level;
	char *logger;
	char *log_outputs;

	/* Set by config_parse. */
	bool help, version;
	/* ETCD_... variables that name no flag, as in the environment; ends in NULL. */
	char **unknown_env;
	char error[1024];
};

/* config_parse fills *c from the defaults, the environment and the arguments
 * (argv[0] is skipped), and checks that they make sense together. With --help
 * or --version it stops at once, with only `help` or `version` set.
 *
 * Ownership:  call config_free(c), whatever the result.
 * Returns:    false if something is wrong: c->error is one line that says what. */
bool config_parse(struct config *c, int argc, char *const *argv, char *const *env);

void config_free(struct config *c);

/* config_urls_parse parses URLs separated by commas.
 *
 * Returns:    NULL, or what is wrong, in a static buffer. *urls is then empty. */
const char *config_urls_parse(struct config_urls *urls, const char *list);
void config_urls_free(struct config_urls *urls);

/* config_usage prints the help text of all flags on stdout. */
void config_usage(void);

#endif
