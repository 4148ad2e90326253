/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of elections, terms, restarts and membership that the original's tests
 * pass over: each of these tests was written because a mistake went unnoticed
 * (lab/mutations).
 */
#include "raft/rafttest/raft_testing.h"

static struct raft *new_of_three(void)
{
	return new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2, 3)));
}

TEST(config_validate)
{
	struct raft_config c = new_test_config(1, 10, 1, new_test_memory_storage(with_peers(1)));
	struct raft_config bad;

	EXPECT_EQ(RAFT_OK, raft_config_validate(&c));
	bad = c;
	bad.election_tick = bad.heartbeat_tick;
	EXPECT_EQ(RAFT_ERR_CONFIG_ELECTION_TICK, raft_config_validate(&bad));
	bad = c;
	bad.max_size_per_msg = 100;
	bad.max_inflight_bytes = 99;
	EXPECT_EQ(RAFT_ERR_CONFIG_INFLIGHT_BYTES, raft_config_validate(&bad));
	bad.max_inflight_bytes = 100;
	EXPECT_EQ(RAFT_OK, raft_config_validate(&bad));
	bad = c;
	bad.read_only_option = RAFT_READ_ONLY_LEASE_BASED;
	EXPECT_EQ(RAFT_ERR_CONFIG_LEASE_BASED, raft_config_validate(&bad));
	bad.check_quorum = true;
	EXPECT_EQ(RAFT_OK, raft_config_validate(&bad));
}

/* ---- Restarts --------------------------------------------------------------- */

TEST(load_state_out_of_range)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));

	storage_append(s, index_terms(1, 1, 1));
	struct raft *r = new_test_raft(1, 10, 1, s);
	raft_load_state(r, (struct raft_hard_state){.term = 1, .commit = 2});
	EXPECT_PANIC(raft_load_state(r, (struct raft_hard_state){.term = 1, .commit = 3}));
	EXPECT_PANIC(raft_load_state(r, (struct raft_hard_state){.term = 1, .commit = 1}));
}

/* What the application says it has applied, it does not get again. */
TEST(restart_goes_on_after_applied)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));

	storage_append(s, index_terms(1, 1, 1, 1));
	raft_memory_storage_set_hard_state(s, (struct raft_hard_state){.term = 1, .commit = 3});
	struct raft_config c = new_test_config(1, 10, 1, s);
	c.applied = 2;
	struct raft *r = new_raft(&c);
	EXPECT_EQ(2, r->raft_log.applied);
	const struct raft_entries *ents = next_ents(r, s);
	EXPECT_EQ(1, ents->len);
	EXPECT_EQ(3, ents->v[0].index);
}

/* ---- Elections -------------------------------------------------------------- */

/* A vote counts in the election that it was given for. */
TEST(candidate_ignores_late_vote)
{
	struct raft *r = new_of_three();

	raft_become_candidate(r);
	raft_become_candidate(r);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_VOTE_RESP, .term = 1));
	raft_step_msg(r, MSG(.from = 3, .to = 1, .type = MSG_VOTE_RESP, .term = 1));
	EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
	EXPECT_EQ(2, r->term);
}

TEST(candidate_ignores_timeout_now)
{
	struct raft *r = new_of_three();

	raft_become_candidate(r);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_TIMEOUT_NOW, .term = 1));
	EXPECT_EQ(1, r->term);
	EXPECT_EQ(0, raft_read_messages(r)->len);
}

/* A granted pre-vote has the term that was asked for. If it is what shows that
 * the election is lost, which takes a change of members, that term is not entered. */
TEST(pre_candidate_loses_in_its_own_term)
{
	struct raft *r = new_of_three();

	r->pre_vote = true;
	raft_step_msg(r, msg_hup(1));
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_PRE_VOTE_RESP, .term = r->term,
				 .reject = true));
	EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, r->state);
	raft_apply_simple_conf_change(r, RAFT_CONF_CHANGE_REMOVE_NODE, 3);
	raft_step_msg(r, MSG(.from = 1, .to = 1, .type = MSG_PRE_VOTE_RESP, .term = r->term + 1));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
	EXPECT_EQ(0, r->term);
}

/* Also a grant of a pre-vote waits for what is being saved: it rests on a term
 * and a log that a crash must not take back. */
TEST(pre_vote_answer_waits_for_storage)
{
	struct raft *r = new_of_three();

	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_PRE_VOTE, .term = 1));
	EXPECT_EQ(0, r->msgs.len);
	EXPECT_EQ(1, r->msgs_after_append.len);
	EXPECT_EQ(MSG_PRE_VOTE_RESP, r->msgs_after_append.v[0].type);
}

/* A leader that is deposed is told, whichever of its messages comes. */
TEST(deposed_leader_is_told)
{
	static const enum raft_message_type types[] = {MSG_APP, MSG_HEARTBEAT};

	for (size_t i = 0; i < 2 * ARRAY_LEN(types); i++) {
		struct raft *r = new_of_three();

		TEST_CASE("#%zu", i);
		r->check_quorum = i & 1;
		r->pre_vote = !r->check_quorum;
		raft_become_follower(r, 3, RAFT_NONE);
		raft_step_msg(r, MSG(.from = 2, .to = 1, .type = types[i / 2], .term = 2));
		struct raft_message *m = expect_one_message(r);
		EXPECT_EQ(MSG_APP_RESP, m->type);
		EXPECT_EQ(3, m->term);
	}
}

/* Each committed entry that is not applied is looked at before a campaign. */
TEST(campaign_finds_each_pending_change)
{
	for (raft_index at = 2; at <= 4; at++) {
		struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
		struct raft_entries *ents = index_terms(1, 1, 1, 1, 1);

		TEST_CASE("at %llu", at);
		ents->v[at - 1].type = RAFT_ENTRY_CONF_CHANGE_V2;
		storage_append(s, ents);
		raft_memory_storage_set_hard_state(
			s, (struct raft_hard_state){.term = 1, .commit = 4});
		struct raft_config c = new_test_config(1, 10, 1, s);
		c.applied = at - 1;
		struct raft *r = new_raft(&c);
		raft_step_msg(r, msg_hup(1));
		EXPECT_EQ(RAFT_STATE_FOLLOWER, r->state);
		raft_applied_to(r, at, 0);
		raft_step_msg(r, msg_hup(1));
		EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
	}
}

/* ---- Membership ------------------------------------------------------------- */

/* A change that is committed and not applied yet keeps the next one out. */
TEST(conf_change_waits_for_the_one_before)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft *r = new_test_raft(1, 10, 1, s);
	static const struct raft_conf_change_single ccs[] = {
		{.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 2}};
	const struct raft_conf_change_v2 cc = {
		.changes = (struct raft_conf_change_single *)ccs, .changes_len = 1};

	raft_become_candidate(r);
	raft_become_leader(r);
	next_ents(r, s);
	for (int i = 0; i < 2; i++) {
		EXPECT_EQ(RAFT_OK, raft_step_msg(r, raft_conf_change_v2_msg(&cc)));
		raft_advance_messages_after_append(r);
	}
	EXPECT_EQ(3, raft_log_last_index(&r->raft_log));
	EXPECT_EQ(3, r->raft_log.committed);
	EXPECT_EQ(1, r->raft_log.applied);
	EXPECT_EQ(2, r->pending_conf_index);
	EXPECT_EQ(RAFT_ENTRY_CONF_CHANGE_V2, all_entries(r)->v[1].type);
	EXPECT_EQ(RAFT_ENTRY_NORMAL, all_entries(r)->v[2].type);
}

/* ---- Snapshots -------------------------------------------------------------- */

TEST(restore_ignores_older_snapshot)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	raft_log_append(&r->raft_log, index_terms(1, 1, 1, 1)->v, 3);
	raft_log_commit_to(&r->raft_log, 3);
	EXPECT(!raft_restore(r, new_test_snapshot(2, 2, with_peers(1, 2))));
	EXPECT_EQ(3, r->raft_log.committed);
	EXPECT_EQ(3, raft_log_last_index(&r->raft_log));
}

/* The term may have changed while a snapshot was being written: what is in it is
 * committed, and stays true. */
TEST(snapshot_written_in_an_earlier_term)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft_snapshot *s = new_test_snapshot(11, 1, with_peers(1, 2));

	raft_become_follower(r, 1, 2);
	EXPECT(raft_restore(r, s));
	raft_become_follower(r, 2, RAFT_NONE);
	raft_step_msg(
		r, MSG(.from = RAFT_LOCAL_APPEND_THREAD, .to = 1, .term = 1,
			   .type = MSG_STORAGE_APPEND_RESP, .snapshot = raft_snapshot_ref(s)));
	EXPECT(!raft_log_has_next_or_in_progress_snapshot(&r->raft_log));
	EXPECT_EQ(11, r->raft_log.applied);
}

/* A snapshot is noted as applied once when the application says so and once when it is
 * written; the latter may be old news. */
TEST(applied_does_not_go_back)
{
	struct raft *r = new_test_raft(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	raft_log_append(&r->raft_log, index_terms(1, 1, 1, 1)->v, 3);
	raft_log_commit_to(&r->raft_log, 3);
	raft_applied_to(r, 3, 0);
	raft_applied_to(r, 2, 0);
	EXPECT_EQ(3, r->raft_log.applied);
}

/* ---- Elections -------------------------------------------------------------- */

/* A pre-candidate keeps its clock: one that the application tells to campaign does not
 * wait longer for its next try. */
TEST(pre_candidate_keeps_its_clock)
{
	struct raft *r = new_of_three();

	r->pre_vote = true;
	r->election_elapsed = 3;
	raft_step_msg(r, MSG(.from = 1, .to = 1, .type = MSG_HUP));
	EXPECT_EQ(RAFT_STATE_PRE_CANDIDATE, r->state);
	EXPECT_EQ(3, r->election_elapsed);
}

/* Whoever knows a later term than ours and tells us to campaign is taken at its word:
 * the campaign is for the term after that. */
TEST(timeout_now_of_a_later_term)
{
	struct raft *r = new_of_three();

	raft_become_follower(r, 1, 2);
	raft_step_msg(r, MSG(.from = 3, .to = 1, .term = 4, .type = MSG_TIMEOUT_NOW));
	EXPECT_EQ(RAFT_STATE_CANDIDATE, r->state);
	EXPECT_EQ(5, r->term);
}

/* A new leader has all of its own log. */
TEST(new_leader_matches_itself)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));

	storage_append(s, index_terms(1, 1, 1));
	struct raft *r = new_test_raft(1, 10, 1, s);
	raft_become_candidate(r);
	raft_become_leader(r);
	EXPECT_EQ(2, tracker_get(&r->trk, 1)->match);
	EXPECT_EQ(0, tracker_get(&r->trk, 2)->match);
}
