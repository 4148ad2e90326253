/* SPDX-License-Identifier: Apache-2.0 */
#include "client/rpc.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <string.h>
#include <time.h>

#include "client/endpoint.h"
#include "client/json.h"
#include "client/reply.h"
#include "client/rpc_status.h"
#include "client/version.h"
#include "server/etcdserverpb/rpc.pb-c.h"

enum {
	RPC_MAX_SEND = 2 * 1024 * 1024, /* bytes; etcd's client sends no more */
	RPC_MAX_ATTEMPTS = 100,
	RPC_BACKOFF_MS = 25,    /* between rounds over a quorum of the endpoints */
	RPC_RECONNECT_MS = 250, /* between attempts to connect to one endpoint */
	RPC_RECONNECT_MAX_MS = 1000,
	RPC_MIN_KEEPALIVE_MS = 10000, /* more often, and servers hang up */
	RPC_SLACK_MS = 10,            /* the library's clock is this coarse */
};

const struct rpc_method rpc_range = {
	"/etcdserverpb.KV/Range", &etcdserverpb__range_response__descriptor, true};
const struct rpc_method rpc_put = {
	"/etcdserverpb.KV/Put", &etcdserverpb__put_response__descriptor, false};
const struct rpc_method rpc_delete_range = {
	"/etcdserverpb.KV/DeleteRange", &etcdserverpb__delete_range_response__descriptor, false};
const struct rpc_method rpc_txn = {
	"/etcdserverpb.KV/Txn", &etcdserverpb__txn_response__descriptor, false};
const struct rpc_method rpc_compact = {
	"/etcdserverpb.KV/Compact", &etcdserverpb__compaction_response__descriptor, false};
const struct rpc_method rpc_member_list = {
	"/etcdserverpb.Cluster/MemberList", &etcdserverpb__member_list_response__descriptor, true};
const struct rpc_method rpc_status = {
	"/etcdserverpb.Maintenance/Status", &etcdserverpb__status_response__descriptor, true};

struct rpc_endpoint {
	const char *name;
	grpc_channel *channel;
	bool watched; /* a change of its state will come out of the queue */
};

struct rpc {
	struct pool *pool;
	struct rpc_endpoint *endpoints;
	size_t n;
	size_t next; /* whose turn it is */
	const char *names;
	grpc_completion_queue *queue;
	FILE *log;
};

/* What became of one attempt. */
struct rpc_result {
	grpc_status_code code;
	const char *description;
	ProtobufCMessage *reply;
};

/* --- connections ---------------------------------------------------------------- */

static void rpc_log_nothing(gpr_log_func_args *args)
{
	(void)args;
}

void rpc_init(bool verbose)
{
	if (verbose)
		gpr_set_log_verbosity(GPR_LOG_SEVERITY_DEBUG);
	else
		gpr_set_log_function(rpc_log_nothing);
	grpc_init();
}

void rpc_shutdown(void)
{
	grpc_shutdown_blocking();
}

static grpc_arg rpc_arg(const char *key, int64_t value)
{
	int clamped = value < 0 ? 0 : value > INT32_MAX ? INT32_MAX : (int)value;

	return (grpc_arg){GRPC_ARG_INTEGER, (char *)key, {.integer = clamped}};
}

static grpc_channel *rpc_channel(const char *target, const struct rpc_config *c)
{
	int64_t dial = c->dial_timeout / 1000000, keepalive = c->keepalive_time / 1000000;
	grpc_arg args[] = {
		/* the least time given to an attempt to connect */
		rpc_arg(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, dial > 0 ? dial : 20000),
		rpc_arg(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, RPC_RECONNECT_MS),
		rpc_arg(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, RPC_RECONNECT_MAX_MS),
		rpc_arg(GRPC_ARG_KEEPALIVE_TIME_MS,
			keepalive > RPC_MIN_KEEPALIVE_MS ? keepalive : RPC_MIN_KEEPALIVE_MS),
		rpc_arg(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, c->keepalive_timeout / 1000000),
		{GRPC_ARG_INTEGER, (char *)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, {.integer = -1}},
		/* when to send again is decided here, and nobody else is asked the way */
		rpc_arg(GRPC_ARG_ENABLE_RETRIES, 0),
		rpc_arg(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1),
		rpc_arg(GRPC_ARG_ENABLE_HTTP_PROXY, 0),
	};
	grpc_channel_args list = {ARRAY_SIZE(args), args};
	grpc_channel_credentials *creds = grpc_insecure_credentials_create();
	grpc_channel *channel = grpc_channel_create(target, creds, &list);

	grpc_channel_credentials_release(creds);
	return channel;
}

const char *rpc_open(struct pool *p, const struct rpc_config *config, struct rpc **out)
{
	struct rpc *r = pool_alloc(p, sizeof(*r));
	const char *why = "no endpoint", *target;
	struct text names;

	*out = NULL;
	*r = (struct rpc){.pool = p, .log = config->log};
	r->endpoints = pool_alloc(p, config->n_endpoints * sizeof(*r->endpoints));
	text_init(&names, p);
	for (size_t i = 0; i < config->n_endpoints; i++) {
		const char *name = config->endpoints[i];
		const char *bad = endpoint_target(p, name, &target);

		if (bad) {
			why = pool_printf(p, "endpoint \"%s\": %s", name, bad);
			continue;
		}
		text_printf(&names, "%s%s", r->n ? "," : "", name);
		r->endpoints[r->n++] =
			(struct rpc_endpoint){name, rpc_channel(target, config), false};
	}
	if (r->n == 0)
		return why;
	r->names = names.data;
	r->queue = grpc_completion_queue_create_for_next(NULL);
	*out = r;
	return NULL;
}

void rpc_close(struct rpc *r)
{
	grpc_event ev;

	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		grpc_channel_destroy(r->endpoints[i].channel); /* ends what is watched */
	grpc_completion_queue_shutdown(r->queue);
	do
		ev = grpc_completion_queue_next(
			r->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
	while (ev.type != GRPC_QUEUE_SHUTDOWN);
	grpc_completion_queue_destroy(r->queue);
}

/* rpc_wait waits for the next event, and notes which endpoint is no longer
 * watched. Returns: false when the deadline has passed. */
static bool rpc_wait(struct rpc *r, gpr_timespec deadline, void **tag)
{
	grpc_event ev = grpc_completion_queue_next(r->queue, deadline, NULL);

	if (ev.type != GRPC_OP_COMPLETE)
		return false;
	*tag = ev.tag;
	for (size_t i = 0; i < r->n; i++)
		if (ev.tag == &r->endpoints[i])
			r->endpoints[i].watched = false;
	return true;
}

/* rpc_pick waits until an endpoint is connected. Returns: NULL when the
 * deadline has passed. */
static struct rpc_endpoint *rpc_pick(struct rpc *r, gpr_timespec deadline)
{
	void *tag;

	do {
		for (size_t i = 0; i < r->n; i++) {
			size_t at = (r->next + i) % r->n;
			struct rpc_endpoint *e = &r->endpoints[at];
			grpc_connectivity_state state =
				grpc_channel_check_connectivity_state(e->channel, 1);

			if (state == GRPC_CHANNEL_READY) {
				r->next = at + 1;
				return e;
			}
			if (!e->watched)
				grpc_channel_watch_connectivity_state(
					e->channel, state, deadline, r->queue, e);
			e->watched = true;
		}
	} while (gpr_time_cmp(gpr_now(GPR_CLOCK_MONOTONIC), deadline) < 0 &&
		 rpc_wait(r, deadline, &tag));
	return NULL;
}

/* --- one attempt ------------------------------------------------------------------ */

/* What a call reads and fills in while it runs. */
struct rpc_answer {
	grpc_metadata version;
	grpc_metadata_array initial;
	grpc_metadata_array trailing;
	grpc_byte_buffer *payload;
	grpc_status_code code;
	grpc_slice details;
};

static void rpc_answer_free(struct rpc_answer *a)
{
	grpc_metadata_array_destroy(&a->initial);
	grpc_metadata_array_destroy(&a->trailing);
	if (a->payload)
		grpc_byte_buffer_destroy(a->payload);
	grpc_slice_unref(a->details);
}

/* rpc_decode turns the payload into the reply, or into an error. */
static struct rpc_result rpc_decode(struct rpc *r, const struct rpc_method *m, struct rpc_answer *a)
{
	struct rpc_result result = {GRPC_STATUS_INTERNAL, "", NULL};
	grpc_byte_buffer_reader reader;
	grpc_slice bytes;

	result.description = pool_printf(r->pool, "malformed reply to %s", m->name);
	if (!a->payload || !grpc_byte_buffer_reader_init(&reader, a->payload))
		return result;
	bytes = grpc_byte_buffer_reader_readall(&reader);
	result.reply = reply_unpack(
		r->pool, m->reply, GRPC_SLICE_START_PTR(bytes), GRPC_SLICE_LENGTH(bytes));
	grpc_slice_unref(bytes);
	grpc_byte_buffer_reader_destroy(&reader);
	if (result.reply)
		result.code = GRPC_STATUS_OK;
	return result;
}

static void rpc_start(grpc_call *call, grpc_byte_buffer *request, struct rpc_answer *a)
{
	grpc_op ops[6] = {0};

	a->version.key = grpc_slice_from_static_string("client-api-version");
	a->version.value = grpc_slice_from_static_string(ETCDCTL_API_VERSION);
	ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
	ops[0].flags = GRPC_INITIAL_METADATA_WAIT_FOR_READY;
	ops[0].data.send_initial_metadata.count = 1;
	ops[0].data.send_initial_metadata.metadata = &a->version;
	ops[1].op = GRPC_OP_SEND_MESSAGE;
	ops[1].data.send_message.send_message = request;
	ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
	ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
	ops[3].data.recv_initial_metadata.recv_initial_metadata = &a->initial;
	ops[4].op = GRPC_OP_RECV_MESSAGE;
	ops[4].data.recv_message.recv_message = &a->payload;
	ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
	ops[5].data.recv_status_on_client.trailing_metadata = &a->trailing;
	ops[5].data.recv_status_on_client.status = &a->code;
	ops[5].data.recv_status_on_client.status_details = &a->details;
	grpc_call_start_batch(call, ops, ARRAY_SIZE(ops), call, NULL);
}

/* rpc_send makes one call on a connection that was ready a moment ago. */
static struct rpc_result rpc_send(struct rpc *r, struct rpc_endpoint *e, const struct rpc_method *m,
	grpc_byte_buffer *request, gpr_timespec deadline)
{
	struct rpc_answer a = {.code = GRPC_STATUS_UNKNOWN, .details = grpc_empty_slice()};
	grpc_call *call = grpc_channel_create_call(e->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
		r->queue, grpc_slice_from_static_string(m->name), NULL, deadline, NULL);
	struct rpc_result result;
	void *tag = NULL;

	grpc_metadata_array_init(&a.initial);
	grpc_metadata_array_init(&a.trailing);
	rpc_start(call, request, &a);
	while (tag != call) /* the library ends the call when its time is up */
		rpc_wait(r, gpr_inf_future(GPR_CLOCK_MONOTONIC), &tag);
	if (a.code == GRPC_STATUS_OK)
		result = rpc_decode(r, m, &a);
	else
		result = (struct rpc_result){a.code,
			pool_strndup(r->pool, (const char *)GRPC_SLICE_START_PTR(a.details),
				GRPC_SLICE_LENGTH(a.details)),
			NULL};
	rpc_answer_free(&a);
	grpc_call_unref(call);
	return result;
}

/* --- a call: attempts, until one succeeds or there is no sense in another ---------- */

/* rpc_log_failure writes the line that etcd's client writes. */
static void rpc_log_failure(struct rpc *r, const char *target, unsigned attempt, const char *error)
{
	struct timespec now;
	struct text t;
	struct tm tm;
	char day[32], zone[8];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	text_init(&t, r->pool);
	text_printf(&t, "{\"level\":\"warn\",\"ts\":\"%s.%03ld%s\",\"caller\":\"%s:%d\",", day,
		now.tv_nsec / 1000000, tm.tm_gmtoff ? zone : "Z", __FILE__, __LINE__);
	text_puts(&t, "\"msg\":\"retrying of unary invoker failed\",\"target\":");
	json_string(&t, target, strlen(target));
	text_printf(&t, ",\"attempt\":%u,\"error\":", attempt);
	json_string(&t, error, strlen(error));
	text_puts(&t, "}\n");
	fputs(t.data, r->log);
}

/* rpc_late tells whether the deadline has passed, as far as the library can see. */
static bool rpc_late(gpr_timespec deadline)
{
	gpr_timespec soon = gpr_time_add(
		gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(RPC_SLACK_MS, GPR_TIMESPAN));

	return gpr_time_cmp(soon, deadline) >= 0;
}

/* rpc_pause waits before an attempt, each time all of a quorum had its turn. */
static void rpc_pause(struct rpc *r, unsigned attempt, gpr_timespec deadline)
{
	gpr_timespec until = gpr_time_add(
		gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(RPC_BACKOFF_MS, GPR_TIMESPAN));

	if (attempt && attempt % (r->n / 2 + 1) == 0)
		gpr_sleep_until(gpr_time_min(until, deadline));
}

static const char *rpc_attempts(struct rpc *r, const struct rpc_method *m,
	grpc_byte_buffer *request, gpr_timespec deadline, ProtobufCMessage **reply)
{
	struct rpc_result result = {0};

	for (unsigned attempt = 0; attempt < RPC_MAX_ATTEMPTS; attempt++) {
		struct rpc_endpoint *e;

		rpc_pause(r, attempt, deadline);
		e = rpc_pick(r, deadline);
		if (e)
			result = rpc_send(r, e, m, request, deadline);
		else
			result = (struct rpc_result){GRPC_STATUS_DEADLINE_EXCEEDED,
				"no endpoint could be connected to", NULL};
		*reply = result.reply;
		if (result.code == GRPC_STATUS_OK)
			return NULL;
		rpc_log_failure(r, e ? e->name : r->names, attempt,
			rpc_status_text(r->pool, result.code, result.description));
		if (rpc_late(deadline) && (result.code == GRPC_STATUS_DEADLINE_EXCEEDED ||
						  result.code == GRPC_STATUS_CANCELLED))
			return RPC_DEADLINE_EXCEEDED;
		if (!m->repeatable || !rpc_status_retry(result.code))
			break;
	}
	return rpc_status_error(r->pool, result.code, result.description);
}

const char *rpc_call(struct rpc *r, const struct rpc_method *m, const ProtobufCMessage *request,
	int64_t timeout, ProtobufCMessage **reply)
{
	gpr_timespec deadline = gpr_time_add(
		gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(timeout, GPR_TIMESPAN));
	size_t len = protobuf_c_message_get_packed_size(request);
	grpc_byte_buffer *payload;
	const char *error;
	grpc_slice bytes;

	*reply = NULL;
	if (len > RPC_MAX_SEND) {
		error = rpc_status_text(r->pool, GRPC_STATUS_RESOURCE_EXHAUSTED,
			pool_printf(r->pool, "trying to send message larger than max (%zu vs. %d)",
				len, RPC_MAX_SEND));
		rpc_log_failure(r, r->names, 0, error);
		return error;
	}
	bytes = grpc_slice_malloc(len);
	protobuf_c_message_pack(request, GRPC_SLICE_START_PTR(bytes));
	payload = grpc_raw_byte_buffer_create(&bytes, 1);
	error = rpc_attempts(r, m, payload, deadline, reply);
	grpc_byte_buffer_destroy(payload);
	grpc_slice_unref(bytes);
	return error;
}
