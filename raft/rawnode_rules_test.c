/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of RawNode, bootstrap and status that the original's tests pass over: each
 * of these tests was written because a mistake went unnoticed (lab/mutations).
 */
#include "raft/rafttest/rawnode_testing.h"

/* All of the first members count from the start. */
TEST(bootstrap_of_three)
{
	static const struct raft_peer peers[] = {{.id = 1}, {.id = 2}, {.id = 3}};
	struct raft_config c = new_test_config(2, 10, 1, new_empty_memory_storage());
	struct raft_rawnode *rn = new_rawnode(&c);

	EXPECT_EQ(RAFT_ERR_BOOTSTRAP_NO_PEERS, raft_rawnode_bootstrap(rn, peers, 0));
	EXPECT_EQ(RAFT_OK, raft_rawnode_bootstrap(rn, peers, 3));
	EXPECT_STR_EQ("[1 2 3]", voter_nodes(rn->raft));
	EXPECT_EQ(3, rn->raft->raft_log.committed);
	EXPECT_EQ(0, rn->raft->raft_log.applied);
	EXPECT_EQ(1, rn->raft->term);
}

/* Entries of an append follow one another, or it is refused. */
TEST(malformed_append_is_refused)
{
	struct raft_rawnode *rn =
		new_test_rawnode(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	for (raft_index second = 1; second <= 3; second++) {
		struct raft_message m = MSG(.type = MSG_APP, .from = 2, .to = 1, .term = 1,
			.entries = repeat_entry("x", 2));

		TEST_CASE("second entry at %llu", second);
		m.entries.v[0].term = m.entries.v[1].term = 1;
		m.entries.v[0].index = 1;
		m.entries.v[1].index = second;
		EXPECT_EQ(second == 2 ? RAFT_OK : RAFT_ERR_MALFORMED, raft_rawnode_step(rn, &m));
	}
	EXPECT_EQ(2, raft_log_last_index(&rn->raft->raft_log));
}

/* What became of a snapshot reaches the follower's progress. */
TEST(report_snapshot)
{
	for (int failed = 0; failed <= 1; failed++) {
		struct raft_rawnode *rn =
			new_test_rawnode(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

		TEST_CASE("failed %d", failed);
		raft_become_candidate(rn->raft);
		raft_become_leader(rn->raft);
		progress_become_snapshot(raft_progress(rn->raft, 2), 11);
		raft_rawnode_report_snapshot(rn, 2, failed);
		EXPECT_EQ(RAFT_PROGRESS_PROBE, raft_progress(rn->raft, 2)->state);
		EXPECT_EQ(failed ? 1 : 12, raft_progress(rn->raft, 2)->next);
	}
}

/* What is handed out counts as applied when the application says so. */
TEST(ready_is_applied_by_advance)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	raft_index applied;

	rawnode_lead(rn, s);
	applied = rn->raft->raft_log.applied;
	raft_rawnode_propose(rn, "somedata", 8);
	while (rn->raft->raft_log.committed == applied)
		rawnode_save_and_advance(rn, s);
	EXPECT_EQ(applied, rn->raft->raft_log.applied);
	const struct raft_ready *rd = rawnode_save(rn, s);
	EXPECT_EQ(1, rd->committed_entries_len);
	EXPECT_EQ(applied, rn->raft->raft_log.applied);
	raft_rawnode_advance(rn);
	EXPECT_EQ(applied + 1, rn->raft->raft_log.applied);
}

/* The status is a copy of what the node knows. */
TEST(status_shows_what_is_known)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2), with_learners(3));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft *r = rn->raft;
	struct raft_status st;

	raft_become_candidate(r);
	raft_become_leader(r);
	raft_read_messages(r);
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .term = 1, .index = 1));
	raft_step_msg(r, msg_prop(1, "somedata"));
	raft_step_msg(r, MSG(.from = 2, .to = 1, .type = MSG_TRANSFER_LEADER));
	progress_become_snapshot(raft_progress(r, 3), 7);
	raft_progress(r, 3)->msg_app_flow_paused = true;

	raft_rawnode_status(rn, &st);
	EXPECT_EQ(1, st.basic.id);
	EXPECT_EQ(1, st.basic.hard_state.commit);
	EXPECT_EQ(0, st.basic.applied);
	EXPECT_EQ(2, st.basic.lead_transferee);
	EXPECT_EQ(2, st.config.voters.len);
	EXPECT_EQ(1, st.config.learners.len);
	EXPECT_EQ(3, st.progress_len);
	EXPECT_EQ(2, st.progress[1].id);
	EXPECT_EQ(1, st.progress[1].match);
	EXPECT_EQ(3, st.progress[1].next);
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, st.progress[1].state);
	EXPECT_EQ(1, st.progress[1].inflight);
	EXPECT(st.progress[1].recent_active);
	EXPECT(!st.progress[1].is_learner);
	EXPECT(!st.progress[1].msg_app_flow_paused);
	EXPECT_EQ(RAFT_PROGRESS_SNAPSHOT, st.progress[2].state);
	EXPECT_EQ(7, st.progress[2].pending_snapshot);
	EXPECT(st.progress[2].is_learner);
	EXPECT(st.progress[2].msg_app_flow_paused);
	EXPECT(!st.progress[2].recent_active);
	raft_status_free(&st);

	/* A follower knows nothing of the others, whoever leads. */
	raft_become_follower(r, 2, 2);
	raft_rawnode_status(rn, &st);
	EXPECT_EQ(0, st.progress_len);
	EXPECT_EQ(2, st.config.voters.len);
	raft_status_free(&st);
}

/* All reads that are answered by then are in one Ready, once. */
TEST(ready_hands_out_all_reads_once)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);

	rawnode_lead(rn, s);
	raft_rawnode_read_index(rn, "ctx1", 4);
	raft_rawnode_read_index(rn, "ctx2", 4);
	const struct raft_ready *rd = rawnode_save(rn, s);
	EXPECT_EQ(2, rd->read_states_len);
	EXPECT(context_is(&rd->read_states[0].request_ctx, "ctx1"));
	EXPECT(context_is(&rd->read_states[1].request_ctx, "ctx2"));
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));
}

/* Term, vote and entries are what has to be on disk; the commit index is not. */
TEST(must_sync)
{
	const struct raft_hard_state prev = {.term = 2, .vote = 1, .commit = 3};

	EXPECT(!raft_must_sync(prev, prev, 0));
	EXPECT(raft_must_sync(prev, prev, 1));
	EXPECT(raft_must_sync((struct raft_hard_state){3, 1, 3}, prev, 0));
	EXPECT(raft_must_sync((struct raft_hard_state){2, 2, 3}, prev, 0));
	EXPECT(!raft_must_sync((struct raft_hard_state){2, 1, 4}, prev, 0));
}
