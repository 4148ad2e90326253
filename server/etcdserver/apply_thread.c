/* SPDX-License-Identifier: Apache-2.0 */
/* The apply thread: it owns the store. Committed entries change it, in order;
 * reads look at it in between. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raft/raftpb/raftpb.h"
#include "server/etcdserver/internal.h"
#include "server/etcdserver/kv_apply.h"
#include "server/etcdserverpb/etcdserver.pb-c.h"
#include "server/etcdserverpb/raft_internal.pb-c.h"
#include "server/log.h"
#include "server/util.h"

uint64_t etcdserver_snapshot_count = 100000;

static struct kv_apply kv_apply_of(struct etcdserver *s)
{
	return (struct kv_apply){
		.kv = s->kv,
		.arena = &s->apply.replies,
		.cluster_id = s->members.cluster_id,
		.member_id = s->member_id,
		.term = atomic_load_explicit(&s->term, memory_order_relaxed),
	};
}

static void answer(struct rpc_call *call, enum rpc_error error, const struct kv_reply *reply)
{
	call->error = error;
	call->response = error == RPC_OK ? reply->data : NULL;
	call->response_len = error == RPC_OK ? reply->len : 0;
	call->done(call);
}

/* --- reading --------------------------------------------------------------------- */

static void run_read(struct etcdserver *s, struct rpc_call *call)
{
	struct kv_apply a = kv_apply_of(s);
	struct apply_thread *t = &s->apply;
	struct kv_reply reply = {0};
	enum rpc_error err = RPC_MALFORMED;

	if (call->read == RPC_READ_RANGE) {
		Etcdserverpb__RangeRequest *r = etcdserverpb__range_request__unpack(
			&t->requests.protobuf, call->request_len, call->request);
		if (r)
			err = kv_apply_range(&a, r, &reply);
	} else {
		Etcdserverpb__TxnRequest *r = etcdserverpb__txn_request__unpack(
			&t->requests.protobuf, call->request_len, call->request);
		if (r)
			err = kv_apply_txn(&a, r, &reply);
	}
	arena_reset(&t->requests);
	arena_reset(&t->replies);
	answer(call, err, &reply);
}

static void run_reads(struct etcdserver *s, struct mail *mail)
{
	struct mail *next;

	for (; mail; mail = next) {
		next = mail->next;
		run_read(s, mail_of(mail, struct rpc_call, mail));
	}
}

/* Runs the reads that have waited for what is applied by now. */
static void run_waiting(struct etcdserver *s)
{
	struct read_batch **p = &s->apply.waiting;

	while (*p) {
		struct read_batch *b = *p;
		if (b->index > atomic_load_explicit(&s->applied, memory_order_relaxed)) {
			p = &b->next;
			continue;
		}
		*p = b->next;
		run_reads(s, b->calls);
		free(b);
	}
}

/* --- applying -------------------------------------------------------------------- */

static void apply_conf_change(struct etcdserver *s, const struct raft_entry *e)
{
	struct raft_conf_change cc;

	if (raftpb_conf_change_decode(e->data, e->len, &cc) != RAFT_OK ||
		cc.type != RAFT_CONF_CHANGE_ADD_NODE ||
		!membership_add_member(
			&s->members, s->backend, cc.node_id, cc.context, cc.context_len))
		log_fatal("the log holds a change of members that this version cannot apply",
			LOG_U64("index", e->index));
	log_info("added member", LOG_ID("cluster-id", s->members.cluster_id),
		LOG_ID("local-member-id", s->member_id), LOG_ID("added-peer-id", cc.node_id));
}

static void apply_v2(struct etcdserver *s, const struct raft_entry *e)
{
	Etcdserverpb__Request *r =
		etcdserverpb__request__unpack(&s->apply.requests.protobuf, e->len, e->data);
	char mine[64];

	if (!r || !membership_apply_v2(&s->members, s->backend, r->path, r->val))
		log_fatal("the log holds an entry that this version cannot apply",
			LOG_U64("index", e->index));
	snprintf(mine, sizeof mine, "/0/members/%" PRIx64 "/attributes", s->member_id);
	if (strcmp(r->path, mine) == 0) {
		if (!atomic_exchange(&s->published, true))
			log_info("published local member to cluster through raft",
				LOG_ID("local-member-id", s->member_id),
				LOG_STR("attributes", r->val),
				LOG_ID("cluster-id", s->members.cluster_id));
	} else if (strcmp(r->path, "/0/version") == 0) {
		log_info("set cluster version", LOG_STR("cluster-version", r->val));
		atomic_store(&s->version_decided, true);
	}
}

static enum rpc_error apply_kv(struct kv_apply *a, const Etcdserverpb__InternalRaftRequest *r,
	struct kv_reply *reply, bool *known)
{
	*known = true;
	if (r->put)
		return kv_apply_put(a, r->put, reply);
	if (r->txn)
		return kv_apply_txn(a, r->txn, reply);
	if (r->delete_range)
		return kv_apply_delete_range(a, r->delete_range, reply);
	if (r->range)
		return kv_apply_range(a, r->range, reply);
	if (r->compaction)
		return kv_apply_compact(a, r->compaction, reply);
	*known = false;
	return RPC_OK;
}

static void apply_request(struct etcdserver *s, const struct raft_entry *e)
{
	struct apply_thread *t = &s->apply;
	struct kv_apply a = kv_apply_of(s);
	struct kv_reply reply = {0};
	bool known;

	Etcdserverpb__InternalRaftRequest *r =
		etcdserverpb__internal_raft_request__unpack(&t->requests.protobuf, e->len, e->data);
	if (!r || !r->header) {
		apply_v2(s, e);
		return;
	}
	struct rpc_call *call = wait_take(&s->wait, r->header->id);
	enum rpc_error err = apply_kv(&a, r, call ? &reply : NULL, &known);
	if (!known)
		log_fatal("the log holds a request that this version cannot apply",
			LOG_U64("index", e->index));
	if (err != RPC_OK)
		log_debug("failed to apply request", LOG_U64("index", e->index),
			LOG_STR("error", rpc_error_text(err)));
	atomic_store_explicit(&s->revision, kvstore_rev(s->kv), memory_order_relaxed);
	if (call && err == RPC_OK && r->compaction && r->compaction->physical) {
		call->response = reply.data;
		call->response_len = reply.len;
		call->mail.next = t->compactions;
		t->compactions = &call->mail;
	} else if (call) {
		answer(call, err, &reply);
	}
}

static void apply_entries(struct etcdserver *s, const struct raft_entries *ents)
{
	struct apply_thread *t = &s->apply;

	for (uint32_t i = 0; i < ents->len; i++) {
		const struct raft_entry *e = &ents->v[i];
		/* What the store had before this run, it must not get again. */
		if (e->index > t->done) {
			if (e->type != RAFT_ENTRY_NORMAL)
				apply_conf_change(s, e);
			else if (e->len)
				apply_request(s, e);
			arena_reset(&t->requests);
			arena_reset(&t->replies);
			kvstore_set_consistent_index(s->kv, e->index, e->term);
		}
		atomic_store_explicit(&s->applied, e->index, memory_order_release);
		t->last_term = e->term;
	}
}

/* --- housekeeping ---------------------------------------------------------------- */

/* A physical compaction is answered when the room is given back for good. */
static void finish_compactions(struct etcdserver *s)
{
	struct apply_thread *t = &s->apply;
	struct mail *next;

	if (!t->compactions || (kvstore_compacting(s->kv) && !s->stopped))
		return;
	if (!s->stopped)
		kvstore_sync(s->kv);
	for (struct mail *mail = t->compactions; mail; mail = next) {
		struct rpc_call *call = mail_of(mail, struct rpc_call, mail);
		struct kv_reply reply = {call->response, call->response_len};
		next = mail->next;
		if (s->stopped)
			free(reply.data);
		answer(call, s->stopped ? RPC_STOPPED : RPC_OK, &reply);
	}
	t->compactions = NULL;
}

/* From time to time the store is made durable, so that a restart need not read
 * the WAL from its beginning, and old files of it can go. */
static void mark_snapshot(struct etcdserver *s)
{
	struct apply_thread *t = &s->apply;
	raft_index applied = atomic_load_explicit(&s->applied, memory_order_relaxed);

	if (applied < t->snapshot + etcdserver_snapshot_count)
		return;
	t->snapshot = applied; /* also if it fails: then it is the next one's turn */
	if (!kvstore_sync(s->kv))
		return;
	struct snapshot_mark *mark = xcalloc(1, sizeof *mark);
	mark->mail.kind = MAIL_SNAPSHOT;
	mark->at = (struct wal_snapshot){applied, t->last_term};
	mailbox_send(&s->wal.inbox, &mark->mail);
}

static uint64_t next_wake(struct etcdserver *s)
{
	uint64_t now = util_mono_ns();
	int due = kvstore_due_ms(s->kv, now);

	return due < 0 ? UINT64_MAX : due == 0 ? 0 : now + (uint64_t)due * 1000000;
}

static void receive(struct etcdserver *s, struct mail *mail)
{
	switch (mail->kind) {
	case MAIL_APPLY:
		apply_entries(s, &mail_of(mail, struct work, mail)->m.entries);
		mail->kind = MAIL_APPLIED;
		mailbox_send(&s->raft.inbox, mail);
		break;
	case MAIL_READ_AT: {
		struct read_batch *b = mail_of(mail, struct read_batch, mail);
		b->next = s->apply.waiting;
		s->apply.waiting = b;
		break;
	}
	case MAIL_READ_NOW:
		run_read(s, mail_of(mail, struct rpc_call, mail));
		break;
	default:
		s->apply.stopping = true;
	}
}

void *etcdserver_apply_main(void *arg)
{
	struct etcdserver *s = arg;
	struct apply_thread *t = &s->apply;
	struct mail *next;

	pthread_setname_np(pthread_self(), "apply");
	while (!t->stopping) {
		for (struct mail *mail = mailbox_take(&t->inbox, next_wake(s)); mail; mail = next) {
			next = mail->next;
			receive(s, mail);
			run_waiting(s);
		}
		kvstore_tick(s->kv, util_mono_ns());
		finish_compactions(s);
		mark_snapshot(s);
	}
	/* Nothing more will be applied. */
	for (struct read_batch *b; (b = t->waiting);) {
		t->waiting = b->next;
		for (struct mail *mail = b->calls; mail; mail = next) {
			next = mail->next;
			rpc_call_fail(mail_of(mail, struct rpc_call, mail), RPC_STOPPED);
		}
		free(b);
	}
	finish_compactions(s);
	return NULL;
}
