/* SPDX-License-Identifier: Apache-2.0 */
#include "server/http/http_front.h"

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/http/json_pb.h"
#include "server/json_text.h"
#include "server/log.h"
#include "server/util.h"
#include "server/v3rpc/service.h"

enum {
	/* seconds without a byte after which a connection is closed; etcd has no such
	 * limit, but a client that keeps silent in the middle of a request for so long
	 * is not coming back */
	IDLE_SECONDS = 300,
	CONNECTIONS_MAX = 1 << 20,
	/* request line and headers have to fit in */
	CONNECTION_MEMORY = 32 * 1024,
	HEALTH_TIMEOUT_MS = 1000,
	LINGER_MS = 200,
};

struct http_front {
	struct etcdserver *server;
	struct MHD_Daemon *daemon;
	enum http_port port;
	size_t max_message, max_body;
	_Atomic size_t waiting;   /* requests set aside */
	_Atomic size_t answering; /* those that have their answer, until it is sent */
	struct arena arena;       /* of the daemon's one thread */
};

/* One request. */
struct request {
	struct rpc_call call; /* first */
	struct http_front *front;
	struct MHD_Connection *conn;
	const struct rpc_method *method; /* NULL: it is about health */
	struct xbuf body;
	uint8_t *message; /* call.request */
	enum { REQUEST_READING, REQUEST_TOO_LARGE, REQUEST_WAITING, REQUEST_DONE } state;
};

/* --- answering ------------------------------------------------------------------------- */

static enum MHD_Result respond(struct http_front *f, struct MHD_Connection *conn, int status,
	const char *type, const void *body, size_t len, enum MHD_ResponseMemoryMode mode,
	const char *header, const char *value)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(len, (void *)(uintptr_t)body, mode);

	if (f->port == HTTP_CLIENT_PORT) {
		/* what etcd answers when --cors is *, its default */
		MHD_add_response_header(
			r, "Access-Control-Allow-Headers", "accept, content-type, authorization");
		MHD_add_response_header(
			r, "Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE");
		MHD_add_response_header(r, "Access-Control-Allow-Origin", "*");
	}
	if (type)
		MHD_add_response_header(r, "Content-Type", type);
	if (header)
		MHD_add_response_header(r, header, value);
	enum MHD_Result result = MHD_queue_response(conn, (unsigned)status, r);
	MHD_destroy_response(r);
	return result;
}

/* As Go's http.Error. */
static enum MHD_Result respond_error(struct http_front *f, struct MHD_Connection *conn, int status,
	const char *text, const char *allow)
{
	char body[128];
	int len = snprintf(body, sizeof body, "%s\n", text);
	const char *header = allow ? "Allow" : "X-Content-Type-Options";

	return respond(f, conn, status, "text/plain; charset=utf-8", body, (size_t)len,
		MHD_RESPMEM_MUST_COPY, header, allow ? allow : "nosniff");
}

/* As the gateway's: {"error":MSG,"message":MSG,"code":CODE}. */
static enum MHD_Result respond_rpc_error(
	struct http_front *f, struct MHD_Connection *conn, enum rpc_code code, const char *text)
{
	struct json_text t = {0};

	json_text_puts(&t, "{\"error\":");
	json_text_string(&t, text, strlen(text));
	json_text_puts(&t, ",\"message\":");
	json_text_string(&t, text, strlen(text));
	json_text_puts(&t, ",\"code\":");
	json_text_i64(&t, code);
	json_text_putc(&t, '}');
	return respond(f, conn, rpc_code_http_status(code), "application/json", t.data, t.len,
		MHD_RESPMEM_MUST_FREE, NULL, NULL);
}

static enum MHD_Result respond_too_large(
	struct http_front *f, struct MHD_Connection *conn, size_t len)
{
	char text[96];

	snprintf(text, sizeof text, "grpc: received message larger than max (%zu vs. %zu)", len,
		f->max_message);
	return respond_rpc_error(f, conn, RPC_CODE_RESOURCE_EXHAUSTED, text);
}

static enum MHD_Result respond_message(struct request *rq)
{
	struct json_text t = {0};
	struct arena *arena = &rq->front->arena;
	ProtobufCMessage *msg = protobuf_c_message_unpack(
		rq->method->response, &arena->protobuf, rq->call.response_len, rq->call.response);

	if (!msg)
		return respond_rpc_error(
			rq->front, rq->conn, RPC_CODE_INTERNAL, "cannot decode the answer");
	json_pb_encode(msg, &t);
	arena_reset(arena);
	return respond(rq->front, rq->conn, 200, "application/json", t.data, t.len,
		MHD_RESPMEM_MUST_FREE, "Grpc-Metadata-Content-Type", "application/grpc");
}

static enum MHD_Result respond_health(
	struct http_front *f, struct MHD_Connection *conn, bool healthy)
{
	static const char good[] = "{\"health\":\"true\"}";

	if (!healthy)
		return respond_error(f, conn, 503, "{\"health\":\"false\"}", NULL);
	return respond(f, conn, 200, "text/plain; charset=utf-8", good, strlen(good),
		MHD_RESPMEM_PERSISTENT, NULL, NULL);
}

static enum MHD_Result respond_version(struct http_front *f, struct MHD_Connection *conn)
{
	char body[96], cluster[16];

	etcdserver_cluster_version(f->server, cluster);
	int len = snprintf(body, sizeof body, "{\"etcdserver\":\"%s\",\"etcdcluster\":\"%s\"}",
		ETCDSERVER_VERSION, cluster);
	return respond(f, conn, 200, "application/json", body, (size_t)len, MHD_RESPMEM_MUST_COPY,
		NULL, NULL);
}

/* --- requests that wait ------------------------------------------------------------------ */

static void call_done(struct rpc_call *call)
{
	struct request *rq = (struct request *)call;

	struct http_front *f = rq->front;

	rq->state = REQUEST_DONE;
	f->answering++;
	MHD_resume_connection(rq->conn); /* rq may be gone from here on */
	f->waiting--;
}

static enum MHD_Result start_call(struct request *rq, const struct rpc_method *m)
{
	struct http_front *f = rq->front;

	rq->call.done = call_done;
	rq->state = REQUEST_WAITING;
	f->waiting++;
	/* The connection must rest before the answer may come. */
	MHD_suspend_connection(rq->conn);
	rpc_call_start(f->server, m, &rq->call, &f->arena);
	return MHD_YES;
}

static enum MHD_Result start_gateway(struct request *rq)
{
	struct http_front *f = rq->front;
	ProtobufCMessage *msg;
	char error[512];

	if (!json_pb_decode(rq->method->request, rq->body.data ? rq->body.data : "", rq->body.len,
		    &f->arena, &msg, error, sizeof error)) {
		arena_reset(&f->arena);
		return respond_rpc_error(f, rq->conn, RPC_CODE_INVALID_ARGUMENT, error);
	}
	rq->call.request_len = protobuf_c_message_get_packed_size(msg);
	if (rq->call.request_len > f->max_message) {
		arena_reset(&f->arena);
		return respond_too_large(f, rq->conn, rq->call.request_len);
	}
	rq->message = xmalloc(rq->call.request_len);
	protobuf_c_message_pack(msg, rq->message);
	rq->call.request = rq->message;
	arena_reset(&f->arena);
	xbuf_free(&rq->body);
	return start_call(rq, rq->method);
}

/* Healthy is who can write, and answers a linearizable read soon. */
static enum MHD_Result start_health(struct request *rq)
{
	static const uint8_t probe[] =
		"\x0a\x06health\x48\x01"; /* Range{key: "health", count_only: true} */

	if (!etcdserver_can_write(rq->front->server))
		return respond_health(rq->front, rq->conn, false);
	rq->call.request = probe;
	rq->call.request_len = sizeof probe - 1;
	rq->call.timeout_ns = HEALTH_TIMEOUT_MS * 1000000ull;
	return start_call(rq, &rpc_methods[0]);
}

static enum MHD_Result finish_call(struct request *rq)
{
	if (!rq->method)
		return respond_health(rq->front, rq->conn, rq->call.error == RPC_OK);
	if (rq->call.error != RPC_OK)
		return respond_rpc_error(rq->front, rq->conn, rpc_error_code(rq->call.error),
			rpc_error_text(rq->call.error));
	return respond_message(rq);
}

/* --- routing ------------------------------------------------------------------------------- */

/* The gateway's path, without the prefix by which it can also be reached. */
static const char *gateway_path(const char *url, char *buf, size_t size)
{
	if (strncmp(url, "/v3/", 4) == 0)
		return url;
	if (strncmp(url, "/v3beta/", 8) != 0)
		return NULL;
	snprintf(buf, size, "/v3/%s", url + 8);
	return buf;
}

static enum MHD_Result route_gateway(struct request *rq, const char *path, const char *verb)
{
	for (size_t i = 0; i < rpc_methods_len; i++) {
		if (!rpc_methods[i].http_path || strcmp(rpc_methods[i].http_path, path) != 0)
			continue;
		if (strcmp(verb, "POST") != 0)
			return respond_error(rq->front, rq->conn, 405, "Method Not Allowed", NULL);
		if (rq->state == REQUEST_TOO_LARGE)
			return respond_too_large(rq->front, rq->conn, rq->body.len);
		rq->method = &rpc_methods[i];
		return start_gateway(rq);
	}
	return respond_error(rq->front, rq->conn, 404, "Not Found", NULL);
}

static enum MHD_Result route(struct request *rq, const char *url, const char *verb)
{
	struct http_front *f = rq->front;
	bool client = f->port == HTTP_CLIENT_PORT;
	char buf[256];
	const char *path = gateway_path(url, buf, sizeof buf);

	if (client && strcmp(verb, "OPTIONS") == 0)
		return respond(f, rq->conn, 200, NULL, "", 0, MHD_RESPMEM_PERSISTENT, NULL, NULL);
	if (client && path)
		return route_gateway(rq, path, verb);
	bool health = client && strcmp(url, "/health") == 0;
	if (!health && strcmp(url, "/version") != 0)
		return respond_error(f, rq->conn, 404, "404 page not found", NULL);
	if (strcmp(verb, "GET") != 0)
		return respond_error(f, rq->conn, 405, "Method Not Allowed", "GET");
	return health ? start_health(rq) : respond_version(f, rq->conn);
}

/* --- libmicrohttpd ------------------------------------------------------------------------- */

/* Takes in a piece of the body; past the limit it is counted, and dropped. */
static void read_body(struct request *rq, const char *data, size_t len)
{
	if (rq->state == REQUEST_READING && rq->body.len + len > rq->front->max_body) {
		rq->state = REQUEST_TOO_LARGE;
		size_t total = rq->body.len;
		xbuf_free(&rq->body);
		rq->body.len = total;
	}
	if (rq->state == REQUEST_TOO_LARGE)
		rq->body.len += len;
	else
		xbuf_append(&rq->body, data, len);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *conn, const char *url,
	const char *verb, const char *version, const char *data, size_t *data_len, void **con_cls)
{
	struct http_front *f = arg;
	struct request *rq = *con_cls;

	(void)version;
	if (!rq) {
		rq = xcalloc(1, sizeof *rq);
		rq->front = f;
		rq->conn = conn;
		*con_cls = rq;
		return MHD_YES;
	}
	if (*data_len) {
		read_body(rq, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	return rq->state == REQUEST_DONE ? finish_call(rq) : route(rq, url, verb);
}

static void on_completed(void *arg, struct MHD_Connection *conn, void **con_cls,
	enum MHD_RequestTerminationCode code)
{
	struct request *rq = *con_cls;

	(void)arg;
	(void)conn;
	(void)code;
	if (!rq)
		return;
	if (rq->state == REQUEST_DONE)
		rq->front->answering--;
	free(rq->call.response);
	free(rq->message);
	if (rq->body.data)
		xbuf_free(&rq->body);
	free(rq);
	*con_cls = NULL;
}

static void on_log(void *arg, const char *fmt, va_list ap)
{
	char msg[512];

	(void)arg;
	vsnprintf(msg, sizeof msg, fmt, ap);
	msg[strcspn(msg, "\n")] = 0;
	log_debug("http", LOG_STR("message", msg));
}

struct http_front *http_front_start(struct etcdserver *s, enum http_port port)
{
	struct http_front *f = xcalloc(1, sizeof *f);

	f->server = s;
	f->port = port;
	f->max_message = (size_t)etcdserver_config(s)->max_request_bytes + RPC_OVERHEAD_BYTES;
	/* base64 makes 4 bytes of 3, and clients may escape or indent */
	f->max_body = 2 * f->max_message + 65536;
	arena_init(&f->arena);
	f->daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_EPOLL_INTERNAL_THREAD |
					     MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
					     MHD_USE_ERROR_LOG,
		0, NULL, NULL, on_request, f, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, f, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
	if (!f->daemon)
		log_fatal("cannot start the HTTP server");
	return f;
}

void http_front_add(struct http_front *f, int fd, const struct sockaddr *addr, socklen_t len)
{
	/* it closes fd, also if it fails */
	MHD_add_connection(f->daemon, fd, addr, len);
}

static void wait_ms(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void http_front_stop(struct http_front *f)
{
	/* The library must not be stopped while a connection is set aside. And it
	 * drops answers that are not sent yet: who still listens shall get them. */
	while (f->waiting)
		wait_ms();
	for (int i = 0; i < LINGER_MS && f->answering; i++)
		wait_ms();
	MHD_stop_daemon(f->daemon);
	arena_free(&f->arena);
	free(f);
}
