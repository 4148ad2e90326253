/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for what was expected and what was seen, in the student's language (env
 * RAFTLAB_LANG: en, zh). Raft's own words stay as they are in the code and in the
 * guide: MsgApp, leader, follower, candidate.
 *
 * Texts are valid until the test ends.
 */
#ifndef LAB_WORDS_H
#define LAB_WORDS_H

#include "raft/raft_internal.h"

/* SAY(en, zh, ...) is printf with a format for each language; both take the same
 * arguments, in the same order (or numbered: "%2$s"). */
#define SAY(...) lab_say_either(__VA_ARGS__)
const char *lab_say_either(const char *en, const char *zh, ...)
	__attribute__((format(printf, 1, 3), format(printf, 2, 3)));

/* lab_say is printf, for texts that are the same in all languages. */
const char *lab_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* lab_chinese tells whether the language is zh. */
bool lab_chinese(void);

/* lab_message says one message: "MsgVote 1->2 term 4"; "nothing" for NULL. */
const char *lab_message(const struct raft_message *m);
/* lab_entries says how n entries are numbered: "1/1 2/1 3/4" (index/term). */
const char *lab_entries(const struct raft_entry *e, size_t n);
/* lab_whole_log says a node's log: "[1/1 2/1 3/4]" (index/term), or "empty". Entries
 * are shown as they are, with whatever numbers they bear. */
const char *lab_whole_log(const struct raft *r);
/* lab_state_of says what a node is: "node 1 is a candidate in term 4, its vote went to
 * node 1, the leader it knows is nobody". */
const char *lab_state_of(const struct raft *r);
const char *lab_role(enum raft_state state); /* "a follower", "the leader" */
const char *lab_who(raft_id id);             /* "node 2" or "nobody" */
/* lab_outbox says what waits to be sent to other nodes:
 * "MsgVote 1->2 term 4, MsgVote 1->3 term 4", or "no message". */
const char *lab_outbox(const struct raft *r);

/* --- for the kit itself ------------------------------------------------------- */

/* Text in a buffer of fixed size, cut off at its end: can be made within a crash
 * handler, where nothing can be allocated. */
struct lab_text {
	char s[2048];
	size_t len;
};

void lab_text_add(struct lab_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* lab_text_either is lab_text_add with a format for each language. */
void lab_text_either(struct lab_text *t, const char *en, const char *zh, ...)
	__attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* lab_pick is en or zh. */
const char *lab_pick(const char *en, const char *zh);

#endif
