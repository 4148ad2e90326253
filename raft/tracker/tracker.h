/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The progress tracker: who is in the configuration, how far each one's log is
 * known to match, and who voted how. The original: tracker/tracker.go.
 */
#ifndef RAFT_TRACKER_TRACKER_H
#define RAFT_TRACKER_TRACKER_H

#include "raft/quorum/quorum.h"
#include "raft/tracker/progress.h"

struct tracker_config {
	struct quorum_joint_config voters;

	/* The joint configuration is to be left as soon as possible, by raft
	 * itself. False if not joint. */
	bool auto_leave;

	/* Invariant: nobody is both a learner and in either half of voters. */
	struct raft_ids learners;

	/* Voters of the outgoing half who become learners on leaving the joint
	 * configuration: before that they cannot be, by the invariant above.
	 *
	 *	voters (1 2 3), and 3 is to become a learner:
	 *	joint:  voters (1 2)&&(1 2 3)  learners_next (3)
	 *	then:   voters (1 2)           learners (3)
	 */
	struct raft_ids learners_next;
};

/* tracker_config_string writes "voters=(1 2)&&(1 2 3) learners_next=(3)". */
void tracker_config_string(const struct tracker_config *c, struct strbuf *b);

/* The members, sorted by id, so that going through them is deterministic. */
struct progress_map {
	struct progress *v;
	uint32_t len, cap;
};

/* progress_map_get finds a member. Returns: NULL if there is none; the pointer
 * is good until a member is added or removed. */
struct progress *progress_map_search(const struct progress_map *m, raft_id id);
static inline struct progress *progress_map_get(const struct progress_map *m, raft_id id)
{
	/* Up to so many members are looked at one by one: that is faster than
	 * halving, because the branches are easy to predict. */
	enum { FEW = 8 };
	if (m->len > FEW)
		return progress_map_search(m, id);
	for (uint32_t i = 0; i < m->len; i++)
		if (m->v[i].id == id)
			return &m->v[i];
	return NULL;
}
/* progress_map_put adds *pr, or replaces the one of that id. */
void progress_map_put(struct progress_map *m, const struct progress *pr);
/* progress_map_del removes a member; it does not free its inflights. */
void progress_map_del(struct progress_map *m, raft_id id);
/* progress_map_copy copies the members; their inflights' rings stay shared, so
 * that only one of the two maps may live on (progress_map_replace). */
struct progress_map progress_map_copy(const struct progress_map *m);
/* progress_map_replace frees what *m has and with does not have, then moves
 * with into *m. */
void progress_map_replace(struct progress_map *m, struct progress_map *with);
/* progress_map_discard frees a copy with whatever original does not have. */
void progress_map_discard(struct progress_map *copy, const struct progress_map *original);
void progress_map_free(struct progress_map *m);
/* progress_map_string writes one "id: progress" line for each member. */
void progress_map_string(const struct progress_map *m, struct strbuf *b);

struct tracker_vote {
	raft_id id;
	bool granted;
};

/* Votes, each id once. All zeros is none. */
struct tracker_votes {
	struct tracker_vote *v;
	uint32_t len, cap;
};

/* tracker_votes_record notes a vote, unless that id has voted already. */
void tracker_votes_record(struct tracker_votes *votes, raft_id id, bool granted);
/* tracker_votes_lookup is votes as the quorum package reads them. */
struct quorum_votes tracker_votes_lookup(const struct tracker_votes *votes);

struct progress_tracker {
	struct tracker_config config;
	struct progress_map progress;
	struct tracker_votes votes;

	int max_inflight;
	uint64_t max_inflight_bytes;
};

/* tracker_init makes an empty configuration. */
void tracker_init(struct progress_tracker *p, int max_inflight, uint64_t max_inflight_bytes);
void tracker_free(struct progress_tracker *p);

/* tracker_for_each goes through all members in order of their ids. (No members:
 * no array, and nothing may be added to NULL, not even 0.) */
#define tracker_for_each(p, pr)                                                                    \
	for (struct progress *pr = (p)->progress.v;                                                \
		pr && pr < (p)->progress.v + (p)->progress.len; pr++)

/* tracker_get finds a member's progress, or NULL. */
static inline struct progress *tracker_get(const struct progress_tracker *p, raft_id id)
{
	return progress_map_get(&p->progress, id);
}

/* tracker_conf_state gives the configuration as snapshots hold it. */
void tracker_conf_state(const struct progress_tracker *p, struct raft_conf_state *cs);

/* tracker_is_singleton: there is one voter, and no joint configuration. */
bool tracker_is_singleton(const struct progress_tracker *p);

/* tracker_committed is the largest index that the voters' matches commit. */
raft_index tracker_committed(const struct progress_tracker *p);

/* tracker_quorum_active: a quorum was heard of lately. */
bool tracker_quorum_active(const struct progress_tracker *p);

/* tracker_voter_nodes and tracker_learner_nodes list ids, sorted; room for
 * 2 * RAFT_MAX_MEMBERS. Return: how many. */
size_t tracker_voter_nodes(const struct progress_tracker *p, raft_id *out);
size_t tracker_learner_nodes(const struct progress_tracker *p, raft_id *out);

/* tracker_reset_votes begins a new count. */
void tracker_reset_votes(struct progress_tracker *p);
/* tracker_record_vote notes a vote; the first one of each id counts. */
void tracker_record_vote(struct progress_tracker *p, raft_id id, bool granted);
/* tracker_tally_votes counts the votes of voters and says how the election stands. */
enum quorum_vote_result tracker_tally_votes(
	const struct progress_tracker *p, int *granted, int *rejected);

#endif
