/* SPDX-License-Identifier: Apache-2.0 */
/* The original: quorum/quick_test.go, and the identities that its
 * datadriven_test.go checks on the side. */
#include "raft/quorum/quorum.h"
#include "raft/rafttest/raft_testing.h"

/* What some voters acknowledged or voted; ids are below 20. */
struct index_map {
	bool has[20];
	raft_index index[20];
};

static uint64_t rand_state = 1;

static unsigned rand_below(unsigned n)
{
	rand_state = rand_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(rand_state >> 33) % n;
}

/* random_map has up to 9 ids, spread over twice as many, with small indexes, so
 * that some are equal. */
static struct index_map random_map(void)
{
	struct index_map m = {.has = {false}};
	unsigned n = rand_below(10);

	for (unsigned i = 0; i < n;) {
		unsigned id = rand_below(2 * n);
		if (m.has[id])
			continue;
		m.has[id] = true;
		m.index[id] = rand_below(n);
		i++;
	}
	return m;
}

static struct raft_ids random_members(void)
{
	struct index_map m = random_map();
	struct raft_ids c = {.len = 0};

	for (raft_id id = 0; id < 20; id++) {
		if (m.has[id])
			raft_ids_add(&c, id);
	}
	return c;
}

static bool acked_index(const void *arg, raft_id id, raft_index *index)
{
	const struct index_map *m = arg;
	if (id >= ARRAY_LEN(m->has) || !m->has[id])
		return false;
	*index = m->index[id];
	return true;
}

static struct quorum_acked_indexer acked(const struct index_map *m)
{
	return (struct quorum_acked_indexer){.acked_index = acked_index, .arg = m};
}

/* An odd index is a vote for. */
static bool vote(const void *arg, raft_id id, bool *granted)
{
	raft_index index;
	if (!acked_index(arg, id, &index))
		return false;
	*granted = index % 2 == 1;
	return true;
}

static struct quorum_votes votes(const struct index_map *m)
{
	return (struct quorum_votes){.vote = vote, .arg = m};
}

/* What the definition says, in the plainest way: of all acknowledged indexes the
 * largest that a majority has reached. */
static raft_index alternative_committed_index(const struct raft_ids *c, const struct index_map *m)
{
	raft_index best = 0;

	if (c->len == 0)
		return QUORUM_INFINITY;
	for (uint32_t i = 0; i < c->len; i++) {
		raft_index at = m->index[c->id[i]];
		uint32_t reached = 0;
		for (uint32_t j = 0; j < c->len; j++)
			reached += m->has[c->id[j]] && m->index[c->id[j]] >= at;
		if (m->has[c->id[i]] && reached >= c->len / 2 + 1 && at > best)
			best = at;
	}
	return best;
}

TEST(quorum_quick_majority_commit)
{
	for (int i = 0; i < 50000; i++) {
		struct raft_ids c = random_members();
		struct index_map m = random_map();
		EXPECT_EQ(alternative_committed_index(&c, &m),
			quorum_majority_committed_index(&c, acked(&m)));
	}
}

TEST(quorum_quick_joint_commit)
{
	for (int i = 0; i < 20000; i++) {
		struct quorum_joint_config c = {{random_members(), random_members()}};
		struct quorum_joint_config swapped = {{c.v[1], c.v[0]}};
		struct quorum_joint_config twice = {{c.v[0], c.v[0]}};
		struct quorum_joint_config alone = {{c.v[0]}};
		struct index_map m = random_map();
		raft_index in = alternative_committed_index(&c.v[0], &m);
		raft_index out = alternative_committed_index(&c.v[1], &m);

		EXPECT_EQ(in < out ? in : out, quorum_joint_committed_index(&c, acked(&m)));
		EXPECT_EQ(in < out ? in : out, quorum_joint_committed_index(&swapped, acked(&m)));
		EXPECT_EQ(in, quorum_joint_committed_index(&twice, acked(&m)));
		EXPECT_EQ(in, quorum_joint_committed_index(&alone, acked(&m)));
	}
}

/* Lowering what lies below the committed index does not change it. */
TEST(quorum_quick_overlay)
{
	for (int i = 0; i < 20000; i++) {
		struct raft_ids c = random_members();
		struct index_map m = random_map();
		raft_index want = quorum_majority_committed_index(&c, acked(&m));
		for (uint32_t j = 0; j < c.len; j++) {
			struct index_map lower = m;
			raft_index *index = &lower.index[c.id[j]];
			if (!m.has[c.id[j]] || *index == 0 || *index >= want)
				continue;
			--*index;
			EXPECT_EQ(want, quorum_majority_committed_index(&c, acked(&lower)));
			*index = 0;
			EXPECT_EQ(want, quorum_majority_committed_index(&c, acked(&lower)));
		}
	}
}

/* An election is won or lost if no vote that is still missing can change that. */
static enum quorum_vote_result alternative_vote_result(
	const struct quorum_joint_config *c, const struct index_map *m)
{
	bool can_win = true, can_lose = false;

	for (int half = 0; half < 2; half++) {
		uint32_t yes = 0, no = 0, n = c->v[half].len;
		for (uint32_t i = 0; i < n; i++) {
			raft_id id = c->v[half].id[i];
			yes += m->has[id] && m->index[id] % 2 == 1;
			no += m->has[id] && m->index[id] % 2 == 0;
		}
		can_win = can_win && (n == 0 || n - no > n / 2);
		can_lose = can_lose || (n > 0 && yes <= n / 2);
	}
	if (!can_win)
		return QUORUM_VOTE_LOST;
	return can_lose ? QUORUM_VOTE_PENDING : QUORUM_VOTE_WON;
}

TEST(quorum_quick_vote)
{
	for (int i = 0; i < 50000; i++) {
		struct quorum_joint_config c = {{random_members()}};
		struct index_map m = random_map();

		EXPECT_EQ(alternative_vote_result(&c, &m),
			quorum_majority_vote_result(&c.v[0], votes(&m)));
		EXPECT_EQ(alternative_vote_result(&c, &m), quorum_joint_vote_result(&c, votes(&m)));
		c.v[1] = random_members();
		EXPECT_EQ(alternative_vote_result(&c, &m), quorum_joint_vote_result(&c, votes(&m)));
	}
}

TEST(quorum_vote_result_names)
{
	EXPECT_STR_EQ("VotePending", quorum_vote_result_name(QUORUM_VOTE_PENDING));
	EXPECT_STR_EQ("VoteLost", quorum_vote_result_name(QUORUM_VOTE_LOST));
	EXPECT_STR_EQ("VoteWon", quorum_vote_result_name(QUORUM_VOTE_WON));
}

TEST(quorum_string)
{
	struct quorum_joint_config c = {{IDS(1, 2, 3), {.len = 0}}};
	struct strbuf b = {0};

	quorum_joint_string(&c, &b);
	strbuf_putc(&b, ' ');
	c.v[1] = (struct raft_ids)IDS(4);
	quorum_joint_string(&c, &b);
	strbuf_putc(&b, ' ');
	quorum_majority_string(&(struct raft_ids){.len = 0}, &b);
	EXPECT_STR_EQ("(1 2 3) (1 2 3)&&(4) ()", b.s);
	strbuf_free(&b);
}

TEST(quorum_describe)
{
	struct quorum_joint_config c = {{IDS(1, 2, 3), IDS(3, 4)}};
	struct index_map m = {
		.has = {[1] = true, [3] = true, [4] = true},
		.index = {[1] = 100, [3] = 12, [4] = 100},
	};
	struct strbuf b = {0};

	quorum_joint_describe(&c, acked(&m), &b);
	EXPECT_STR_EQ("        idx\n"
		      "xx>     100    (id=1)\n"
		      "?         0    (id=2)\n"
		      "x>       12    (id=3)\n"
		      ">       100    (id=4)\n",
		b.s);
	strbuf_free(&b);
	quorum_majority_describe(&(struct raft_ids){.len = 0}, acked(&m), &b);
	EXPECT_STR_EQ("<empty majority quorum>", b.s);
	strbuf_free(&b);
}

/* The largest configuration there can be: nobody is in both halves. */
TEST(quorum_largest)
{
	struct quorum_joint_config c = {{{.len = 0}, {.len = 0}}};
	struct index_map none = {.has = {false}};
	raft_id ids[2 * RAFT_MAX_MEMBERS];
	struct strbuf b = {0};

	for (raft_id id = 1; id <= RAFT_MAX_MEMBERS; id++) {
		raft_ids_add(&c.v[0], id);
		raft_ids_add(&c.v[1], RAFT_MAX_MEMBERS + id);
	}
	EXPECT_EQ(2 * RAFT_MAX_MEMBERS, quorum_joint_ids(&c, ids));
	EXPECT_EQ(1, ids[0]);
	EXPECT_EQ(2 * RAFT_MAX_MEMBERS, ids[2 * RAFT_MAX_MEMBERS - 1]);
	EXPECT_EQ(0, quorum_joint_committed_index(&c, acked(&none)));
	EXPECT_EQ(QUORUM_VOTE_PENDING, quorum_joint_vote_result(&c, votes(&none)));
	quorum_joint_describe(&c, acked(&none), &b);
	EXPECT(b.len > 2 * RAFT_MAX_MEMBERS * 2 * RAFT_MAX_MEMBERS);
	strbuf_free(&b);
}
