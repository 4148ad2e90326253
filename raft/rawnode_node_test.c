/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the original tests through Node, its front of channels, and what holds for
 * RawNode as well. The original: node_test.go.
 */
#include "raft/rafttest/rawnode_testing.h"
#include "raft/raftpb/raftpb.h"

#include <string.h>

static enum raft_error propose(struct raft_rawnode *rn, const char *data)
{
	return raft_rawnode_propose(rn, data, strlen(data));
}

TEST(node_propose)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);

	rawnode_lead(rn, s);
	rn->raft->step = capture_step;
	EXPECT_EQ(RAFT_OK, propose(rn, "somedata"));
	EXPECT_EQ(1, captured.len);
	EXPECT_EQ(MSG_PROP, captured.v[0].type);
	EXPECT_STR_EQ("somedata", entry_data(&captured.v[0].entries.v[0]));
}

/* raft_rawnode_propose_buf takes the buffer over, and copies nothing. */
TEST(node_propose_buf)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_buf *buf = raft_buf_new(8);
	const struct raft_ready *rd;

	memcpy(buf->data, "somedata", 8);
	raft_buf_ref(buf); /* to look at later */
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, raft_rawnode_propose_buf(rn, buf));
	EXPECT_EQ(1, buf->refs);

	rawnode_lead(rn, s);
	while (raft_rawnode_has_ready(rn))
		rawnode_save_and_advance(rn, s);
	raft_buf_ref(buf);
	EXPECT_EQ(RAFT_OK, raft_rawnode_propose_buf(rn, buf));
	rd = rawnode_save(rn, s);
	EXPECT_EQ(1, rd->entries_len);
	EXPECT(rd->entries[0].buf == buf);
	EXPECT(rd->entries[0].data == buf->data);
	raft_rawnode_advance(rn);
	raft_buf_unref(buf);
}

static void no_forwarding(struct raft_config *c)
{
	if (c->id == 3)
		c->disable_proposal_forwarding = true;
}

TEST(disable_proposal_forwarding)
{
	struct network *nt = new_network_with_config(no_forwarding, NULL, NULL, NULL);

	network_send(nt, msg_hup(1));
	EXPECT_EQ(RAFT_OK, raft_step_msg(nt->peers[2], msg_prop(2, "testdata")));
	EXPECT_EQ(1, nt->peers[2]->msgs.len);
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, raft_step_msg(nt->peers[3], msg_prop(3, "testdata")));
	EXPECT_EQ(0, nt->peers[3]->msgs.len);
}

/* expect_forwarded expects a MsgReadIndex of node from, sent to node to, without a
 * term: forwarded as if it had been made there. */
static void expect_forwarded(const struct raft_message *m, raft_id from, raft_id to)
{
	EXPECT_EQ(MSG_READ_INDEX, m->type);
	EXPECT_EQ(from, m->from);
	EXPECT_EQ(to, m->to);
	EXPECT_EQ(0, m->term);
	EXPECT_EQ(1, m->entries.len);
	EXPECT_STR_EQ("testdata", entry_data(&m->entries.v[0]));
}

/* A read that arrives at a leader of old is forwarded once more. */
TEST(node_read_index_to_old_leader)
{
	struct network *nt = new_network(NULL, NULL, NULL);
	struct raft *r1 = nt->peers[1];
	struct raft_message forwarded[2];

	network_send(nt, msg_hup(1));
	for (raft_id id = 2; id <= 3; id++) {
		struct raft *r = nt->peers[id];

		EXPECT_EQ(RAFT_OK, raft_step_msg(r, msg_read_index(id, "testdata")));
		EXPECT_EQ(1, r->msgs.len);
		expect_forwarded(&r->msgs.v[0], id, 1);
		forwarded[id - 2] = raft_message_copy(&r->msgs.v[0]);
	}

	network_send(nt, msg_hup(3));
	EXPECT_EQ(RAFT_STATE_LEADER, nt->peers[3]->state);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(RAFT_OK, raft_step(r1, &forwarded[i]));
	EXPECT_EQ(2, r1->msgs.len);
	expect_forwarded(&r1->msgs.v[0], 2, 3);
	expect_forwarded(&r1->msgs.v[1], 3, 3);
}

/* Node makes a proposal wait for a leader. RawNode has nowhere to wait: it says so,
 * and takes the proposal once there is one. */
TEST(block_proposal)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);

	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, propose(rn, "somedata"));
	rawnode_lead(rn, s);
	EXPECT_EQ(RAFT_OK, propose(rn, "somedata"));
}

static enum raft_error drop_step(struct raft *r, struct raft_message *m)
{
	if (m->type == MSG_PROP)
		return RAFT_ERR_PROPOSAL_DROPPED;
	return capture_step(r, m);
}

TEST(node_propose_wait_dropped)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);

	rawnode_lead(rn, s);
	rn->raft->step = drop_step;
	EXPECT_EQ(RAFT_ERR_PROPOSAL_DROPPED, propose(rn, "test_dropping"));
	EXPECT_EQ(0, captured.len);
}

TEST(node_tick)
{
	struct raft_rawnode *rn =
		new_test_rawnode(1, 10, 1, new_test_memory_storage(with_peers(1)));
	int elapsed = rn->raft->election_elapsed;

	raft_rawnode_tick(rn);
	EXPECT_EQ(elapsed + 1, rn->raft->election_elapsed);

	/* quiesced, time passes and nothing comes of it */
	for (int i = 0; i < 100; i++)
		raft_rawnode_tick_quiesced(rn);
	EXPECT_EQ(elapsed + 101, rn->raft->election_elapsed);
	EXPECT(!raft_rawnode_has_ready(rn));
	EXPECT_EQ(RAFT_STATE_FOLLOWER, rn->raft->state);
}

/* A new cluster of one, by bootstrap: its membership is the first entry. */
TEST(node_start)
{
	struct raft_memory_storage *storage = new_empty_memory_storage();
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, storage);
	const struct raft_peer peer = {.id = 1};
	const struct raft_ready *rd;

	EXPECT_EQ(RAFT_ERR_BOOTSTRAP_NO_PEERS, raft_rawnode_bootstrap(rn, NULL, 0));
	EXPECT_EQ(RAFT_OK, raft_rawnode_bootstrap(rn, &peer, 1));
	rd = rawnode_save(rn, storage);
	expect_ready("Ready MustSync=true:\n"
		     "HardState Term:1 Commit:1\n"
		     "Entries:\n"
		     "1/1 EntryConfChange v1\n"
		     "CommittedEntries:\n"
		     "1/1 EntryConfChange v1\n",
		rd);
	raft_rawnode_advance(rn);

	/* persist the vote, append the empty entry */
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	rawnode_save_and_advance(rn, storage);
	rawnode_save_and_advance(rn, storage);

	EXPECT_EQ(RAFT_OK, propose(rn, "foo"));
	rd = rawnode_save(rn, storage);
	expect_ready("Ready MustSync=true:\n"
		     "HardState Term:2 Vote:1 Commit:2\n"
		     "Entries:\n"
		     "2/3 EntryNormal \"foo\"\n"
		     "CommittedEntries:\n"
		     "2/2 EntryNormal \"\"\n",
		rd);
	raft_rawnode_advance(rn);

	rd = rawnode_save(rn, storage);
	expect_ready("Ready MustSync=false:\n"
		     "HardState Term:2 Vote:1 Commit:3\n"
		     "CommittedEntries:\n"
		     "2/3 EntryNormal \"foo\"\n",
		rd);
	raft_rawnode_advance(rn);
	EXPECT(!raft_rawnode_has_ready(rn));

	/* a node that has a log cannot be bootstrapped */
	EXPECT_EQ(RAFT_ERR_BOOTSTRAP_NOT_EMPTY, raft_rawnode_bootstrap(rn, &peer, 1));
}

/* What was appended is committed in the Ready after, since there is nobody to wait
 * for. */
TEST(node_advance)
{
	struct raft_memory_storage *storage = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, storage);

	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	rawnode_save_and_advance(rn, storage);
	rawnode_save_and_advance(rn, storage);
	EXPECT_EQ(RAFT_OK, propose(rn, "foo"));
	rawnode_save_and_advance(rn, storage);
	EXPECT(raft_rawnode_has_ready(rn));
}

/* A second Ready must not be got before the first one is advanced; nor is there
 * anything to advance where writes are asynchronous. */
TEST(node_advance_panics)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_config c = new_test_config(1, 10, 1, s);
	struct raft_rawnode *rn = new_rawnode(&c);

	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	raft_rawnode_ready(rn);
	EXPECT_PANIC(raft_rawnode_ready(rn));
	EXPECT_STR_EQ("two accepted Ready structs without call to Advance", runner_panic_message());

	c.async_storage_writes = true;
	rn = new_rawnode(&c);
	EXPECT_PANIC(raft_rawnode_advance(rn));
	EXPECT_STR_EQ(
		"Advance must not be called when using AsyncStorageWrites", runner_panic_message());
}

/* There is no soft state by itself to be compared; a change of either half of it
 * makes a Ready. */
TEST(soft_state_equal)
{
	struct raft_rawnode *rn =
		new_test_rawnode(1, 10, 1, new_test_memory_storage(with_peers(1, 2)));

	EXPECT(!raft_rawnode_has_ready(rn));
	rn->raft->lead = 2;
	EXPECT(raft_rawnode_has_ready(rn));
	rn->raft->lead = RAFT_NONE;
	EXPECT(!raft_rawnode_has_ready(rn));
	rn->raft->state = RAFT_STATE_PRE_CANDIDATE;
	EXPECT(raft_rawnode_has_ready(rn));
}

TEST(is_hard_state_equal)
{
	const struct raft_hard_state empty = {0};
	const struct {
		struct raft_hard_state ht;
		bool we;
	} tests[] = {
		{{0}, true},
		{{.vote = 1}, false},
		{{.commit = 1}, false},
		{{.term = 1}, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		EXPECT_EQ(tests[i].we, raft_hard_state_equal(tests[i].ht, empty));
		EXPECT_EQ(tests[i].we, raft_hard_state_empty(tests[i].ht));
	}
}
