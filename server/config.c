/* SPDX-License-Identifier: Apache-2.0 */
#include "server/config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/util.h"

enum flag_kind {
	FLAG_STRING,
	FLAG_BOOL,
	FLAG_UINT,
	FLAG_URLS,
	FLAG_LEVEL,
	/* of etcd 3.4, not served yet: with a value, and boolean ones */
	FLAG_LATER,
	FLAG_LATER_BOOL,
	FLAG_SECTION /* a heading of --help */
};

struct flag {
	const char *name;
	enum flag_kind kind;
	size_t offset;
	const char *preset;
	const char *help;
};

#define AT(field) offsetof(struct config, field)
#define SECTION(title)                                                                             \
	{                                                                                          \
		title, FLAG_SECTION, 0, NULL, NULL                                                 \
	}
#define LATER(name)                                                                                \
	{                                                                                          \
		name, FLAG_LATER, 0, NULL, NULL                                                    \
	}
#define LATER_BOOL(name)                                                                           \
	{                                                                                          \
		name, FLAG_LATER_BOOL, 0, NULL, NULL                                               \
	}

static const struct flag flags[] = {
	SECTION("Member"),
	{"name", FLAG_STRING, AT(name), "default", "Human-readable name for this member."},
	{"data-dir", FLAG_STRING, AT(data_dir), "",
		"Path to the data directory (default: ${name}.etcd)."},
	{"wal-dir", FLAG_STRING, AT(wal_dir), "", "Path to the dedicated wal directory."},
	{"heartbeat-interval", FLAG_UINT, AT(heartbeat_ms), "100",
		"Time (in milliseconds) of a heartbeat interval."},
	{"election-timeout", FLAG_UINT, AT(election_ms), "1000",
		"Time (in milliseconds) for an election to timeout."},
	{"listen-peer-urls", FLAG_URLS, AT(listen_peer_urls), "http://localhost:2380",
		"List of URLs to listen on for peer traffic."},
	{"listen-client-urls", FLAG_URLS, AT(listen_client_urls), "http://localhost:2379",
		"List of URLs to listen on for client traffic."},
	{"max-txn-ops", FLAG_UINT, AT(max_txn_ops), "128",
		"Maximum number of operations permitted in a transaction."},
	{"max-request-bytes", FLAG_UINT, AT(max_request_bytes), "1572864",
		"Maximum client request size in bytes the server will accept."},
	SECTION("Clustering"),
	{"initial-advertise-peer-urls", FLAG_URLS, AT(initial_advertise_peer_urls),
		"http://localhost:2380",
		"List of this member's peer URLs to advertise to the rest of the cluster."},
	{"initial-cluster", FLAG_STRING, AT(initial_cluster), "",
		"Initial cluster configuration for bootstrapping\n    (default: "
		"${name}=${initial-advertise-peer-urls})."},
	{"initial-cluster-state", FLAG_STRING, AT(initial_cluster_state), "new",
		"Initial cluster state ('new' or 'existing')."},
	{"initial-cluster-token", FLAG_STRING, AT(initial_cluster_token), "etcd-cluster",
		"Initial cluster token for the etcd cluster during bootstrap."},
	{"advertise-client-urls", FLAG_URLS, AT(advertise_client_urls), "http://localhost:2379",
		"List of this member's client URLs to advertise to the public."},
	{"pre-vote", FLAG_BOOL, AT(pre_vote), "false",
		"Enable to run an additional Raft election phase."},
	SECTION("Logging"),
	{"logger", FLAG_STRING, AT(logger), "zap",
		"The form of log lines; 'zap' (JSON) is the only one."},
	{"log-outputs", FLAG_STRING, AT(log_outputs), "default",
		"'stdout', 'stderr', or a comma separated list of output targets."},
	{"log-level", FLAG_LEVEL, AT(log_level), "info",
		"Configures log level. Only supports debug, info, warn, error, panic, or fatal."},
	SECTION("Other"),
	{"version", FLAG_BOOL, AT(version), "false", "Print the version and exit."},
	{"help", FLAG_BOOL, AT(help), "false", "Print this text and exit."},
	SECTION(NULL),
	LATER("config-file"),
	LATER("snapshot-count"),
	LATER_BOOL("initial-election-tick-advance"),
	LATER("max-snapshots"),
	LATER("max-wals"),
	LATER("quota-backend-bytes"),
	LATER("backend-batch-interval"),
	LATER("backend-batch-limit"),
	LATER("max-concurrent-streams"),
	LATER("grpc-keepalive-min-time"),
	LATER("grpc-keepalive-interval"),
	LATER("grpc-keepalive-timeout"),
	LATER("discovery"),
	LATER("discovery-fallback"),
	LATER("discovery-proxy"),
	LATER("discovery-srv"),
	LATER("discovery-srv-name"),
	LATER_BOOL("strict-reconfig-check"),
	LATER("auto-compaction-retention"),
	LATER("auto-compaction-mode"),
	LATER_BOOL("enable-v2"),
	LATER("cert-file"),
	LATER("key-file"),
	LATER_BOOL("client-cert-auth"),
	LATER("client-crl-file"),
	LATER("client-cert-allowed-hostname"),
	LATER("trusted-ca-file"),
	LATER_BOOL("auto-tls"),
	LATER("peer-cert-file"),
	LATER("peer-key-file"),
	LATER_BOOL("peer-client-cert-auth"),
	LATER("peer-trusted-ca-file"),
	LATER("peer-cert-allowed-cn"),
	LATER("peer-cert-allowed-hostname"),
	LATER_BOOL("peer-auto-tls"),
	LATER("peer-crl-file"),
	LATER("cipher-suites"),
	LATER("cors"),
	LATER("host-whitelist"),
	LATER("auth-token"),
	LATER("bcrypt-cost"),
	LATER("auth-token-ttl"),
	LATER_BOOL("enable-pprof"),
	LATER("metrics"),
	LATER("listen-metrics-urls"),
	LATER("proxy"),
	LATER("proxy-failure-wait"),
	LATER("proxy-refresh-interval"),
	LATER("proxy-dial-timeout"),
	LATER("proxy-write-timeout"),
	LATER("proxy-read-timeout"),
	LATER_BOOL("experimental-initial-corrupt-check"),
	LATER("experimental-corrupt-check-time"),
	LATER("experimental-enable-v2v3"),
	LATER("experimental-backend-bbolt-freelist-type"),
	LATER_BOOL("experimental-enable-lease-checkpoint"),
	LATER_BOOL("experimental-enable-lease-checkpoint-persist"),
	LATER("experimental-compaction-batch-limit"),
	LATER_BOOL("experimental-peer-skip-client-san-verification"),
	LATER("experimental-watch-progress-notify-interval"),
	LATER("experimental-warning-apply-duration"),
	LATER_BOOL("force-new-cluster"),
	LATER_BOOL("enable-grpc-gateway"),
	LATER_BOOL("unsafe-no-fsync"),
	LATER("log-output"),
	LATER_BOOL("debug"),
	LATER("log-package-levels"),
	LATER("listen-client-http-urls"),
};

enum { FLAGS_LEN = sizeof flags / sizeof *flags, MAX_ELECTION_MS = 50000 };

/* --- URLs ------------------------------------------------------------------ */

static const char *url_parse(struct config_url *u, const char *text, size_t len)
{
	static char error[512];

	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (len >= 8 && strncasecmp(text, "https://", 8) == 0) {
		snprintf(error, sizeof error, "https is not supported yet: %.*s", (int)len, text);
		return error;
	}
	if (len < 7 || strncasecmp(text, "http://", 7) != 0) {
		snprintf(error, sizeof error, "URL scheme must be http: %.*s", (int)len, text);
		return error;
	}
	const char *host = text + 7, *end = text + len, *host_end, *port;
	if (memchr(host, '/', (size_t)(end - host))) {
		snprintf(error, sizeof error, "URL must not contain a path: %.*s", (int)len, text);
		return error;
	}
	if (host < end && *host == '[') {
		host++;
		host_end = memchr(host, ']', (size_t)(end - host));
		port = host_end && host_end + 1 < end && host_end[1] == ':' ? host_end + 2 : NULL;
	} else {
		host_end = memchr(host, ':', (size_t)(end - host));
		port = host_end ? host_end + 1 : NULL;
	}
	bool digits = port && port < end && end - port <= 5;
	for (const char *p = port; digits && p < end; p++)
		digits = isdigit((unsigned char)*p);
	if (!digits || host_end == host || strtoul(port, NULL, 10) > 65535) {
		snprintf(error, sizeof error,
			"URL address does not have the form \"host:port\": %.*s", (int)len, text);
		return error;
	}
	u->text = xmemdup(text, len);
	u->host = xmemdup(host, (size_t)(host_end - host));
	u->port = xmemdup(port, (size_t)(end - port));
	return NULL;
}

static int url_compare(const void *a, const void *b)
{
	return strcmp(((const struct config_url *)a)->text, ((const struct config_url *)b)->text);
}

const char *config_urls_parse(struct config_urls *urls, const char *list)
{
	const char *error = NULL;

	*urls = (struct config_urls){0};
	for (const char *s = list; s; s = strchr(s, ',') ? strchr(s, ',') + 1 : NULL) {
		struct config_url u;
		error = url_parse(&u, s, strcspn(s, ","));
		if (error)
			break;
		urls->v = xrealloc(urls->v, (urls->n + 1) * sizeof *urls->v);
		urls->v[urls->n++] = u;
	}
	if (error) {
		config_urls_free(urls);
		return error;
	}
	qsort(urls->v, urls->n, sizeof *urls->v, url_compare);
	urls->texts = xmalloc((urls->n + 1) * sizeof *urls->texts);
	for (size_t i = 0; i < urls->n; i++)
		urls->texts[i] = urls->v[i].text;
	urls->texts[urls->n] = NULL;
	return NULL;
}

void config_urls_free(struct config_urls *urls)
{
	for (size_t i = 0; i < urls->n; i++) {
		free(urls->v[i].text);
		free(urls->v[i].host);
		free(urls->v[i].port);
	}
	free(urls->v);
	free(urls->texts);
	*urls = (struct config_urls){0};
}

/* --- one flag --------------------------------------------------------------- */

static bool fail(struct config *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct config *c, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(c->error, sizeof c->error, fmt, ap);
	va_end(ap);
	return false;
}

static bool is_bool(const struct flag *f)
{
	return f->kind == FLAG_BOOL || f->kind == FLAG_LATER_BOOL;
}

static bool parse_bool(const char *s, bool *v)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};

	for (size_t i = 0; i < 6; i++) {
		if (strcmp(s, yes[i]) == 0 || strcmp(s, no[i]) == 0) {
			*v = strcmp(s, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

/* Sets one flag. what names it in errors: `flag -name` or its variable. */
static bool flag_set(struct config *c, const struct flag *f, const char *value, const char *what)
{
	void *field = (char *)c + f->offset;
	const char *error;
	char *end;

	switch (f->kind) {
	case FLAG_STRING:
		free(*(char **)field);
		*(char **)field = xstrdup(value);
		return true;
	case FLAG_BOOL:
		if (!parse_bool(value, field))
			return fail(
				c, "invalid boolean value \"%s\" for %s: parse error", value, what);
		return true;
	case FLAG_UINT:
		errno = 0;
		unsigned long n = strtoul(value, &end, 10);
		if (!isdigit((unsigned char)*value) || *end || errno)
			return fail(c, "invalid value \"%s\" for %s: parse error", value, what);
		if (n > INT_MAX)
			return fail(
				c, "invalid value \"%s\" for %s: value out of range", value, what);
		*(unsigned *)field = (unsigned)n;
		return true;
	case FLAG_URLS:
		config_urls_free(field);
		error = config_urls_parse(field, value);
		if (error)
			return fail(c, "invalid value \"%s\" for %s: %s", value, what, error);
		return true;
	case FLAG_LEVEL:
		if (!log_level_parse(value, field))
			return fail(
				c, "invalid value \"%s\" for %s: unknown log level", value, what);
		return true;
	case FLAG_LATER:
	case FLAG_LATER_BOOL:
		return fail(c, "%s is not supported yet", what);
	case FLAG_SECTION:
		break;
	}
	return fail(c, "flag provided but not defined: -%s", f->name ? f->name : "");
}

static const struct flag *flag_find(const char *name, size_t len)
{
	if (len == 1 && *name == 'h')
		return flag_find("help", 4);
	for (size_t i = 0; i < FLAGS_LEN; i++)
		if (flags[i].kind != FLAG_SECTION && strlen(flags[i].name) == len &&
			memcmp(flags[i].name, name, len) == 0)
			return &flags[i];
	return NULL;
}

/* --- arguments and environment ----------------------------------------------- */

static bool parse_args(struct config *c, int argc, char *const *argv, bool *set)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];
		if (arg[0] != '-' || arg[1] == 0 || strcmp(arg, "--") == 0) {
			if (strcmp(arg, "--") == 0 && i + 1 == argc)
				return true;
			return fail(c, "'%s' is not a valid flag. See 'etcd --help'.",
				strcmp(arg, "--") == 0 ? argv[i + 1] : arg);
		}
		const char *name = arg + (arg[1] == '-' ? 2 : 1);
		size_t len = strcspn(name, "=");
		if (len == 0 || *name == '-')
			return fail(c, "bad flag syntax: %s", arg);
		const struct flag *f = flag_find(name, len);
		if (!f)
			return fail(c, "flag provided but not defined: -%.*s. See 'etcd --help'.",
				(int)len, name);
		const char *value = name[len] == '=' ? name + len + 1
				    : is_bool(f)     ? "true"
						     : argv[i + 1];
		if (f->kind == FLAG_LATER || f->kind == FLAG_LATER_BOOL)
			value = "";
		if (!value)
			return fail(c, "flag needs an argument: -%s", f->name);
		if (name[len] != '=' && !is_bool(f))
			i++;
		char what[96];
		snprintf(what, sizeof what, "flag -%s", f->name);
		if (!flag_set(c, f, value, what))
			return false;
		set[f - flags] = true;
		if (c->help || c->version)
			return true;
	}
	return true;
}

static void env_name(char *name, size_t cap, const struct flag *f)
{
	snprintf(name, cap, "ETCD_%s", f->name);
	for (char *p = name; *p; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
}

static bool parse_env(struct config *c, char *const *env, bool *set)
{
	size_t unknown = 0;

	for (; env && *env; env++) {
		size_t len = strcspn(*env, "=");
		if (strncmp(*env, "ETCD_", 5) != 0 || (*env)[len] != '=')
			continue;
		size_t i;
		char name[96] = "";
		for (i = 0; i < FLAGS_LEN; i++) {
			if (flags[i].kind == FLAG_SECTION)
				continue;
			env_name(name, sizeof name, &flags[i]);
			if (strlen(name) == len && memcmp(*env, name, len) == 0)
				break;
		}
		if (i == FLAGS_LEN) {
			c->unknown_env =
				xrealloc(c->unknown_env, (unknown + 2) * sizeof *c->unknown_env);
			c->unknown_env[unknown++] = xstrdup(*env);
			c->unknown_env[unknown] = NULL;
		} else if (!set[i] && (*env)[len + 1]) {
			if (!flag_set(c, &flags[i], *env + len + 1, name))
				return false;
			set[i] = true;
		}
	}
	return true;
}

/* --- do they make sense together? --------------------------------------------- */

static bool is_set(const bool *set, const char *name)
{
	return set[flag_find(name, strlen(name)) - flags];
}

/* Names can be advertised, but one listens on addresses. */
static bool check_bind(struct config *c, const struct config_urls *urls)
{
	struct in6_addr addr;

	for (size_t i = 0; i < urls->n; i++) {
		const char *host = urls->v[i].host;
		if (strcmp(host, "localhost") != 0 && inet_pton(AF_INET, host, &addr) != 1 &&
			inet_pton(AF_INET6, host, &addr) != 1)
			return fail(c, "expected IP in URL for binding (%s)", urls->v[i].text);
	}
	return true;
}

static bool urls_equal(const struct config_urls *a, const struct config_urls *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->texts[i], b->texts[i]) != 0)
			return false;
	return true;
}

/* Splits name=url,name=url and compares it with what this member says of itself. */
static bool check_cluster(struct config *c)
{
	struct config_urls mine = {0};
	char *list = xstrdup(c->initial_cluster), *save = NULL,
	     *urls = xcalloc(1, strlen(list) + 2);
	bool ok = true, others = false;

	for (char *item = strtok_r(list, ",", &save); item && ok;
		item = strtok_r(NULL, ",", &save)) {
		char *url = strchr(item, '=');
		if (!url) {
			ok = fail(c, "--initial-cluster: \"%s\" is not of the form name=url", item);
			break;
		}
		*url++ = 0;
		if (strcmp(item, c->name) != 0) {
			others = true;
			continue;
		}
		if (*urls)
			strcat(urls, ",");
		strcat(urls, url);
	}
	if (ok && !*urls)
		ok = fail(c, "couldn't find local name \"%s\" in the initial cluster configuration",
			c->name);
	if (ok && others)
		ok = fail(c, "--initial-cluster=%s: more than one member is not supported yet",
			c->initial_cluster);
	const char *error = ok ? config_urls_parse(&mine, urls) : NULL;
	if (error)
		ok = fail(c, "--initial-cluster: %s", error);
	if (ok && !urls_equal(&mine, &c->initial_advertise_peer_urls))
		ok = fail(c,
			"--initial-cluster=%s does not agree with --initial-advertise-peer-urls",
			c->initial_cluster);
	config_urls_free(&mine);
	free(urls);
	free(list);
	return ok;
}

static void default_cluster(struct config *c)
{
	size_t cap = 1, len = 0;

	for (size_t i = 0; i < c->initial_advertise_peer_urls.n; i++)
		cap += strlen(c->name) + strlen(c->initial_advertise_peer_urls.texts[i]) + 2;
	free(c->initial_cluster);
	c->initial_cluster = xcalloc(1, cap);
	for (size_t i = 0; i < c->initial_advertise_peer_urls.n; i++)
		len += (size_t)snprintf(c->initial_cluster + len, cap - len, "%s%s=%s",
			i ? "," : "", c->name, c->initial_advertise_peer_urls.texts[i]);
}

static bool check(struct config *c, const bool *set)
{
	if (strcmp(c->logger, "zap") != 0)
		return fail(c, "--logger=%s is not supported, only zap is", c->logger);
	if (!check_bind(c, &c->listen_peer_urls) || !check_bind(c, &c->listen_client_urls))
		return false;
	if (strcmp(c->initial_cluster_state, "new") != 0 &&
		strcmp(c->initial_cluster_state, "existing") != 0)
		return fail(c, "unexpected clusterState \"%s\"", c->initial_cluster_state);
	if (c->heartbeat_ms == 0)
		return fail(c, "--heartbeat-interval must be >0 (set to %ums)", c->heartbeat_ms);
	if (c->election_ms == 0)
		return fail(c, "--election-timeout must be >0 (set to %ums)", c->election_ms);
	if (5ull * c->heartbeat_ms > c->election_ms)
		return fail(c,
			"--election-timeout[%ums] should be at least as 5 times as "
			"--heartbeat-interval[%ums]",
			c->election_ms, c->heartbeat_ms);
	if (c->election_ms > MAX_ELECTION_MS)
		return fail(c,
			"--election-timeout[%ums] is too long, and should be set less than %ums",
			c->election_ms, MAX_ELECTION_MS);
	if (is_set(set, "listen-client-urls") && !is_set(set, "advertise-client-urls"))
		return fail(c, "--advertise-client-urls is required when --listen-client-urls is "
			       "set explicitly");
	if (!*c->name || strpbrk(c->name, ",="))
		return fail(c, "--name must be neither empty nor contain ',' or '='");
	if (!*c->data_dir) {
		free(c->data_dir);
		c->data_dir = xmalloc(strlen(c->name) + 6);
		sprintf(c->data_dir, "%s.etcd", c->name);
	}
	if (!*c->initial_cluster)
		default_cluster(c);
	return check_cluster(c);
}

bool config_parse(struct config *c, int argc, char *const *argv, char *const *env)
{
	bool set[FLAGS_LEN] = {false};

	*c = (struct config){0};
	for (size_t i = 0; i < FLAGS_LEN; i++)
		if (flags[i].preset)
			flag_set(c, &flags[i], flags[i].preset, flags[i].name);
	if (!parse_args(c, argc, argv, set))
		return false;
	if (c->help || c->version)
		return true;
	return parse_env(c, env, set) && check(c, set);
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < FLAGS_LEN; i++) {
		void *field = (char *)c + flags[i].offset;
		if (flags[i].kind == FLAG_STRING)
			free(*(char **)field);
		else if (flags[i].kind == FLAG_URLS)
			config_urls_free(field);
	}
	for (char **s = c->unknown_env; s && *s; s++)
		free(*s);
	free(c->unknown_env);
}

void config_usage(void)
{
	printf("Usage:\n\n"
	       "  etcd [flags]\n    Start an etcd server.\n\n"
	       "  etcd --version\n    Show the version of etcd.\n\n"
	       "  etcd -h | --help\n    Show the help information about etcd.\n\n"
	       "Every flag can also be given as an environment variable: --data-dir as "
	       "ETCD_DATA_DIR.\n"
	       "A flag wins over its variable.\n");
	for (size_t i = 0; i < FLAGS_LEN; i++) {
		const struct flag *f = &flags[i];
		if (f->kind == FLAG_SECTION && !f->name)
			break;
		if (f->kind == FLAG_SECTION)
			printf("\n%s:\n", f->name);
		else
			printf("  --%s '%s'\n    %s\n", f->name, f->preset, f->help);
	}
}
