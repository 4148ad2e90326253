/* SPDX-License-Identifier: Apache-2.0 */
/* The raft thread: it owns the RawNode. It takes in ticks, proposals, reads and
 * what the storage threads report, and hands out what Ready says. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raft/raftpb/raftpb.h"
#include "server/etcdserver/internal.h"
#include "server/json_text.h"
#include "server/log.h"
#include "server/util.h"

#define SECOND_NS 1000000000ull

enum {
	READ_RETRY_NS = 500000000, /* etcd's readIndexRetryTime */
	/* The log in memory is cut when this much of it is applied. */
	COMPACT_ENTRIES = 1024,
	COMPACT_BYTES = 8 << 20,
};

/* --- reads ------------------------------------------------------------------------ */

static void fail_mails(struct mail *mail, enum rpc_error error)
{
	struct mail *next;

	for (; mail; mail = next) {
		next = mail->next;
		rpc_call_fail(mail_of(mail, struct rpc_call, mail), error);
	}
}

static void push(struct mail ***tail, struct mail *mail)
{
	mail->next = NULL;
	**tail = mail;
	*tail = &mail->next;
}

static struct mail *take_next_reads(struct raft_thread *t)
{
	struct mail *reads = t->reads_next;

	t->reads_next = NULL;
	t->reads_next_tail = &t->reads_next;
	return reads;
}

static void send_read_index(struct raft_thread *t, uint64_t now)
{
	unsigned char ctx[8];

	for (int i = 0; i < 8; i++)
		ctx[i] = (unsigned char)(t->read_id >> (56 - 8 * i));
	raft_rawnode_read_index(t->node, ctx, sizeof ctx);
	t->read_retry_ns = now + READ_RETRY_NS;
}

/* A new leader learns what is committed by committing an entry of its own term
 * (thesis section 6.4). raft holds reads back until then, except at a lone voter,
 * which it answers at once, from the commit index it started with; but that may lie
 * behind writes that were acknowledged before a crash. So we wait as well. */
static bool knows_what_is_committed(struct etcdserver *s)
{
	return s->leader && (s->leader != s->member_id || s->raft.committed_term == s->term);
}

/* One ReadIndex is under way at a time; the reads that come meanwhile share the
 * next one (etcd's linearizableReadLoop). While there is no leader they wait. */
static void advance_reads(struct etcdserver *s, uint64_t now)
{
	struct raft_thread *t = &s->raft;

	if (!knows_what_is_committed(s))
		return;
	if (t->reads_confirming) {
		/* A request is lost when the leader had not committed in its term. */
		if (now >= t->read_retry_ns)
			send_read_index(t, now);
		return;
	}
	t->reads_confirming = take_next_reads(t);
	if (!t->reads_confirming)
		return;
	t->read_id = etcdserver_next_id(s);
	send_read_index(t, now);
}

static void reads_confirmed(struct etcdserver *s, const struct raft_read_state *rs)
{
	struct raft_thread *t = &s->raft;
	const unsigned char *ctx = raft_context_data(&rs->request_ctx);
	uint64_t id = 0;

	for (uint32_t i = 0; i < rs->request_ctx.len; i++)
		id = id << 8 | ctx[i];
	if (id != t->read_id || !t->reads_confirming)
		return; /* the answer to a repetition */
	struct read_batch *b = xcalloc(1, sizeof *b);
	b->mail.kind = MAIL_READ_AT;
	b->index = rs->index;
	b->calls = t->reads_confirming;
	t->reads_confirming = NULL;
	mailbox_send(&s->apply.inbox, &b->mail);
}

static void expire_reads(struct mail **list, uint64_t now)
{
	while (*list) {
		struct rpc_call *call = mail_of(*list, struct rpc_call, mail);
		if (call->deadline_ns > now) {
			list = &call->mail.next;
			continue;
		}
		*list = call->mail.next;
		rpc_call_fail(call, RPC_TIMEOUT);
	}
}

/* --- proposals ---------------------------------------------------------------------- */

static void propose(struct etcdserver *s, struct proposal *p)
{
	enum raft_error err = raft_rawnode_propose_buf(s->raft.node, p->data);
	struct rpc_call *call;

	if (err != RAFT_OK && p->id && (call = wait_take(&s->wait, p->id)))
		rpc_call_fail(call, RPC_PROPOSAL_DROPPED);
	free(p);
}

/* Without a leader proposals wait for one, as long as their time allows. */
static void advance_proposals(struct etcdserver *s)
{
	struct raft_thread *t = &s->raft;

	while (t->proposals && s->leader) {
		struct proposal *p = mail_of(t->proposals, struct proposal, mail);
		t->proposals = p->mail.next;
		propose(s, p);
	}
	if (!t->proposals)
		t->proposals_tail = &t->proposals;
}

static void drop_proposals(struct raft_thread *t, uint64_t now)
{
	while (t->proposals && mail_of(t->proposals, struct proposal, mail)->deadline_ns <= now) {
		struct proposal *p = mail_of(t->proposals, struct proposal, mail);
		t->proposals = p->mail.next;
		raft_buf_unref(p->data);
		free(p);
	}
	if (!t->proposals)
		t->proposals_tail = &t->proposals;
}

/* Each member tells the others its name and client URLs through the log, and
 * the leader the version of the cluster, as etcd 3.4 does. */
static void publish(struct etcdserver *s, uint64_t now)
{
	struct raft_thread *t = &s->raft;
	struct json_text val = {0};
	char path[64];

	if (!s->leader || now < t->next_publish_ns)
		return;
	t->next_publish_ns = now + s->request_timeout_ns;
	if (!s->published) {
		snprintf(path, sizeof path, "/0/members/%" PRIx64 "/attributes", s->member_id);
		json_text_puts(&val, "{\"name\":");
		json_text_string(&val, s->cfg->name, strlen(s->cfg->name));
		json_text_puts(&val, ",\"clientURLs\":[");
		for (size_t i = 0; i < s->cfg->advertise_client_urls.n; i++) {
			const char *url = s->cfg->advertise_client_urls.texts[i];
			json_text_puts(&val, i ? "," : "");
			json_text_string(&val, url, strlen(url));
		}
		json_text_puts(&val, "]}");
		json_text_putc(&val, 0);
		raft_rawnode_propose_buf(
			t->node, etcdserver_encode_v2(etcdserver_next_id(s), path, val.data));
		json_text_free(&val);
	}
	if (!s->version_decided && s->leader == s->member_id)
		raft_rawnode_propose_buf(
			t->node, etcdserver_encode_v2(etcdserver_next_id(s), "/0/version",
					 ETCDSERVER_CLUSTER_VERSION));
	if (s->published && s->version_decided)
		t->next_publish_ns = UINT64_MAX;
}

/* --- storage ------------------------------------------------------------------------ */

static void free_work(struct work *w)
{
	raft_message_free(&w->m);
	free(w);
}

/* Whether m says of the same entry again that it is saved. With several saves
 * under way each speaks of the last one, and raft logs a line for every
 * repetition. */
static bool says_nothing_new(struct raft_thread *t, const struct raft_message *m)
{
	if (m->type != MSG_STORAGE_APPEND_RESP || m->snapshot || m->index == 0)
		return false;
	if (m->index == t->stable && m->log_term == t->stable_term)
		return true;
	t->stable = m->index;
	t->stable_term = m->log_term;
	return false;
}

static void deliver(struct etcdserver *s, struct raft_messages *responses)
{
	for (uint32_t i = 0; i < responses->len; i++) {
		struct raft_message m = raft_message_move(&responses->v[i]);
		if (m.to != s->member_id || says_nothing_new(&s->raft, &m))
			raft_message_free(&m); /* there is nobody else */
		else
			raft_rawnode_step(s->raft.node, &m);
	}
}

static void saved(struct etcdserver *s, struct work *w)
{
	struct raft_hard_state hs = {w->m.term, w->m.vote, w->m.commit};

	if (!raft_hard_state_empty(hs))
		raft_memory_storage_set_hard_state(s->raft.storage, hs);
	raft_memory_storage_append(s->raft.storage, w->m.entries.v, w->m.entries.len);
	deliver(s, &w->m.responses);
	free_work(w);
}

/* Memory holds only what is not applied yet: a lone member has nobody who would
 * ask for older entries, and a restart reads them from the WAL. */
static void compact(struct raft_thread *t, const struct raft_entries *applied)
{
	for (uint32_t i = 0; i < applied->len; i++)
		t->bytes_since_compact += applied->v[i].len;
	raft_index last = applied->len ? applied->v[applied->len - 1].index : 0;
	if (last < t->compacted + COMPACT_ENTRIES && t->bytes_since_compact < COMPACT_BYTES)
		return;
	if (last > t->compacted && raft_memory_storage_compact(t->storage, last) == RAFT_OK)
		t->compacted = last;
	t->bytes_since_compact = 0;
}

static void applied(struct etcdserver *s, struct work *w)
{
	for (uint32_t i = 0; i < w->m.entries.len; i++) {
		struct raft_conf_change_v2 cc;
		if (w->m.entries.v[i].type == RAFT_ENTRY_NORMAL)
			continue;
		if (raftpb_entry_conf_change_decode(&w->m.entries.v[i], &cc) == RAFT_OK) {
			raft_rawnode_apply_conf_change(s->raft.node, &cc, NULL);
			raftpb_conf_change_v2_free(&cc);
		}
	}
	deliver(s, &w->m.responses);
	compact(&s->raft, &w->m.entries);
	free_work(w);
}

/* --- ready -------------------------------------------------------------------------- */

static void leader_changed(struct etcdserver *s, raft_id leader)
{
	if (leader == s->leader)
		return;
	atomic_store(&s->leader, leader);
	if (!leader)
		return;
	/* The old leader may have taken the request with it. */
	fail_mails(s->raft.reads_confirming, RPC_LEADER_CHANGED);
	s->raft.reads_confirming = NULL;
	s->raft.next_publish_ns = 0;
}

static void hand_out(struct etcdserver *s, struct raft_message *m)
{
	if (m->to != RAFT_LOCAL_APPEND_THREAD && m->to != RAFT_LOCAL_APPLY_THREAD)
		return; /* there is nobody else */
	struct work *w = xmalloc(sizeof *w);
	w->mail.kind = m->to == RAFT_LOCAL_APPEND_THREAD ? MAIL_SAVE : MAIL_APPLY;
	w->m = raft_message_move(m);
	mailbox_send(w->mail.kind == MAIL_SAVE ? &s->wal.inbox : &s->apply.inbox, &w->mail);
}

static void process_ready(struct etcdserver *s)
{
	while (raft_rawnode_has_ready(s->raft.node)) {
		const struct raft_ready *rd = raft_rawnode_ready(s->raft.node);
		if (rd->soft_state)
			leader_changed(s, rd->soft_state->lead);
		if (!raft_hard_state_empty(rd->hard_state)) {
			atomic_store_explicit(&s->term, rd->hard_state.term, memory_order_relaxed);
			atomic_store_explicit(
				&s->committed, rd->hard_state.commit, memory_order_relaxed);
		}
		if (rd->committed_entries_len > 0)
			s->raft.committed_term =
				rd->committed_entries[rd->committed_entries_len - 1].term;
		/* Commits go ahead of the reads that wait for them. */
		for (size_t i = 0; i < rd->messages_len; i++)
			hand_out(s, &rd->messages[i]);
		for (size_t i = 0; i < rd->read_states_len; i++)
			reads_confirmed(s, &rd->read_states[i]);
	}
}

/* --- time --------------------------------------------------------------------------- */

/* A lone voter has nobody to wait for: as soon as it has applied what it had
 * committed, its clock is turned forward until it campaigns. (It is turned tick
 * by tick, so that an election comes about in the way it always does.) */
static void fast_forward(struct etcdserver *s)
{
	struct raft_thread *t = &s->raft;
	struct raft_basic_status st = raft_rawnode_basic_status(t->node);

	if (t->fast_forwarded || st.applied < t->first_commit ||
		!membership_has(&s->members, s->member_id))
		return;
	t->fast_forwarded = true;
	if (membership_size(&s->members) != 1)
		return;
	int most = 2 * (int)(s->cfg->election_ms / s->cfg->heartbeat_ms);
	log_info("started as single-node; fast-forwarding election ticks",
		LOG_ID("local-member-id", s->member_id), LOG_I64("forward-ticks", most));
	for (int i = 0; i < most; i++) {
		st = raft_rawnode_basic_status(t->node);
		if (st.soft_state.raft_state != RAFT_STATE_FOLLOWER)
			return;
		raft_rawnode_tick(t->node);
	}
}

static void warn_leaderless(struct etcdserver *s, uint64_t now)
{
	struct raft_thread *t = &s->raft;

	if (s->leader) {
		t->leaderless_warn_ns = now + 3 * SECOND_NS;
		return;
	}
	if (now < t->leaderless_warn_ns)
		return;
	t->leaderless_warn_ns = now + 60 * SECOND_NS;
	log_warn("there is no leader: reads and writes wait, and time out",
		LOG_ID("local-member-id", s->member_id), LOG_U64("term", s->term),
		LOG_STR("hint", "a member alone elects itself within a second; if this tree is a "
				"copy of the lab, "
				"the blanks Election Step1 to Step6 in raft/raft.c have to be "
				"filled in first: "
				"./raftLab_test.sh tells which are missing"));
}

/* The database is behind the WAL at any time; if it cannot follow, that must be
 * seen before the machine is out of memory as well. */
static void warn_database(struct etcdserver *s, uint64_t now)
{
	struct raft_thread *t = &s->raft;
	char why[256];

	if (now < t->database_warn_ns)
		return;
	t->database_warn_ns = now + SECOND_NS;
	if (!backend_failing(s->backend, why, sizeof why))
		return;
	t->database_warn_ns = now + 10 * SECOND_NS;
	log_error("cannot write the database; trying again. What it lacks is in the WAL, and in "
		  "memory",
		LOG_STR("error", why));
}

static void log_timeout(struct etcdserver *s)
{
	raft_id leader = s->leader;

	log_warn("a request timed out", LOG_ID("leader", leader), LOG_U64("term", s->term),
		LOG_U64("committed-index", s->committed), LOG_U64("applied-index", s->applied),
		LOG_STR("hint",
			leader ? "there is a leader, but the entry was not committed and applied "
				 "in time: "
				 "the disk may be slow or full; in a copy of the lab, the blanks "
				 "Replication Step1 to Step4 in raft/raft.c have to be filled in"
			       : "there is no leader"));
}

static void tick(struct etcdserver *s, uint64_t now)
{
	struct raft_thread *t = &s->raft;
	struct rpc_call *call;
	bool logged = false;

	if (now < t->next_tick_ns)
		return;
	/* Late ticks are not made up for, like those of Go's ticker: after a pause
	 * of the whole machine, time has not passed for the others either. */
	t->next_tick_ns += t->tick_ns;
	if (t->next_tick_ns < now)
		t->next_tick_ns = now + t->tick_ns;
	raft_rawnode_tick(t->node);
	while ((call = wait_take_expired(&s->wait, now))) {
		if (!logged)
			log_timeout(s);
		logged = true;
		rpc_call_fail(call, RPC_TIMEOUT);
	}
	drop_proposals(t, now);
	expire_reads(&t->reads_confirming, now);
	expire_reads(&t->reads_next, now);
	t->reads_next_tail = &t->reads_next;
	while (*t->reads_next_tail)
		t->reads_next_tail = &(*t->reads_next_tail)->next;
	warn_leaderless(s, now);
	warn_database(s, now);
}

/* Answers all that is under way; what has come in since is met on the next round. */
static void refuse_calls(struct etcdserver *s)
{
	struct raft_thread *t = &s->raft;
	struct rpc_call *call;

	while ((call = wait_take_expired(&s->wait, UINT64_MAX)))
		rpc_call_fail(call, RPC_STOPPED);
	fail_mails(t->reads_confirming, RPC_STOPPED);
	fail_mails(take_next_reads(t), RPC_STOPPED);
	t->reads_confirming = NULL;
	drop_proposals(t, UINT64_MAX);
}

/* --- the loop ----------------------------------------------------------------------- */

static void receive(struct etcdserver *s, struct mail *mail)
{
	struct raft_thread *t = &s->raft;

	switch (mail->kind) {
	case MAIL_PROPOSAL:
		push(&t->proposals_tail, mail);
		break;
	case MAIL_READ:
		push(&t->reads_next_tail, mail);
		break;
	case MAIL_SAVED:
		saved(s, mail_of(mail, struct work, mail));
		break;
	case MAIL_NOT_SAVED:
		free_work(mail_of(mail, struct work, mail));
		break;
	case MAIL_APPLIED:
		applied(s, mail_of(mail, struct work, mail));
		break;
	case MAIL_WAKE:
		break;
	default:
		t->stopping = true;
	}
}

void *etcdserver_raft_main(void *arg)
{
	struct etcdserver *s = arg;
	struct raft_thread *t = &s->raft;
	uint64_t now = util_mono_ns();

	pthread_setname_np(pthread_self(), "raft");
	t->next_tick_ns = now + t->tick_ns;
	t->leaderless_warn_ns = now + 3 * SECOND_NS;
	process_ready(s);
	while (!t->stopping) {
		struct mail *next;
		for (struct mail *mail = mailbox_take(&t->inbox, t->next_tick_ns); mail;
			mail = next) {
			next = mail->next;
			receive(s, mail);
		}
		now = util_mono_ns();
		if (s->stopped)
			refuse_calls(s);
		tick(s, now);
		fast_forward(s);
		advance_proposals(s);
		advance_reads(s, now);
		process_ready(s);
		publish(s, now);
		process_ready(s);
	}
	refuse_calls(s);
	return NULL;
}
