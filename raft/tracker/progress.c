/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a leader believes of one follower, and how it learns better.
 */
#include "raft/raft_internal.h"

void progress_reset_state(struct progress *pr, enum raft_progress_state state)
{
	pr->msg_app_flow_paused = false;
	pr->pending_snapshot = 0;
	pr->state = state;
	inflights_reset(&pr->inflights);
}

/* A commit index sent beyond the entries that are known to be on their way has
 * probably been of no use: send it again. */
static void progress_regress_sent_commit(struct progress *pr)
{
	pr->sent_commit = RAFT_MIN(pr->sent_commit, pr->next - 1);
}

void progress_become_probe(struct progress *pr)
{
	raft_index next = pr->match + 1;
	/* The snapshot has been sent, so the next thing worth trying is what
	 * follows it. */
	if (pr->state == RAFT_PROGRESS_SNAPSHOT)
		next = RAFT_MAX(next, pr->pending_snapshot + 1);
	progress_reset_state(pr, RAFT_PROGRESS_PROBE);
	pr->next = next;
	progress_regress_sent_commit(pr);
}

void progress_become_replicate(struct progress *pr)
{
	progress_reset_state(pr, RAFT_PROGRESS_REPLICATE);
	pr->next = pr->match + 1;
}

void progress_become_snapshot(struct progress *pr, raft_index snapshoti)
{
	progress_reset_state(pr, RAFT_PROGRESS_SNAPSHOT);
	pr->pending_snapshot = snapshoti;
	pr->next = snapshoti + 1;
	pr->sent_commit = snapshoti;
}

void progress_sent_entries(struct progress *pr, size_t entries, uint64_t bytes)
{
	switch (pr->state) {
	case RAFT_PROGRESS_REPLICATE:
		if (entries > 0) {
			pr->next += entries;
			inflights_add(&pr->inflights, pr->next - 1, bytes);
		}
		/* A message that fills the window, or finds it full, is a probe:
		 * nothing follows it until there is a sign of life. */
		pr->msg_app_flow_paused = inflights_full(&pr->inflights);
		break;
	case RAFT_PROGRESS_PROBE:
		if (entries > 0)
			pr->msg_app_flow_paused = true;
		break;
	default:
		raft_panicf(NULL, "sending append in unhandled state %s",
			raft_progress_state_name(pr->state));
	}
}

bool progress_can_bump_commit(const struct progress *pr, raft_index index)
{
	/* The follower commits no further than its log goes, which as far as we
	 * know is next - 1; so once that has been sent, more would not help. */
	return index > pr->sent_commit && pr->sent_commit < pr->next - 1;
}

bool progress_maybe_update(struct progress *pr, raft_index n)
{
	if (n <= pr->match)
		return false;
	pr->match = n;
	pr->next = RAFT_MAX(pr->next, n + 1);
	pr->msg_app_flow_paused = false;
	return true;
}

bool progress_maybe_decr_to(struct progress *pr, raft_index rejected, raft_index match_hint)
{
	if (pr->state == RAFT_PROGRESS_REPLICATE) {
		if (rejected <= pr->match)
			return false;
		pr->next = pr->match + 1;
		progress_regress_sent_commit(pr);
		return true;
	}

	/* A follower that is probed gets one message at a time, from next - 1; a
	 * rejection of any other place answers an older probe. */
	if (pr->next - 1 != rejected)
		return false;

	pr->next = RAFT_MAX(RAFT_MIN(rejected, match_hint + 1), pr->match + 1);
	progress_regress_sent_commit(pr);
	pr->msg_app_flow_paused = false;
	return true;
}

bool progress_is_paused(const struct progress *pr)
{
	switch (pr->state) {
	case RAFT_PROGRESS_PROBE:
	case RAFT_PROGRESS_REPLICATE:
		return pr->msg_app_flow_paused;
	case RAFT_PROGRESS_SNAPSHOT:
		return true;
	}
	raft_panicf(NULL, "unexpected state");
}

void progress_string(const struct progress *pr, struct strbuf *b)
{
	strbuf_printf(b, "%s match=%llu next=%llu", raft_progress_state_name(pr->state), pr->match,
		pr->next);
	if (pr->is_learner)
		strbuf_puts(b, " learner");
	if (progress_is_paused(pr))
		strbuf_puts(b, " paused");
	if (pr->pending_snapshot > 0)
		strbuf_printf(b, " pendingSnap=%llu", pr->pending_snapshot);
	if (!pr->recent_active)
		strbuf_puts(b, " inactive");
	if (pr->inflights.count > 0) {
		strbuf_printf(b, " inflight=%d", pr->inflights.count);
		if (inflights_full(&pr->inflights))
			strbuf_puts(b, "[full]");
	}
}
