/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/etcdserver.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/etcdserver/internal.h"
#include "server/log.h"
#include "server/util.h"

uint64_t etcdserver_next_id(struct etcdserver *s)
{
	uint64_t suffix = atomic_fetch_add_explicit(&s->id_suffix, 1, memory_order_relaxed) + 1;
	return s->id_prefix | (suffix & 0xffffffffffffull);
}

static void start_thread(pthread_t *thread, void *(*run)(void *), struct etcdserver *s)
{
	if (pthread_create(thread, NULL, run, s) != 0)
		log_fatal("cannot start a thread");
}

void etcdserver_start(struct etcdserver *s)
{
	start_thread(&s->wal.thread, etcdserver_wal_main, s);
	start_thread(&s->apply.thread, etcdserver_apply_main, s);
	start_thread(&s->raft.thread, etcdserver_raft_main, s);
}

void etcdserver_stop(struct etcdserver *s)
{
	atomic_store(&s->stopped, true);
	s->wake.kind = MAIL_WAKE;
	mailbox_send(&s->raft.inbox, &s->wake);
}

/* The last thing a thread does is what came before this. */
static void stop_thread(pthread_t thread, struct mailbox *inbox, struct mail *stop)
{
	stop->kind = MAIL_STOP;
	mailbox_send(inbox, stop);
	pthread_join(thread, NULL);
}

/* What the storage threads sent back after the raft thread had ended. */
static void free_leftovers(struct etcdserver *s)
{
	struct mail *next;

	for (struct mail *mail = mailbox_take(&s->raft.inbox, 0); mail; mail = next) {
		next = mail->next;
		if (mail->kind == MAIL_SAVED || mail->kind == MAIL_NOT_SAVED ||
			mail->kind == MAIL_APPLIED) {
			struct work *w = mail_of(mail, struct work, mail);
			raft_message_free(&w->m);
			free(w);
		}
	}
}

bool etcdserver_release(struct etcdserver *s)
{
	struct wal_fault fault;
	bool ok = true;

	if (s->raft.node)
		raft_rawnode_free(s->raft.node);
	raft_memory_storage_free(s->raft.storage);
	if (s->kv)
		kvstore_close(s->kv);
	if (s->backend && !backend_close(s->backend)) {
		log_error("cannot make the database durable; the WAL holds what it lacks");
		ok = false;
	}
	if (s->wal.wal && wal_close(s->wal.wal, &fault) != WAL_OK) {
		log_error("cannot close the WAL", LOG_STR("error", fault.text));
		ok = false;
	}
	arena_free(&s->apply.requests);
	arena_free(&s->apply.replies);
	membership_free(&s->members);
	wait_destroy(&s->wait);
	mailbox_destroy(&s->raft.inbox);
	mailbox_destroy(&s->wal.inbox);
	mailbox_destroy(&s->apply.inbox);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	free(s);
	return ok;
}

bool etcdserver_close(struct etcdserver *s)
{
	stop_thread(s->raft.thread, &s->raft.inbox, &s->stop_raft);
	/* the apply thread may still have a snapshot to be recorded */
	stop_thread(s->apply.thread, &s->apply.inbox, &s->stop_apply);
	stop_thread(s->wal.thread, &s->wal.inbox, &s->stop_wal);
	free_leftovers(s);
	return etcdserver_release(s);
}

/* --- calls ------------------------------------------------------------------------- */

/* Starts the clock of a call, unless it can be answered right away. */
static bool admit(struct etcdserver *s, struct rpc_call *call)
{
	if (atomic_load_explicit(&s->stopped, memory_order_relaxed)) {
		rpc_call_fail(call, RPC_STOPPED);
		return false;
	}
	call->deadline_ns =
		util_mono_ns() + (call->timeout_ns ? call->timeout_ns : s->request_timeout_ns);
	return true;
}

void etcdserver_propose(struct etcdserver *s, struct rpc_call *call, unsigned field)
{
	uint64_t committed = atomic_load_explicit(&s->committed, memory_order_relaxed);
	uint64_t applied = atomic_load_explicit(&s->applied, memory_order_relaxed);

	if (!admit(s, call))
		return;
	if (committed > applied + MAX_APPLY_GAP) {
		rpc_call_fail(call, RPC_TOO_MANY_REQUESTS);
		return;
	}
	call->id = etcdserver_next_id(s);
	struct raft_buf *data =
		etcdserver_encode_proposal(field, call->request, call->request_len, call->id);
	if (data->len > s->cfg->max_request_bytes) {
		raft_buf_unref(data); /* nobody else has seen it */
		rpc_call_fail(call, RPC_REQUEST_TOO_LARGE);
		return;
	}
	struct proposal *p = xmalloc(sizeof *p);
	*p = (struct proposal){.mail.kind = MAIL_PROPOSAL,
		.id = call->id,
		.deadline_ns = call->deadline_ns,
		.data = data};
	/* From here on the call may be answered at any moment. */
	wait_register(&s->wait, call);
	mailbox_send(&s->raft.inbox, &p->mail);
}

void etcdserver_read(
	struct etcdserver *s, struct rpc_call *call, enum rpc_read read, bool linearizable)
{
	if (!admit(s, call))
		return;
	call->read = read;
	call->mail.kind = linearizable ? MAIL_READ : MAIL_READ_NOW;
	mailbox_send(linearizable ? &s->raft.inbox : &s->apply.inbox, &call->mail);
}

/* --- what is known ----------------------------------------------------------------- */

uint64_t etcdserver_leader(struct etcdserver *s)
{
	return atomic_load_explicit(&s->leader, memory_order_relaxed);
}

void etcdserver_status(struct etcdserver *s, struct etcdserver_status *st)
{
	*st = (struct etcdserver_status){
		.cluster_id = s->members.cluster_id,
		.member_id = s->member_id,
		.leader = etcdserver_leader(s),
		.term = s->term,
		.committed = s->committed,
		.applied = s->applied,
		.revision = s->revision,
		.db_size = backend_size(s->backend),
		.db_size_in_use = backend_size_in_use(s->backend),
	};
}

bool etcdserver_can_write(struct etcdserver *s)
{
	return etcdserver_leader(s) && s->published && !s->wal_failing;
}

const struct config *etcdserver_config(struct etcdserver *s)
{
	return s->cfg;
}

void etcdserver_members(
	struct etcdserver *s, struct arena *arena, Etcdserverpb__MemberListResponse *resp)
{
	membership_list(&s->members, arena, resp);
}

void etcdserver_cluster_version(struct etcdserver *s, char version[16])
{
	membership_version(&s->members, version);
	if (!*version)
		strcpy(version, "not_decided");
}
