/* SPDX-License-Identifier: Apache-2.0 */
/* bin/etcd. Starts the parts from the inside out, waits for a signal, and stops
 * them from the outside in. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "server/config.h"
#include "server/etcdserver/etcdserver.h"
#include "server/http/http_front.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/v3rpc/grpc_front.h"

extern char **environ;

/* How long calls under way may take to end by themselves when we stop. */
enum { GRACE_MS = 500 };

struct fronts {
	struct grpc_front *grpc;
	struct http_front *client, *peer;
	struct listener *listener;
};

static void on_http2(void *arg, int fd)
{
	grpc_front_add(((struct fronts *)arg)->grpc, fd);
}

static void on_client_http1(void *arg, int fd, const struct sockaddr *addr, socklen_t len)
{
	http_front_add(((struct fronts *)arg)->client, fd, addr, len);
}

static void on_peer_http1(void *arg, int fd, const struct sockaddr *addr, socklen_t len)
{
	http_front_add(((struct fronts *)arg)->peer, fd, addr, len);
}

static void print_version(void)
{
	struct utsname u;
	const char *arch = uname(&u) == 0 ? u.machine : "unknown";

	if (strcmp(arch, "x86_64") == 0)
		arch = "amd64";
	else if (strcmp(arch, "aarch64") == 0)
		arch = "arm64";
	/* The lines of etcd, whose API this is; the third says what it is. */
	printf("etcd Version: " ETCDSERVER_VERSION "\n"
	       "Git SHA: Not provided (RaftLab)\n"
	       "Go Version: none (C11, " __VERSION__ ")\n"
	       "Go OS/Arch: linux/%s\n",
		arch);
}

/* Each connection is a file descriptor: ask for as many as may be had. */
static void raise_limits(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_cur < rl.rlim_max) {
		rl.rlim_cur = rl.rlim_max;
		setrlimit(RLIMIT_NOFILE, &rl);
	}
}

/* Signals are blocked before any thread starts, so that only main gets them. */
static sigset_t block_signals(void)
{
	sigset_t set;

	/* A write that cannot be shall fail, and say why. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return set;
}

static void log_start(const struct config *c)
{
	for (char **s = c->unknown_env; s && *s; s++)
		log_warn("unrecognized environment variable", LOG_STR("environment-variable", *s));
	log_info("starting an etcd server", LOG_STR("etcd-version", ETCDSERVER_VERSION),
		LOG_STR("name", c->name), LOG_STR("data-dir", c->data_dir),
		LOG_STR("wal-dir", c->wal_dir),
		LOG_LIST("listen-client-urls", (const char *const *)c->listen_client_urls.texts),
		LOG_LIST("advertise-client-urls",
			(const char *const *)c->advertise_client_urls.texts),
		LOG_LIST("listen-peer-urls", (const char *const *)c->listen_peer_urls.texts),
		LOG_LIST("initial-advertise-peer-urls",
			(const char *const *)c->initial_advertise_peer_urls.texts),
		LOG_STR("initial-cluster", c->initial_cluster),
		LOG_STR("initial-cluster-token", c->initial_cluster_token),
		LOG_U64("heartbeat-interval-ms", c->heartbeat_ms),
		LOG_U64("election-timeout-ms", c->election_ms));
}

/* Ports are taken first: nothing on disk is touched when one is not to be had. */
static bool bind_ports(struct fronts *f, const struct config *c, char *error, size_t size)
{
	struct listener_handlers client = {on_http2, on_client_http1, f};
	struct listener_handlers peer = {NULL, on_peer_http1, f};

	f->listener = listener_new();
	return listener_bind(f->listener, &c->listen_peer_urls, &peer, error, size) &&
	       listener_bind(f->listener, &c->listen_client_urls, &client, error, size);
}

static int stop(struct fronts *f, struct etcdserver *s, int sig)
{
	/* A second one ends the process at once; the WAL makes that harmless. */
	sigset_t again;
	sigemptyset(&again);
	sigaddset(&again, SIGINT);
	sigaddset(&again, SIGTERM);
	pthread_sigmask(SIG_UNBLOCK, &again, NULL);
	log_info("received signal; shutting down",
		LOG_STR("signal", sig == SIGINT ? "interrupt" : "terminated"));
	listener_stop(f->listener);
	grpc_front_drain(f->grpc, GRACE_MS);
	etcdserver_stop(s);
	http_front_stop(f->client);
	http_front_stop(f->peer);
	grpc_front_stop(f->grpc);
	bool ok = etcdserver_close(s);
	log_info("closed etcd server");
	return ok ? 0 : 1;
}

static int run(const struct config *c)
{
	struct fronts f = {0};
	struct etcdserver *s;
	char error[512];
	int sig;

	sigset_t signals = block_signals();
	raise_limits();
	if (!bind_ports(&f, c, error, sizeof error))
		log_fatal(error);
	const char *why = etcdserver_open(c, &s);
	if (why)
		log_fatal(why);
	etcdserver_start(s);
	f.grpc = grpc_front_start(s);
	f.client = http_front_start(s, HTTP_CLIENT_PORT);
	f.peer = http_front_start(s, HTTP_PEER_PORT);
	listener_start(f.listener);
	for (size_t i = 0; i < c->listen_client_urls.n; i++)
		log_info("serving client traffic insecurely; this is strongly discouraged!",
			LOG_STR("address", c->listen_client_urls.texts[i]));
	while (sigwait(&signals, &sig) != 0)
		;
	return stop(&f, s, sig);
}

int main(int argc, char **argv)
{
	struct config c;
	int status = 0;

	if (!config_parse(&c, argc, argv, environ)) {
		fprintf(stderr, "etcd: %s\n", c.error);
		status = 1;
	} else if (c.help) {
		config_usage();
	} else if (c.version) {
		print_version();
	} else {
		const char *error = log_setup(c.log_level, c.log_outputs);
		if (error) {
			fprintf(stderr, "etcd: %s\n", error);
			status = 1;
		} else {
			log_start(&c);
			status = run(&c);
		}
	}
	config_free(&c);
	return status;
}
