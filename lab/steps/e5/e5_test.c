/* SPDX-License-Identifier: Apache-2.0 */
/* Election Step5: the answer to a request for a vote that is granted. */
#include "lab/labkit/labkit.h"

/* Node 3, in term 4, is asked by node 2. */
static struct raft *e5_asked(enum raft_message_type type, raft_term term)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(3, 3, 4, log, 2);

	lab_step(r,
		(struct raft_message){
			.type = type, .from = 2, .to = 3, .term = term, .log_term = 3, .index = 2});
	return r;
}

static void e5_expect_yes(struct raft *r, enum raft_message_type type, raft_term term)
{
	const char *name = raft_message_type_name(type);
	const struct raft_message *m = lab_find(r, type, 2);

	LAB_EXPECT(m != NULL, lab_say("node 3 answers node 2, who asked, with a %s", name),
		lab_outbox(r));
	LAB_EXPECT(m->from == 3, lab_say("the %s comes from node 3", name), lab_message(m));
	LAB_EXPECT(!m->reject, lab_say("the %s says yes: reject is false", name), lab_message(m));
	LAB_EXPECT(m->term == term,
		lab_say("the %s is for term %llu, the term that was asked for", name, term),
		lab_message(m));
	LAB_EXPECT(r->msgs.len + r->msgs_after_append.len == 1, "one answer, and nothing else",
		lab_outbox(r));
}

TEST(e5_vote_is_granted_to_who_asked)
{
	e5_expect_yes(e5_asked(MSG_VOTE, 4), MSG_VOTE_RESP, 4);
}

TEST(e5_vote_in_a_new_term_is_granted)
{
	struct raft *r = e5_asked(MSG_VOTE, 6);

	e5_expect_yes(r, MSG_VOTE_RESP, 6);
	LAB_EXPECT(r->term == 6, "node 3 goes to term 6 with the request", lab_state_of(r));
}

/* One answer serves both kinds of request. A pre-vote is for a term in which
 * the voter is not: the answer bears the term of the request. */
TEST(e5_pre_vote_is_granted_for_the_term_asked)
{
	struct raft *r = e5_asked(MSG_PRE_VOTE, 5);

	e5_expect_yes(r, MSG_PRE_VOTE_RESP, 5);
	LAB_EXPECT(r->term == 4 && r->vote == RAFT_NONE,
		"a pre-vote changes neither term nor vote of node 3", lab_state_of(r));
}

/* The code after the blank has to be reached. */
TEST(e5_granted_vote_is_remembered)
{
	struct raft *r = lab_node(3, 3, 4, NULL, 0);

	r->election_elapsed = 5;
	lab_step(r, (struct raft_message){.type = MSG_VOTE, .from = 2, .to = 3, .term = 4});
	LAB_EXPECT(r->vote == 2, "node 3 remembers that its vote of term 4 went to node 2",
		lab_state_of(r));
	LAB_EXPECT(r->election_elapsed == 0, "granting a vote sets node 3's clock back",
		lab_say("election_elapsed is %d", r->election_elapsed));
	lab_forget_messages(r);
	lab_step(r, (struct raft_message){.type = MSG_VOTE, .from = 1, .to = 3, .term = 4});
	LAB_EXPECT(lab_find(r, MSG_VOTE_RESP, 1) && lab_find(r, MSG_VOTE_RESP, 1)->reject,
		"node 1, who asks later in the same term, is told no", lab_outbox(r));
}

/* The given branch beside the blank. */
TEST(e5_old_log_is_rejected)
{
	static const raft_term log[] = {2, 3};
	struct raft *r = lab_node(3, 3, 4, log, 2);
	const struct raft_message *m;

	lab_step(r, (struct raft_message){.type = MSG_VOTE,
			    .from = 2,
			    .to = 3,
			    .term = 4,
			    .log_term = 2,
			    .index = 9});
	m = lab_find(r, MSG_VOTE_RESP, 2);
	LAB_EXPECT(m && m->reject && lab_count(r, MSG_VOTE_RESP, 0) == 1,
		"node 2, whose log is older than node 3's, is told no, once", lab_outbox(r));
}
