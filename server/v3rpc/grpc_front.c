/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/grpc_front.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_posix.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/log.h"
#include "server/util.h"
#include "server/v3rpc/service.h"

enum {
	/* Calls of each method that the library may accept before it is given more. */
	PENDING_CALLS = 64,
	/* The library's own limit lies above ours, so that clients get etcd's words;
	 * it bounds what a client can make us hold. */
	LIBRARY_LIMIT_FACTOR = 4,
};

/* One call, from before it comes until its batch is done. */
struct slot {
	struct rpc_call call; /* first */
	struct grpc_front *front;
	const struct rpc_method *method; /* NULL: none that is served */
	void *registered;
	atomic_bool answering; /* what the sender wrote before it, the receiver sees */
	grpc_call *grpc;
	grpc_metadata_array metadata;
	grpc_call_details details; /* if method is NULL */
	gpr_timespec deadline;
	grpc_byte_buffer *payload, *reply;
	grpc_byte_buffer_reader reader;
	grpc_slice request; /* holds call.request, if it had to be put together */
	enum rpc_code code;
	grpc_slice text;
	int cancelled;
	struct slot *next_free;
};

struct grpc_front {
	struct etcdserver *server;
	grpc_server *grpc;
	grpc_completion_queue *cq;
	pthread_t receiver, sender;
	struct mailbox outbox; /* calls that have their answer */
	struct mail stop;
	_Atomic size_t in_flight;
	atomic_bool shut_down; /* the library has finished all calls */
	size_t max_message;
	void **registered; /* the library's handle of each of rpc_methods */
	struct slot *free; /* the receiver's */
	struct arena arena;
};

static char shutdown_tag;

/* --- slots --------------------------------------------------------------------------- */

/* Asks the library for the next call of a method (NULL: of any other). */
static void request_call(struct grpc_front *f, const struct rpc_method *method, void *registered)
{
	struct slot *sl = f->free;

	if (sl)
		f->free = sl->next_free;
	else
		sl = xmalloc(sizeof *sl);
	*sl = (struct slot){.front = f, .method = method, .registered = registered};
	sl->request = sl->text = grpc_empty_slice();
	grpc_metadata_array_init(&sl->metadata);
	grpc_call_error err;
	if (method) {
		err = grpc_server_request_registered_call(f->grpc, registered, &sl->grpc,
			&sl->deadline, &sl->metadata, &sl->payload, f->cq, f->cq, sl);
	} else {
		grpc_call_details_init(&sl->details);
		err = grpc_server_request_call(
			f->grpc, &sl->grpc, &sl->details, &sl->metadata, f->cq, f->cq, sl);
	}
	if (err != GRPC_CALL_OK)
		log_fatal(
			"cannot request a call", LOG_STR("error", grpc_call_error_to_string(err)));
}

static void free_slot(struct slot *sl)
{
	struct grpc_front *f = sl->front;

	grpc_slice_unref(sl->request);
	grpc_slice_unref(sl->text);
	grpc_metadata_array_destroy(&sl->metadata);
	if (!sl->method)
		grpc_call_details_destroy(&sl->details);
	if (sl->payload) {
		grpc_byte_buffer_reader_destroy(&sl->reader);
		grpc_byte_buffer_destroy(sl->payload);
	}
	if (sl->reply)
		grpc_byte_buffer_destroy(sl->reply);
	if (sl->grpc)
		grpc_call_unref(sl->grpc);
	sl->next_free = f->free;
	f->free = sl;
}

/* --- answering ------------------------------------------------------------------------ */

static void answer(struct slot *sl, enum rpc_code code, const char *text)
{
	sl->code = code;
	sl->text = grpc_slice_from_copied_string(text);
	mailbox_send(&sl->front->outbox, &sl->call.mail);
}

static void call_done(struct rpc_call *call)
{
	struct slot *sl = (struct slot *)call;

	if (call->error == RPC_OK && call->response_len > INT_MAX) {
		char text[96];
		snprintf(text, sizeof text,
			"grpc: trying to send message larger than max (%zu vs. %d)",
			call->response_len, INT_MAX);
		free(call->response);
		answer(sl, RPC_CODE_RESOURCE_EXHAUSTED, text);
		return;
	}
	if (call->error == RPC_OK) {
		grpc_slice slice = grpc_slice_new(call->response, call->response_len, free);
		sl->reply = grpc_raw_byte_buffer_create(&slice, 1);
		grpc_slice_unref(slice);
	} else {
		sl->code = rpc_error_code(call->error);
		sl->text = grpc_slice_from_static_string(rpc_error_text(call->error));
	}
	mailbox_send(&sl->front->outbox, &call->mail);
}

static void send_answer(struct slot *sl)
{
	grpc_op ops[4] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_RECV_CLOSE_ON_SERVER,
			.data.recv_close_on_server.cancelled = &sl->cancelled},
		{.op = GRPC_OP_SEND_STATUS_FROM_SERVER,
			.data.send_status_from_server = {.status = (grpc_status_code)sl->code,
				.status_details = sl->code == RPC_CODE_OK ? NULL : &sl->text}},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = sl->reply},
	};

	grpc_call *call = sl->grpc;
	size_t n = sl->reply ? 4 : 3;
	sl->answering = true; /* the slot may be used anew before the call returns */
	grpc_call_error err = grpc_call_start_batch(call, ops, n, sl, NULL);
	if (err != GRPC_CALL_OK)
		log_fatal("cannot answer a call", LOG_STR("error", grpc_call_error_to_string(err)));
}

static void *sender_main(void *arg)
{
	struct grpc_front *f = arg;

	pthread_setname_np(pthread_self(), "grpc-send");
	for (;;) {
		struct mail *next, *mail = mailbox_take(&f->outbox, UINT64_MAX);
		for (; mail; mail = next) {
			next = mail->next;
			if (mail == &f->stop)
				return NULL;
			send_answer((struct slot *)mail_of(mail, struct rpc_call, mail));
		}
	}
}

/* --- receiving ------------------------------------------------------------------------- */

static bool has_metadata(const grpc_metadata_array *md, const char *key, const char *value)
{
	for (size_t i = 0; i < md->count; i++)
		if (grpc_slice_str_cmp(md->metadata[i].key, key) == 0 &&
			grpc_slice_str_cmp(md->metadata[i].value, value) == 0)
			return true;
	return false;
}

/* Makes call.request point to the message, without a copy if it is in one piece. */
static void read_request(struct slot *sl)
{
	grpc_slice *piece;

	if (grpc_byte_buffer_length(sl->payload) == 0) {
		sl->call.request = (const uint8_t *)"";
		return;
	}
	if (sl->payload->data.raw.slice_buffer.count == 1 &&
		grpc_byte_buffer_reader_peek(&sl->reader, &piece)) {
		sl->call.request = GRPC_SLICE_START_PTR(*piece);
		sl->call.request_len = GRPC_SLICE_LENGTH(*piece);
		return;
	}
	sl->request = grpc_byte_buffer_reader_readall(&sl->reader);
	sl->call.request = GRPC_SLICE_START_PTR(sl->request);
	sl->call.request_len = GRPC_SLICE_LENGTH(sl->request);
}

/* grpc-go's words for a method that there is not. */
static void refuse_unknown(struct slot *sl)
{
	char *path = grpc_slice_to_c_string(sl->details.method), *slash, text[512];
	char *name = *path == '/' ? path + 1 : path;
	enum rpc_code code = RPC_CODE_UNIMPLEMENTED;
	bool known = false;

	slash = strrchr(name, '/');
	if (!slash) {
		snprintf(text, sizeof text, "malformed method name: \"%.400s\"", path);
		code = RPC_CODE_RESOURCE_EXHAUSTED;
	} else {
		*slash = 0;
		for (size_t i = 0; i < rpc_methods_len; i++)
			known = known || strcmp(rpc_methods[i].service, name) == 0;
		if (known)
			snprintf(text, sizeof text, "unknown method %.200s for service %.200s",
				slash + 1, name);
		else
			snprintf(text, sizeof text, "unknown service %.400s", name);
	}
	gpr_free(path);
	answer(sl, code, text);
}

static void take_call(struct slot *sl)
{
	struct grpc_front *f = sl->front;
	size_t len = sl->payload ? grpc_byte_buffer_length(sl->payload) : 0;

	if (sl->payload && !grpc_byte_buffer_reader_init(&sl->reader, sl->payload)) {
		grpc_byte_buffer_destroy(sl->payload);
		sl->payload = NULL;
	}
	if (!sl->method) {
		refuse_unknown(sl);
	} else if (!sl->payload) {
		/* the client went away, or sent more than the library takes */
		answer(sl, RPC_CODE_INTERNAL, rpc_error_text(RPC_MALFORMED));
	} else if (len > f->max_message) {
		char text[96];
		snprintf(text, sizeof text, "grpc: received message larger than max (%zu vs. %zu)",
			len, f->max_message);
		answer(sl, RPC_CODE_RESOURCE_EXHAUSTED, text);
	} else {
		read_request(sl);
		sl->call.done = call_done;
		sl->call.require_leader = has_metadata(&sl->metadata, "hasleader", "true");
		rpc_call_start(f->server, sl->method, &sl->call, &f->arena);
	}
}

static void *receiver_main(void *arg)
{
	struct grpc_front *f = arg;

	pthread_setname_np(pthread_self(), "grpc-receive");
	for (;;) {
		grpc_event ev = grpc_completion_queue_next(
			f->cq, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
		struct slot *sl = ev.tag;
		if (ev.type == GRPC_QUEUE_SHUTDOWN)
			return NULL;
		if (ev.tag == &shutdown_tag) {
			f->shut_down = true;
		} else if (sl->answering) {
			free_slot(sl);
			f->in_flight--;
		} else if (!ev.success) {
			free_slot(sl); /* the server shuts down */
		} else {
			f->in_flight++;
			request_call(f, sl->method, sl->registered);
			take_call(sl);
		}
	}
}

/* --- beginning and end ------------------------------------------------------------------- */

static grpc_server *make_server(size_t max_message)
{
	/* etcd's keep-alive policy: a client may ping every 5 s */
	grpc_arg args[] = {
		{GRPC_ARG_INTEGER, (char *)(uintptr_t)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
			.value.integer = max_message > INT_MAX / LIBRARY_LIMIT_FACTOR
						 ? INT_MAX
						 : (int)max_message * LIBRARY_LIMIT_FACTOR},
		{GRPC_ARG_INTEGER,
			(char *)(uintptr_t)GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
			.value.integer = 5000},
		{GRPC_ARG_INTEGER, (char *)(uintptr_t)GRPC_ARG_KEEPALIVE_TIME_MS,
			.value.integer = 7200 * 1000},
		{GRPC_ARG_INTEGER, (char *)(uintptr_t)GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
			.value.integer = 20 * 1000},
		{GRPC_ARG_INTEGER, (char *)(uintptr_t)GRPC_ARG_MAX_METADATA_SIZE,
			.value.integer = 64 * 1024},
	};
	grpc_channel_args list = {sizeof args / sizeof *args, args};

	return grpc_server_create(&list, NULL);
}

struct grpc_front *grpc_front_start(struct etcdserver *s)
{
	struct grpc_front *f = xcalloc(1, sizeof *f);

	f->server = s;
	f->max_message = (size_t)etcdserver_config(s)->max_request_bytes + RPC_OVERHEAD_BYTES;
	mailbox_init(&f->outbox);
	arena_init(&f->arena);
	grpc_init();
	f->grpc = make_server(f->max_message);
	f->cq = grpc_completion_queue_create_for_next(NULL);
	grpc_server_register_completion_queue(f->grpc, f->cq, NULL);
	f->registered = xcalloc(rpc_methods_len, sizeof *f->registered);
	for (size_t i = 0; i < rpc_methods_len; i++) {
		char *path = xasprintf("/%s/%s", rpc_methods[i].service, rpc_methods[i].name);
		f->registered[i] = grpc_server_register_method(
			f->grpc, path, NULL, GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
		free(path);
	}
	grpc_server_start(f->grpc);
	for (size_t i = 0; i < rpc_methods_len; i++)
		for (int n = 0; n < PENDING_CALLS; n++)
			request_call(f, &rpc_methods[i], f->registered[i]);
	request_call(f, NULL, NULL);
	if (pthread_create(&f->sender, NULL, sender_main, f) != 0 ||
		pthread_create(&f->receiver, NULL, receiver_main, f) != 0)
		log_fatal("cannot start a thread");
	return f;
}

void grpc_front_add(struct grpc_front *f, int fd)
{
	grpc_server_credentials *creds = grpc_insecure_server_credentials_create();

	grpc_server_add_channel_from_fd(f->grpc, fd, creds);
	grpc_server_credentials_release(creds);
}

static void wait_ms(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

void grpc_front_drain(struct grpc_front *f, unsigned grace_ms)
{
	grpc_server_shutdown_and_notify(f->grpc, f->cq, &shutdown_tag);
	for (unsigned i = 0; i < grace_ms && f->in_flight; i++)
		wait_ms();
}

void grpc_front_stop(struct grpc_front *f)
{
	grpc_server_cancel_all_calls(f->grpc);
	while (!f->shut_down || f->in_flight)
		wait_ms();
	/* No call is left, so nobody starts a batch any more. */
	mailbox_send(&f->outbox, &f->stop);
	pthread_join(f->sender, NULL);
	grpc_completion_queue_shutdown(f->cq);
	pthread_join(f->receiver, NULL);
	grpc_completion_queue_destroy(f->cq);
	grpc_server_destroy(f->grpc);
	grpc_shutdown();
	while (f->free) {
		struct slot *sl = f->free;
		f->free = sl->next_free;
		free(sl);
	}
	free(f->registered);
	arena_free(&f->arena);
	mailbox_destroy(&f->outbox);
	free(f);
}
