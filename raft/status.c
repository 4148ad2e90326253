/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: a copy of what a node knows, for people and for dashboards. The
 * original: status.go.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>

struct raft_basic_status raft_get_basic_status(const struct raft *r)
{
	return (struct raft_basic_status){
		.id = r->id,
		.hard_state = raft_hard_state(r),
		.soft_state = raft_soft_state(r),
		.applied = r->raft_log.applied,
		.lead_transferee = r->lead_transferee,
	};
}

struct raft_progress_status raft_progress_status_of(const struct progress *pr)
{
	return (struct raft_progress_status){
		.id = pr->id,
		.match = pr->match,
		.next = pr->next,
		.state = pr->state,
		.pending_snapshot = pr->pending_snapshot,
		.recent_active = pr->recent_active,
		.msg_app_flow_paused = pr->msg_app_flow_paused,
		.is_learner = pr->is_learner,
		.inflight = pr->inflights.count,
	};
}

void raft_get_status(const struct raft *r, struct raft_status *st)
{
	st->basic = raft_get_basic_status(r);
	tracker_conf_state(&r->trk, &st->config);
	st->progress = NULL;
	st->progress_len = 0;
	if (r->state != RAFT_STATE_LEADER)
		return;
	st->progress = raft_calloc(r->trk.progress.len, sizeof(*st->progress));
	tracker_for_each(&r->trk, pr)
		st->progress[st->progress_len++] = raft_progress_status_of(pr);
}

void raft_status_free(struct raft_status *st)
{
	free(st->progress);
	st->progress = NULL;
	st->progress_len = 0;
}

char *raft_status_json(const struct raft_status *st)
{
	const struct raft_basic_status *s = &st->basic;
	struct strbuf b = {0};

	strbuf_printf(&b,
		"{\"id\":\"%llx\",\"term\":%llu,\"vote\":\"%llx\",\"commit\":%llu,\"lead\":\"%llx\","
		"\"raftState\":\"%s\",\"applied\":%llu,\"progress\":{",
		s->id, s->hard_state.term, s->hard_state.vote, s->hard_state.commit,
		s->soft_state.lead, raft_state_name(s->soft_state.raft_state), s->applied);
	for (size_t i = 0; i < st->progress_len; i++) {
		const struct raft_progress_status *pr = &st->progress[i];
		strbuf_printf(&b, "%s\"%llx\":{\"match\":%llu,\"next\":%llu,\"state\":\"%s\"}",
			i ? "," : "", pr->id, pr->match, pr->next,
			raft_progress_state_name(pr->state));
	}
	strbuf_printf(&b, "},\"leadtransferee\":\"%llx\"}", s->lead_transferee);
	return strbuf_take(&b);
}
