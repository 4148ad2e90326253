/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of raft/ share with each other and with white-box tests.
 * Nothing here is for applications; their manual is raft.h.
 */
#ifndef RAFT_RAFT_INTERNAL_H
#define RAFT_RAFT_INTERNAL_H

#include "raft/confchange/confchange.h"
#include "raft/raft.h"
#include "raft/strbuf.h"
#include "raft/tracker/tracker.h"

/* ---- Saying and stopping (util.c) --------------------------------------- */

/* The level is tested before the arguments are evaluated, so that a line that
 * nobody wants costs one comparison. */
#define RAFT_LOGF(logger, lvl, ...)                                                                \
	do {                                                                                       \
		if ((logger)->level <= (lvl))                                                      \
			raft_logf((logger), (lvl), __VA_ARGS__);                                   \
	} while (0)
#define RAFT_DEBUGF(logger, ...) RAFT_LOGF(logger, RAFT_LOG_DEBUG, __VA_ARGS__)
#define RAFT_INFOF(logger, ...) RAFT_LOGF(logger, RAFT_LOG_INFO, __VA_ARGS__)
#define RAFT_WARNINGF(logger, ...) RAFT_LOGF(logger, RAFT_LOG_WARN, __VA_ARGS__)
#define RAFT_ERRORF(logger, ...) RAFT_LOGF(logger, RAFT_LOG_ERROR, __VA_ARGS__)

/* raft_logf formats and writes one line; use the macros above. */
RAFT_PRINTF(3, 4)
void raft_logf(struct raft_logger *logger, enum raft_log_level level, const char *fmt, ...);

/* raft_panicf names a broken invariant and stops the program. logger may be
 * NULL: raft_default_logger. */
RAFT_PRINTF(2, 3)
_Noreturn void raft_panicf(struct raft_logger *logger, const char *fmt, ...);

/* raft_panic_hook, if not NULL, is called by raft_panicf() before it aborts. A
 * test sets it to longjmp out. */
RAFT_API extern void (*raft_panic_hook)(const char *msg);

/* raft_malloc and its kin never return NULL: out of memory is reported and
 * stops the program, in one place. raft_calloc zeroes. */
void *raft_malloc(size_t size);
void *raft_calloc(size_t n, size_t size);
void *raft_realloc(void *p, size_t size);

/* raft_grow makes room for at least want elements of the given size in a
 * doubling array, and updates *cap. Returns: the array. */
void *raft_grow_more(void *v, uint32_t *cap, size_t want, size_t size);
static inline void *raft_grow(void *v, uint32_t *cap, size_t want, size_t size)
{
	return want <= *cap ? v : raft_grow_more(v, cap, want, size);
}

#define RAFT_MIN(a, b) ((a) < (b) ? (a) : (b))
#define RAFT_MAX(a, b) ((a) > (b) ? (a) : (b))

/* ---- Entries (entry.c) -------------------------------------------------- */

/* raft_entries_append pushes n entries, taking a reference to each payload. */
void raft_entries_append(struct raft_entries *ents, const struct raft_entry *v, size_t n);
/* raft_entries_drop is raft_entries_clear(), for arrays that mostly are empty. */
static inline void raft_entries_drop(struct raft_entries *ents)
{
	if (ents->len > 0)
		raft_entries_clear(ents);
}

/* raft_entries_truncate drops all entries but the first len. */
void raft_entries_truncate(struct raft_entries *ents, size_t len);
/* raft_entries_drop_front drops the first n entries. */
void raft_entries_drop_front(struct raft_entries *ents, size_t n);
/* raft_entries_move gives the array to the caller and leaves *ents empty. */
static inline struct raft_entries raft_entries_move(struct raft_entries *ents)
{
	struct raft_entries out = *ents;
	*ents = (struct raft_entries){0};
	return out;
}

/* raft_ents_size is the encoded size of entries, in bytes. */
uint64_t raft_ents_size(const struct raft_entry *v, size_t n);
/* raft_payloads_size is the size of their payloads alone, in bytes. */
uint64_t raft_payloads_size(const struct raft_entry *v, size_t n);
/* raft_limit_size gives how many of n entries fit into max_size encoded bytes;
 * at least one, if there is one. */
size_t raft_limit_size(const struct raft_entry *v, size_t n, uint64_t max_size);

const char *raft_entry_type_name(enum raft_entry_type type);

/* ---- Messages (message.c) ----------------------------------------------- */

/* Every message passes through a handful of arrays and hands, so what is done each
 * time is kept short: a message that is handed on is copied once, and of what stays
 * behind only the fields that own something are cleared. */

/* raft_message_holds tells whether m has to be freed. */
static inline bool raft_message_holds(const struct raft_message *m)
{
	return m->entries.v || m->snapshot || m->responses.v ||
	       m->context.len > RAFT_CONTEXT_INLINE;
}

/* raft_messages_move_in is raft_messages_push(). */
static inline void raft_messages_move_in(struct raft_messages *ms, struct raft_message *m)
{
	ms->v = raft_grow(ms->v, &ms->cap, ms->len + 1, sizeof(*ms->v));
	ms->v[ms->len++] = *m;
	m->entries = (struct raft_entries){0};
	m->snapshot = NULL;
	m->context.len = 0;
	m->responses = (struct raft_messages){0};
}

/* raft_messages_add makes room for one more, all zeros, to be filled in where it
 * stands. Good until the array grows. */
static inline struct raft_message *raft_messages_add(struct raft_messages *ms)
{
	ms->v = raft_grow(ms->v, &ms->cap, ms->len + 1, sizeof(*ms->v));
	ms->v[ms->len] = (struct raft_message){0};
	return &ms->v[ms->len++];
}

/* raft_messages_drop is raft_messages_clear(). */
static inline void raft_messages_drop(struct raft_messages *ms)
{
	for (uint32_t i = 0; i < ms->len; i++)
		if (raft_message_holds(&ms->v[i]))
			raft_message_free(&ms->v[i]);
	ms->len = 0;
}

void raft_context_set(struct raft_context *c, const void *data, size_t len);
void raft_context_copy(struct raft_context *c, const struct raft_context *from);
void raft_context_free(struct raft_context *c);
bool raft_context_equal(const struct raft_context *c, const void *data, size_t len);

/* ---- Places in the log (types.c) ---------------------------------------- */

/* An entry is named by its term and index: a term has one leader, and a leader
 * never issues two entries with one index. */
struct entry_id {
	raft_term term;
	raft_index index;
};

static inline struct entry_id raft_entry_id(const struct raft_entry *e)
{
	return (struct entry_id){.term = e->term, .index = e->index};
}

/* A piece of the log of the leader of term, as a MsgApp brings it: the entries
 * that follow prev. A borrowed view.
 *
 * Invariant (log_slice_valid): indexes go up by one from prev.index, terms never
 * go down from prev.term, and none is beyond term. */
struct log_slice {
	raft_term term;
	struct entry_id prev;
	struct raft_entry *entries;
	size_t len;
};

/* log_slice_last_index is the index of its last entry, or prev's if it is empty. */
raft_index log_slice_last_index(const struct log_slice *s);
/* log_slice_last_entry_id is the id of its last entry, or prev if it is empty. */
struct entry_id log_slice_last_entry_id(const struct log_slice *s);
/* log_slice_valid checks the invariant. Needed where a slice comes from outside. */
bool log_slice_valid(const struct log_slice *s);

/* ---- The unstable log (log_unstable.c) ---------------------------------- */

/* What raft has appended, or received as a snapshot, and does not know to be
 * written to Storage yet. entries.v[i] has index offset + i. offset may lie below
 * the end of Storage: then the next write truncates it first.
 *
 * Invariant: offset <= offset_in_progress <= offset + entries.len */
struct unstable {
	struct raft_snapshot *snapshot; /* or NULL */
	struct raft_entries entries;
	raft_index offset;

	bool snapshot_in_progress;      /* the snapshot is being written */
	raft_index offset_in_progress;  /* entries below it are being written */

	struct raft_logger *logger;
};

/* The first questions are asked of every message, often several times; so their
 * answers stand here, where they can be inlined. */

/* unstable_maybe_first_index: the index after the snapshot, if there is one. */
static inline bool unstable_maybe_first_index(const struct unstable *u, raft_index *index)
{
	if (!u->snapshot)
		return false;
	*index = u->snapshot->metadata.index + 1;
	return true;
}

/* unstable_maybe_last_index: of the last entry, or of the snapshot, if any. */
static inline bool unstable_maybe_last_index(const struct unstable *u, raft_index *index)
{
	if (u->entries.len > 0) {
		*index = u->offset + u->entries.len - 1;
		return true;
	}
	if (u->snapshot) {
		*index = u->snapshot->metadata.index;
		return true;
	}
	return false;
}

/* unstable_maybe_term: of the entry at i, if it is here. */
static inline bool unstable_maybe_term(const struct unstable *u, raft_index i, raft_term *term)
{
	if (i < u->offset) {
		if (!u->snapshot || u->snapshot->metadata.index != i)
			return false;
		*term = u->snapshot->metadata.term;
		return true;
	}
	if (i - u->offset >= u->entries.len)
		return false;
	*term = u->entries.v[i - u->offset].term;
	return true;
}

/* unstable_next_entries: those that are not being written yet. Returns: how
 * many; *ents is borrowed until u changes. */
static inline size_t unstable_next_entries(
	const struct unstable *u, const struct raft_entry **ents)
{
	size_t in_progress = u->offset_in_progress - u->offset;
	size_t n = u->entries.len - in_progress;
	*ents = n ? u->entries.v + in_progress : NULL;
	return n;
}

/* unstable_next_snapshot: the snapshot, if it is not being written yet; borrowed. */
static inline struct raft_snapshot *unstable_next_snapshot(const struct unstable *u)
{
	return u->snapshot_in_progress ? NULL : u->snapshot;
}

/* unstable_accept_in_progress: all there is, is being written from now on. */
void unstable_accept_in_progress(struct unstable *u);
/* unstable_stable_to: entries up to id are written. Ignored if the entry at that
 * index is another one by now. */
void unstable_stable_to(struct unstable *u, struct entry_id id);
/* unstable_stable_snap_to: the snapshot at index i is written. */
void unstable_stable_snap_to(struct unstable *u, raft_index i);
/* unstable_restore: snap takes the place of everything; takes a reference. */
void unstable_restore(struct unstable *u, struct raft_snapshot *snap);
/* unstable_truncate_and_append puts entries at their indexes and drops what was
 * there and behind; payloads are shared. Requires: n > 0. */
void unstable_truncate_and_append(struct unstable *u, const struct raft_entry *ents, size_t n);
/* unstable_slice borrows the entries [lo, hi), which must be here. */
const struct raft_entry *unstable_slice(const struct unstable *u, raft_index lo, raft_index hi);
void unstable_free(struct unstable *u);

/* ---- The log (log.c) ---------------------------------------------------- */

/*
 *	          applied <= applying <= committed          last_index
 *	  ----------|-----------|------------|------------------|
 *	  <------ Storage: since the last snapshot ------>
 *	                                <------ unstable ------->
 */
struct raft_log {
	struct raft_storage *storage; /* borrowed */
	struct unstable unstable;

	raft_index committed; /* known to be on a quorum */
	raft_index applying;  /* handed to the application */
	raft_index applied;   /* acknowledged by the application */

	struct raft_logger *logger;

	/* Encoded bytes of entries that are being applied, and how many there may
	 * be; paused until some are acknowledged. */
	uint64_t max_applying_ents_size;
	uint64_t applying_ents_size;
	bool applying_ents_paused;
};

void raft_log_init(struct raft_log *l, struct raft_storage *storage, struct raft_logger *logger,
	uint64_t max_applying_ents_size);
void raft_log_free(struct raft_log *l);
/* raft_log_string describes l for the log line of a restore. */
void raft_log_string(const struct raft_log *l, struct strbuf *b);

/* raft_log_maybe_append appends a, if the log has a.prev, and commits what it may.
 * Returns: false if the log does not have a.prev; else *lastnewi is the index of
 * the last new entry. Panics on a conflict with a committed entry. */
bool raft_log_maybe_append(
	struct raft_log *l, const struct log_slice *a, raft_index committed, raft_index *lastnewi);
/* raft_log_append appends at the entries' own indexes. Returns: the last index. */
raft_index raft_log_append(struct raft_log *l, const struct raft_entry *ents, size_t n);
/* raft_log_find_conflict: the index of the first entry that the log does not
 * have, or has with another term; 0 if it has them all. */
raft_index raft_log_find_conflict(struct raft_log *l, const struct raft_entry *ents, size_t n);
/* raft_log_find_conflict_by_term: the largest index up to the given one whose
 * term is not above the given one, and that term (0 if unknown). */
struct entry_id raft_log_find_conflict_by_term(
	struct raft_log *l, raft_index index, raft_term term);

size_t raft_log_next_unstable_ents(const struct raft_log *l, const struct raft_entry **ents);
bool raft_log_has_next_unstable_ents(const struct raft_log *l);
bool raft_log_has_next_or_in_progress_unstable_ents(const struct raft_log *l);

/* raft_log_next_committed_ents appends to *ents what can be applied now;
 * entries not yet in Storage only if allow_unstable. */
void raft_log_next_committed_ents(
	struct raft_log *l, bool allow_unstable, struct raft_entries *ents);
bool raft_log_has_next_committed_ents(const struct raft_log *l, bool allow_unstable);
raft_index raft_log_max_appliable_index(const struct raft_log *l, bool allow_unstable);

struct raft_snapshot *raft_log_next_unstable_snapshot(const struct raft_log *l);
bool raft_log_has_next_unstable_snapshot(const struct raft_log *l);
bool raft_log_has_next_or_in_progress_snapshot(const struct raft_log *l);
/* raft_log_snapshot gives the newest snapshot, one reference to the caller. */
enum raft_error raft_log_snapshot(struct raft_log *l, struct raft_snapshot **snap);

raft_index raft_log_first_index(const struct raft_log *l);
raft_index raft_log_last_index(const struct raft_log *l);
/* raft_log_commit_to raises the commit index; it never goes back. */
void raft_log_commit_to(struct raft_log *l, raft_index tocommit);
/* raft_log_applied_to: applied up to i; size is what that takes off the bytes
 * being applied. */
void raft_log_applied_to(struct raft_log *l, raft_index i, uint64_t size);
void raft_log_accept_applying(
	struct raft_log *l, raft_index i, uint64_t size, bool allow_unstable);
void raft_log_stable_to(struct raft_log *l, struct entry_id id);
void raft_log_stable_snap_to(struct raft_log *l, raft_index i);
void raft_log_accept_unstable(struct raft_log *l);

struct entry_id raft_log_last_entry_id(struct raft_log *l);
/* raft_log_term: of the entry at i. RAFT_ERR_COMPACTED, RAFT_ERR_UNAVAILABLE. */
enum raft_error raft_log_term(struct raft_log *l, raft_index i, raft_term *term);
/* raft_log_zero_term_on_out_of_bounds: the same, with 0 for an error. */
raft_term raft_log_zero_term_on_out_of_bounds(struct raft_log *l, raft_index i);
/* raft_log_entries appends to *ents those from i on, up to max_size bytes. */
enum raft_error raft_log_entries(
	struct raft_log *l, raft_index i, uint64_t max_size, struct raft_entries *ents);
void raft_log_all_entries(struct raft_log *l, struct raft_entries *ents);
/* raft_log_is_up_to_date: a log that ends in their is no older than ours (paper
 * section 5.4.1). */
bool raft_log_is_up_to_date(struct raft_log *l, struct entry_id their);
bool raft_log_match_term(struct raft_log *l, struct entry_id id);
/* raft_log_maybe_commit commits up to at, if that is new and of at.term. */
bool raft_log_maybe_commit(struct raft_log *l, struct entry_id at);
void raft_log_restore(struct raft_log *l, struct raft_snapshot *snap);
/* raft_log_scan visits [lo, hi) in pages of page_size bytes until visit returns
 * false. */
enum raft_error raft_log_scan(struct raft_log *l, raft_index lo, raft_index hi,
	uint64_t page_size, bool (*visit)(void *arg, const struct raft_entry *ents, size_t n),
	void *arg);
/* raft_log_slice appends [lo, hi) to *ents, up to max_size bytes. */
enum raft_error raft_log_slice(struct raft_log *l, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents);
/* raft_log_must_check_out_of_bounds panics unless [lo, hi) lies in the log;
 * RAFT_ERR_COMPACTED if lo is compacted. */
enum raft_error raft_log_must_check_out_of_bounds(
	const struct raft_log *l, raft_index lo, raft_index hi);

/* ---- Reads (read_only.c) ------------------------------------------------ */

struct read_index_status {
	struct raft_message req; /* the MsgReadIndex; its one entry is the context */
	raft_index index;        /* the commit index when it came */
	struct tracker_votes acks;
};

/* The reads that wait for a quorum to confirm that we still lead, oldest first. */
struct read_only {
	enum raft_read_only_option option;
	struct read_index_status *queue;
	uint32_t len, cap;
};

void read_only_init(struct read_only *ro, enum raft_read_only_option option);
void read_only_free(struct read_only *ro);
/* read_only_reset forgets all waiting reads. */
void read_only_reset(struct read_only *ro);
/* read_only_add_request queues a read at commit index index; *m is moved, unless
 * a read of that context waits already, when it is freed. */
void read_only_add_request(struct read_only *ro, raft_index index, struct raft_message *m);
/* read_only_recv_ack notes that id answered the heartbeat with this context.
 * Returns: who has so far; NULL if no such read waits. */
const struct tracker_votes *read_only_recv_ack(
	struct read_only *ro, raft_id id, const void *ctx, size_t len);
/* read_only_advance takes all reads up to that with this context off the queue
 * and moves them to *rss (freed by read_index_statuses_free). Returns: how many. */
size_t read_only_advance(
	struct read_only *ro, const void *ctx, size_t len, struct read_index_status **rss);
void read_index_statuses_free(struct read_index_status *rss, size_t n);
/* read_only_last_pending_request_ctx: the context of the newest read; NULL if
 * none waits. */
const void *read_only_last_pending_request_ctx(const struct read_only *ro, size_t *len);

/* ---- raft (raft.c) ------------------------------------------------------ */

/* Why a node campaigns. */
enum campaign_type {
	CAMPAIGN_PRE_ELECTION, /* first phase, when pre_vote is on */
	CAMPAIGN_ELECTION,     /* the real election */
	CAMPAIGN_TRANSFER,     /* asked to by the leader; overrides leases */
};

/* CAMPAIGN_TRANSFER_CONTEXT marks the MsgVote of a leader transfer. */
#define CAMPAIGN_TRANSFER_CONTEXT "CampaignTransfer"

struct raft {
	raft_id id;

	raft_term term;
	raft_id vote; /* who got our vote in this term */

	struct raft_read_state *read_states;
	uint32_t read_states_len, read_states_cap;

	struct raft_log raft_log;

	uint64_t max_msg_size;         /* encoded bytes of entries in a MsgApp */
	uint64_t max_uncommitted_size; /* payload bytes */

	struct progress_tracker trk;

	enum raft_state state;

	bool is_learner; /* the local node is one */

	/* Messages to other nodes that may leave at once. */
	struct raft_messages msgs;
	/* Messages, also to ourselves, that promise something (a vote, an append):
	 * they leave after all that is unstable now has been made stable. */
	struct raft_messages msgs_after_append;

	raft_id lead;            /* the leader; RAFT_NONE if unknown */
	raft_id lead_transferee; /* whom leadership is being transferred to */

	/* Only one membership change may be pending (in the log and not applied);
	 * this is no lower than its index. Changes are proposed only while the
	 * leader's applied index has reached it. */
	raft_index pending_conf_index;
	bool disable_conf_change_validation;

	/* Payload bytes of the uncommitted tail of a leader's log; an estimate that
	 * may be low, never high. Reset on becoming leader. */
	uint64_t uncommitted_size;

	struct read_only read_only;

	/* Ticks since the last reset: by a message from the leader (follower), by
	 * the start of the campaign (candidate), by the last quorum check (leader). */
	int election_elapsed;
	/* Ticks since the last heartbeat; leader only. */
	int heartbeat_elapsed;

	bool check_quorum;
	bool pre_vote;

	int heartbeat_timeout; /* ticks */
	int election_timeout;  /* ticks */
	/* Ticks; drawn anew from [election_timeout, 2 * election_timeout - 1] at each
	 * change of role or term, so that elections rarely collide (paper section 5.2). */
	int randomized_election_timeout;
	bool disable_proposal_forwarding;
	bool step_down_on_removal;

	/* What the node does on a tick and with a message: its role. */
	void (*tick)(struct raft *r);
	enum raft_error (*step)(struct raft *r, struct raft_message *m);

	struct raft_logger *logger;
	uint64_t rand_state;

	/* MsgReadIndex that came before this leader committed its first entry. */
	struct raft_messages pending_read_index_messages;
};

/* raft_new makes a raft from a valid configuration and what c->storage holds. */
struct raft *raft_new(const struct raft_config *c);
void raft_free(struct raft *r);

bool raft_has_leader(const struct raft *r);
struct raft_soft_state raft_soft_state(const struct raft *r);
struct raft_hard_state raft_hard_state(const struct raft *r);

/* raft_send queues *m, which it moves, filling in from and term. */
void raft_send(struct raft *r, struct raft_message *m);
void raft_send_append(struct raft *r, raft_id to);
bool raft_maybe_send_append(struct raft *r, raft_id to, bool send_if_empty);
bool raft_maybe_send_snapshot(struct raft *r, raft_id to, struct progress *pr);
void raft_send_heartbeat(struct raft *r, raft_id to, const void *ctx, size_t ctx_len);
void raft_bcast_append(struct raft *r);
void raft_bcast_heartbeat(struct raft *r);
void raft_bcast_heartbeat_with_ctx(struct raft *r, const void *ctx, size_t ctx_len);
void raft_applied_to(struct raft *r, raft_index index, uint64_t size);
void raft_applied_ents(struct raft *r, const struct raft_entry *ents, size_t n, uint64_t size);
void raft_applied_snap(struct raft *r, const struct raft_snapshot *snap);
bool raft_maybe_commit(struct raft *r);
void raft_reset(struct raft *r, raft_term term);
bool raft_append_entry(struct raft *r, struct raft_entry *es, size_t n);
void raft_tick_election(struct raft *r);
void raft_tick_heartbeat(struct raft *r);
void raft_become_follower(struct raft *r, raft_term term, raft_id lead);
void raft_become_candidate(struct raft *r);
void raft_become_pre_candidate(struct raft *r);
void raft_become_leader(struct raft *r);
void raft_hup(struct raft *r, enum campaign_type t);
bool raft_has_unapplied_conf_changes(struct raft *r);
void raft_campaign(struct raft *r, enum campaign_type t);
enum quorum_vote_result raft_poll(struct raft *r, raft_id id, enum raft_message_type t, bool v,
	int *granted, int *rejected);

/* raft_step takes in a message: first its term, then what any role does with
 * it, then r->step. It consumes *m, also on error. */
enum raft_error raft_step(struct raft *r, struct raft_message *m);
enum raft_error raft_step_leader(struct raft *r, struct raft_message *m);
enum raft_error raft_step_candidate(struct raft *r, struct raft_message *m);
enum raft_error raft_step_follower(struct raft *r, struct raft_message *m);
void raft_handle_append_entries(struct raft *r, struct raft_message *m);
void raft_handle_heartbeat(struct raft *r, struct raft_message *m);
void raft_handle_snapshot(struct raft *r, struct raft_message *m);
bool raft_restore(struct raft *r, struct raft_snapshot *s);
bool raft_promotable(const struct raft *r);
void raft_apply_conf_change(struct raft *r, const struct raft_conf_change_v2 *cc,
	struct raft_conf_state *cs);
void raft_load_state(struct raft *r, struct raft_hard_state state);
bool raft_past_election_timeout(const struct raft *r);
void raft_reset_randomized_election_timeout(struct raft *r);
void raft_send_timeout_now(struct raft *r, raft_id to);
void raft_abort_leader_transfer(struct raft *r);
bool raft_committed_entry_in_current_term(struct raft *r);
bool raft_increase_uncommitted_size(struct raft *r, const struct raft_entry *ents, size_t n);
void raft_reduce_uncommitted_size(struct raft *r, uint64_t size);
/* raft_vote_resp_msg_type: MSG_VOTE_RESP for MSG_VOTE, MSG_PRE_VOTE_RESP for
 * MSG_PRE_VOTE. */
enum raft_message_type raft_vote_resp_msg_type(enum raft_message_type msgt);

/* raft_conf_change_msg makes the MsgProp of a change; NULL: of the empty change
 * that leaves a joint configuration. */
struct raft_message raft_conf_change_msg(const struct raft_conf_change *cc);
struct raft_message raft_conf_change_v2_msg(const struct raft_conf_change_v2 *cc);
/* raft_conf_change_v2_enter_joint: cc needs joint consensus; *auto_leave says how
 * it is left. raft_conf_change_v2_leave_joint: cc is empty but for its context. */
bool raft_conf_change_v2_enter_joint(const struct raft_conf_change_v2 *cc, bool *auto_leave);
bool raft_conf_change_v2_leave_joint(const struct raft_conf_change_v2 *cc);

/* ---- Status (status.c) -------------------------------------------------- */

struct raft_basic_status raft_get_basic_status(const struct raft *r);
void raft_get_status(const struct raft *r, struct raft_status *st);
struct raft_progress_status raft_progress_status_of(const struct progress *pr);

/* ---- Words for log lines (describe.c) ----------------------------------- */

/* raft_conf_change_string writes the change in e, decoded as cc, as the original's
 * log lines do: "{ConfChangeTransitionAuto [{ConfChangeAddNode 2}] []}". */
void raft_conf_change_string(
	const struct raft_entry *e, const struct raft_conf_change_v2 *cc, struct strbuf *b);
/* raft_conf_state_string writes "{[1 2 3] [] [] [] false}". */
void raft_conf_state_string(const struct raft_conf_state *cs, struct strbuf *b);
const char *raft_conf_change_type_name(enum raft_conf_change_type type);

/* ---- RawNode (rawnode.c) ------------------------------------------------ */

struct raft_rawnode {
	struct raft *raft;
	bool async_storage_writes;

	struct raft_soft_state prev_soft_st;
	struct raft_hard_state prev_hard_st;

	/* What raft_rawnode_advance() steps: the messages to ourselves that would
	 * come back from the append thread, were writes asynchronous. (What the
	 * apply thread would say is in ready_committed.) */
	struct raft_messages steps_on_advance;

	/* The Ready that is out, and the arrays it points into, kept for reuse. */
	bool ready_is_out;
	struct raft_ready ready;
	struct raft_messages ready_messages;
	struct raft_entries ready_entries;
	struct raft_entries ready_committed;
	uint64_t ready_committed_size; /* encoded bytes */
	struct raft_snapshot *ready_snapshot;
	struct raft_read_state *ready_read_states;
	uint32_t ready_read_states_len, ready_read_states_cap;
};

/* ---- MemoryStorage (storage.c) ------------------------------------------ */

struct raft_memory_storage {
	struct raft_storage base;

	struct raft_hard_state hard_state;
	struct raft_snapshot *snapshot; /* never NULL */

	/* ents.v[0] is a dummy: the entry before the first, of which only term and
	 * index are known. ents.v[i] has index ents.v[0].index + i. */
	struct raft_entries ents;

	/* How often raft asked; tests count. */
	struct {
		int initial_state, first_index, last_index, entries, term, snapshot;
	} call_stats;
};

#endif
