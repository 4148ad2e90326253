/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RawNode, as its application sees it. The original: rawnode_test.go.
 */
#include "raft/rafttest/rawnode_testing.h"

#include <string.h>

/* Local messages are refused; all others go in, whatever is in them, and do no
 * harm. */
TEST(rawnode_step)
{
	for (int i = 0; i < NETWORK_MESSAGE_TYPES; i++) {
		enum raft_message_type type = (enum raft_message_type)i;
		struct raft_memory_storage *s = new_empty_memory_storage();
		struct raft_rawnode *rn;
		enum raft_error err;

		TEST_CASE("%s", raft_message_type_name(type));
		raft_memory_storage_set_hard_state(
			s, (struct raft_hard_state){.term = 1, .commit = 1});
		storage_append(s, index_terms(1, 1));
		EXPECT_EQ(RAFT_OK, raft_memory_storage_apply_snapshot(
					   s, new_test_snapshot(1, 1, with_peers(1))));
		rn = new_test_rawnode(1, 10, 1, s);

		err = raft_rawnode_step(rn, &MSG(.type = type));
		if (raft_is_local_msg(type))
			EXPECT_EQ(RAFT_ERR_STEP_LOCAL_MSG, err);
		else
			EXPECT(err != RAFT_ERR_STEP_LOCAL_MSG);
	}
}

/* Answers of nodes that are not members are refused. */
TEST(rawnode_step_peer_not_found)
{
	struct raft_rawnode *rn =
		new_test_rawnode(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));
	struct raft_message m = MSG(.type = MSG_APP_RESP, .from = 3, .to = 1, .term = 1);

	EXPECT_EQ(RAFT_ERR_STEP_PEER_NOT_FOUND, raft_rawnode_step(rn, &m));
	EXPECT_EQ(0, rn->raft->term);
	m = MSG(.type = MSG_APP_RESP, .from = 2, .to = 1, .term = 1);
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &m));
	EXPECT_EQ(1, rn->raft->term);
}

TEST(rawnode_read_index)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft *r = rn->raft;
	const struct raft_ready *rd;

	/* read states come out by Ready, once */
	r->read_states = raft_calloc(1, sizeof(*r->read_states));
	r->read_states_len = r->read_states_cap = 1;
	r->read_states[0].index = 1;
	raft_context_set(&r->read_states[0].request_ctx, "somedata", 8);
	EXPECT(raft_rawnode_has_ready(rn));
	rd = rawnode_save(rn, s);
	EXPECT_EQ(1, rd->read_states_len);
	EXPECT_EQ(1, rd->read_states[0].index);
	EXPECT(context_is(&rd->read_states[0].request_ctx, "somedata"));
	raft_rawnode_advance(rn);
	EXPECT_EQ(0, r->read_states_len);

	/* a request becomes a MsgReadIndex */
	rawnode_lead(rn, s);
	r->step = capture_step;
	raft_rawnode_read_index(rn, "somedata2", 9);
	EXPECT_EQ(1, captured.len);
	EXPECT_EQ(MSG_READ_INDEX, captured.v[0].type);
	EXPECT_STR_EQ("somedata2", entry_data(&captured.v[0].entries.v[0]));
}

/* A new cluster begins with a storage that has the configuration at index 1, so
 * that nobody can follow from index 0 without it. */
TEST(rawnode_start)
{
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_rawnode *rn;
	const struct raft_ready *rd;

	EXPECT_EQ(RAFT_OK, raft_memory_storage_apply_snapshot(
				   storage, new_test_snapshot(1, 0, with_peers(1))));
	rn = new_test_rawnode(1, 10, 1, storage);
	EXPECT(!raft_rawnode_has_ready(rn));

	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	rawnode_save_and_advance(rn, storage);
	EXPECT_EQ(RAFT_OK, raft_rawnode_propose(rn, "foo", 3));
	EXPECT(raft_rawnode_has_ready(rn));

	rd = rawnode_save(rn, storage);
	EXPECT_EQ(2, rd->entries_len);
	EXPECT_EQ(2, rd->entries[0].index);
	EXPECT(rd->entries[0].data == NULL);
	EXPECT_EQ(3, rd->entries[1].index);
	EXPECT_STR_EQ("foo", entry_data(&rd->entries[1]));
	EXPECT(rd->must_sync);
	raft_rawnode_advance(rn);

	/* the last step only applies, so nobody has to wait for the disk */
	EXPECT(raft_rawnode_has_ready(rn));
	rd = rawnode_save(rn, storage);
	expect_ready("Ready MustSync=false:\n"
		     "HardState Term:1 Vote:1 Commit:3\n"
		     "CommittedEntries:\n"
		     "1/2 EntryNormal \"\"\n"
		     "1/3 EntryNormal \"foo\"\n",
		rd);
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));
}

/* two_entries is a log of an empty entry and one of "foo". */
static struct raft_entries *two_entries(raft_index first)
{
	struct raft_entries *ents = index_terms(first, 1, 1);

	entry_set_data(&ents->v[1], "foo");
	return ents;
}

TEST(rawnode_restart)
{
	struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn;

	raft_memory_storage_set_hard_state(
		storage, (struct raft_hard_state){.term = 1, .commit = 1});
	storage_append(storage, two_entries(1));
	rn = new_test_rawnode(1, 10, 1, storage);

	/* what was committed is handed out again; there is no news to be saved */
	expect_ready("Ready MustSync=false:\n"
		     "CommittedEntries:\n"
		     "1/1 EntryNormal \"\"\n",
		raft_rawnode_ready(rn));
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));
}

TEST(rawnode_restart_from_snapshot)
{
	struct raft_memory_storage *s = new_empty_memory_storage();
	struct raft_entries *ents = index_terms(3, 1);
	struct raft_rawnode *rn;

	entry_set_data(&ents->v[0], "foo");
	raft_memory_storage_set_hard_state(s, (struct raft_hard_state){.term = 1, .commit = 3});
	EXPECT_EQ(RAFT_OK,
		raft_memory_storage_apply_snapshot(s, new_test_snapshot(2, 1, with_peers(1, 2))));
	storage_append(s, ents);
	rn = new_test_rawnode(1, 10, 1, s);

	expect_ready("Ready MustSync=false:\n"
		     "CommittedEntries:\n"
		     "1/3 EntryNormal \"foo\"\n",
		raft_rawnode_ready(rn));
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));
}

static void count_progress(void *arg, const struct raft_progress_status *pr)
{
	EXPECT_EQ(1, pr->id);
	++*(int *)arg;
}

TEST(rawnode_status)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_status status;
	int members = 0;

	raft_rawnode_status(rn, &status);
	EXPECT_EQ(0, status.progress_len);
	raft_status_free(&status);

	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	rawnode_save_and_advance(rn, s);
	raft_rawnode_status(rn, &status);
	EXPECT_EQ(1, status.basic.soft_state.lead);
	EXPECT_EQ(RAFT_STATE_LEADER, status.basic.soft_state.raft_state);
	EXPECT_EQ(1, status.progress_len);
	EXPECT_EQ(raft_progress(rn->raft, 1)->match, status.progress[0].match);
	EXPECT_EQ(raft_progress(rn->raft, 1)->next, status.progress[0].next);
	EXPECT_EQ(RAFT_PROGRESS_REPLICATE, status.progress[0].state);
	expect_conf_state("{[1] [] [] [] false}", &status.config);
	raft_status_free(&status);

	raft_rawnode_with_progress(rn, count_progress, &members);
	EXPECT_EQ(1, members);
}

/* A leader that is cut off from its quorum goes on taking proposals, but only so
 * many bytes of them. */
TEST(rawnode_bounded_log_growth_with_partition)
{
	enum { MAX_ENTRIES = 16 };
	const uint64_t max_size = MAX_ENTRIES * strlen("testdata");
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_config c = new_test_config(1, 10, 1, s);
	struct raft_rawnode *rn;
	const struct raft_ready *rd;
	bool applied;

	c.max_uncommitted_entries_size = max_size;
	rn = new_rawnode(&c);
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	do {
		rd = rawnode_save(rn, s);
		applied = rd->committed_entries_len > 0;
		raft_rawnode_advance(rn);
	} while (!applied);

	/* nothing is committed, because no Ready is dealt with */
	for (int i = 0; i < 1024; i++)
		EXPECT_EQ(i < MAX_ENTRIES ? RAFT_OK : RAFT_ERR_PROPOSAL_DROPPED,
			raft_rawnode_propose(rn, "testdata", strlen("testdata")));
	EXPECT_EQ(max_size, rn->raft->uncommitted_size);

	/* the end of the partition: they are appended, then applied */
	rd = rawnode_save(rn, s);
	EXPECT_EQ(MAX_ENTRIES, rd->entries_len);
	raft_rawnode_advance(rn);
	EXPECT_EQ(max_size, rn->raft->uncommitted_size);
	rd = rawnode_save(rn, s);
	EXPECT_EQ(0, rd->entries_len);
	EXPECT_EQ(MAX_ENTRIES, rd->committed_entries_len);
	raft_rawnode_advance(rn);
	EXPECT_EQ(0, rn->raft->uncommitted_size);
}

/* Looking whether there is a Ready takes nothing out; Ready moves the messages
 * out; Advance leaves alone what has been queued since. */
TEST(rawnode_consume_ready)
{
	struct raft_rawnode *rn = new_test_rawnode(1, 3, 1, new_test_memory_storage(with_peers(1)));
	struct raft *r = rn->raft;
	struct raft_message m1 = MSG(.type = MSG_HEARTBEAT), m2 = MSG(.type = MSG_HEARTBEAT);
	const struct raft_ready *rd;

	raft_context_set(&m1.context, "foo", 3);
	raft_context_set(&m2.context, "bar", 3);
	raft_messages_push(&r->msgs, &m1);
	EXPECT(raft_rawnode_has_ready(rn));
	EXPECT_EQ(1, r->msgs.len);
	EXPECT(context_is(&r->msgs.v[0].context, "foo"));

	rd = raft_rawnode_ready(rn);
	EXPECT_EQ(0, r->msgs.len);
	EXPECT_EQ(1, rd->messages_len);
	EXPECT(context_is(&rd->messages[0].context, "foo"));

	raft_messages_push(&r->msgs, &m2);
	raft_rawnode_advance(rn);
	EXPECT_EQ(1, r->msgs.len);
	EXPECT(context_is(&r->msgs.v[0].context, "bar"));
}

/* A Ready stays as it is while the node goes on, even if its entries are
 * overwritten meanwhile. */
TEST(rawnode_ready_survives_truncation)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	const struct raft_ready *rd;
	struct raft_message m = MSG(.type = MSG_APP, .from = 2, .to = 1, .term = 1);
	struct raft_entries *ents = index_terms(1, 1, 1);

	entry_set_data(&ents->v[1], "old");
	m.entries = ents_copy(ents);
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &m));
	rd = raft_rawnode_ready(rn);
	EXPECT_EQ(2, rd->entries_len);

	ents = index_terms(1, 2);
	entry_set_data(&ents->v[0], "new");
	m = MSG(.type = MSG_APP, .from = 3, .to = 1, .term = 2, .entries = ents_copy(ents));
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &m));
	EXPECT_EQ(1, raft_log_last_index(&rn->raft->raft_log));

	EXPECT_EQ(2, rd->entries_len);
	EXPECT_EQ(1, rd->entries[1].term);
	EXPECT_STR_EQ("old", entry_data(&rd->entries[1]));
	storage_append(s,
		&(struct raft_entries){.v = (struct raft_entry *)rd->entries, .len = 2, .cap = 2});
	raft_rawnode_advance(rn);

	/* the confirmation of the old entries does not count for the new one */
	rd = rawnode_save(rn, s);
	EXPECT_EQ(1, rd->entries_len);
	EXPECT_STR_EQ("new", entry_data(&rd->entries[0]));
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));
	EXPECT_EQ(2, s->ents.len);
}

/* A message of a Ready may be moved out; the node frees what is left. */
TEST(rawnode_ready_messages_may_be_moved)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2, 3));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	const struct raft_ready *rd;
	struct raft_message m;

	raft_become_candidate(rn->raft);
	raft_become_leader(rn->raft);
	EXPECT_EQ(RAFT_OK, raft_rawnode_propose(rn, "foo", 3));
	rd = rawnode_save(rn, s);
	EXPECT_EQ(2, rd->messages_len);
	m = raft_message_move(&rd->messages[1]);
	raft_rawnode_advance(rn);
	EXPECT_EQ(MSG_APP, m.type);
	EXPECT_STR_EQ("foo", entry_data(&m.entries.v[m.entries.len - 1]));
	raft_message_free(&m);
}
