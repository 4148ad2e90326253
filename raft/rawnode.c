/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RawNode: raft as an application uses it. It turns what raft has queued into
 * Ready, and what the application has done about it into messages. The
 * original: rawnode.go.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

enum raft_error raft_rawnode_new(const struct raft_config *config, struct raft_rawnode **out)
{
	struct raft_config c = *config;
	enum raft_error err = raft_config_validate(&c);
	if (err)
		return err;

	struct raft_rawnode *rn = raft_calloc(1, sizeof(*rn));
	rn->raft = raft_new(&c);
	rn->async_storage_writes = c.async_storage_writes;
	rn->prev_soft_st = raft_soft_state(rn->raft);
	rn->prev_hard_st = raft_hard_state(rn->raft);
	*out = rn;
	return RAFT_OK;
}

static void release_ready(struct raft_rawnode *rn);

void raft_rawnode_free(struct raft_rawnode *rn)
{
	if (!rn)
		return;
	release_ready(rn);
	raft_messages_free(&rn->steps_on_advance);
	raft_messages_free(&rn->ready_messages);
	raft_entries_free(&rn->ready_entries);
	raft_entries_free(&rn->ready_committed);
	free(rn->ready_read_states);
	raft_free(rn->raft);
	free(rn);
}

/* ---- What goes in ------------------------------------------------------- */

void raft_rawnode_tick(struct raft_rawnode *rn)
{
	rn->raft->tick(rn->raft);
}

void raft_rawnode_tick_quiesced(struct raft_rawnode *rn)
{
	rn->raft->election_elapsed++;
}

enum raft_error raft_rawnode_campaign(struct raft_rawnode *rn)
{
	return raft_step(rn->raft, &(struct raft_message){.type = MSG_HUP});
}

enum raft_error raft_rawnode_propose_buf(struct raft_rawnode *rn, struct raft_buf *buf)
{
	struct raft_message m = {.type = MSG_PROP, .from = rn->raft->id};
	struct raft_entry e = {.buf = buf, .data = buf->data, .len = buf->len};
	raft_entries_push(&m.entries, &e);
	raft_buf_unref(buf); /* the entry has its own reference now */
	return raft_step(rn->raft, &m);
}

enum raft_error raft_rawnode_propose(struct raft_rawnode *rn, const void *data, size_t len)
{
	if (len > UINT32_MAX)
		return RAFT_ERR_TOO_LARGE;
	struct raft_buf *buf = raft_buf_new(len);
	if (len > 0)
		memcpy(buf->data, data, len);
	return raft_rawnode_propose_buf(rn, buf);
}

enum raft_error raft_rawnode_propose_conf_change(
	struct raft_rawnode *rn, const struct raft_conf_change *cc)
{
	struct raft_message m = raft_conf_change_msg(cc);
	return raft_step(rn->raft, &m);
}

enum raft_error raft_rawnode_propose_conf_change_v2(
	struct raft_rawnode *rn, const struct raft_conf_change_v2 *cc)
{
	struct raft_message m = raft_conf_change_v2_msg(cc);
	return raft_step(rn->raft, &m);
}

void raft_rawnode_apply_conf_change(
	struct raft_rawnode *rn, const struct raft_conf_change_v2 *cc, struct raft_conf_state *cs)
{
	struct raft_conf_state unused;
	raft_apply_conf_change(rn->raft, cc, cs ? cs : &unused);
}

/* check_message refuses what no node of ours sends, and what the algorithm would
 * take for a broken invariant. (The original stops the program on some of these.) */
static enum raft_error check_message(const struct raft_message *m)
{
	switch (m->type) {
	case MSG_PROP:
	case MSG_READ_INDEX:
		return m->entries.len > 0 ? RAFT_OK : RAFT_ERR_MALFORMED;
	case MSG_APP: {
		struct log_slice a = {
			.term = m->term,
			.prev = {.term = m->log_term, .index = m->index},
			.entries = m->entries.v,
			.len = m->entries.len,
		};
		return log_slice_valid(&a) ? RAFT_OK : RAFT_ERR_MALFORMED;
	}
	default:
		return RAFT_OK;
	}
}

enum raft_error raft_rawnode_step(struct raft_rawnode *rn, struct raft_message *m)
{
	enum raft_error err = RAFT_OK;

	if (!raft_is_local_msg_target(m->from)) {
		if (raft_is_local_msg(m->type))
			err = RAFT_ERR_STEP_LOCAL_MSG;
		else if (raft_is_response_msg(m->type) && !tracker_get(&rn->raft->trk, m->from))
			err = RAFT_ERR_STEP_PEER_NOT_FOUND;
		else
			err = check_message(m);
	}
	if (err) {
		raft_message_free(m);
		return err;
	}
	return raft_step(rn->raft, m);
}

void raft_rawnode_report_unreachable(struct raft_rawnode *rn, raft_id id)
{
	raft_step(rn->raft, &(struct raft_message){.type = MSG_UNREACHABLE, .from = id});
}

void raft_rawnode_report_snapshot(struct raft_rawnode *rn, raft_id id, bool failed)
{
	raft_step(rn->raft, &(struct raft_message){
				    .type = MSG_SNAP_STATUS,
				    .from = id,
				    .reject = failed,
			    });
}

void raft_rawnode_transfer_leader(struct raft_rawnode *rn, raft_id transferee)
{
	raft_step(
		rn->raft, &(struct raft_message){.type = MSG_TRANSFER_LEADER, .from = transferee});
}

enum raft_error raft_rawnode_forget_leader(struct raft_rawnode *rn)
{
	return raft_step(rn->raft, &(struct raft_message){.type = MSG_FORGET_LEADER});
}

void raft_rawnode_read_index(struct raft_rawnode *rn, const void *rctx, size_t len)
{
	struct raft_message m = {.type = MSG_READ_INDEX};
	struct raft_buf *buf = raft_buf_new(len);
	if (len > 0)
		memcpy(buf->data, rctx, len);
	struct raft_entry e = {.buf = buf, .data = buf->data, .len = buf->len};
	raft_entries_push(&m.entries, &e);
	raft_buf_unref(buf);
	raft_step(rn->raft, &m);
}

/* ---- What comes out ----------------------------------------------------- */

bool raft_must_sync(struct raft_hard_state st, struct raft_hard_state prev, size_t entries_len)
{
	return entries_len != 0 || st.vote != prev.vote || st.term != prev.term;
}

/* apply_unstable_entries: committed entries may be applied before they are on our
 * own disk. That holds where Ready says "first save, then apply" anyway. */
static bool apply_unstable_entries(const struct raft_rawnode *rn)
{
	return !rn->async_storage_writes;
}

bool raft_rawnode_has_ready(const struct raft_rawnode *rn)
{
	const struct raft *r = rn->raft;
	if (r->msgs.len > 0 || r->msgs_after_append.len > 0)
		return true;
	if (raft_log_has_next_unstable_ents(&r->raft_log) ||
		raft_log_has_next_committed_ents(&r->raft_log, apply_unstable_entries(rn)))
		return true;
	struct raft_soft_state ss = raft_soft_state(r);
	if (ss.lead != rn->prev_soft_st.lead || ss.raft_state != rn->prev_soft_st.raft_state)
		return true;
	struct raft_hard_state hs = raft_hard_state(r);
	if (!raft_hard_state_empty(hs) && !raft_hard_state_equal(hs, rn->prev_hard_st))
		return true;
	if (raft_log_has_next_unstable_snapshot(&r->raft_log))
		return true;
	return r->read_states_len > 0;
}

/* need_storage_append: something is to be written, or to be sent once all that was
 * to be written before is written. */
static bool need_storage_append(const struct raft *r, const struct raft_ready *rd)
{
	return rd->entries_len > 0 || !raft_hard_state_empty(rd->hard_state) ||
	       !raft_snapshot_empty(rd->snapshot) || r->msgs_after_append.len > 0;
}

/* need_storage_append_resp: raft wants to hear that entries, or a snapshot, are
 * written. Not only those of this Ready: see push_storage_append_resp. */
static bool need_storage_append_resp(const struct raft *r, const struct raft_ready *rd)
{
	return raft_log_has_next_or_in_progress_unstable_ents(&r->raft_log) ||
	       !raft_snapshot_empty(rd->snapshot);
}

/* push_storage_append_resp makes the message that tells raft that all of its
 * unstable state up to this Ready is written.
 *
 * It attests the end of the log, not the end of this Ready's entries, and it has
 * our term. Both are there because of this: B is appending entries of A, which
 * crashes; C becomes leader and overwrites them at B, in memory; C crashes; A leads
 * again and overwrites them once more, with the same entries as at first. If the
 * first write is confirmed now, the log looks as if it were written, but C's
 * entries are still on their way to the disk. So a confirmation from an earlier
 * term is ignored (raft_step), and each later one, of whatever write, attests the
 * whole log, so that none of it stays unstable for ever. */
static void push_storage_append_resp(
	struct raft *r, const struct raft_ready *rd, struct raft_messages *to)
{
	struct raft_message *m = raft_messages_add(to);
	m->type = MSG_STORAGE_APPEND_RESP;
	m->to = r->id;
	m->from = RAFT_LOCAL_APPEND_THREAD;
	m->term = r->term;
	if (raft_log_has_next_or_in_progress_unstable_ents(&r->raft_log)) {
		struct entry_id last = raft_log_last_entry_id(&r->raft_log);
		m->index = last.index;
		m->log_term = last.term;
	}
	if (!raft_snapshot_empty(rd->snapshot))
		m->snapshot = raft_snapshot_ref(rd->snapshot);
}

/* push_storage_append tells the append thread what to write. */
static void push_storage_append(struct raft_rawnode *rn)
{
	struct raft *r = rn->raft;
	struct raft_ready *rd = &rn->ready;
	struct raft_message m = {
		.type = MSG_STORAGE_APPEND,
		.to = RAFT_LOCAL_APPEND_THREAD,
		.from = r->id,
		/* All zeros if the hard state has not changed. */
		.term = rd->hard_state.term,
		.vote = rd->hard_state.vote,
		.commit = rd->hard_state.commit,
		.entries = raft_entries_move(&rn->ready_entries),
		.snapshot = raft_snapshot_ref(rd->snapshot),
		.responses = r->msgs_after_append,
	};
	r->msgs_after_append = (struct raft_messages){0};
	/* It comes after the leader's MsgAppResp to itself, which finds the terms of
	 * the entries more quickly while they are unstable. */
	if (need_storage_append_resp(r, rd))
		push_storage_append_resp(r, rd, &m.responses);
	raft_messages_push(&rn->ready_messages, &m);
}

/* push_storage_apply tells the apply thread what to apply. */
static void push_storage_apply(struct raft_rawnode *rn)
{
	struct raft_message resp = {
		.type = MSG_STORAGE_APPLY_RESP,
		.to = rn->raft->id,
		.from = RAFT_LOCAL_APPLY_THREAD,
	};
	raft_entries_append(&resp.entries, rn->ready_committed.v, rn->ready_committed.len);
	struct raft_message m = {
		.type = MSG_STORAGE_APPLY,
		.to = RAFT_LOCAL_APPLY_THREAD,
		.from = rn->raft->id,
		.entries = raft_entries_move(&rn->ready_committed),
	};
	raft_messages_push(&m.responses, &resp);
	raft_messages_push(&rn->ready_messages, &m);
}

/* split_msgs_after_append sends what waited for the append to others as part of this
 * Ready, whose contract is "first save, then send", and keeps what goes to
 * ourselves for Advance. */
static void split_msgs_after_append(struct raft_rawnode *rn)
{
	struct raft *r = rn->raft;
	struct raft_messages *waiting = &r->msgs_after_append;

	for (uint32_t i = 0; i < waiting->len; i++) {
		struct raft_message *m = &waiting->v[i];
		raft_messages_move_in(
			m->to == r->id ? &rn->steps_on_advance : &rn->ready_messages, m);
	}
	waiting->len = 0;
	if (need_storage_append_resp(r, &rn->ready))
		push_storage_append_resp(r, &rn->ready, &rn->steps_on_advance);
}

/* fill_states puts soft state, hard state, snapshot and reads into the Ready. */
static void fill_states(struct raft_rawnode *rn)
{
	struct raft *r = rn->raft;
	struct raft_ready *rd = &rn->ready;

	struct raft_soft_state ss = raft_soft_state(r);
	rd->soft_state = NULL;
	if (ss.lead != rn->prev_soft_st.lead || ss.raft_state != rn->prev_soft_st.raft_state) {
		rn->prev_soft_st = ss;
		rd->soft_state = &rn->prev_soft_st;
	}

	struct raft_hard_state hs = raft_hard_state(r);
	rd->must_sync = raft_must_sync(hs, rn->prev_hard_st, rd->entries_len);
	rd->hard_state = (struct raft_hard_state){0};
	if (!raft_hard_state_equal(hs, rn->prev_hard_st)) {
		rd->hard_state = hs;
		rn->prev_hard_st = hs;
	}

	rn->ready_snapshot = raft_snapshot_ref(raft_log_next_unstable_snapshot(&r->raft_log));
	rd->snapshot = rn->ready_snapshot;

	rd->read_states = NULL;
	rd->read_states_len = 0;
	if (r->read_states_len > 0) {
		struct raft_read_state *spare = rn->ready_read_states;
		uint32_t spare_cap = rn->ready_read_states_cap;
		rn->ready_read_states = r->read_states;
		rn->ready_read_states_cap = r->read_states_cap;
		rn->ready_read_states_len = r->read_states_len;
		r->read_states = spare;
		r->read_states_cap = spare_cap;
		r->read_states_len = 0;
		rd->read_states = rn->ready_read_states;
		rd->read_states_len = rn->ready_read_states_len;
	}
}

/* fill_entries puts what is to be written and what is to be applied into the Ready. */
static void fill_entries(struct raft_rawnode *rn)
{
	struct raft_log *l = &rn->raft->raft_log;
	struct raft_ready *rd = &rn->ready;

	const struct raft_entry *next;
	size_t n = raft_log_next_unstable_ents(l, &next);
	if (n > 0)
		raft_entries_append(&rn->ready_entries, next, n);
	rd->entries = rn->ready_entries.v;
	rd->entries_len = n;

	raft_log_next_committed_ents(l, apply_unstable_entries(rn), &rn->ready_committed);
	rd->committed_entries = rn->ready_committed.v;
	rd->committed_entries_len = rn->ready_committed.len;
}

const struct raft_ready *raft_rawnode_ready(struct raft_rawnode *rn)
{
	struct raft *r = rn->raft;
	struct raft_ready *rd = &rn->ready;

	if (rn->steps_on_advance.len > 0)
		raft_panicf(r->logger, "two accepted Ready structs without call to Advance");
	if (rn->ready_is_out)
		release_ready(rn);
	rn->ready_is_out = true;

	fill_entries(rn);
	fill_states(rn);

	/* The queue changes places with the array of the last Ready, now empty. */
	struct raft_messages spare = rn->ready_messages;
	rn->ready_messages = r->msgs;
	r->msgs = spare;
	if (rn->async_storage_writes) {
		if (need_storage_append(r, rd))
			push_storage_append(rn);
	} else {
		split_msgs_after_append(rn);
	}

	raft_log_accept_unstable(&r->raft_log);
	if (rd->committed_entries_len > 0) {
		const struct raft_entry *ents = rd->committed_entries;
		size_t n = rd->committed_entries_len;
		rn->ready_committed_size = raft_ents_size(ents, n);
		raft_log_accept_applying(&r->raft_log, ents[n - 1].index, rn->ready_committed_size,
			apply_unstable_entries(rn));
		if (rn->async_storage_writes)
			push_storage_apply(rn);
	}
	rd->messages = rn->ready_messages.v;
	rd->messages_len = rn->ready_messages.len;
	return rd;
}

/* release_ready drops what the last Ready held, and keeps its arrays. */
static void release_ready(struct raft_rawnode *rn)
{
	raft_messages_drop(&rn->ready_messages);
	raft_entries_drop(&rn->ready_entries);
	raft_entries_drop(&rn->ready_committed);
	if (rn->ready_snapshot) {
		raft_snapshot_unref(rn->ready_snapshot);
		rn->ready_snapshot = NULL;
	}
	for (uint32_t i = 0; i < rn->ready_read_states_len; i++)
		raft_context_free(&rn->ready_read_states[i].request_ctx);
	rn->ready_read_states_len = 0;
	rn->ready_is_out = false;
}

void raft_rawnode_advance(struct raft_rawnode *rn)
{
	struct raft *r = rn->raft;

	if (rn->async_storage_writes)
		raft_panicf(r->logger, "Advance must not be called when using AsyncStorageWrites");
	/* What the storage threads would answer: first the append thread, then the
	 * apply thread. */
	for (uint32_t i = 0; i < rn->steps_on_advance.len; i++)
		raft_step(r, &rn->steps_on_advance.v[i]);
	rn->steps_on_advance.len = 0;
	raft_applied_ents(
		r, rn->ready_committed.v, rn->ready_committed.len, rn->ready_committed_size);
	release_ready(rn);
}

/* ---- Looking in --------------------------------------------------------- */

struct raft_basic_status raft_rawnode_basic_status(const struct raft_rawnode *rn)
{
	return raft_get_basic_status(rn->raft);
}

void raft_rawnode_status(const struct raft_rawnode *rn, struct raft_status *st)
{
	raft_get_status(rn->raft, st);
}

void raft_rawnode_with_progress(const struct raft_rawnode *rn,
	void (*visit)(void *arg, const struct raft_progress_status *pr), void *arg)
{
	tracker_for_each(&rn->raft->trk, pr) {
		struct raft_progress_status ps = raft_progress_status_of(pr);
		visit(arg, &ps);
	}
}
