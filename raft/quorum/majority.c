/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a majority of a set of voters agrees on. The original: quorum/majority.go.
 */
#include "raft/quorum/majority_internal.h"

/* Insertion sort: there are three, five, seven of them, and on a leader that
 * runs well they are nearly sorted by the time they come here. */
static void sort_indexes(raft_index *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		raft_index x = v[i];
		size_t j = i;
		for (; j > 0 && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

raft_index quorum_majority_of(raft_index *acked, size_t n)
{
	/* An empty half of a joint configuration agrees to everything. */
	if (n == 0)
		return QUORUM_INFINITY;
	sort_indexes(acked, n);
	/* From this place to the end there are n/2 + 1: a majority that has
	 * acknowledged at least what stands here. */
	return acked[n - (n / 2 + 1)];
}

raft_index quorum_majority_committed_index(const struct raft_ids *c, struct quorum_acked_indexer l)
{
	raft_index acked[RAFT_MAX_MEMBERS];
	for (uint32_t i = 0; i < c->len; i++) {
		/* A voter that has not reported in counts as having nothing. */
		if (!l.acked_index(l.arg, c->id[i], &acked[i]))
			acked[i] = 0;
	}
	return quorum_majority_of(acked, c->len);
}

enum quorum_vote_result quorum_majority_vote_result(
	const struct raft_ids *c, struct quorum_votes votes)
{
	uint32_t granted = 0, missing = 0, q = c->len / 2 + 1;
	bool v;

	/* The same convention as for indexes: nobody to ask, nothing to lose. */
	if (c->len == 0)
		return QUORUM_VOTE_WON;

	for (uint32_t i = 0; i < c->len; i++) {
		if (!votes.vote(votes.arg, c->id[i], &v))
			missing++;
		else if (v)
			granted++;
	}
	if (granted >= q)
		return QUORUM_VOTE_WON;
	if (granted + missing >= q)
		return QUORUM_VOTE_PENDING;
	return QUORUM_VOTE_LOST;
}

void quorum_majority_string(const struct raft_ids *c, struct strbuf *b)
{
	strbuf_putc(b, '(');
	for (uint32_t i = 0; i < c->len; i++)
		strbuf_printf(b, i ? " %llu" : "%llu", c->id[i]);
	strbuf_putc(b, ')');
}

static void put_repeated(struct strbuf *b, char c, size_t n)
{
	while (n-- > 0)
		strbuf_putc(b, c);
}

struct acked {
	raft_index index;
	bool known;
};

/* The bar of a voter is as long as there are voters behind it. Of those with
 * equal indexes only the first has one: so the original draws it. */
static size_t bar_length(const struct acked *info, size_t n, size_t i)
{
	size_t bar = 0;
	for (size_t j = 0; j < n; j++) {
		if (j < i && info[j].index == info[i].index)
			return 0;
		bar += info[j].index < info[i].index;
	}
	return bar;
}

void quorum_describe_ids(
	const raft_id *ids, size_t n, struct quorum_acked_indexer l, struct strbuf *b)
{
	struct acked info[2 * RAFT_MAX_MEMBERS];

	if (n == 0) {
		strbuf_puts(b, "<empty majority quorum>");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		info[i].index = 0;
		info[i].known = l.acked_index(l.arg, ids[i], &info[i].index);
	}

	put_repeated(b, ' ', n);
	strbuf_puts(b, "    idx\n");
	for (size_t i = 0; i < n; i++) {
		size_t bar = bar_length(info, n, i);
		if (info[i].known) {
			put_repeated(b, 'x', bar);
			strbuf_putc(b, '>');
			put_repeated(b, ' ', n - bar);
		} else {
			strbuf_putc(b, '?');
			put_repeated(b, ' ', n);
		}
		strbuf_printf(b, " %5llu    (id=%llu)\n", info[i].index, ids[i]);
	}
}

void quorum_majority_describe(
	const struct raft_ids *c, struct quorum_acked_indexer l, struct strbuf *b)
{
	quorum_describe_ids(c->id, c->len, l, b);
}
