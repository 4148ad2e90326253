/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Raft: the algorithm.
 *
 * A node is a state machine that is driven from outside by two calls:
 *
 *	r->tick(r)	time has passed
 *	raft_step(r, m)	a message has come (from another node, or from this one)
 *
 * and answers by changing its own state and by queueing messages (raft_send).
 * What it does with either depends on its role, so tick and step are function
 * pointers, set by the raft_become_* functions:
 *
 *	                     times out,                 wins
 *	                     campaigns                  the election
 *	      FOLLOWER ---------------> CANDIDATE ----------------> LEADER
 *	       ^  ^                      |   ^  |                     |
 *	       |  |                      |   '--' times out again     |
 *	       |  '---- sees a leader ---'                            |
 *	       '--------------- sees a higher term -------------------'
 *
 *	role		tick			step
 *	follower	raft_tick_election	raft_step_follower
 *	(pre-)candidate	raft_tick_election	raft_step_candidate
 *	leader		raft_tick_heartbeat	raft_step_leader
 *
 * "Paper" is Ongaro and Ousterhout's "In Search of an Understandable Consensus
 * Algorithm", "thesis" is Ongaro's "Consensus: Bridging Theory and Practice".
 * The original: raft.go; the functions stand in its order.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/raftpb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Making a node ------------------------------------------------------ */

enum raft_error raft_config_validate(struct raft_config *c)
{
	if (c->id == RAFT_NONE)
		return RAFT_ERR_CONFIG_ID_NONE;
	if (raft_is_local_msg_target(c->id))
		return RAFT_ERR_CONFIG_ID_LOCAL;
	if (c->heartbeat_tick <= 0)
		return RAFT_ERR_CONFIG_HEARTBEAT_TICK;
	if (c->election_tick <= c->heartbeat_tick)
		return RAFT_ERR_CONFIG_ELECTION_TICK;
	if (!c->storage)
		return RAFT_ERR_CONFIG_STORAGE;
	if (c->max_uncommitted_entries_size == 0)
		c->max_uncommitted_entries_size = RAFT_NO_LIMIT;
	if (c->max_committed_size_per_ready == 0)
		c->max_committed_size_per_ready = c->max_size_per_msg;
	if (c->max_inflight_msgs <= 0)
		return RAFT_ERR_CONFIG_INFLIGHT_MSGS;
	if (c->max_inflight_bytes == 0)
		c->max_inflight_bytes = RAFT_NO_LIMIT;
	else if (c->max_inflight_bytes < c->max_size_per_msg)
		return RAFT_ERR_CONFIG_INFLIGHT_BYTES;
	if (!c->logger)
		c->logger = &raft_default_logger;
	if (c->read_only_option == RAFT_READ_ONLY_LEASE_BASED && !c->check_quorum)
		return RAFT_ERR_CONFIG_LEASE_BASED;
	return RAFT_OK;
}

static void switch_to_config(
	struct raft *r, struct confchange_result *to, struct raft_conf_state *cs);

/* raft_restore_config makes cs the configuration, in an empty tracker. */
static void raft_restore_config(struct raft *r, const struct raft_conf_state *cs)
{
	struct confchange_changer changer = {
		.tracker = &r->trk,
		.last_index = raft_log_last_index(&r->raft_log),
	};
	struct confchange_result result;
	struct confchange_error err;
	struct raft_conf_state restored;

	/* Either our handling of changes is wrong, or somebody damaged cs. */
	if (!confchange_restore(&changer, cs, &result, &err))
		raft_panicf(r->logger, "unable to restore config: %s", err.text);
	switch_to_config(r, &result, &restored);
	if (!raft_conf_state_equivalent(cs, &restored))
		raft_panicf(r->logger, "ConfStates not equivalent after sorting");
}

/* raft_log_new_raft says what the node starts with. */
static void raft_log_new_raft(struct raft *r)
{
	if (r->logger->level > RAFT_LOG_INFO)
		return;
	struct entry_id last = raft_log_last_entry_id(&r->raft_log);
	raft_id ids[2 * RAFT_MAX_MEMBERS];
	size_t n = tracker_voter_nodes(&r->trk, ids);
	struct strbuf peers = {0};
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&peers, "%s%llx", i ? "," : "", ids[i]);
	RAFT_INFOF(r->logger,
		"newRaft %llx [peers: [%s], term: %llu, commit: %llu, applied: %llu, lastindex: "
		"%llu, lastterm: %llu]",
		r->id, peers.s ? peers.s : "", r->term, r->raft_log.committed, r->raft_log.applied,
		last.index, last.term);
	strbuf_free(&peers);
}

struct raft *raft_new(const struct raft_config *c)
{
	struct raft_hard_state hs;
	struct raft_conf_state cs;
	enum raft_error err = c->storage->ops->initial_state(c->storage, &hs, &cs);
	if (err)
		raft_panicf(c->logger, "%s", raft_strerror(err));

	struct raft *r = raft_calloc(1, sizeof(*r));
	*r = (struct raft){
		.id = c->id,
		.max_msg_size = c->max_size_per_msg,
		.max_uncommitted_size = c->max_uncommitted_entries_size,
		.election_timeout = c->election_tick,
		.heartbeat_timeout = c->heartbeat_tick,
		.check_quorum = c->check_quorum,
		.pre_vote = c->pre_vote,
		.disable_proposal_forwarding = c->disable_proposal_forwarding,
		.disable_conf_change_validation = c->disable_conf_change_validation,
		.step_down_on_removal = c->step_down_on_removal,
		.logger = c->logger,
		.rand_state = c->seed,
	};
	if (c->seed == 0 && getentropy(&r->rand_state, sizeof(r->rand_state)) != 0)
		raft_panicf(c->logger, "the operating system gives no random numbers");
	/* One seed, different nodes. The factor must not be raft_rand()'s increment:
	 * nodes would then be a few steps apart on one sequence, and go in step for
	 * ever once the one behind has drawn a few more numbers. */
	r->rand_state ^= c->id * 0xd1342543de82ef95;
	raft_log_init(&r->raft_log, c->storage, c->logger, c->max_committed_size_per_ready);
	tracker_init(&r->trk, c->max_inflight_msgs, c->max_inflight_bytes);
	read_only_init(&r->read_only, c->read_only_option);

	raft_restore_config(r, &cs);
	if (!raft_hard_state_empty(hs))
		raft_load_state(r, hs);
	if (c->applied > 0)
		raft_log_applied_to(&r->raft_log, c->applied, 0);
	raft_become_follower(r, r->term, RAFT_NONE);
	raft_log_new_raft(r);
	return r;
}

void raft_free(struct raft *r)
{
	if (!r)
		return;
	raft_log_free(&r->raft_log);
	tracker_free(&r->trk);
	read_only_free(&r->read_only);
	raft_messages_free(&r->msgs);
	raft_messages_free(&r->msgs_after_append);
	raft_messages_free(&r->pending_read_index_messages);
	for (uint32_t i = 0; i < r->read_states_len; i++)
		raft_context_free(&r->read_states[i].request_ctx);
	free(r->read_states);
	free(r);
}

bool raft_has_leader(const struct raft *r)
{
	return r->lead != RAFT_NONE;
}

struct raft_soft_state raft_soft_state(const struct raft *r)
{
	return (struct raft_soft_state){.lead = r->lead, .raft_state = r->state};
}

struct raft_hard_state raft_hard_state(const struct raft *r)
{
	return (struct raft_hard_state){
		.term = r->term,
		.vote = r->vote,
		.commit = r->raft_log.committed,
	};
}

/* ---- Sending ------------------------------------------------------------ */

static bool is_vote_or_response(enum raft_message_type type)
{
	return type == MSG_VOTE || type == MSG_VOTE_RESP || type == MSG_PRE_VOTE ||
	       type == MSG_PRE_VOTE_RESP;
}

void raft_send(struct raft *r, struct raft_message *m)
{
	if (m->from == RAFT_NONE)
		m->from = r->id;
	if (is_vote_or_response(m->type)) {
		/* The sender chooses the term: that of the election it asks for or
		 * answers, which in a pre-vote is not yet anybody's. */
		if (m->term == 0)
			raft_panicf(r->logger, "term should be set when sending %s",
				raft_message_type_name(m->type));
	} else {
		if (m->term != 0)
			raft_panicf(r->logger, "term should not be set when sending %s (was %llu)",
				raft_message_type_name(m->type), m->term);
		/* Proposals and reads are forwarded to the leader as if they had been
		 * made there: they are local messages, and have no term. */
		if (m->type != MSG_PROP && m->type != MSG_READ_INDEX)
			m->term = r->term;
	}

	/* A vote or an acknowledged append is a promise, which must survive a crash
	 * (thesis section 3.8): such a message has to wait until what it promises is
	 * on disk. Rejections wait as well; they are rare, and may rest on state
	 * that is not on disk yet. Everything else may leave at once. */
	if (m->type == MSG_APP_RESP || m->type == MSG_VOTE_RESP || m->type == MSG_PRE_VOTE_RESP) {
		raft_messages_move_in(&r->msgs_after_append, m);
		return;
	}
	if (m->to == r->id)
		raft_panicf(r->logger, "message should not be self-addressed when sending %s",
			raft_message_type_name(m->type));
	raft_messages_move_in(&r->msgs, m);
}

/* raft_send_append sends the follower what it lacks, and the commit index, even
 * if it lacks nothing. */
void raft_send_append(struct raft *r, raft_id to)
{
	raft_maybe_send_append(r, to, true);
}

/* raft_maybe_send_append sends a MsgApp, or a snapshot if the entries are gone;
 * one without entries only if send_if_empty. Returns: whether it sent. */
bool raft_maybe_send_append(struct raft *r, raft_id to, bool send_if_empty)
{
	struct progress *pr = tracker_get(&r->trk, to);
	if (progress_is_paused(pr))
		return false;

	/* Nothing to say. The loop that fills a window ends here. */
	if (!send_if_empty && pr->next == raft_log_last_index(&r->raft_log) + 1)
		return false;

	raft_index prev_index = pr->next - 1;
	raft_term prev_term;
	if (raft_log_term(&r->raft_log, prev_index, &prev_term) != RAFT_OK)
		return raft_maybe_send_snapshot(r, to, pr);

	/* When the window is full, an empty MsgApp still goes out now and then (a
	 * heartbeat response asks for it): if all that is in flight was lost, the
	 * answer to it is what gets replication going again. */
	struct raft_entries ents = {0};
	enum raft_error err = RAFT_OK;
	if (pr->state != RAFT_PROGRESS_REPLICATE || !inflights_full(&pr->inflights))
		err = raft_log_entries(&r->raft_log, pr->next, r->max_msg_size, &ents);
	if (ents.len == 0 && !send_if_empty)
		return false;
	if (err)
		return raft_maybe_send_snapshot(r, to, pr);

	size_t n = ents.len;
	uint64_t bytes = raft_payloads_size(ents.v, ents.len);
	raft_send(r, &(struct raft_message){
			     .to = to,
			     .type = MSG_APP,
			     .index = prev_index,
			     .log_term = prev_term,
			     .entries = ents,
			     .commit = r->raft_log.committed,
		     });
	progress_sent_entries(pr, n, bytes);
	progress_sent_commit(pr, r->raft_log.committed);
	return true;
}

static void debug_progress(struct raft *r, const char *before, raft_id to, const char *between,
	const struct progress *pr);

/* raft_maybe_send_snapshot sends the newest snapshot. Returns: whether it sent. */
bool raft_maybe_send_snapshot(struct raft *r, raft_id to, struct progress *pr)
{
	if (!pr->recent_active) {
		RAFT_DEBUGF(r->logger,
			"ignore sending snapshot to %llx since it is not recently active", to);
		return false;
	}

	struct raft_snapshot *snapshot;
	enum raft_error err = raft_log_snapshot(&r->raft_log, &snapshot);
	if (err == RAFT_ERR_SNAPSHOT_TEMPORARILY_UNAVAILABLE) {
		RAFT_DEBUGF(r->logger,
			"%llx failed to send snapshot to %llx because snapshot is temporarily "
			"unavailable",
			r->id, to);
		return false;
	}
	if (err)
		raft_panicf(r->logger, "%s", raft_strerror(err));
	if (raft_snapshot_empty(snapshot))
		raft_panicf(r->logger, "need non-empty snapshot");

	struct raft_snapshot_metadata *md = &snapshot->metadata;
	if (r->logger->level <= RAFT_LOG_DEBUG) {
		struct strbuf b = {0};
		progress_string(pr, &b);
		RAFT_DEBUGF(r->logger,
			"%llx [firstindex: %llu, commit: %llu] sent snapshot[index: %llu, term: "
			"%llu] to %llx [%s]",
			r->id, raft_log_first_index(&r->raft_log), r->raft_log.committed, md->index,
			md->term, to, b.s);
		strbuf_free(&b);
	}
	progress_become_snapshot(pr, md->index);
	debug_progress(r, "paused sending replication messages to", to, "", pr);

	raft_send(r, &(struct raft_message){.to = to, .type = MSG_SNAP, .snapshot = snapshot});
	return true;
}

/* raft_send_heartbeat sends a MsgHeartbeat. */
void raft_send_heartbeat(struct raft *r, raft_id to, const void *ctx, size_t ctx_len)
{
	struct progress *pr = tracker_get(&r->trk, to);
	/* The follower may lack entries that we have committed, or have others in
	 * their place: never tell it to commit beyond what is known to match. */
	raft_index commit = RAFT_MIN(pr->match, r->raft_log.committed);
	struct raft_message m = {.to = to, .type = MSG_HEARTBEAT, .commit = commit};
	raft_context_set(&m.context, ctx, ctx_len);
	raft_send(r, &m);
	progress_sent_commit(pr, commit);
}

/* raft_bcast_append sends every other member what it lacks. */
void raft_bcast_append(struct raft *r)
{
	tracker_for_each(&r->trk, pr) {
		if (pr->id != r->id)
			raft_send_append(r, pr->id);
	}
}

/* raft_bcast_heartbeat sends a heartbeat to every other member; it carries the
 * context of the newest read that waits, and so confirms all of them. */
void raft_bcast_heartbeat(struct raft *r)
{
	size_t len;
	const void *ctx = read_only_last_pending_request_ctx(&r->read_only, &len);
	raft_bcast_heartbeat_with_ctx(r, ctx, len);
}

void raft_bcast_heartbeat_with_ctx(struct raft *r, const void *ctx, size_t ctx_len)
{
	tracker_for_each(&r->trk, pr) {
		if (pr->id != r->id)
			raft_send_heartbeat(r, pr->id, ctx, ctx_len);
	}
}

/* ---- What storage has done ---------------------------------------------- */

static void raft_auto_leave(struct raft *r);

/* raft_applied_to notes that entries up to index are applied; size is theirs in
 * encoded bytes. */
void raft_applied_to(struct raft *r, raft_index index, uint64_t size)
{
	raft_index applied = RAFT_MAX(index, r->raft_log.applied);
	raft_log_applied_to(&r->raft_log, applied, size);

	if (r->trk.config.auto_leave && applied >= r->pending_conf_index &&
		r->state == RAFT_STATE_LEADER)
		raft_auto_leave(r);
}

/* raft_auto_leave proposes to leave the joint configuration. If leadership is
 * being transferred, the proposal is dropped; the next applied entry tries again,
 * here or at the new leader. */
static void raft_auto_leave(struct raft *r)
{
	struct raft_message m = raft_conf_change_v2_msg(NULL);
	enum raft_error err = raft_step(r, &m);

	if (r->logger->level > RAFT_LOG_INFO)
		return;
	struct strbuf config = {0};
	tracker_config_string(&r->trk.config, &config);
	if (err)
		RAFT_DEBUGF(r->logger,
			"not initiating automatic transition out of joint configuration %s: %s",
			config.s, raft_strerror(err));
	else
		RAFT_INFOF(r->logger,
			"initiating automatic transition out of joint configuration %s", config.s);
	strbuf_free(&config);
}

/* raft_applied_ents notes that these n entries of so many encoded bytes are
 * applied. */
void raft_applied_ents(struct raft *r, const struct raft_entry *ents, size_t n, uint64_t size)
{
	if (n == 0)
		return;
	raft_applied_to(r, ents[n - 1].index, size);
	raft_reduce_uncommitted_size(r, raft_payloads_size(ents, n));
}

/* raft_applied_snap notes that snap is written and applied. */
void raft_applied_snap(struct raft *r, const struct raft_snapshot *snap)
{
	raft_index index = snap->metadata.index;
	raft_log_stable_snap_to(&r->raft_log, index);
	raft_applied_to(r, index, 0);
}

/* raft_maybe_commit moves the commit index to what a quorum has. Returns: whether
 * it moved; the caller then tells the others (raft_bcast_append). Leaders only. */
bool raft_maybe_commit(struct raft *r)
{
	struct entry_id at = {.term = r->term, .index = tracker_committed(&r->trk)};
	return raft_log_maybe_commit(&r->raft_log, at);
}

/* ---- Changing roles ----------------------------------------------------- */

/* raft_reset begins a term, or a role within one, with nothing remembered. */
void raft_reset(struct raft *r, raft_term term)
{
	if (r->term != term) {
		r->term = term;
		r->vote = RAFT_NONE;
	}
	r->lead = RAFT_NONE;

	r->election_elapsed = 0;
	r->heartbeat_elapsed = 0;
	raft_reset_randomized_election_timeout(r);

	raft_abort_leader_transfer(r);

	tracker_reset_votes(&r->trk);
	raft_index last = raft_log_last_index(&r->raft_log);
	tracker_for_each(&r->trk, pr) {
		inflights_reset(&pr->inflights);
		*pr = (struct progress){
			.id = pr->id,
			.match = pr->id == r->id ? last : 0,
			.next = last + 1,
			.inflights = pr->inflights,
			.is_learner = pr->is_learner,
		};
	}

	r->pending_conf_index = 0;
	r->uncommitted_size = 0;
	read_only_reset(&r->read_only);
}

/* raft_append_entry appends n entries to the leader's own log; their term and
 * index are filled in. Returns: false if that would be too many uncommitted bytes. */
bool raft_append_entry(struct raft *r, struct raft_entry *es, size_t n)
{
	raft_index li = raft_log_last_index(&r->raft_log);
	for (size_t i = 0; i < n; i++) {
		/* RaftLab Replication Step1: the log ends at index li. Give entry
		 * es[i] of this batch its term and its index, so that the batch
		 * continues the log without a gap. */
		es[i].term = r->term;
		es[i].index = li + 1 + i;
		/* RaftLab Replication Step1 end */
	}
	if (!raft_increase_uncommitted_size(r, es, n)) {
		RAFT_WARNINGF(r->logger,
			"%llx appending new entries to log would exceed uncommitted entry size "
			"limit; dropping proposal",
			r->id);
		return false;
	}
	li = raft_log_append(&r->raft_log, es, n);

	/* The leader acknowledges to itself like any follower, once the entries are
	 * on its own disk: raft_send holds the message back until then. */
	raft_send(r, &(struct raft_message){.to = r->id, .type = MSG_APP_RESP, .index = li});
	return true;
}

/* raft_tick_election is the tick of followers and candidates. */
void raft_tick_election(struct raft *r)
{
	/* RaftLab Election Step1: a tick has passed. Move the logical clock,
	 * election_elapsed, on by one. */
	r->election_elapsed++;
	/* RaftLab Election Step1 end */

	if (raft_promotable(r) && raft_past_election_timeout(r)) {
		/* RaftLab Election Step2: nobody has been heard of for too long.
		 * Restart the clock, and have raft_step handle a MsgHup of our own,
		 * which begins an election. */
		r->election_elapsed = 0;
		raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_HUP});
		/* RaftLab Election Step2 end */
	}
}

/* raft_tick_heartbeat is the tick of leaders. */
void raft_tick_heartbeat(struct raft *r)
{
	r->heartbeat_elapsed++;
	r->election_elapsed++;

	if (r->election_elapsed >= r->election_timeout) {
		r->election_elapsed = 0;
		if (r->check_quorum)
			raft_step(
				r, &(struct raft_message){.from = r->id, .type = MSG_CHECK_QUORUM});
		/* A transfer that has not succeeded within an election timeout will
		 * not: be a leader again. */
		if (r->state == RAFT_STATE_LEADER && r->lead_transferee != RAFT_NONE)
			raft_abort_leader_transfer(r);
	}

	if (r->state != RAFT_STATE_LEADER)
		return;

	if (r->heartbeat_elapsed >= r->heartbeat_timeout) {
		r->heartbeat_elapsed = 0;
		raft_step(r, &(struct raft_message){.from = r->id, .type = MSG_BEAT});
	}
}

void raft_become_follower(struct raft *r, raft_term term, raft_id lead)
{
	r->step = raft_step_follower;
	raft_reset(r, term);
	r->tick = raft_tick_election;
	r->lead = lead;
	r->state = RAFT_STATE_FOLLOWER;
	RAFT_INFOF(r->logger, "%llx became follower at term %llu", r->id, r->term);
}

void raft_become_candidate(struct raft *r)
{
	if (r->state == RAFT_STATE_LEADER)
		raft_panicf(r->logger, "invalid transition [leader -> candidate]");
	/* RaftLab Election Step3: become a candidate. Set the step function, begin
	 * the next term (raft_reset), set the tick function, vote for yourself, and
	 * set the state. raft_become_follower above shows the form. */
	r->step = raft_step_candidate;
	raft_reset(r, r->term + 1);
	r->tick = raft_tick_election;
	r->vote = r->id;
	r->state = RAFT_STATE_CANDIDATE;
	/* RaftLab Election Step3 end */
	RAFT_INFOF(r->logger, "%llx became candidate at term %llu", r->id, r->term);
}

void raft_become_pre_candidate(struct raft *r)
{
	if (r->state == RAFT_STATE_LEADER)
		raft_panicf(r->logger, "invalid transition [leader -> pre-candidate]");
	/* A pre-candidate only asks. Its term and its vote stay as they are, so that
	 * a node that cannot win disturbs nobody. */
	r->step = raft_step_candidate;
	tracker_reset_votes(&r->trk);
	r->tick = raft_tick_election;
	r->lead = RAFT_NONE;
	r->state = RAFT_STATE_PRE_CANDIDATE;
	RAFT_INFOF(r->logger, "%llx became pre-candidate at term %llu", r->id, r->term);
}

void raft_become_leader(struct raft *r)
{
	if (r->state == RAFT_STATE_FOLLOWER)
		raft_panicf(r->logger, "invalid transition [follower -> leader]");
	r->step = raft_step_leader;
	raft_reset(r, r->term);
	r->tick = raft_tick_heartbeat;
	r->lead = r->id;
	r->state = RAFT_STATE_LEADER;

	/* The others are probed first; our own log is known to be ours. */
	struct progress *pr = tracker_get(&r->trk, r->id);
	progress_become_replicate(pr);
	pr->recent_active = true;

	/* There may be a membership change in the part of the log that is not applied
	 * yet. Looking for it could take long; waiting with new ones until all of
	 * that is applied is always safe. */
	r->pending_conf_index = raft_log_last_index(&r->raft_log);

	/* An entry of our own term, so that all before it can be committed (paper
	 * section 5.4.2 and the end of section 8). It has no payload, so no size
	 * limit can refuse it. */
	struct raft_entry empty = {0};
	if (!raft_append_entry(r, &empty, 1))
		raft_panicf(r->logger, "empty entry was dropped");
	RAFT_INFOF(r->logger, "%llx became leader at term %llu", r->id, r->term);
}

/* ---- Elections ---------------------------------------------------------- */

/* raft_hup begins an election if this node may take part in one. */
void raft_hup(struct raft *r, enum campaign_type t)
{
	if (r->state == RAFT_STATE_LEADER) {
		RAFT_DEBUGF(r->logger, "%llx ignoring MsgHup because already leader", r->id);
		return;
	}
	if (!raft_promotable(r)) {
		RAFT_WARNINGF(r->logger, "%llx is unpromotable and can not campaign", r->id);
		return;
	}
	if (raft_has_unapplied_conf_changes(r)) {
		RAFT_WARNINGF(r->logger,
			"%llx cannot campaign at term %llu since there are still pending "
			"configuration changes to apply",
			r->id, r->term);
		return;
	}
	RAFT_INFOF(r->logger, "%llx is starting a new election at term %llu", r->id, r->term);
	raft_campaign(r, t);
}

/* Visits a page of the log; stops the scan when it has found a change. */
static bool find_conf_change(void *arg, const struct raft_entry *ents, size_t n)
{
	bool *found = arg;
	for (size_t i = 0; i < n && !*found; i++)
		*found = ents[i].type != RAFT_ENTRY_NORMAL;
	return !*found;
}

/* raft_has_unapplied_conf_changes: a committed membership change waits to be
 * applied, so we don't know yet who may vote. */
bool raft_has_unapplied_conf_changes(struct raft *r)
{
	if (r->raft_log.applied >= r->raft_log.committed)
		return false;

	bool found = false;
	raft_index lo = r->raft_log.applied + 1, hi = r->raft_log.committed + 1;
	uint64_t page_size = r->raft_log.max_applying_ents_size;
	enum raft_error err =
		raft_log_scan(&r->raft_log, lo, hi, page_size, find_conf_change, &found);
	if (err)
		raft_panicf(r->logger, "error scanning unapplied entries [%llu, %llu): %s", lo, hi,
			raft_strerror(err));
	return found;
}

/* raft_campaign becomes a candidate and asks every voter for its vote. */
void raft_campaign(struct raft *r, enum campaign_type t)
{
	if (!raft_promotable(r))
		RAFT_WARNINGF(r->logger, "%llx is unpromotable; campaign() should have been called",
			r->id);

	raft_term term;
	enum raft_message_type vote_msg;
	if (t == CAMPAIGN_PRE_ELECTION) {
		raft_become_pre_candidate(r);
		vote_msg = MSG_PRE_VOTE;
		/* It asks for the term that would come, without entering it. */
		term = r->term + 1;
	} else {
		/* RaftLab Election Step4: the real election. Become a candidate, then
		 * choose the kind of message to send (vote_msg) and the term to ask
		 * for (term). Which term is this node in now? */
		raft_become_candidate(r);
		vote_msg = MSG_VOTE;
		term = r->term;
		/* RaftLab Election Step4 end: return; */
	}

	raft_id ids[2 * RAFT_MAX_MEMBERS];
	size_t n = tracker_voter_nodes(&r->trk, ids);
	struct entry_id last = raft_log_last_entry_id(&r->raft_log);
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == r->id) {
			/* Our own vote counts, but only once it is on disk: it goes
			 * to ourselves as a message that raft_send holds back. */
			raft_send(r, &(struct raft_message){
					     .to = ids[i],
					     .term = term,
					     .type = raft_vote_resp_msg_type(vote_msg),
				     });
			continue;
		}
		RAFT_INFOF(r->logger,
			"%llx [logterm: %llu, index: %llu] sent %s request to %llx at term %llu",
			r->id, last.term, last.index, raft_message_type_name(vote_msg), ids[i],
			r->term);
		struct raft_message m = {
			.to = ids[i],
			.term = term,
			.type = vote_msg,
			.index = last.index,
			.log_term = last.term,
		};
		if (t == CAMPAIGN_TRANSFER)
			raft_context_set(&m.context, CAMPAIGN_TRANSFER_CONTEXT,
				strlen(CAMPAIGN_TRANSFER_CONTEXT));
		raft_send(r, &m);
	}
}

/* raft_poll counts the vote of id, granted if v. Returns: how the election stands. */
enum quorum_vote_result raft_poll(
	struct raft *r, raft_id id, enum raft_message_type t, bool v, int *granted, int *rejected)
{
	if (v)
		RAFT_INFOF(r->logger, "%llx received %s from %llx at term %llu", r->id,
			raft_message_type_name(t), id, r->term);
	else
		RAFT_INFOF(r->logger, "%llx received %s rejection from %llx at term %llu", r->id,
			raft_message_type_name(t), id, r->term);
	tracker_record_vote(&r->trk, id, v);
	return tracker_tally_votes(&r->trk, granted, rejected);
}

/* ---- Messages: what every role does ------------------------------------- */

/* in_lease: we hear from a leader, so there is no need of another one. Only a
 * node that checks quorums can rely on it (thesis section 4.2.3). */
static bool in_lease(const struct raft *r)
{
	return r->check_quorum && r->lead != RAFT_NONE && r->election_elapsed < r->election_timeout;
}

/* step_higher_term handles the term of a message from a later term than ours.
 * Returns: false if the message is to be ignored. */
static bool step_higher_term(struct raft *r, const struct raft_message *m)
{
	if (m->type == MSG_VOTE || m->type == MSG_PRE_VOTE) {
		bool force = raft_context_equal(
			&m->context, CAMPAIGN_TRANSFER_CONTEXT, strlen(CAMPAIGN_TRANSFER_CONTEXT));
		if (!force && in_lease(r)) {
			struct entry_id last = raft_log_last_entry_id(&r->raft_log);
			RAFT_INFOF(r->logger,
				"%llx [logterm: %llu, index: %llu, vote: %llx] ignored %s from %llx "
				"[logterm: %llu, index: %llu] at term %llu: lease is not expired "
				"(remaining ticks: %d)",
				r->id, last.term, last.index, r->vote,
				raft_message_type_name(m->type), m->from, m->log_term, m->index,
				r->term, r->election_timeout - r->election_elapsed);
			return false;
		}
	}

	/* Being asked for a pre-vote changes nothing. Nor does being granted one:
	 * its term is the one we asked for, and we enter it when we have a quorum.
	 * A rejection has the rejecter's own term, which we must follow. */
	if (m->type == MSG_PRE_VOTE || (m->type == MSG_PRE_VOTE_RESP && !m->reject))
		return true;

	RAFT_INFOF(r->logger,
		"%llx [term: %llu] received a %s message with higher term from %llx [term: %llu]",
		r->id, r->term, raft_message_type_name(m->type), m->from, m->term);
	bool from_leader = m->type == MSG_APP || m->type == MSG_HEARTBEAT || m->type == MSG_SNAP;
	raft_become_follower(r, m->term, from_leader ? m->from : RAFT_NONE);
	return true;
}

/* step_lower_term handles a message from a term that is over; nothing else is
 * done with it. */
static void step_lower_term(struct raft *r, const struct raft_message *m)
{
	if ((r->check_quorum || r->pre_vote) && (m->type == MSG_HEARTBEAT || m->type == MSG_APP)) {
		/* A leader that does not know it is deposed. Perhaps we raised our
		 * term alone, behind a partition: we can neither win an election
		 * (leases and pre-votes protect the others) nor follow, as our term is
		 * higher. This answer makes the leader step down, and so frees us. */
		raft_send(r, &(struct raft_message){.to = m->from, .type = MSG_APP_RESP});
	} else if (m->type == MSG_PRE_VOTE) {
		/* Dropping it could deadlock a cluster in which some nodes know
		 * pre-votes and others, with higher terms and shorter logs, do not. */
		struct entry_id last = raft_log_last_entry_id(&r->raft_log);
		RAFT_INFOF(r->logger,
			"%llx [logterm: %llu, index: %llu, vote: %llx] rejected %s from %llx "
			"[logterm: %llu, index: %llu] at term %llu",
			r->id, last.term, last.index, r->vote, raft_message_type_name(m->type),
			m->from, m->log_term, m->index, r->term);
		raft_send(r, &(struct raft_message){
				     .to = m->from,
				     .term = r->term,
				     .type = MSG_PRE_VOTE_RESP,
				     .reject = true,
			     });
	} else if (m->type == MSG_STORAGE_APPEND_RESP) {
		/* The entries may have been overwritten by a later term's; a snapshot
		 * is committed state, and stays true in any term. */
		if (m->index != 0)
			RAFT_INFOF(r->logger,
				"%llx [term: %llu] ignored entry appends from a %s message with "
				"lower term [term: %llu]",
				r->id, r->term, raft_message_type_name(m->type), m->term);
		if (m->snapshot)
			raft_applied_snap(r, m->snapshot);
	} else {
		RAFT_INFOF(r->logger,
			"%llx [term: %llu] ignored a %s message with lower term from %llx [term: "
			"%llu]",
			r->id, r->term, raft_message_type_name(m->type), m->from, m->term);
	}
}

/* step_vote answers a MsgVote or MsgPreVote (paper sections 5.2 and 5.4.1). */
static void step_vote(struct raft *r, const struct raft_message *m)
{
	/* We can vote if this repeats a vote that we gave, ... */
	bool can_vote = r->vote == m->from ||
			/* ... if we have not voted and know of no leader in this term, ... */
			(r->vote == RAFT_NONE && r->lead == RAFT_NONE) ||
			/* ... or if it is a pre-vote for a term to come. */
			(m->type == MSG_PRE_VOTE && m->term > r->term);
	/* And we do vote if the candidate's log is no older than ours. Learners vote
	 * too: one may have been promoted without knowing it yet, and be needed. */
	struct entry_id last = raft_log_last_entry_id(&r->raft_log);
	struct entry_id cand_last = {.term = m->log_term, .index = m->index};
	bool grant = can_vote && raft_log_is_up_to_date(&r->raft_log, cand_last);

	RAFT_INFOF(r->logger,
		"%llx [logterm: %llu, index: %llu, vote: %llx] %s %s %s %llx [logterm: %llu, index: "
		"%llu] at term %llu",
		r->id, last.term, last.index, r->vote, grant ? "cast" : "rejected",
		raft_message_type_name(m->type), grant ? "for" : "from", m->from, cand_last.term,
		cand_last.index, r->term);
	if (!grant) {
		raft_send(r, &(struct raft_message){
				     .to = m->from,
				     .term = r->term,
				     .type = raft_vote_resp_msg_type(m->type),
				     .reject = true,
			     });
		return;
	}

	/* RaftLab Election Step5: grant the vote. Answer m->from with the response
	 * that fits the request (raft_vote_resp_msg_type), in the term of the
	 * request: in a pre-vote, ours is another one. The rejection above shows
	 * the form. */
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .term = m->term,
			     .type = raft_vote_resp_msg_type(m->type),
		     });
	/* RaftLab Election Step5 end */

	if (m->type == MSG_VOTE) {
		/* Only real votes bind. */
		r->election_elapsed = 0;
		r->vote = m->from;
	}
}

static enum raft_error step_message(struct raft *r, struct raft_message *m)
{
	/* The term first. 0 marks a local message. */
	if (m->term > r->term) {
		if (!step_higher_term(r, m))
			return RAFT_OK;
	} else if (m->term != 0 && m->term < r->term) {
		step_lower_term(r, m);
		return RAFT_OK;
	}

	switch (m->type) {
	case MSG_HUP:
		raft_hup(r, r->pre_vote ? CAMPAIGN_PRE_ELECTION : CAMPAIGN_ELECTION);
		return RAFT_OK;

	case MSG_STORAGE_APPEND_RESP:
		if (m->index != 0)
			raft_log_stable_to(&r->raft_log,
				(struct entry_id){.term = m->log_term, .index = m->index});
		if (m->snapshot)
			raft_applied_snap(r, m->snapshot);
		return RAFT_OK;

	case MSG_STORAGE_APPLY_RESP:
		raft_applied_ents(r, m->entries.v, m->entries.len,
			raft_ents_size(m->entries.v, m->entries.len));
		return RAFT_OK;

	case MSG_VOTE:
	case MSG_PRE_VOTE:
		step_vote(r, m);
		return RAFT_OK;

	default:
		return r->step(r, m);
	}
}

enum raft_error raft_step(struct raft *r, struct raft_message *m)
{
	enum raft_error err = step_message(r, m);
	if (raft_message_holds(m)) /* what nobody has taken over */
		raft_message_free(m);
	return err;
}

/* ---- Messages: the leader ----------------------------------------------- */

/* debug_progress writes "<id> <before> <to><between> [<progress>]". */
static void debug_progress(struct raft *r, const char *before, raft_id to, const char *between,
	const struct progress *pr)
{
	if (r->logger->level > RAFT_LOG_DEBUG)
		return;
	struct strbuf b = {0};
	progress_string(pr, &b);
	RAFT_DEBUGF(r->logger, "%llx %s %llx%s [%s]", r->id, before, to, between, b.s);
	strbuf_free(&b);
}

/* step_leader_check_quorum: a leader that has not heard from a quorum for an
 * election timeout steps down (thesis section 6.2). */
static void step_leader_check_quorum(struct raft *r)
{
	if (!tracker_quorum_active(&r->trk)) {
		RAFT_WARNINGF(r->logger, "%llx stepped down to follower since quorum is not active",
			r->id);
		raft_become_follower(r, r->term, RAFT_NONE);
	}
	/* Begin to count anew. */
	tracker_for_each(&r->trk, pr) {
		if (pr->id != r->id)
			pr->recent_active = false;
	}
}

/* conf_change_refusal says in why[] what stands against proposing a membership
 * change now. Returns: false if nothing does. */
static bool conf_change_refusal(
	const struct raft *r, const struct raft_conf_change_v2 *cc, char *why, size_t size)
{
	bool already_joint = r->trk.config.voters.v[1].len > 0;
	bool wants_leave_joint = cc->changes_len == 0;

	if (r->pending_conf_index > r->raft_log.applied)
		snprintf(why, size,
			"possible unapplied conf change at index %llu (applied to %llu)",
			r->pending_conf_index, r->raft_log.applied);
	else if (already_joint && !wants_leave_joint)
		snprintf(why, size, "must transition out of joint config first");
	else if (!already_joint && wants_leave_joint)
		snprintf(why, size, "not in joint state; refusing empty conf change");
	else
		return false;
	return true;
}

/* check_conf_change looks at a proposed membership change, the i-th entry of its
 * batch. One that may not be made now becomes an empty entry. */
static enum raft_error check_conf_change(struct raft *r, struct raft_entry *e, size_t i)
{
	struct raft_conf_change_v2 cc;
	if (raftpb_entry_conf_change_decode(e, &cc) != RAFT_OK)
		return RAFT_ERR_MALFORMED;

	char why[128];
	if (conf_change_refusal(r, &cc, why, sizeof(why)) && !r->disable_conf_change_validation) {
		if (r->logger->level <= RAFT_LOG_INFO) {
			struct strbuf change = {0}, config = {0};
			raft_conf_change_string(e, &cc, &change);
			tracker_config_string(&r->trk.config, &config);
			RAFT_INFOF(r->logger, "%llx ignoring conf change %s at config %s: %s",
				r->id, change.s, config.s, why);
			strbuf_free(&change);
			strbuf_free(&config);
		}
		raft_buf_unref(e->buf);
		*e = (struct raft_entry){.type = RAFT_ENTRY_NORMAL};
	} else {
		r->pending_conf_index = raft_log_last_index(&r->raft_log) + i + 1;
	}
	raftpb_conf_change_v2_free(&cc);
	return RAFT_OK;
}

/* step_leader_prop appends what a client proposes and replicates it. */
static enum raft_error step_leader_prop(struct raft *r, struct raft_message *m)
{
	if (m->entries.len == 0)
		raft_panicf(r->logger, "%llx stepped empty MsgProp", r->id);
	/* Removed from the configuration while leading: take nothing new. */
	if (!tracker_get(&r->trk, r->id))
		return RAFT_ERR_PROPOSAL_DROPPED;
	if (r->lead_transferee != RAFT_NONE) {
		RAFT_DEBUGF(r->logger,
			"%llx [term %llu] transfer leadership to %llx is in progress; dropping "
			"proposal",
			r->id, r->term, r->lead_transferee);
		return RAFT_ERR_PROPOSAL_DROPPED;
	}

	for (size_t i = 0; i < m->entries.len; i++) {
		struct raft_entry *e = &m->entries.v[i];
		if (e->type == RAFT_ENTRY_NORMAL)
			continue;
		enum raft_error err = check_conf_change(r, e, i);
		if (err)
			return err;
	}

	if (!raft_append_entry(r, m->entries.v, m->entries.len))
		return RAFT_ERR_PROPOSAL_DROPPED;
	/* RaftLab Replication Step2: the entries are in our log. Send them to the
	 * others now; don't let them wait for a heartbeat. */
	raft_bcast_append(r);
	/* RaftLab Replication Step2 end */
	return RAFT_OK;
}

static void respond_to_read_index_req(
	struct raft *r, struct raft_message *req, raft_index read_index);
static void send_msg_read_index_response(struct raft *r, struct raft_message *m);
static void release_pending_read_index_messages(struct raft *r);

/* step_leader_read_index begins a linearizable read (thesis section 6.4). */
static void step_leader_read_index(struct raft *r, struct raft_message *m)
{
	/* Nobody else can have been elected. */
	if (tracker_is_singleton(&r->trk)) {
		respond_to_read_index_req(r, m, r->raft_log.committed);
		return;
	}
	/* A new leader does not know the commit index before it has committed an
	 * entry of its own term. */
	if (!raft_committed_entry_in_current_term(r)) {
		raft_messages_push(&r->pending_read_index_messages, m);
		return;
	}
	send_msg_read_index_response(r, m);
}

/* step_leader_app_resp_rejected finds an earlier place where the logs may meet.
 *
 * Going back entry by entry could take a round trip for each of thousands. The
 * rejection brings a hint: the follower's log has, at index reject_hint, an entry
 * of term log_term. Terms only go up within a log, so at none of the indexes up to
 * there does the follower have a term above log_term; where ours is above it, the
 * logs cannot meet. For example
 *
 *	index		1 2 3 4 5 6 7 8 9
 *	our terms	1 3 3 3 5 5 5 5 5
 *	its terms	1 1 1 1 2 2
 *
 * A MsgApp at index 9 is rejected with the hint "index 6, term 2". Ours are above
 * 2 at 6, 5, 4, 3 and 2: so we try index 1, and that is right. The follower does
 * the same before it gives the hint (raft_handle_append_entries), which helps when
 * it is the follower's log that has a long tail of later terms. Together they need
 * at most one probe for each term. */
static void step_leader_app_resp_rejected(
	struct raft *r, const struct raft_message *m, struct progress *pr)
{
	RAFT_DEBUGF(r->logger,
		"%llx received MsgAppResp(rejected, hint: (index %llu, term %llu)) from %llx for "
		"index %llu",
		r->id, m->reject_hint, m->log_term, m->from, m->index);
	raft_index next_probe = m->reject_hint;
	if (m->log_term > 0) {
		struct entry_id guess =
			raft_log_find_conflict_by_term(&r->raft_log, m->reject_hint, m->log_term);
		next_probe = guess.index;
	}
	if (!progress_maybe_decr_to(pr, m->index, next_probe))
		return;
	debug_progress(r, "decreased progress of", m->from, " to", pr);
	if (pr->state == RAFT_PROGRESS_REPLICATE)
		progress_become_probe(pr);
	raft_send_append(r, m->from);
}

/* step_leader_app_resp takes in how far a follower, or we ourselves, have come. */
static void step_leader_app_resp(struct raft *r, const struct raft_message *m, struct progress *pr)
{
	pr->recent_active = true;

	if (m->reject) {
		step_leader_app_resp_rejected(r, m, pr);
		return;
	}

	/* Old news is of use only to a follower that is being probed: it shows that
	 * the logs meet where we thought. */
	if (!progress_maybe_update(pr, m->index) &&
		!(pr->match == m->index && pr->state == RAFT_PROGRESS_PROBE))
		return;

	if (pr->state == RAFT_PROGRESS_PROBE) {
		progress_become_replicate(pr);
	} else if (pr->state == RAFT_PROGRESS_SNAPSHOT &&
		   pr->match + 1 >= raft_log_first_index(&r->raft_log)) {
		/* It can go on from our log, whatever snapshot brought it there. */
		debug_progress(r,
			"recovered from needing snapshot, resumed sending replication messages to",
			m->from, "", pr);
		progress_become_probe(pr);
		progress_become_replicate(pr);
	} else if (pr->state == RAFT_PROGRESS_REPLICATE) {
		inflights_free_le(&pr->inflights, m->index);
	}

	raft_index committed = r->raft_log.committed;
	/* RaftLab Replication Step4: one more member has the entries up to m->index.
	 * Try to advance the commit index (raft_maybe_commit); if it has moved, let
	 * everybody know (raft_bcast_append). */
	if (raft_maybe_commit(r))
		raft_bcast_append(r);
	/* RaftLab Replication Step4 end */

	if (r->raft_log.committed != committed) {
		/* If that was the first commit of our term, reads have waited for it. */
		release_pending_read_index_messages(r);
	} else if (m->from != r->id && progress_can_bump_commit(pr, committed)) {
		/* A heartbeat would tell it the commit index as well, but later. */
		raft_send_append(r, m->from);
	}

	/* There may be room in the window now: fill it. */
	if (m->from != r->id) {
		while (raft_maybe_send_append(r, m->from, false))
			;
	}

	if (m->from == r->lead_transferee && pr->match == raft_log_last_index(&r->raft_log)) {
		RAFT_INFOF(r->logger, "%llx sent MsgTimeoutNow to %llx after received MsgAppResp",
			r->id, m->from);
		raft_send_timeout_now(r, m->from);
	}
}

/* step_leader_heartbeat_resp: the follower is there. Send what it lacks, and
 * count it for the reads that wait. */
static void step_leader_heartbeat_resp(
	struct raft *r, const struct raft_message *m, struct progress *pr)
{
	pr->recent_active = true;
	pr->msg_app_flow_paused = false;

	/* A follower that is being probed gets a MsgApp even if it lacks nothing: its
	 * answer makes it replicate again. */
	if (pr->match < raft_log_last_index(&r->raft_log) || pr->state == RAFT_PROGRESS_PROBE)
		raft_send_append(r, m->from);

	if (r->read_only.option != RAFT_READ_ONLY_SAFE || m->context.len == 0)
		return;
	const void *ctx = raft_context_data(&m->context);
	const struct tracker_votes *acks =
		read_only_recv_ack(&r->read_only, m->from, ctx, m->context.len);
	if (!acks || quorum_joint_vote_result(&r->trk.config.voters, tracker_votes_lookup(acks)) !=
			     QUORUM_VOTE_WON)
		return;

	struct read_index_status *rss;
	size_t n = read_only_advance(&r->read_only, ctx, m->context.len, &rss);
	for (size_t i = 0; i < n; i++)
		respond_to_read_index_req(r, &rss[i].req, rss[i].index);
	read_index_statuses_free(rss, n);
}

/* step_leader_snap_status: sending a snapshot to the follower is over. */
static void step_leader_snap_status(
	struct raft *r, const struct raft_message *m, struct progress *pr)
{
	if (pr->state != RAFT_PROGRESS_SNAPSHOT)
		return;
	if (!m->reject) {
		progress_become_probe(pr);
		debug_progress(r, "snapshot succeeded, resumed sending replication messages to",
			m->from, "", pr);
	} else {
		/* First forget the snapshot, or probing would begin behind it. */
		pr->pending_snapshot = 0;
		progress_become_probe(pr);
		debug_progress(r, "snapshot failed, resumed sending replication messages to",
			m->from, "", pr);
	}
	/* If it arrived, its MsgAppResp comes soon; if not, wait for a heartbeat
	 * before the next try. */
	pr->msg_app_flow_paused = true;
}

/* step_leader_unreachable: a MsgApp to the follower was probably lost. */
static void step_leader_unreachable(
	struct raft *r, const struct raft_message *m, struct progress *pr)
{
	if (pr->state == RAFT_PROGRESS_REPLICATE)
		progress_become_probe(pr);
	debug_progress(r, "failed to send message to", m->from, " because it is unreachable", pr);
}

/* step_leader_transfer_leader hands leadership to m->from (thesis section 3.10):
 * bring its log up to date, then tell it to campaign at once. */
static void step_leader_transfer_leader(
	struct raft *r, const struct raft_message *m, struct progress *pr)
{
	raft_id transferee = m->from;

	if (pr->is_learner) {
		RAFT_DEBUGF(r->logger, "%llx is learner. Ignored transferring leadership", r->id);
		return;
	}
	if (r->lead_transferee == transferee) {
		RAFT_INFOF(r->logger,
			"%llx [term %llu] transfer leadership to %llx is in progress, ignores "
			"request to same node %llx",
			r->id, r->term, transferee, transferee);
		return;
	}
	if (r->lead_transferee != RAFT_NONE) {
		raft_id last = r->lead_transferee;
		raft_abort_leader_transfer(r);
		RAFT_INFOF(r->logger,
			"%llx [term %llu] abort previous transferring leadership to %llx", r->id,
			r->term, last);
	}
	if (transferee == r->id) {
		RAFT_DEBUGF(r->logger,
			"%llx is already leader. Ignored transferring leadership to self", r->id);
		return;
	}

	RAFT_INFOF(r->logger, "%llx [term %llu] starts to transfer leadership to %llx", r->id,
		r->term, transferee);
	/* It has one election timeout from now on. */
	r->election_elapsed = 0;
	r->lead_transferee = transferee;
	if (pr->match == raft_log_last_index(&r->raft_log)) {
		raft_send_timeout_now(r, transferee);
		RAFT_INFOF(r->logger,
			"%llx sends MsgTimeoutNow to %llx immediately as %llx already has "
			"up-to-date log",
			r->id, transferee, transferee);
	} else {
		raft_send_append(r, transferee);
	}
}

enum raft_error raft_step_leader(struct raft *r, struct raft_message *m)
{
	/* These are not about one member. */
	switch (m->type) {
	case MSG_BEAT:
		raft_bcast_heartbeat(r);
		return RAFT_OK;
	case MSG_CHECK_QUORUM:
		step_leader_check_quorum(r);
		return RAFT_OK;
	case MSG_PROP:
		return step_leader_prop(r, m);
	case MSG_READ_INDEX:
		step_leader_read_index(r, m);
		return RAFT_OK;
	case MSG_FORGET_LEADER:
		return RAFT_OK; /* a leader does not forget itself */
	default:
		break;
	}

	struct progress *pr = tracker_get(&r->trk, m->from);
	if (!pr) {
		RAFT_DEBUGF(r->logger, "%llx no progress available for %llx", r->id, m->from);
		return RAFT_OK;
	}
	switch (m->type) {
	case MSG_APP_RESP:
		step_leader_app_resp(r, m, pr);
		break;
	case MSG_HEARTBEAT_RESP:
		step_leader_heartbeat_resp(r, m, pr);
		break;
	case MSG_SNAP_STATUS:
		step_leader_snap_status(r, m, pr);
		break;
	case MSG_UNREACHABLE:
		step_leader_unreachable(r, m, pr);
		break;
	case MSG_TRANSFER_LEADER:
		step_leader_transfer_leader(r, m, pr);
		break;
	default:
		break;
	}
	return RAFT_OK;
}

/* ---- Messages: the candidate -------------------------------------------- */

/* step_candidate_vote_resp counts a vote, in either phase of an election. */
static void step_candidate_vote_resp(struct raft *r, const struct raft_message *m)
{
	int granted, rejected;
	enum quorum_vote_result result =
		raft_poll(r, m->from, m->type, !m->reject, &granted, &rejected);
	RAFT_INFOF(r->logger, "%llx has received %d %s votes and %d vote rejections", r->id,
		granted, raft_message_type_name(m->type), rejected);

	switch (result) {
	case QUORUM_VOTE_WON:
		if (r->state == RAFT_STATE_PRE_CANDIDATE) {
			raft_campaign(r, CAMPAIGN_ELECTION);
		} else {
			/* RaftLab Election Step6: a quorum has voted for us. Become the
			 * leader, and assert it: send everybody a MsgApp. */
			raft_become_leader(r);
			raft_bcast_append(r);
			/* RaftLab Election Step6 end */
		}
		break;
	case QUORUM_VOTE_LOST:
		/* A pre-vote response may have a term to come: keep our own. */
		raft_become_follower(r, r->term, RAFT_NONE);
		break;
	case QUORUM_VOTE_PENDING:
		break;
	}
}

/* raft_step_candidate serves candidates and pre-candidates; they differ in whose
 * votes they count. */
enum raft_error raft_step_candidate(struct raft *r, struct raft_message *m)
{
	/* A candidate may still get late answers to its pre-vote. */
	enum raft_message_type my_vote_resp_type =
		r->state == RAFT_STATE_PRE_CANDIDATE ? MSG_PRE_VOTE_RESP : MSG_VOTE_RESP;

	if (m->type == my_vote_resp_type) {
		step_candidate_vote_resp(r, m);
		return RAFT_OK;
	}
	switch (m->type) {
	case MSG_PROP:
		RAFT_INFOF(r->logger, "%llx no leader at term %llu; dropping proposal", r->id,
			r->term);
		return RAFT_ERR_PROPOSAL_DROPPED;
	/* In these three m->term is r->term: somebody else has won this election. */
	case MSG_APP:
		raft_become_follower(r, m->term, m->from);
		raft_handle_append_entries(r, m);
		break;
	case MSG_HEARTBEAT:
		raft_become_follower(r, m->term, m->from);
		raft_handle_heartbeat(r, m);
		break;
	case MSG_SNAP:
		raft_become_follower(r, m->term, m->from);
		raft_handle_snapshot(r, m);
		break;
	case MSG_TIMEOUT_NOW:
		RAFT_DEBUGF(r->logger, "%llx [term %llu state %s] ignored MsgTimeoutNow from %llx",
			r->id, r->term, raft_state_name(r->state), m->from);
		break;
	default:
		break;
	}
	return RAFT_OK;
}

/* ---- Messages: the follower --------------------------------------------- */

/* step_follower_prop forwards a proposal to the leader. */
static enum raft_error step_follower_prop(struct raft *r, struct raft_message *m)
{
	if (r->lead == RAFT_NONE) {
		RAFT_INFOF(r->logger, "%llx no leader at term %llu; dropping proposal", r->id,
			r->term);
		return RAFT_ERR_PROPOSAL_DROPPED;
	}
	if (r->disable_proposal_forwarding) {
		RAFT_INFOF(r->logger,
			"%llx not forwarding to leader %llx at term %llu; dropping proposal", r->id,
			r->lead, r->term);
		return RAFT_ERR_PROPOSAL_DROPPED;
	}
	m->to = r->lead;
	raft_send(r, m);
	return RAFT_OK;
}

/* forward_to_leader sends m on to the leader, if there is one; what names it in
 * the log line. */
static void forward_to_leader(struct raft *r, struct raft_message *m, const char *what)
{
	if (r->lead == RAFT_NONE) {
		RAFT_INFOF(r->logger, "%llx no leader at term %llu; dropping %s msg", r->id,
			r->term, what);
		return;
	}
	m->to = r->lead;
	raft_send(r, m);
}

/* step_follower_forget_leader makes the follower free to vote for another. */
static void step_follower_forget_leader(struct raft *r)
{
	if (r->read_only.option == RAFT_READ_ONLY_LEASE_BASED) {
		/* The leader relies on our not voting while its lease lasts. */
		RAFT_ERRORF(r->logger, "ignoring MsgForgetLeader due to ReadOnlyLeaseBased");
		return;
	}
	if (r->lead != RAFT_NONE) {
		RAFT_INFOF(r->logger, "%llx forgetting leader %llx at term %llu", r->id, r->lead,
			r->term);
		r->lead = RAFT_NONE;
	}
}

static void push_read_state(struct raft *r, raft_index index, const struct raft_entry *e);

enum raft_error raft_step_follower(struct raft *r, struct raft_message *m)
{
	switch (m->type) {
	case MSG_PROP:
		return step_follower_prop(r, m);
	case MSG_APP:
		/* RaftLab Replication Step3: the leader of our term has spoken. Restart
		 * the election clock, remember who leads, and handle the entries
		 * (raft_handle_append_entries). */
		r->election_elapsed = 0;
		r->lead = m->from;
		raft_handle_append_entries(r, m);
		/* RaftLab Replication Step3 end */
		break;
	case MSG_HEARTBEAT:
		r->election_elapsed = 0;
		r->lead = m->from;
		raft_handle_heartbeat(r, m);
		break;
	case MSG_SNAP:
		r->election_elapsed = 0;
		r->lead = m->from;
		raft_handle_snapshot(r, m);
		break;
	case MSG_TRANSFER_LEADER:
		forward_to_leader(r, m, "leader transfer");
		break;
	case MSG_FORGET_LEADER:
		step_follower_forget_leader(r);
		break;
	case MSG_TIMEOUT_NOW:
		RAFT_INFOF(r->logger,
			"%llx [term %llu] received MsgTimeoutNow from %llx and starts an election "
			"to get leadership.",
			r->id, r->term, m->from);
		/* No pre-vote: we know that the others can be reached. */
		raft_hup(r, CAMPAIGN_TRANSFER);
		break;
	case MSG_READ_INDEX:
		forward_to_leader(r, m, "index reading");
		break;
	case MSG_READ_INDEX_RESP:
		if (m->entries.len != 1) {
			RAFT_ERRORF(r->logger,
				"%llx invalid format of MsgReadIndexResp from %llx, entries count: "
				"%u",
				r->id, m->from, m->entries.len);
			break;
		}
		push_read_state(r, m->index, &m->entries.v[0]);
		break;
	default:
		break;
	}
	return RAFT_OK;
}

/* ---- What a follower does with its log ---------------------------------- */

/* raft_handle_append_entries appends what the leader sent, if our log has the
 * entry before it, and answers (paper section 5.3). */
void raft_handle_append_entries(struct raft *r, struct raft_message *m)
{
	struct log_slice a = {
		.term = m->term,
		.prev = {.term = m->log_term, .index = m->index},
		.entries = m->entries.v,
		.len = m->entries.len,
	};

	/* Late: we have all that, and more, committed. */
	if (a.prev.index < r->raft_log.committed) {
		raft_send(r, &(struct raft_message){
				     .to = m->from,
				     .type = MSG_APP_RESP,
				     .index = r->raft_log.committed,
			     });
		return;
	}
	raft_index last_new;
	if (raft_log_maybe_append(&r->raft_log, &a, m->commit, &last_new)) {
		raft_send(r, &(struct raft_message){
				     .to = m->from,
				     .type = MSG_APP_RESP,
				     .index = last_new,
			     });
		return;
	}
	RAFT_DEBUGF(r->logger,
		"%llx [logterm: %llu, index: %llu] rejected MsgApp [logterm: %llu, index: %llu] "
		"from %llx",
		r->id, raft_log_zero_term_on_out_of_bounds(&r->raft_log, m->index), m->index,
		m->log_term, m->index, m->from);

	/* Tell the leader where to look next: the last place at which our logs may
	 * meet. See step_leader_app_resp_rejected. */
	raft_index index = RAFT_MIN(m->index, raft_log_last_index(&r->raft_log));
	struct entry_id hint = raft_log_find_conflict_by_term(&r->raft_log, index, m->log_term);
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .type = MSG_APP_RESP,
			     .index = m->index,
			     .reject = true,
			     .reject_hint = hint.index,
			     .log_term = hint.term,
		     });
}

/* raft_handle_heartbeat learns the commit index and answers. */
void raft_handle_heartbeat(struct raft *r, struct raft_message *m)
{
	raft_log_commit_to(&r->raft_log, m->commit);
	struct raft_message resp = {.to = m->from, .type = MSG_HEARTBEAT_RESP};
	raft_context_copy(&resp.context, &m->context);
	raft_send(r, &resp);
}

/* raft_handle_snapshot takes the place of our log by a snapshot, and answers. */
void raft_handle_snapshot(struct raft *r, struct raft_message *m)
{
	struct raft_snapshot_metadata md = {0};
	if (m->snapshot)
		md = m->snapshot->metadata;
	bool restored = m->snapshot && raft_restore(r, m->snapshot);

	RAFT_INFOF(r->logger, "%llx [commit: %llu] %s snapshot [index: %llu, term: %llu]", r->id,
		r->raft_log.committed, restored ? "restored" : "ignored", md.index, md.term);
	raft_send(r, &(struct raft_message){
			     .to = m->from,
			     .type = MSG_APP_RESP,
			     .index = restored ? raft_log_last_index(&r->raft_log)
					       : r->raft_log.committed,
		     });
}

/* raft_restore makes s the log and the configuration. Returns: false if s is of no
 * use: too old, or not for us. */
bool raft_restore(struct raft *r, struct raft_snapshot *s)
{
	const struct raft_conf_state *cs = &s->metadata.conf_state;
	struct entry_id id = {.term = s->metadata.term, .index = s->metadata.index};

	if (id.index <= r->raft_log.committed)
		return false;
	if (r->state != RAFT_STATE_FOLLOWER) {
		/* Cannot happen. If it did, going on would be worse. */
		RAFT_WARNINGF(r->logger,
			"%llx attempted to restore snapshot as leader; should never happen", r->id);
		raft_become_follower(r, r->term + 1, RAFT_NONE);
		return false;
	}
	/* learners_next need no look: whoever is there is in voters_outgoing. */
	if (!raft_ids_has(&cs->voters, r->id) && !raft_ids_has(&cs->learners, r->id) &&
		!raft_ids_has(&cs->voters_outgoing, r->id)) {
		struct strbuf b = {0};
		raft_conf_state_string(cs, &b);
		RAFT_WARNINGF(r->logger,
			"%llx attempted to restore snapshot but it is not in the ConfState %s; "
			"should never happen",
			r->id, b.s);
		strbuf_free(&b);
		return false;
	}

	if (raft_log_match_term(&r->raft_log, id)) {
		/* We have these entries; all that is new is that they are committed. */
		struct entry_id last = raft_log_last_entry_id(&r->raft_log);
		RAFT_INFOF(r->logger,
			"%llx [commit: %llu, lastindex: %llu, lastterm: %llu] fast-forwarded "
			"commit to snapshot [index: %llu, term: %llu]",
			r->id, r->raft_log.committed, last.index, last.term, id.index, id.term);
		raft_log_commit_to(&r->raft_log, id.index);
		return false;
	}

	raft_log_restore(&r->raft_log, s);

	int max_inflight = r->trk.max_inflight;
	uint64_t max_inflight_bytes = r->trk.max_inflight_bytes;
	tracker_free(&r->trk);
	tracker_init(&r->trk, max_inflight, max_inflight_bytes);
	raft_restore_config(r, cs);

	struct entry_id last = raft_log_last_entry_id(&r->raft_log);
	RAFT_INFOF(r->logger,
		"%llx [commit: %llu, lastindex: %llu, lastterm: %llu] restored snapshot [index: "
		"%llu, term: %llu]",
		r->id, r->raft_log.committed, last.index, last.term, id.index, id.term);
	return true;
}

/* raft_promotable: this node is a voter, and knows what it would lead. */
bool raft_promotable(const struct raft *r)
{
	const struct progress *pr = tracker_get(&r->trk, r->id);
	return pr && !pr->is_learner && !raft_log_has_next_or_in_progress_snapshot(&r->raft_log);
}

/* ---- Membership --------------------------------------------------------- */

void raft_apply_conf_change(
	struct raft *r, const struct raft_conf_change_v2 *cc, struct raft_conf_state *cs)
{
	struct confchange_changer changer = {
		.tracker = &r->trk,
		.last_index = raft_log_last_index(&r->raft_log),
	};
	struct confchange_result result;
	struct confchange_error err;
	bool auto_leave, ok;

	if (raft_conf_change_v2_leave_joint(cc))
		ok = confchange_leave_joint(&changer, &result, &err);
	else if (raft_conf_change_v2_enter_joint(cc, &auto_leave))
		ok = confchange_enter_joint(
			&changer, auto_leave, cc->changes, cc->changes_len, &result, &err);
	else
		ok = confchange_simple(&changer, cc->changes, cc->changes_len, &result, &err);
	/* It is committed: the others apply it too, and refusing it alone would
	 * split the cluster. */
	if (!ok)
		raft_panicf(r->logger, "%s", err.text);
	switch_to_config(r, &result, cs);
}

/* switch_to_config makes *to the configuration, and does what follows from it. */
static void switch_to_config(
	struct raft *r, struct confchange_result *to, struct raft_conf_state *cs)
{
	r->trk.config = to->config;
	progress_map_replace(&r->trk.progress, &to->progress);
	if (r->logger->level <= RAFT_LOG_INFO) {
		struct strbuf config = {0};
		tracker_config_string(&r->trk.config, &config);
		RAFT_INFOF(r->logger, "%llx switched to configuration %s", r->id, config.s);
		strbuf_free(&config);
	}
	tracker_conf_state(&r->trk, cs);

	const struct progress *pr = tracker_get(&r->trk, r->id);
	r->is_learner = pr && pr->is_learner;
	if ((!pr || r->is_learner) && r->state == RAFT_STATE_LEADER) {
		/* We lead a cluster in which we have no vote any more. */
		if (r->step_down_on_removal)
			raft_become_follower(r, r->term, RAFT_NONE);
		return;
	}

	/* The rest is for a leader that has somebody to lead. */
	if (r->state != RAFT_STATE_LEADER || cs->voters.len == 0)
		return;

	if (raft_maybe_commit(r)) {
		/* The new quorum is smaller: more is committed now. */
		raft_bcast_append(r);
	} else {
		/* Probe new members now; don't let them wait for a heartbeat. */
		tracker_for_each(&r->trk, other) {
			if (other->id != r->id)
				raft_maybe_send_append(r, other->id, false);
		}
	}
	const struct raft_ids *voters = r->trk.config.voters.v;
	if (r->lead_transferee != RAFT_NONE && !raft_ids_has(&voters[0], r->lead_transferee) &&
		!raft_ids_has(&voters[1], r->lead_transferee))
		raft_abort_leader_transfer(r);
}

/* ---- Small things ------------------------------------------------------- */

void raft_load_state(struct raft *r, struct raft_hard_state state)
{
	raft_index last = raft_log_last_index(&r->raft_log);
	if (state.commit < r->raft_log.committed || state.commit > last)
		raft_panicf(r->logger, "%llx state.commit %llu is out of range [%llu, %llu]", r->id,
			state.commit, r->raft_log.committed, last);
	r->raft_log.committed = state.commit;
	r->term = state.term;
	r->vote = state.vote;
}

bool raft_past_election_timeout(const struct raft *r)
{
	return r->election_elapsed >= r->randomized_election_timeout;
}

/* raft_rand gives the next number of the sequence that the seed began
 * (splitmix64: small, and good enough to keep elections apart). */
static uint64_t raft_rand(struct raft *r)
{
	uint64_t z = r->rand_state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void raft_reset_randomized_election_timeout(struct raft *r)
{
	unsigned n = (unsigned)r->election_timeout;
	r->randomized_election_timeout = r->election_timeout + (int)(raft_rand(r) % n);
}

void raft_send_timeout_now(struct raft *r, raft_id to)
{
	raft_send(r, &(struct raft_message){.to = to, .type = MSG_TIMEOUT_NOW});
}

void raft_abort_leader_transfer(struct raft *r)
{
	r->lead_transferee = RAFT_NONE;
}

/* raft_committed_entry_in_current_term: then the leader knows the commit index. */
bool raft_committed_entry_in_current_term(struct raft *r)
{
	/* A leader's term is never 0, so an unknown term does not match it. */
	return raft_log_zero_term_on_out_of_bounds(&r->raft_log, r->raft_log.committed) == r->term;
}

/* ---- Reads -------------------------------------------------------------- */

static void push_read_state(struct raft *r, raft_index index, const struct raft_entry *e)
{
	r->read_states = raft_grow(r->read_states, &r->read_states_cap, r->read_states_len + 1,
		sizeof(*r->read_states));
	struct raft_read_state *rs = &r->read_states[r->read_states_len++];
	*rs = (struct raft_read_state){.index = index};
	raft_context_set(&rs->request_ctx, e->data, e->len);
}

/* respond_to_read_index_req says that the read may be served at read_index: to
 * our own application, or to the follower that asked. */
static void respond_to_read_index_req(
	struct raft *r, struct raft_message *req, raft_index read_index)
{
	if (req->from == RAFT_NONE || req->from == r->id) {
		push_read_state(r, read_index, &req->entries.v[0]);
		return;
	}
	raft_send(r, &(struct raft_message){
			     .type = MSG_READ_INDEX_RESP,
			     .to = req->from,
			     .index = read_index,
			     .entries = raft_entries_move(&req->entries),
		     });
}

static void release_pending_read_index_messages(struct raft *r)
{
	if (r->pending_read_index_messages.len == 0)
		return;
	if (!raft_committed_entry_in_current_term(r)) {
		RAFT_ERRORF(r->logger, "pending MsgReadIndex should be released only after first "
				       "commit in current term");
		return;
	}
	struct raft_messages *msgs = &r->pending_read_index_messages;
	for (uint32_t i = 0; i < msgs->len; i++)
		send_msg_read_index_response(r, &msgs->v[i]);
	raft_messages_clear(msgs);
}

/* send_msg_read_index_response confirms that we still lead, by a round of
 * heartbeats or by the lease. */
static void send_msg_read_index_response(struct raft *r, struct raft_message *m)
{
	switch (r->read_only.option) {
	case RAFT_READ_ONLY_SAFE: {
		/* The entry outlives m in the queue, or in the read that has the
		 * same context. */
		struct raft_entry e = m->entries.v[0];
		raft_buf_ref(e.buf);
		read_only_add_request(&r->read_only, r->raft_log.committed, m);
		read_only_recv_ack(&r->read_only, r->id, e.data, e.len);
		raft_bcast_heartbeat_with_ctx(r, e.data, e.len);
		raft_buf_unref(e.buf);
		break;
	}
	case RAFT_READ_ONLY_LEASE_BASED:
		respond_to_read_index_req(r, m, r->raft_log.committed);
		break;
	}
}

/* ---- How much is uncommitted -------------------------------------------- */

/* raft_increase_uncommitted_size counts new entries in. Returns: false if they
 * would bring the uncommitted tail past its limit. If there is no tail, any size
 * goes; an empty payload always goes. */
bool raft_increase_uncommitted_size(struct raft *r, const struct raft_entry *ents, size_t n)
{
	uint64_t s = raft_payloads_size(ents, n);
	if (r->uncommitted_size > 0 && s > 0 && r->uncommitted_size + s > r->max_uncommitted_size)
		return false;
	r->uncommitted_size += s;
	return true;
}

/* raft_reduce_uncommitted_size counts committed payloads out. The count may be too
 * low (a new leader begins at 0), so it stops at 0. */
void raft_reduce_uncommitted_size(struct raft *r, uint64_t size)
{
	r->uncommitted_size -= RAFT_MIN(r->uncommitted_size, size);
}
