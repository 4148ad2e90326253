/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Membership changes through RawNode, from the proposal to the configuration. The
 * original: rawnode_test.go.
 */
#include "raft/rafttest/rawnode_testing.h"
#include "raft/raftpb/raftpb.h"

#include <string.h>

/* A change in either form. */
struct change {
	bool is_v1;
	struct raft_conf_change v1;
	struct raft_conf_change_v2 v2;
};

#define V1(...)                                                                                    \
	{                                                                                          \
		.is_v1 = true, .v1 = { __VA_ARGS__ }                                               \
	}
#define V2(transition_, ...)                                                                       \
	{                                                                                          \
		.v2 = {.transition = RAFT_CONF_CHANGE_TRANSITION_##transition_,                    \
			.changes = (struct raft_conf_change_single[]){__VA_ARGS__},                \
			.changes_len =                                                             \
				ARRAY_LEN(((struct raft_conf_change_single[]){__VA_ARGS__})) }     \
	}
#define ADD(id)                                                                                    \
	{                                                                                          \
		RAFT_CONF_CHANGE_ADD_NODE, id                                                      \
	}
#define LEARNER(id)                                                                                \
	{                                                                                          \
		RAFT_CONF_CHANGE_ADD_LEARNER_NODE, id                                              \
	}

static void propose(struct raft_rawnode *rn, const struct change *c)
{
	if (c->is_v1)
		EXPECT_EQ(RAFT_OK, raft_rawnode_propose_conf_change(rn, &c->v1));
	else
		EXPECT_EQ(RAFT_OK, raft_rawnode_propose_conf_change_v2(rn, &c->v2));
}

/* encode gives c's encoding, to be unreferenced. */
static struct raft_buf *encode(const struct change *c)
{
	struct raft_buf *buf = raft_buf_new(
		c->is_v1 ? raftpb_conf_change_size(&c->v1) : raftpb_conf_change_v2_size(&c->v2));

	if (c->is_v1)
		raftpb_conf_change_encode(&c->v1, buf->data);
	else
		raftpb_conf_change_v2_encode(&c->v2, buf->data);
	return buf;
}

static void apply_entry(
	struct raft_rawnode *rn, const struct raft_entry *e, struct raft_conf_state *cs)
{
	struct raft_conf_change_v2 cc;

	EXPECT_EQ(RAFT_OK, raftpb_entry_conf_change_decode(e, &cc));
	raft_rawnode_apply_conf_change(rn, &cc, cs);
	raftpb_conf_change_v2_free(&cc);
}

/* make_change has the node campaign, propose "somedata" and c, and go on until c
 * is applied. before_apply, if not NULL, is called just before. */
static void make_change(struct raft_rawnode *rn, struct raft_memory_storage *s,
	const struct change *c, void (*before_apply)(struct raft_rawnode *rn),
	struct raft_conf_state *cs)
{
	bool proposed = false, applied = false;

	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	while (!applied) {
		const struct raft_ready *rd = rawnode_save(rn, s);
		bool leads = rd->soft_state && rd->soft_state->lead == rn->raft->id;

		for (size_t i = 0; i < rd->committed_entries_len; i++) {
			if (rd->committed_entries[i].type == RAFT_ENTRY_NORMAL)
				continue;
			if (before_apply)
				before_apply(rn);
			apply_entry(rn, &rd->committed_entries[i], cs);
			applied = true;
		}
		raft_rawnode_advance(rn);
		if (leads && !proposed) {
			EXPECT_EQ(RAFT_OK, raft_rawnode_propose(rn, "somedata", 8));
			propose(rn, c);
			proposed = true;
		}
	}
}

/* expect_stored expects that the last two entries of the storage, which does not
 * have the unstable ones, are "somedata" and c, to the byte. Returns: the index of
 * the last one. */
static raft_index expect_stored(struct raft_memory_storage *s, const struct change *c)
{
	const struct raft_entry *data = &s->ents.v[s->ents.len - 2];
	const struct raft_entry *change = &s->ents.v[s->ents.len - 1];
	struct raft_buf *want = encode(c);

	EXPECT_STR_EQ("somedata", entry_data(data));
	EXPECT_EQ(c->is_v1 ? RAFT_ENTRY_CONF_CHANGE : RAFT_ENTRY_CONF_CHANGE_V2, change->type);
	EXPECT_EQ(want->len, change->len);
	EXPECT_MEM_EQ(want->data, change->data, want->len);
	raft_buf_unref(want);
	return change->index;
}

/* expect_leave expects that e is the change that leaves a joint configuration, with
 * that context, and pretends that it is applied (in truth it needs both halves). */
static void expect_leave(
	struct raft_rawnode *rn, const struct raft_entry *e, const char *context, const char *want)
{
	struct raft_conf_change_v2 cc;
	struct raft_conf_state cs;

	EXPECT_EQ(RAFT_ENTRY_CONF_CHANGE_V2, e->type);
	EXPECT_EQ(RAFT_OK, raftpb_entry_conf_change_decode(e, &cc));
	EXPECT(raft_conf_change_v2_leave_joint(&cc));
	EXPECT_EQ(strlen(context), cc.context_len);
	EXPECT_MEM_EQ(context, cc.context, cc.context_len);
	raftpb_conf_change_v2_free(&cc);
	apply_entry(rn, e, &cs);
	expect_conf_state(want, &cs);
}

/* Each change is applied, with the configuration that it must give; joint ones are
 * left, by raft or by the application. */
static void test_propose_and_conf_change(
	const struct change *c, bool auto_leave, const char *want, const char *want_left)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_conf_state cs;
	const struct raft_ready *rd;
	raft_index last;

	make_change(rn, s, c, NULL, &cs);
	last = expect_stored(s, c);
	expect_conf_state(want, &cs);
	/* The entry that leaves by itself is appended already, but not stored. */
	EXPECT_EQ(last + (auto_leave ? 1 : 0), rn->raft->pending_conf_index);

	rd = rawnode_save(rn, s);
	if (!auto_leave) {
		EXPECT_EQ(0, rd->entries_len);
		raft_rawnode_advance(rn);
		if (!want_left)
			return;
		EXPECT_EQ(RAFT_OK, raft_rawnode_propose_conf_change_v2(
					   rn, &(struct raft_conf_change_v2){
						       .context = "manual", .context_len = 6}));
		rd = rawnode_save(rn, s);
	}
	EXPECT_EQ(1, rd->entries_len);
	expect_leave(rn, &rd->entries[0], auto_leave ? "" : "manual", want_left);
	raft_rawnode_advance(rn);
}

TEST(rawnode_propose_and_conf_change)
{
	const struct {
		struct change cc;
		bool auto_leave;
		const char *exp;
		const char *exp2; /* NULL: not joint */
	} tests[] = {
		{V1(.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 2), false,
			"{[1 2] [] [] [] false}", NULL},
		/* the same in the second form, without a joint configuration */
		{V2(AUTO, ADD(2)), false, "{[1 2] [] [] [] false}", NULL},
		{V2(AUTO, LEARNER(2)), false, "{[1] [2] [] [] false}", NULL},
		/* joint because we ask for it */
		{V2(JOINT_EXPLICIT, LEARNER(2)), false, "{[1] [2] [1] [] false}",
			"{[1] [2] [] [] false}"},
		{V2(JOINT_IMPLICIT, LEARNER(2)), true, "{[1] [2] [1] [] true}",
			"{[1] [2] [] [] false}"},
		/* joint because it has to be: 1 becomes a learner, but not before it is
		 * out of the outgoing half */
		{V2(AUTO, ADD(2), LEARNER(1), LEARNER(3)), true, "{[2] [3] [1] [1] true}",
			"{[2] [1 3] [] [] false}"},
		{V2(JOINT_EXPLICIT, ADD(2), LEARNER(1), LEARNER(3)), false,
			"{[2] [3] [1] [1] false}", "{[2] [1 3] [] [] false}"},
		{V2(JOINT_IMPLICIT, ADD(2), LEARNER(1), LEARNER(3)), true, "{[2] [3] [1] [1] true}",
			"{[2] [1 3] [] [] false}"},
	};

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		TEST_CASE("#%zu", i);
		test_propose_and_conf_change(
			&tests[i].cc, tests[i].auto_leave, tests[i].exp, tests[i].exp2);
	}
}

/* make_step_down shows the node a later term. */
static void make_step_down(struct raft_rawnode *rn)
{
	raft_rawnode_step(
		rn, &MSG(.type = MSG_HEARTBEAT_RESP, .from = 1, .term = rn->raft->term + 1));
}

/* A joint configuration is left by itself even if the leader that entered it has
 * lost its office: by whoever leads next. */
TEST(rawnode_joint_auto_leave)
{
	const struct change c = V2(JOINT_IMPLICIT, LEARNER(2));
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_conf_state cs;
	const struct raft_ready *rd;

	make_change(rn, s, &c, make_step_down, &cs);
	expect_stored(s, &c);
	expect_conf_state("{[1] [2] [1] [] true}", &cs);
	EXPECT_EQ(0, rn->raft->pending_conf_index);

	/* a follower does not leave it */
	EXPECT_EQ(RAFT_STATE_FOLLOWER, rn->raft->state);
	EXPECT(!raft_log_has_next_unstable_ents(&rn->raft->raft_log));

	/* A leader does, as soon as it applies something: persist the vote, append
	 * the empty entry, apply it. */
	EXPECT_EQ(RAFT_OK, raft_rawnode_campaign(rn));
	for (int i = 0; i < 3; i++)
		rawnode_save_and_advance(rn, s);
	rd = rawnode_save(rn, s);
	EXPECT_EQ(1, rd->entries_len);
	EXPECT(rd->entries[0].data == NULL);
	expect_leave(rn, &rd->entries[0], "", "{[1] [2] [] [] false}");
}

static size_t propose_and_apply(
	struct raft_rawnode *rn, struct raft_memory_storage *s, raft_id node_id)
{
	const struct raft_conf_change cc = {.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = node_id};
	size_t applied = 0;

	EXPECT_EQ(RAFT_OK, raft_rawnode_propose_conf_change(rn, &cc));
	while (raft_rawnode_has_ready(rn)) {
		const struct raft_ready *rd = rawnode_save(rn, s);

		for (size_t i = 0; i < rd->committed_entries_len; i++) {
			if (rd->committed_entries[i].type != RAFT_ENTRY_CONF_CHANGE)
				continue;
			apply_entry(rn, &rd->committed_entries[i], NULL);
			applied++;
		}
		raft_rawnode_advance(rn);
	}
	return applied;
}

/* Adding a node twice does not stand in the way of adding another one. */
TEST(rawnode_propose_add_duplicate_node)
{
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	const raft_id added[] = {1, 1, 2};

	rawnode_lead(rn, s);
	for (size_t i = 0; i < ARRAY_LEN(added); i++)
		EXPECT_EQ(1, propose_and_apply(rn, s, added[i]));
	EXPECT_STR_EQ("[1 2]", voter_nodes(rn->raft));

	for (size_t i = 0; i < ARRAY_LEN(added); i++) {
		const struct change c = V1(.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = added[i]);
		const struct raft_entry *e = &s->ents.v[s->ents.len - ARRAY_LEN(added) + i];
		struct raft_buf *want = encode(&c);

		EXPECT_EQ(RAFT_ENTRY_CONF_CHANGE, e->type);
		EXPECT_EQ(want->len, e->len);
		EXPECT_MEM_EQ(want->data, e->data, want->len);
		raft_buf_unref(want);
	}
}

/* Adding a learner leaves the voters alone. */
TEST(node_propose_add_learner_node)
{
	const struct change c = V1(.type = RAFT_CONF_CHANGE_ADD_LEARNER_NODE, .node_id = 2);
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_conf_state cs;

	make_change(rn, s, &c, NULL, &cs);
	expect_conf_state("{[1] [2] [] [] false}", &cs);
}

/* A proposed change arrives at raft as it is. */
TEST(node_propose_config)
{
	const struct change c = V1(.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 1);
	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1));
	struct raft_rawnode *rn = new_test_rawnode(1, 10, 1, s);
	struct raft_buf *want = encode(&c);
	const struct raft_entry *e;

	rawnode_lead(rn, s);
	rn->raft->step = capture_step;
	propose(rn, &c);
	EXPECT_EQ(1, captured.len);
	EXPECT_EQ(MSG_PROP, captured.v[0].type);
	e = &captured.v[0].entries.v[0];
	EXPECT_EQ(want->len, e->len);
	EXPECT_MEM_EQ(want->data, e->data, want->len);
	raft_buf_unref(want);
}
