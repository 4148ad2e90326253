/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be seen of a node and of a message: copies by value, in which unused
 * bytes are zero, so that two of them are equal if their bytes are.
 */
#ifndef LAB_SEEN_H
#define LAB_SEEN_H

#include "lab/labkit/words.h"
#include "raft/raft_internal.h"

#include <stdint.h>

#define LAB_SEEN_ENTRIES 6 /* of a log the last, of a message the first */

/* Half of each number: what the other half adds is in a hash. */
struct lab_seen_entry {
	uint32_t index, term;
};

struct lab_seen_message {
	enum raft_message_type type;
	uint32_t reject;
	raft_id to, from;
	raft_term term, log_term;
	raft_index index, commit, reject_hint;
	uint64_t hash; /* of entries with payloads, and of the context */
	uint64_t len;  /* entries */
	struct lab_seen_entry entries[LAB_SEEN_ENTRIES];
};

struct lab_seen {
	raft_id id;
	raft_term term;
	raft_id vote, lead;
	raft_index commit;
	int64_t state;
	int64_t clock;       /* election_elapsed */
	uint32_t step, tick; /* a number for each function; 0: some other */
	uint64_t log_len;    /* entries */
	uint64_t log_hash;   /* of those that are not stable yet, with payloads */
	struct lab_seen_entry log[LAB_SEEN_ENTRIES];
};

void lab_see_message(const struct raft_message *m, struct lab_seen_message *seen);
void lab_see_node(const struct raft *r, struct lab_seen *seen);

/* lab_see_alike makes a what b is in all that nobody outside the node can see before
 * it leads to something: the election clock, the functions for messages and ticks. */
void lab_see_alike(struct lab_seen *a, const struct lab_seen *b);

/* lab_text_step and lab_text_tick name the functions of a node. */
void lab_text_step(struct lab_text *t, const struct lab_seen *s);
void lab_text_tick(struct lab_text *t, const struct lab_seen *s);

/* lab_stable_len is how many entries the node's storage has that count: what the
 * unstable part replaces does not. */
size_t lab_stable_len(const struct raft *r);

/* lab_role_or_null names a role; NULL if there is none of that number. */
const char *lab_role_or_null(enum raft_state state);

/* lab_text_message says a message, as lab_message() does. */
void lab_text_message(struct lab_text *t, const struct lab_seen_message *m);
/* lab_text_log says a log: "[1/1 2/1]", "[... 7/3 8/3]" or "empty". */
void lab_text_log(struct lab_text *t, const struct lab_seen *s);

#endif
