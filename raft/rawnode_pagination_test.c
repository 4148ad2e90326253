/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits in bytes: of a MsgApp, and of what is handed out to be applied. The
 * original: node_test.go and rawnode_test.go.
 */
#include "raft/rafttest/rawnode_testing.h"

#include <string.h>

enum { MAX_SIZE = 2048 };

/* propose_blob proposes size bytes. */
static void propose_blob(struct raft_rawnode *rn, size_t size)
{
	struct raft_buf *blob = raft_buf_new(size);

	memset(blob->data, 'a', size);
	EXPECT_EQ(RAFT_OK, raft_rawnode_propose_buf(rn, blob));
}

static void small_messages(struct raft_config *c)
{
	c->max_size_per_msg = MAX_SIZE;
}

/* Looks for a MsgApp that is well filled, and for one that is too full. */
static bool watch_sizes(struct network *nt, struct raft_message *m)
{
	if (m->type == MSG_APP) {
		uint64_t size = raft_payloads_size(m->entries.v, m->entries.len);

		EXPECT(size <= MAX_SIZE);
		if (size > MAX_SIZE / 2)
			*(bool *)nt->hook_arg = true;
	}
	return true;
}

TEST(append_pagination)
{
	struct network *nt = new_network_with_config(small_messages, NULL, NULL, NULL);
	bool seen_full_message = false;
	char blob[1001];

	memset(blob, 'a', 1000);
	blob[1000] = '\0';
	nt->msg_hook = watch_sizes;
	nt->hook_arg = &seen_full_message;
	network_send(nt, msg_hup(1));

	/* During a partition entries pile up, so that messages have many of them. */
	network_isolate(nt, 1);
	for (int i = 0; i < 5; i++)
		network_send(nt, msg_prop(1, blob));
	network_recover(nt);
	network_send(nt, msg_beat(1));
	EXPECT(seen_full_message);
}

TEST(commit_pagination)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_config c = new_test_config(1, 10, 1, s);
	struct raft_rawnode *rn;

	c.max_committed_size_per_ready = MAX_SIZE;
	rn = new_rawnode(&c);
	/* persist the vote, append the empty entry, apply it */
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	rawnode_save_and_advance(rn, s);
	rawnode_save_and_advance(rn, s);
	EXPECT_EQ(1, rawnode_save(rn, s)->committed_entries_len);
	raft_rawnode_advance(rn);

	for (int i = 0; i < 3; i++)
		propose_blob(rn, 1000);
	/* appended as one, applied in two parts */
	EXPECT_EQ(3, rawnode_save(rn, s)->entries_len);
	raft_rawnode_advance(rn);
	EXPECT_EQ(2, rawnode_save(rn, s)->committed_entries_len);
	raft_rawnode_advance(rn);
	EXPECT_EQ(1, rawnode_save(rn, s)->committed_entries_len);
	raft_rawnode_advance(rn);
}

/* step_all steps the responses of m. */
static void step_all(struct raft_rawnode *rn, struct raft_message *m)
{
	for (uint32_t i = 0; i < m->responses.len; i++)
		EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &m->responses.v[i]));
	m->responses.len = 0;
}

/* deal_with_messages does what a Ready's messages say: appends are saved and
 * answered. The answer to the one apply, of one entry, that may be among them is
 * kept in *resp. Returns: how many messages there were. */
static size_t deal_with_messages(
	struct raft_rawnode *rn, struct raft_memory_storage *s, struct raft_message *resp)
{
	const struct raft_ready *rd = raft_rawnode_ready(rn);
	size_t n = rd->messages_len;
	struct raft_message *m = rd->messages;

	for (size_t i = 0; i < n; i++) {
		switch (m[i].type) {
		case MSG_STORAGE_APPEND:
			storage_append(s, &m[i].entries);
			step_all(rn, &m[i]);
			break;
		case MSG_STORAGE_APPLY:
			EXPECT(resp != NULL);
			EXPECT_EQ(1, m[i].entries.len);
			EXPECT_EQ(1, m[i].responses.len);
			*resp = raft_message_move(&m[i].responses.v[0]);
			m[i].responses.len = 0;
			break;
		default:
			FAIL("unexpected %s", raft_message_type_name(m[i].type));
		}
	}
	return n;
}

TEST(commit_pagination_with_async_storage_writes)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_config c = new_test_config(1, 10, 1, s);
	struct raft_rawnode *rn;
	struct raft_message applied[4] = {{0}};

	c.max_committed_size_per_ready = MAX_SIZE;
	c.async_storage_writes = true;
	rn = new_rawnode(&c);
	/* persist the vote, append the empty entry, apply it */
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	EXPECT_EQ(1, deal_with_messages(rn, s, NULL));
	EXPECT_EQ(1, deal_with_messages(rn, s, NULL));
	EXPECT_EQ(2, deal_with_messages(rn, s, &applied[0]));
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &applied[0]));

	/* Three entries are appended, the first two are being applied. */
	propose_blob(rn, 1024);
	EXPECT_EQ(1, deal_with_messages(rn, s, NULL));
	propose_blob(rn, 1024);
	EXPECT_EQ(2, deal_with_messages(rn, s, &applied[1]));
	propose_blob(rn, 1024);
	EXPECT_EQ(2, deal_with_messages(rn, s, &applied[2]));

	/* That is as much as may be: the third has to wait until one is applied. */
	while (raft_rawnode_has_ready(rn))
		deal_with_messages(rn, s, NULL);
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &applied[1]));
	EXPECT_EQ(1, deal_with_messages(rn, s, &applied[3]));
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &applied[2]));
	EXPECT_EQ(RAFT_OK, raft_rawnode_step(rn, &applied[3]));
	EXPECT_EQ(4, rn->raft->raft_log.applied);
}

/* A storage that gives more than the limit lets through: ten entries were committed
 * because it once gave the tenth, though that is past the limit. limit_of_nine is
 * just short of it. */
static struct raft_config ten_committed(struct ignore_size_hint_mem_storage *s)
{
	struct raft_memory_storage *ms = new_test_memory_storage(with_peers(1));
	struct raft_config c = new_test_config(1, 10, 1, ms);
	struct raft_entries *ents = index_terms(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

	for (uint32_t i = 0; i < ents->len; i++)
		entry_set_data(&ents->v[i], "a");
	storage_append(ms, ents);
	raft_memory_storage_set_hard_state(
		ms, (struct raft_hard_state){.term = 1, .vote = 1, .commit = 10});
	ignore_size_hint(s, ms);
	c.max_size_per_msg = raft_ents_size(ents->v, 9) - 1;
	return c;
}

/* After a restart the commit index must not go back. */
TEST(node_commit_pagination_after_restart)
{
	struct ignore_size_hint_mem_storage s;
	struct raft_config c = ten_committed(&s);
	const struct raft_ready *rd = raft_rawnode_ready(new_rawnode(&c));

	EXPECT(raft_hard_state_empty(rd->hard_state) || rd->hard_state.commit >= 10);
}

/* Nor may an entry be left out: the next Ready goes on where this one ended. */
TEST(rawnode_commit_pagination_after_restart)
{
	struct ignore_size_hint_mem_storage s;
	struct raft_config c = ten_committed(&s);
	struct raft_entries *boom = index_terms(11, 1);
	struct raft_rawnode *rn;
	raft_index highest = 0;

	entry_set_data(&boom->v[0], "boom");
	storage_append(s.ms, boom);
	rn = new_rawnode(&c);
	while (highest != 11) {
		const struct raft_ready *rd = raft_rawnode_ready(rn);
		size_t n = rd->committed_entries_len;

		EXPECT(n > 0);
		EXPECT_EQ(highest + 1, rd->committed_entries[0].index);
		highest = rd->committed_entries[n - 1].index;
		raft_rawnode_advance(rn);
		/* from a node that is no member: raft does not mind */
		EXPECT_EQ(RAFT_OK,
			raft_rawnode_step(rn, &MSG(.type = MSG_HEARTBEAT, .to = 1, .from = 2,
						      .term = 1, .commit = 11)));
	}
}
