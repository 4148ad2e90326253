/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "client/command/commands.h"
#include "client/go_text.h"
#include "client/printer.h"
#include "client/session.h"

/* endpoint_cluster replaces the endpoints, with --cluster, by those that the
 * cluster's members announce. */
static int endpoint_cluster(struct ctl *ctl)
{
	Etcdserverpb__MemberListRequest request = ETCDSERVERPB__MEMBER_LIST_REQUEST__INIT;
	const Etcdserverpb__MemberListResponse *list;
	struct rpc_config config;
	ProtobufCMessage *reply;
	const char *error;
	struct rpc *rpc;

	if (!flag_bool(&ctl->flags, "cluster"))
		return CTL_OK;
	config = session_config(ctl, ctl->endpoints, ctl->n_endpoints);
	error = rpc_open(ctl->pool, &config, &rpc);
	if (!error)
		error = rpc_call(
			rpc, &rpc_member_list, &request.base, session_timeout(ctl), &reply);
	rpc_close(rpc);
	if (error)
		return ctl_fail(ctl, CTL_ERROR,
			"failed to fetch endpoints from etcd cluster member list: %s", error);
	list = (const Etcdserverpb__MemberListResponse *)reply;
	ctl->n_endpoints = 0;
	for (size_t i = 0; i < list->n_members; i++) {
		const Etcdserverpb__Member *m = list->members[i];

		ctl->endpoints = pool_grow(ctl->pool, ctl->endpoints,
			ctl->n_endpoints * sizeof(*ctl->endpoints),
			(ctl->n_endpoints + m->n_clienturls) * sizeof(*ctl->endpoints));
		for (size_t u = 0; u < m->n_clienturls; u++)
			ctl->endpoints[ctl->n_endpoints++] = m->clienturls[u];
	}
	return CTL_OK;
}

/* endpoint_run opens a session, and asks all endpoints. */
static int endpoint_run(struct ctl *ctl, int (*ask_all)(struct ctl *ctl))
{
	int code = session_open(ctl);

	if (code)
		return code;
	rpc_init(flag_bool(&ctl->flags, "debug"));
	code = endpoint_cluster(ctl);
	if (!code)
		code = ask_all(ctl);
	rpc_shutdown();
	return code;
}

/* --- health ----------------------------------------------------------------------- */

/* One endpoint being asked; each has a thread, so that one that does not answer
 * holds up none of the others. */
struct endpoint_probe {
	struct ctl *ctl;
	struct pool pool;
	pthread_t thread;
	struct endpoint_health health;
};

static int64_t endpoint_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* endpoint_probe reads a key, any key: that takes the consent of a majority. */
static void *endpoint_probe(void *arg)
{
	Etcdserverpb__RangeRequest request = ETCDSERVERPB__RANGE_REQUEST__INIT;
	struct endpoint_probe *e = arg;
	struct rpc_config config = session_config(e->ctl, &e->health.endpoint, 1);
	ProtobufCMessage *reply;
	const char *error;
	struct rpc *rpc;
	int64_t start;

	e->health.took = "";
	error = rpc_open(&e->pool, &config, &rpc);
	if (!error) {
		start = endpoint_now();
		request.key = pool_bytes("health");
		error = rpc_call(rpc, &rpc_range, &request.base, session_timeout(e->ctl), &reply);
		e->health.took = go_duration(&e->pool, endpoint_now() - start);
		/* to find that out, too, the members had to agree */
		if (error && strcmp(error, "etcdserver: permission denied") == 0)
			error = NULL;
	}
	rpc_close(rpc);
	e->health.error = error;
	e->health.health = !error;
	return NULL;
}

static int endpoint_health_print(struct ctl *ctl, const struct endpoint_probe *probes)
{
	struct endpoint_health *list = pool_alloc(ctl->pool, ctl->n_endpoints * sizeof(*list));
	bool healthy = true;
	int code;

	for (size_t i = 0; i < ctl->n_endpoints; i++) {
		list[i] = probes[i].health;
		healthy &= list[i].health;
	}
	code = printer_health(ctl, list, ctl->n_endpoints);
	if (code || healthy)
		return code;
	return ctl_fail(ctl, CTL_ERROR, "unhealthy cluster");
}

static int endpoint_health_all(struct ctl *ctl)
{
	struct endpoint_probe *probes = pool_alloc(ctl->pool, ctl->n_endpoints * sizeof(*probes));
	size_t started;
	int code = CTL_OK;

	for (started = 0; started < ctl->n_endpoints; started++) {
		struct endpoint_probe *e = &probes[started];

		e->ctl = ctl;
		e->health.endpoint = ctl->endpoints[started];
		pool_init(&e->pool);
		if (pthread_create(&e->thread, NULL, endpoint_probe, e) != 0)
			break;
	}
	for (size_t i = 0; i < started; i++)
		pthread_join(probes[i].thread, NULL);
	if (started == ctl->n_endpoints)
		code = endpoint_health_print(ctl, probes);
	else
		code = ctl_fail(ctl, CTL_ERROR, "cannot start a thread");
	for (size_t i = 0; i < started; i++)
		pool_free(&probes[i].pool);
	return code;
}

static int endpoint_health_run(struct ctl *ctl)
{
	return endpoint_run(ctl, endpoint_health_all);
}

/* --- status ----------------------------------------------------------------------- */

/* endpoint_status_one returns the status of one endpoint, NULL if it failed. */
static const Etcdserverpb__StatusResponse *endpoint_status_one(struct ctl *ctl, size_t i)
{
	Etcdserverpb__StatusRequest request = ETCDSERVERPB__STATUS_REQUEST__INIT;
	struct rpc_config config = session_config(ctl, &ctl->endpoints[i], 1);
	ProtobufCMessage *reply = NULL;
	struct rpc *rpc;
	const char *error = rpc_open(ctl->pool, &config, &rpc);

	if (!error)
		error = rpc_call(rpc, &rpc_status, &request.base, session_timeout(ctl), &reply);
	rpc_close(rpc);
	if (error)
		fprintf(ctl->err, "Failed to get the status of endpoint %s (%s)\n",
			ctl->endpoints[i], error);
	return (const Etcdserverpb__StatusResponse *)reply;
}

static int endpoint_status_all(struct ctl *ctl)
{
	struct endpoint_status *list = pool_alloc(ctl->pool, ctl->n_endpoints * sizeof(*list));
	size_t n = 0;
	int code;

	if (ctl->n_endpoints == 0)
		return ctl_fail(ctl, CTL_BAD_CONNECTION, "etcdclient: no available endpoints");
	for (size_t i = 0; i < ctl->n_endpoints; i++) {
		list[n].endpoint = ctl->endpoints[i];
		list[n].status = endpoint_status_one(ctl, i);
		n += list[n].status != NULL;
	}
	code = printer_status(ctl, list, n);
	return code || n == ctl->n_endpoints ? code : CTL_ERROR;
}

static int endpoint_status_run(struct ctl *ctl)
{
	return endpoint_run(ctl, endpoint_status_all);
}

/* --- the commands ------------------------------------------------------------------- */

static const struct command endpoint_health = {
	.name = "health",
	.summary = "Checks the healthiness of endpoints specified in `--endpoints` flag",
	.run = endpoint_health_run,
};

static const struct command endpoint_status = {
	.name = "status",
	.summary = "Prints out the status of endpoints specified in `--endpoints` flag",
	.description = "When --write-out is set to simple, this command prints out "
		       "comma-separated status lists for each endpoint.\n"
		       "The items in the lists are endpoint, ID, version, db size, is leader, "
		       "is learner, raft term, raft index, raft applied index, errors.",
	.run = endpoint_status_run,
};

static const struct command *const endpoint_children[] = {
	&endpoint_health,
	&endpoint_status,
	&(const struct command){.name = "hashkv", .unsupported = true},
	NULL,
};

static const struct flag_def endpoint_flags[] = {
	{"cluster", 0, FLAG_BOOL, "false", "use all endpoints from the cluster member list", false},
};

const struct command command_endpoint = {
	.name = "endpoint",
	.arguments = "<subcommand>",
	.summary = "Endpoint related commands",
	.persistent = endpoint_flags,
	.n_persistent = ARRAY_SIZE(endpoint_flags),
	.children = endpoint_children,
};
