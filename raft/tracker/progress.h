/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress: a follower as its leader sees it. The original: tracker/progress.go.
 *
 *	          become_replicate (the logs meet)
 *	   PROBE ----------------------------------> REPLICATE
 *	     ^  ^---------------------------------------'  |
 *	     |     become_probe (a rejection, unreachable) |
 *	     |                                             |
 *	     | become_probe                                | become_snapshot
 *	     | (arrived, or failed)                        | (the entries are compacted)
 *	     '-------------------- SNAPSHOT <--------------'
 */
#ifndef RAFT_TRACKER_PROGRESS_H
#define RAFT_TRACKER_PROGRESS_H

#include "raft/raft.h"
#include "raft/strbuf.h"
#include "raft/tracker/inflights.h"

struct progress {
	raft_id id;

	/* The follower's log is known to match the leader's up to match; entries
	 * between match and next are on their way.
	 * Invariant: match < next. In SNAPSHOT, next == pending_snapshot + 1. */
	raft_index match;
	raft_index next;

	/* The highest commit index on its way to the follower. It goes back when
	 * the follower is probed anew. In SNAPSHOT it is pending_snapshot. */
	raft_index sent_commit;

	enum raft_progress_state state;

	/* In SNAPSHOT: the index of the snapshot that was sent. The follower
	 * leaves this state when it acknowledges an index from which the log can
	 * go on, whatever snapshot brought it there, or by ReportSnapshot. */
	raft_index pending_snapshot;

	/* A message has come from the follower in this election timeout; always
	 * true for the leader itself. MsgCheckQuorum counts and resets it. */
	bool recent_active;

	/* No MsgApp until the next heartbeat response: one probe is out (PROBE),
	 * or the window is full (REPLICATE). */
	bool msg_app_flow_paused;

	bool is_learner;

	struct inflights inflights;
};

/* progress_reset_state enters state with nothing pending or in flight. */
void progress_reset_state(struct progress *pr, enum raft_progress_state state);
/* progress_become_probe goes to PROBE, from next = match + 1 or from behind the
 * snapshot that was sent. */
void progress_become_probe(struct progress *pr);
/* progress_become_replicate goes to REPLICATE, from next = match + 1. */
void progress_become_replicate(struct progress *pr);
/* progress_become_snapshot goes to SNAPSHOT: one up to snapshoti was sent. */
void progress_become_snapshot(struct progress *pr, raft_index snapshoti);

/* progress_sent_entries notes that a MsgApp with so many entries from next on,
 * of so many payload bytes, was sent. Requires: not in SNAPSHOT. */
void progress_sent_entries(struct progress *pr, size_t entries, uint64_t bytes);

/* progress_can_bump_commit tells whether sending this commit index could move
 * the follower's. */
bool progress_can_bump_commit(const struct progress *pr, raft_index index);

static inline void progress_sent_commit(struct progress *pr, raft_index commit)
{
	pr->sent_commit = commit;
}

/* progress_maybe_update notes that the follower acknowledged index n.
 * Returns: false if that is old news. */
bool progress_maybe_update(struct progress *pr, raft_index n);

/* progress_maybe_decr_to notes that the follower rejected the MsgApp at index
 * rejected, and guesses that the logs meet at match_hint.
 * Returns: false if the rejection is stale, and changes nothing then. */
bool progress_maybe_decr_to(struct progress *pr, raft_index rejected, raft_index match_hint);

/* progress_is_paused tells whether no MsgApp may be sent now. */
bool progress_is_paused(const struct progress *pr);

/* progress_string writes "StateReplicate match=3 next=4 inactive". */
void progress_string(const struct progress *pr, struct strbuf *b);

#endif
