/* SPDX-License-Identifier: Apache-2.0 */
/* The safety properties of the paper's figure 3, watched while a net lives. */
#include "lab/labkit/frame.h"
#include "lab/labkit/net_internal.h"
#include "lab/labkit/words.h"

#include <string.h>

#define SAFETY_EMPTY 0x100u /* stands for a payload that is no letter */

/* Section 5.4: whoever leads has all that is committed. */
static void safety_leader_is_complete(struct lab_net *net, struct raft *r)
{
	for (raft_index i = 1; i <= net->last_committed; i++) {
		raft_term term = raft_log_zero_term_on_out_of_bounds(&r->raft_log, i);

		LAB_EXPECT(term == net->committed[i].term,
			SAY("node %llu, the new leader of term %llu, has every entry that was committed, "
			    "such as %llu/%llu (index/term)",
				"节点 %llu 是任期 %llu 的新 leader，它拥有每一个已提交的日志项，例如 "
				"%llu/%llu（索引/任期）",
				r->id, r->term, i, net->committed[i].term),
			SAY("its log is %s", "它的日志是 %s", lab_whole_log(r)));
	}
}

/* Section 5.2: at most one leader in a term. */
void lab_net_check_leaders(struct lab_net *net)
{
	for (int id = 1; id <= net->n; id++) {
		struct raft *r = lab_net_raft(net, (raft_id)id);
		raft_id *seen;

		if (r->state != RAFT_STATE_LEADER)
			continue;
		LAB_EXPECT(r->term < LAB_NET_TERMS,
			SAY("the term goes up by one with each election", "每次选举任期加一"),
			SAY("node %d leads in term %llu after a few elections",
				"几次选举之后，节点 %d 已是任期 %llu 的 leader", id, r->term));
		seen = &net->leader_of[r->term];
		if (*seen == (raft_id)id)
			continue;
		LAB_EXPECT(*seen == RAFT_NONE,
			SAY("term %llu has one leader at most", "任期 %llu 最多有一个 leader",
				r->term),
			SAY("node %llu and node %d both lead in it",
				"节点 %llu 和节点 %d 都是它的 leader", *seen, id));
		*seen = (raft_id)id;
		safety_leader_is_complete(net, r);
	}
}

/* Section 5.4.3: no two nodes apply different entries at one index. */
static void safety_applied_once(struct lab_net *net, raft_id id, const struct raft_entry *e)
{
	uint32_t letter = e->len == 1 ? *(const unsigned char *)e->data : SAFETY_EMPTY;
	raft_term term;

	LAB_EXPECT(e->index >= 1 && e->index <= LAB_NET_ENTRIES,
		SAY("entries are numbered one after another", "日志项按顺序编号"),
		SAY("node %llu applies entry %llu", "节点 %llu 应用日志项 %llu", id, e->index));
	term = net->committed[e->index].term;
	if (term == 0) {
		net->committed[e->index].term = e->term;
		net->committed[e->index].letter = letter;
		net->last_committed = RAFT_MAX(net->last_committed, e->index);
		return;
	}
	LAB_EXPECT(term == e->term && net->committed[e->index].letter == letter,
		SAY("all nodes apply the same entry at index %llu, the one of term %llu",
			"所有节点在索引 %llu 应用同一个日志项，即任期 %llu 的那个", e->index, term),
		SAY("node %llu applies another one there, of term %llu",
			"节点 %llu 在那里应用了另一个，任期 %llu", id, e->term));
}

void lab_net_apply(struct lab_net *net, raft_id id, const struct raft_entry *e)
{
	char *s = net->applied[id];
	size_t n = strlen(s);

	LAB_EXPECT(e->index == net->applied_index[id] + 1,
		SAY("node %llu, which has applied %llu entries, applies entry %llu next",
			"节点 %llu 已应用 %llu 个日志项，下一个是 %llu", id, net->applied_index[id],
			net->applied_index[id] + 1),
		SAY("it applies entry %llu", "它应用了日志项 %llu", e->index));
	net->applied_index[id] = e->index;
	safety_applied_once(net, id, e);
	if (e->len == 1 && n + 1 < sizeof(net->applied[id]))
		s[n] = *(const char *)e->data;
}

/* Section 5.3: where two logs have an entry of the same index and term, they are equal
 * up to there. Seen from the end: below the last place where they agree they agree. */
static void safety_logs_match(struct raft *a, struct raft *b)
{
	raft_index last =
		RAFT_MIN(raft_log_last_index(&a->raft_log), raft_log_last_index(&b->raft_log));
	bool agreed = false;

	for (raft_index i = last; i >= 1; i--) {
		raft_term x = raft_log_zero_term_on_out_of_bounds(&a->raft_log, i);
		raft_term y = raft_log_zero_term_on_out_of_bounds(&b->raft_log, i);

		LAB_EXPECT(x == y || !agreed,
			SAY("two logs that have the same entry at one index have the same entries before it",
				"两份日志在某个索引处的日志项相同，则它之前的日志项也都相同"),
			SAY("node %llu has %s and node %llu has %s",
				"节点 %llu 的是 %s，节点 %llu 的是 %s", a->id, lab_whole_log(a),
				b->id, lab_whole_log(b)));
		agreed = agreed || x == y;
	}
}

void lab_net_check(struct lab_net *net)
{
	lab_net_check_leaders(net);
	for (int a = 1; a <= net->n; a++)
		for (int b = a + 1; b <= net->n; b++)
			safety_logs_match(
				lab_net_raft(net, (raft_id)a), lab_net_raft(net, (raft_id)b));
}
