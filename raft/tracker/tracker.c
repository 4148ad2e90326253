/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions about the members as a whole.
 */
#include "raft/raft_internal.h"

#include <stdlib.h>
#include <string.h>

void tracker_config_string(const struct tracker_config *c, struct strbuf *b)
{
	strbuf_puts(b, "voters=");
	quorum_joint_string(&c->voters, b);
	if (c->learners.len > 0) {
		strbuf_puts(b, " learners=");
		quorum_majority_string(&c->learners, b);
	}
	if (c->learners_next.len > 0) {
		strbuf_puts(b, " learners_next=");
		quorum_majority_string(&c->learners_next, b);
	}
	if (c->auto_leave)
		strbuf_puts(b, " autoleave");
}

void tracker_init(struct progress_tracker *p, int max_inflight, uint64_t max_inflight_bytes)
{
	*p = (struct progress_tracker){
		.max_inflight = max_inflight,
		.max_inflight_bytes = max_inflight_bytes,
	};
}

void tracker_free(struct progress_tracker *p)
{
	progress_map_free(&p->progress);
	free(p->votes.v);
	p->votes = (struct tracker_votes){0};
}

void tracker_conf_state(const struct progress_tracker *p, struct raft_conf_state *cs)
{
	const struct tracker_config *c = &p->config;
	*cs = (struct raft_conf_state){
		.voters = c->voters.v[0],
		.voters_outgoing = c->voters.v[1],
		.learners = c->learners,
		.learners_next = c->learners_next,
		.auto_leave = c->auto_leave,
	};
}

bool tracker_is_singleton(const struct progress_tracker *p)
{
	return p->config.voters.v[0].len == 1 && p->config.voters.v[1].len == 0;
}

/* committed_by is what a majority of voters has. Both lists are sorted, so they
 * are walked side by side: a leader asks this for each acknowledgement. */
static raft_index committed_by(const struct progress_tracker *p, const struct raft_ids *voters)
{
	raft_index match[RAFT_MAX_MEMBERS];
	const struct progress_map *m = &p->progress;

	for (uint32_t i = 0, j = 0; i < voters->len; i++) {
		while (j < m->len && m->v[j].id < voters->id[i])
			j++;
		match[i] = j < m->len && m->v[j].id == voters->id[i] ? m->v[j].match : 0;
	}
	return quorum_majority_of(match, voters->len);
}

raft_index tracker_committed(const struct progress_tracker *p)
{
	const struct raft_ids *voters = p->config.voters.v;
	raft_index in = committed_by(p, &voters[0]);
	if (voters[1].len == 0)
		return in; /* not joint */
	raft_index out = committed_by(p, &voters[1]);
	return RAFT_MIN(in, out);
}

/* Having been heard of lately counts as a vote for the leader to stay. */
static bool active_vote(const void *arg, raft_id id, bool *granted)
{
	const struct progress *pr = tracker_get(arg, id);
	if (!pr || pr->is_learner)
		return false;
	*granted = pr->recent_active;
	return true;
}

bool tracker_quorum_active(const struct progress_tracker *p)
{
	struct quorum_votes votes = {.vote = active_vote, .arg = p};
	return quorum_joint_vote_result(&p->config.voters, votes) == QUORUM_VOTE_WON;
}

size_t tracker_voter_nodes(const struct progress_tracker *p, raft_id *out)
{
	return quorum_joint_ids(&p->config.voters, out);
}

size_t tracker_learner_nodes(const struct progress_tracker *p, raft_id *out)
{
	const struct raft_ids *learners = &p->config.learners;
	memcpy(out, learners->id, learners->len * sizeof(*out));
	return learners->len;
}

void tracker_reset_votes(struct progress_tracker *p)
{
	p->votes.len = 0;
}

void tracker_record_vote(struct progress_tracker *p, raft_id id, bool granted)
{
	tracker_votes_record(&p->votes, id, granted);
}

enum quorum_vote_result tracker_tally_votes(
	const struct progress_tracker *p, int *granted, int *rejected)
{
	struct quorum_votes votes = tracker_votes_lookup(&p->votes);
	bool v;

	/* Those who voted and are no longer in the configuration do not count. */
	*granted = *rejected = 0;
	tracker_for_each(p, pr) {
		if (pr->is_learner || !votes.vote(votes.arg, pr->id, &v))
			continue;
		if (v)
			++*granted;
		else
			++*rejected;
	}
	return quorum_joint_vote_result(&p->config.voters, votes);
}
