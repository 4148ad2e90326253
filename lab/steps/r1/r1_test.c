/* SPDX-License-Identifier: Apache-2.0 */
/* Replication Step1: each new entry gets its term and its index. */
#include "lab/steps/common.h"

#include <string.h>

/* Node 1 leads in term 4, its log ends at index len. */
static struct raft *r1_leader(size_t len)
{
	static const raft_term log[] = {1, 2, 2};
	struct raft *r = lab_node(1, 3, 4, log, len);

	lab_be_leader(r);
	return r;
}

/* Appends n entries that come with numbers that mean nothing here. Numbers that do not
 * fit stop the program where the log is put together; what they are tells more. */
static void r1_append(struct raft *r, size_t n)
{
	struct raft_entry es[3] = {{.term = 9, .index = 7}, {.term = 2}, {.index = 1}};
	raft_index li = raft_log_last_index(&r->raft_log);
	raft_term term = r->term;
	volatile bool taken = false;

	if (LAB_TRY(r, "raft_append_entry", taken = raft_append_entry(r, es, n))) {
		LAB_EXPECT(taken && r->term == term,
			SAY("raft_append_entry() takes the entries, and leader 1 stays in term %llu",
				"raft_append_entry() 接受这些日志项，leader 节点 1 仍在任期 %llu",
				term),
			SAY("it returned %s; %s", "它返回 %s；%s", taken ? "true" : "false",
				lab_state_of(r)));
		return;
	}
	lab_fail(__FILE__, __LINE__,
		SAY("the leader of term %1$llu, whose log ends at index %2$llu, numbers the new entries, %3$zu in all, from %4$llu/%1$llu "
		    "(index/term) on",
			"任期 %1$llu 的 leader 的日志止于索引 %2$llu，它给 %3$zu 条日志项编号，从 %4$llu/%1$llu（索引/任期）开始",
			term, li, n, li + 1),
		SAY("%s, and the log cannot take that: %s", "%s，日志无法接受：%s",
			lab_entries(es, n), runner_panic_message()));
}

static void r1_expect_log(struct raft *r, const char *want)
{
	const char *got = lab_whole_log(r);

	LAB_EXPECT(strcmp(want, got) == 0,
		SAY("then the log of leader 1 is (index/term) %s",
			"之后 leader 节点 1 的日志是（索引/任期）%s", want),
		SAY("it is %s", "它是 %s", got));
}

LAB_TEST(r1_entries_continue_the_log)
{
	struct raft *r = r1_leader(3);

	lab_about(SAY(
		"The log of node 1, leader of term 4, is 1/1 2/2 3/2 (index/term); it appends three entries.",
		"任期 4 的 leader 节点 1 的日志是 1/1 2/2 3/2（索引/任期）；它追加三条日志项。"));
	lab_think(SAY("Where is the log's end when i is 0, and when i is 1?",
		"i 为 0 时日志止于哪里？i 为 1 时呢？"));
	r1_append(r, 3);
	r1_expect_log(r, "[1/1 2/2 3/2 4/4 5/4 6/4]");
}

LAB_TEST(r1_first_index_is_one)
{
	struct raft *r = r1_leader(0);

	lab_about(SAY("The log of node 1, leader of term 4, is empty; it appends three entries.",
		"任期 4 的 leader 节点 1 的日志是空的；它追加三条日志项。"));
	lab_think(SAY("What is li when the log is empty?", "日志为空时 li 是多少？"));
	r1_append(r, 3);
	r1_expect_log(r, "[1/4 2/4 3/4]");
}

LAB_TEST(r1_one_entry_is_a_batch_too)
{
	struct raft *r = r1_leader(3);

	lab_about(SAY(
		"Node 1, leader of term 4, appends one entry to its log 1/1 2/2 3/2 (index/term).",
		"任期 4 的 leader 节点 1 给日志 1/1 2/2 3/2（索引/任期）追加一条日志项。"));
	lab_think(SAY("Does the number of entries in the batch matter?",
		"一批里有几条日志项，有关系吗？"));
	r1_append(r, 1);
	r1_expect_log(r, "[1/1 2/2 3/2 4/4]");
}

/* None of these is on disk, or acknowledged, when the next one comes. */
LAB_TEST(r1_batches_follow_each_other)
{
	struct raft *r = r1_leader(0);

	lab_about(SAY(
		"Node 1, leader of term 4, appends three batches to its empty log: of three entries, of one, and of two.",
		"任期 4 的 leader 节点 1 的日志是空的；它追加三批日志项：三条、一条、两条。"));
	lab_think(SAY(
		"What is li for the second batch, while the first is neither on disk nor committed?",
		"第一批还没有写入磁盘，也没有提交；对第二批来说 li 是多少？"));
	r1_append(r, 3);
	r1_append(r, 1);
	r1_append(r, 2);
	r1_expect_log(r, "[1/4 2/4 3/4 4/4 5/4 6/4]");
}

LAB_TEST(r1_term_is_the_leaders_own)
{
	struct raft *r = r1_leader(0);

	lab_about(SAY(
		"Node 1 leads in term 4 and appends an entry; it leads again in term 7, and appends two more.",
		"节点 1 在任期 4 是 leader，追加一条日志项；它在任期 7 又是 leader，再追加两条。"));
	lab_think(SAY("Whose term does an entry bear?", "日志项带着谁的任期？"));
	r1_append(r, 1);
	r->term = 7;
	lab_be_leader(r);
	r1_append(r, 2);
	r1_expect_log(r, "[1/4 2/7 3/7]");
}

LAB_TEST(r1_numbers_may_be_large)
{
	raft_term log[300];
	struct entry_id last;
	struct raft *r;

	lab_about(
		SAY("Node 1 leads in term 5000000000, and its log has 300 entries; it appends two.",
			"节点 1 在任期 5000000000 是 leader，日志有 300 条日志项；它再追加两条。"));
	lab_think(SAY("Of which C type are terms and indexes?", "任期和索引是什么 C 类型？"));
	for (int i = 0; i < 300; i++)
		log[i] = 1;
	r = lab_node(1, 3, 5000000000, log, 300);
	lab_be_leader(r);
	r1_append(r, 2);
	last = raft_log_last_entry_id(&r->raft_log);
	LAB_EXPECT(last.term == 5000000000 && last.index == 302,
		SAY("then the log of leader 1 ends in 302/5000000000 (index/term)",
			"之后 leader 节点 1 的日志止于 302/5000000000（索引/任期）"),
		SAY("it ends in %llu/%llu", "它止于 %llu/%llu", last.index, last.term));
}

LAB_TEST(r1_leader_acknowledges_its_own_entries)
{
	struct raft *r = r1_leader(3);
	const struct raft_message *m;

	lab_about(SAY("Node 1, leader of term 4, appends three entries to its log of three.",
		"任期 4 的 leader 节点 1 的日志有三条日志项，它再追加三条。"));
	lab_think(SAY("What is done after the loop, and is it done once?",
		"循环之后做了什么？做了一次吗？"));
	r1_append(r, 3);
	m = lab_to_itself(r, MSG_APP_RESP);
	LAB_EXPECT(m && m->index == 6 && r->msgs_after_append.len == 1 && steps_messages(r) == 0,
		SAY("once they are on disk the leader tells itself so: one MsgAppResp for index 6",
			"写入磁盘之后 leader 告诉自己：一条索引为 6 的 MsgAppResp"),
		SAY("%s; %u such messages", "%s；这类消息有 %u 条", lab_message(m),
			r->msgs_after_append.len));
}

LAB_TEST(r1_payload_and_type_stay)
{
	struct raft *r = r1_leader(0);
	const struct raft_entries *log = &r->raft_log.unstable.entries;
	struct raft_entries es = {0};

	lab_about(SAY(
		"Node 1, leader of term 4, appends an entry with the payload \"a\", a membership change with the payload "
		"\"b\", and an empty entry.",
		"任期 4 的 leader 节点 1 追加一条内容为 \"a\" 的日志项、一条内容为 \"b\" 的成员变更，和一条空日志项。"));
	lab_think(SAY(
		"Which fields does an entry have, and which of them are still missing when it comes?",
		"日志项有哪些字段？它到来时还缺哪些？"));
	lab_push_letter(&es, 'a');
	lab_push_letter(&es, 'b');
	raft_entries_push(&es, &(struct raft_entry){0});
	es.v[1].type = RAFT_ENTRY_CONF_CHANGE;
	LAB_DO(r, "raft_append_entry", raft_append_entry(r, es.v, es.len));
	r1_expect_log(r, "[1/4 2/4 3/4]");
	LAB_EXPECT(log->v[0].len == 1 && log->v[1].len == 1 && log->v[2].len == 0 &&
			   *(const char *)log->v[0].data == 'a' &&
			   *(const char *)log->v[1].data == 'b',
		SAY("the payloads are in the log as they came", "日志里的内容和到来时一样"),
		SAY("they are others", "内容变了"));
	LAB_EXPECT(log->v[0].type == RAFT_ENTRY_NORMAL &&
			   log->v[1].type == RAFT_ENTRY_CONF_CHANGE &&
			   log->v[2].type == RAFT_ENTRY_NORMAL,
		SAY("entry 2 is a membership change, entries 1 and 3 are ordinary ones",
			"日志项 2 是成员变更，1 和 3 是普通日志项"),
		SAY("their types are %d, %d, %d", "它们的类型是 %d、%d、%d", (int)log->v[0].type,
			(int)log->v[1].type, (int)log->v[2].type));
}

LAB_TEST(r1_limit_of_uncommitted_bytes_holds)
{
	struct raft *r = r1_leader(0);
	static const enum raft_error want[] = {RAFT_OK, RAFT_OK, RAFT_ERR_PROPOSAL_DROPPED};

	lab_about(SAY(
		"Node 1, leader of term 4, may hold four uncommitted bytes. It gets three proposals of two bytes each.",
		"任期 4 的 leader 节点 1 最多可以有四个未提交的字节。它收到三个提议，每个两字节。"));
	lab_think(SAY("Who counts the bytes?", "字节由谁来数？"));
	r->max_uncommitted_size = 4;
	for (int i = 0; i < 3; i++) {
		enum raft_error err = lab_propose(r, 2);

		LAB_EXPECT(err == want[i],
			SAY("proposal %d is %s", "第 %d 个提议%s", i + 1,
				want[i] ? lab_pick("dropped", "被丢弃")
					: lab_pick("taken", "被接受")),
			SAY("raft_step() returns: %s", "raft_step() 返回：%s", raft_strerror(err)));
	}
	r1_expect_log(r, "[1/4 2/4 3/4 4/4]");
}
