/* SPDX-License-Identifier: Apache-2.0 */
/* Replication Step1: each new entry gets its term and its index. */
#include "lab/labkit/labkit.h"

#include <string.h>

/* Node 1 leads in term 4, its log ends at index len. */
static struct raft *r1_leader(size_t len)
{
	static const raft_term log[] = {1, 2, 2};
	struct raft *r = lab_node(1, 3, 4, log, len);

	lab_be_leader(r);
	return r;
}

/* Appends three entries that come with numbers that mean nothing here. Numbers that
 * do not fit stop the program where the log is put together; more is to be learned
 * from what they are. */
static void r1_append(struct raft *r)
{
	struct raft_entry es[3] = {{.term = 9, .index = 7}, {.term = 2}, {.index = 1}};
	raft_index li = raft_log_last_index(&r->raft_log);
	volatile bool taken = false;

	if (sigsetjmp(*runner_panic_arm(), 1) == 0) {
		taken = raft_append_entry(r, es, 3);
		runner_panic_disarm();
		LAB_EXPECT(taken, "raft_append_entry() returns true: the entries are taken",
			"it returned false");
		return;
	}
	runner_panic_disarm();
	FAIL("expected: the leader of term 4, whose log ends at index %llu, numbers three entries "
	     "(index/term) %llu/4 %llu/4 %llu/4\n"
	     "seen: %s, and the log cannot take that: %s",
		li, li + 1, li + 2, li + 3, lab_entries(es, 3), runner_panic_message());
}

static void r1_expect_log(struct raft *r, const char *want)
{
	const char *got = lab_whole_log(r);

	LAB_EXPECT(strcmp(want, got) == 0,
		lab_say("after the leader of term 4 appended three entries its log is (index/term) "
			"%s",
			want),
		lab_say("it is %s", got));
}

TEST(r1_entries_follow_the_log)
{
	struct raft *r = r1_leader(3);

	r1_append(r);
	r1_expect_log(r, "[1/1 2/2 3/2 4/4 5/4 6/4]");
}

TEST(r1_first_index_is_one)
{
	struct raft *r = r1_leader(0);

	r1_append(r);
	r1_expect_log(r, "[1/4 2/4 3/4]");
}

TEST(r1_second_batch_follows_the_first)
{
	struct raft *r = r1_leader(0);

	r1_append(r);
	r1_append(r);
	r1_expect_log(r, "[1/4 2/4 3/4 4/4 5/4 6/4]");
}

TEST(r1_leader_acknowledges_its_own_entries)
{
	struct raft *r = r1_leader(3);
	const struct raft_message *m = NULL;

	r1_append(r);
	for (uint32_t i = 0; i < r->msgs_after_append.len; i++)
		if (r->msgs_after_append.v[i].to == 1)
			m = &r->msgs_after_append.v[i];
	LAB_EXPECT(m && m->type == MSG_APP_RESP && m->index == 6,
		"once they are stable the leader tells itself so, by MsgAppResp for index 6",
		lab_message(m));
}

TEST(r1_payload_stays)
{
	struct raft *r = r1_leader(0);
	const struct raft_entries *ents = &r->raft_log.unstable.entries;
	struct raft_entries es = {0};

	lab_push_letter(&es, 'a');
	lab_push_letter(&es, 'b');
	raft_append_entry(r, es.v, es.len);
	LAB_EXPECT(ents->len == 2 && ents->v[0].len == 1 && ents->v[1].len == 1 &&
			   *(const char *)ents->v[0].data == 'a' &&
			   *(const char *)ents->v[1].data == 'b',
		"the payloads of the two entries are in the log as they were",
		lab_say("the log is %s, and the payloads are others", lab_whole_log(r)));
}
