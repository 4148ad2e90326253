/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodings, byte for byte. The bytes were written by the original: gogo
 * protobuf's Marshal() of the value that stands beside them, of raft v3.6.0.
 */
#include "raft/raft_internal.h"
#include "raft/raftpb/raft.pb-c.h"
#include "raft/raftpb/raftpb_testing.h"
#include "raft/rafttest/runner.h"

#include <string.h>

static struct raft_buf *unhex(const char *hex)
{
	size_t len = strlen(hex) / 2;
	struct raft_buf *buf = raft_buf_new(len);
	for (size_t i = 0; i < len; i++) {
		unsigned byte;
		sscanf(hex + 2 * i, "%2x", &byte);
		buf->data[i] = (unsigned char)byte;
	}
	return buf;
}

static void expect_hex(const char *want, const void *got, size_t len)
{
	struct strbuf b = {0};
	for (size_t i = 0; i < len; i++)
		strbuf_printf(&b, "%02x", ((const unsigned char *)got)[i]);
	EXPECT_STR_EQ(want, b.s);
	strbuf_free(&b);
}

/* GOLDEN: value, a kind of thing, is encoded as hex; and hex, decoded and
 * encoded again, is hex. */
#define GOLDEN(kind, hex, value)                                                                   \
	do {                                                                                       \
		unsigned char out[512];                                                            \
		EXPECT_EQ(strlen(hex) / 2, raftpb_##kind##_size(value));                           \
		expect_hex(hex, out, raftpb_##kind##_encode(value, out));                          \
		struct raft_buf *block = unhex(hex);                                               \
		unsigned char *again = NULL;                                                              \
		size_t again_len = 0;                                                                  \
		EXPECT_EQ(RAFT_OK, recode_##kind(block, &again, &again_len));                      \
		expect_hex(hex, again, again_len);                                                 \
		free(again);                                                                       \
		EXPECT_EQ(1, block->refs);                                                         \
		raft_buf_unref(block);                                                             \
	} while (0)

static struct raft_conf_state a_conf_state(void)
{
	return (struct raft_conf_state){
		.voters = {.len = 3, .id = {1, 2, 300}},
		.learners = {.len = 1, .id = {4}},
		.voters_outgoing = {.len = 2, .id = {2, 5}},
		.learners_next = {.len = 1, .id = {5}},
		.auto_leave = true,
	};
}

static struct raft_snapshot a_snapshot(void)
{
	return (struct raft_snapshot){
		.refs = 1,
		.data = "state",
		.len = 5,
		.metadata = {.conf_state = a_conf_state(), .index = 1000, .term = 9},
	};
}

TEST(raftpb_golden_entry)
{
	struct raft_entry e = {0};
	GOLDEN(entry, "080010001800", &e);

	e = (struct raft_entry){.term = 5, .index = 300};
	GOLDEN(entry, "0800100518ac02", &e);

	/* no bytes, but not nil: written */
	e.data = "";
	GOLDEN(entry, "0800100518ac022200", &e);

	e = (struct raft_entry){
		.term = 1ULL << 35,
		.index = UINT64_MAX,
		.type = RAFT_ENTRY_CONF_CHANGE_V2,
		.data = "somedata",
		.len = 8,
	};
	GOLDEN(entry, "08021080808080800118ffffffffffffffffff012208736f6d6564617461", &e);
}

TEST(raftpb_golden_hard_state)
{
	struct raft_hard_state hs = {0};
	GOLDEN(hard_state, "080010001800", &hs);
	hs = (struct raft_hard_state){.term = 7, .vote = UINT64_MAX, .commit = 128};
	GOLDEN(hard_state, "080710ffffffffffffffffff01188001", &hs);
}

TEST(raftpb_golden_conf_state)
{
	struct raft_conf_state cs = {0};
	GOLDEN(conf_state, "2800", &cs);
	cs = a_conf_state();
	GOLDEN(conf_state, "0801080208ac0210041802180520052801", &cs);
}

TEST(raftpb_golden_snapshot)
{
	struct raft_snapshot snap = {.refs = 1};
	GOLDEN(snapshot, "12080a02280010001800", &snap);
	snap = a_snapshot();
	GOLDEN(snapshot,
		"0a05737461746512180a110801080208ac0210041802180520052801"
		"10e8071809",
		&snap);
}

TEST(raftpb_golden_message)
{
	struct raft_message m = {0};
	GOLDEN(message, "0800100018002000280030004000500058006800", &m);

	struct raft_entry ents[] = {
		{.term = 3, .index = 151, .data = "a", .len = 1},
		{.term = 3, .index = 152},
	};
	m = (struct raft_message){
		.type = MSG_APP,
		.to = 2,
		.from = 1,
		.term = 3,
		.log_term = 2,
		.index = 150,
		.commit = 149,
		.entries = {.v = ents, .len = 2, .cap = 2},
	};
	GOLDEN(message,
		"080310021801200328023096013a0a080010031897012201613a0708001003189801"
		"409501500058006800",
		&m);

	m = (struct raft_message){
		.type = MSG_APP_RESP,
		.to = 1,
		.from = 2,
		.term = 3,
		.log_term = 2,
		.index = 150,
		.reject = true,
		.reject_hint = 140,
	};
	GOLDEN(message, "0804100118022003280230960140005001588c016800", &m);

	m = (struct raft_message){
		.type = MSG_HEARTBEAT,
		.to = 0x8e9e05c52164694dULL,
		.from = 1,
		.term = 3,
		.commit = 5,
		.context = {.len = 8, .u.bytes = "readctx!"},
	};
	GOLDEN(message,
		"080810cdd2918bd2b881cf8e01180120032800300040055000580062087265616463747821"
		"6800",
		&m);

	struct raft_snapshot snap = a_snapshot();
	m = (struct raft_message){
		.type = MSG_SNAP, .to = 2, .from = 1, .term = 9, .snapshot = &snap};
	GOLDEN(message,
		"08071002180120092800300040004a210a05737461746512180a110801080208ac02"
		"1004180218052005280110e8071809500058006800",
		&m);
}

TEST(raftpb_golden_message_responses)
{
	struct raft_entry ents[] = {{.term = 2, .index = 2, .data = "x", .len = 1}};
	struct raft_message resps[] = {
		{.type = MSG_APP_RESP, .to = 2, .from = 1, .term = 2, .index = 2},
		{.type = MSG_STORAGE_APPEND_RESP,
			.to = 1,
			.from = RAFT_LOCAL_APPEND_THREAD,
			.term = 2,
			.log_term = 2,
			.index = 2},
	};
	struct raft_message m = {
		.type = MSG_STORAGE_APPEND,
		.to = RAFT_LOCAL_APPEND_THREAD,
		.from = 1,
		.term = 2,
		.commit = 1,
		.vote = 1,
		.entries = {.v = ents, .len = 1, .cap = 1},
		.responses = {.v = resps, .len = 2, .cap = 2},
	};
	GOLDEN(message,
		"081310ffffffffffffffffff0118012002280030003a090800100218022201784001500058006801"
		"72140804100218012002280030024000500058006800"
		"721d0814100118ffffffffffffffffff012002280230024000500058006800",
		&m);
}

TEST(raftpb_golden_conf_change)
{
	struct raft_conf_change cc = {0};
	GOLDEN(conf_change, "080010001800", &cc);
	cc = (struct raft_conf_change){
		.id = 77,
		.type = RAFT_CONF_CHANGE_ADD_LEARNER_NODE,
		.node_id = 300,
		.context = "ctx",
		.context_len = 3,
	};
	GOLDEN(conf_change, "084d100318ac022203637478", &cc);
}

TEST(raftpb_golden_conf_change_v2)
{
	struct raft_conf_change_v2 cc = {0};
	GOLDEN(conf_change_v2, "0800", &cc);
	struct raft_conf_change_single changes[] = {
		{.type = RAFT_CONF_CHANGE_ADD_NODE, .node_id = 1},
		{.type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 2},
	};
	cc = (struct raft_conf_change_v2){
		.transition = RAFT_CONF_CHANGE_TRANSITION_JOINT_EXPLICIT,
		.changes = changes,
		.changes_len = 2,
		.context = "",
	};
	GOLDEN(conf_change_v2, "08021204080010011204080110021a00", &cc);
}

/* The hand-written half against the generated one: protobuf-c reads what we write
 * and writes the same. */
TEST(raftpb_message_as_protobuf_c_sees_it)
{
	struct raft_entry ents[] = {
		{.term = 3, .index = 151, .data = "abc", .len = 3},
		{.term = 3, .index = 1ULL << 40, .type = RAFT_ENTRY_CONF_CHANGE, .data = ""},
	};
	struct raft_snapshot snap = a_snapshot();
	struct raft_message resps[] = {{.type = MSG_STORAGE_APPEND_RESP, .index = 2}};
	struct raft_message m = {
		.type = MSG_STORAGE_APPEND,
		.reject = true,
		.to = UINT64_MAX,
		.from = 1,
		.term = 2,
		.log_term = 3,
		.index = 4,
		.commit = 5,
		.vote = 6,
		.reject_hint = 7,
		.entries = {.v = ents, .len = 2, .cap = 2},
		.snapshot = &snap,
		.context = {.len = 3, .u.bytes = "ctx"},
		.responses = {.v = resps, .len = 1, .cap = 1},
	};
	unsigned char out[512], again[512];
	size_t len = raftpb_message_encode(&m, out);
	Raftpb__Message *pb = raftpb__message__unpack(NULL, len, out);
	EXPECT(pb != NULL);
	EXPECT_EQ(RAFTPB__MESSAGE_TYPE__MsgStorageAppend, pb->type);
	EXPECT_EQ(m.to, pb->to);
	EXPECT_EQ(m.from, pb->from);
	EXPECT_EQ(m.term, pb->term);
	EXPECT_EQ(m.log_term, pb->logterm);
	EXPECT_EQ(m.index, pb->index);
	EXPECT_EQ(m.commit, pb->commit);
	EXPECT_EQ(m.vote, pb->vote);
	EXPECT_EQ(m.reject, pb->reject);
	EXPECT_EQ(m.reject_hint, pb->rejecthint);
	EXPECT_EQ(2, pb->n_entries);
	EXPECT_EQ(ents[1].index, pb->entries[1]->index);
	EXPECT_EQ(1, pb->entries[1]->has_data);
	EXPECT_EQ(1000, pb->snapshot->metadata->index);
	EXPECT_EQ(1, pb->n_responses);
	EXPECT_EQ(len, raftpb__message__pack(pb, again));
	EXPECT_MEM_EQ(out, again, len);
	raftpb__message__free_unpacked(pb, NULL);
}

TEST(raftpb_entry_conf_change_decode)
{
	/* either form comes out as the second */
	struct raft_conf_change cc = {
		.id = 1, .type = RAFT_CONF_CHANGE_REMOVE_NODE, .node_id = 7, .context = "c", .context_len = 1};
	struct raft_buf *buf = raft_buf_new(raftpb_conf_change_size(&cc));
	raftpb_conf_change_encode(&cc, buf->data);
	struct raft_entry e = {
		.type = RAFT_ENTRY_CONF_CHANGE, .data = buf->data, .len = buf->len, .buf = buf};
	struct raft_conf_change_v2 v2;
	EXPECT_EQ(RAFT_OK, raftpb_entry_conf_change_decode(&e, &v2));
	EXPECT_EQ(RAFT_CONF_CHANGE_TRANSITION_AUTO, v2.transition);
	EXPECT_EQ(1, v2.changes_len);
	EXPECT_EQ(RAFT_CONF_CHANGE_REMOVE_NODE, v2.changes[0].type);
	EXPECT_EQ(7, v2.changes[0].node_id);
	EXPECT_EQ(1, v2.context_len);
	EXPECT((const unsigned char *)v2.context == buf->data + buf->len - 1);
	raftpb_conf_change_v2_free(&v2);
	raft_buf_unref(buf);

	/* nil is the empty change, which leaves a joint configuration */
	e = (struct raft_entry){.type = RAFT_ENTRY_CONF_CHANGE_V2};
	EXPECT_EQ(RAFT_OK, raftpb_entry_conf_change_decode(&e, &v2));
	EXPECT(raft_conf_change_v2_leave_joint(&v2));
	raftpb_conf_change_v2_free(&v2);
}
