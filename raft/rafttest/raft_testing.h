/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the white-box tests of raft share: rafts, storages, entries and messages
 * made in one line, and a network of rafts in one process (raft_testing_network.h).
 * The original: the helpers at both ends of raft_test.go.
 *
 *	struct raft_memory_storage *s = new_test_memory_storage(with_peers(1, 2));
 *	struct raft *r = new_test_raft(1, 10, 1, s);
 *
 *	raft_become_candidate(r);
 *	raft_become_leader(r);
 *	raft_step_msg(r, msg_prop(1, "somedata"));
 *	EXPECT_EQ(1, raft_read_messages(r)->len);
 *
 * Nothing that a new_...() returns is to be freed by the test, nor is a list of
 * messages or entries given as a pointer: they last until the end of the test
 * and are freed then, newest first (raft_testing_defer).
 *
 * What comes by value is the caller's, as everywhere in raft: messages and
 * entries are moved into whatever takes them.
 *
 * All logging goes to standard error, which the runner shows if a test fails.
 */
#ifndef RAFTTEST_RAFT_TESTING_H
#define RAFTTEST_RAFT_TESTING_H

#include "raft/raft_internal.h"
#include "raft/rafttest/runner.h"

/* ---- The end of the test -------------------------------------------------- */

/* raft_testing_defer has fn(p) called when the test is over; last in, first out. */
void raft_testing_defer(void (*fn)(void *), void *p);

/* raft_testing_text takes the text out of b and keeps it until then. */
const char *raft_testing_text(struct strbuf *b);

/* TEST_CASE notes, as printf, which row of a table is being tried. */
#define TEST_CASE(...)                                                                             \
	do {                                                                                       \
		fprintf(stderr, "--- ");                                                           \
		fprintf(stderr, __VA_ARGS__);                                                      \
		fputc('\n', stderr);                                                               \
	} while (0)

/* ARRAY_LEN is the number of elements of an array. */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* ---- Storage ---------------------------------------------------------------- */

/* IDS initializes a struct raft_ids: IDS(1, 2, 3). */
#define IDS(...)                                                                                   \
	{                                                                                          \
		.len = sizeof((raft_id[]){__VA_ARGS__}) / sizeof(raft_id), .id = {__VA_ARGS__}     \
	}

/* new_test_memory_storage makes a storage that begins with a configuration:
 * new_test_memory_storage(with_peers(1, 2), with_learners(3)). */
#define new_test_memory_storage(...)                                                               \
	new_test_memory_storage_with_conf(&(struct raft_conf_state){__VA_ARGS__})
#define with_peers(...) .voters = IDS(__VA_ARGS__)
#define with_learners(...) .learners = IDS(__VA_ARGS__)

struct raft_memory_storage *new_test_memory_storage_with_conf(const struct raft_conf_state *cs);

/* new_empty_memory_storage is a storage as raft_memory_storage_new() makes it. */
struct raft_memory_storage *new_empty_memory_storage(void);

/* new_memory_storage_of holds ents, the first of which stands for the entry
 * before the first (the dummy). */
struct raft_memory_storage *new_memory_storage_of(const struct raft_entries *ents);

/* ---- Rafts -------------------------------------------------------------------- */

extern struct raft_logger raft_testing_logger;

/* new_test_config is a valid configuration without size limits. Its seed is
 * fixed, so that a failure happens again. */
struct raft_config new_test_config(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage);

/* new_raft makes a raft from c, which must be valid. */
struct raft *new_raft(const struct raft_config *c);
struct raft *new_test_raft(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage);

/* new_test_rawnode: the configuration will not be reflected in storage. */
struct raft_rawnode *new_test_rawnode(
	raft_id id, int election, int heartbeat, struct raft_memory_storage *storage);

/* What is done to a configuration before it is used; NULL: nothing. */
typedef void config_func(struct raft_config *c);

void pre_vote_config(struct raft_config *c);

/* ents_with_config makes a raft whose log has an entry of each of the terms, and
 * which is in the last of them: ents_with_config(cfg, 1, 1, 2). */
#define ents_with_config(cfg, ...)                                                                 \
	ents_with_config_of((cfg), (raft_term[]){__VA_ARGS__},                                     \
		sizeof((raft_term[]){__VA_ARGS__}) / sizeof(raft_term))
struct raft *ents_with_config_of(config_func *cfg, const raft_term *terms, size_t n);

/* voted_with_config makes a raft that has voted in term, and has an empty log. */
struct raft *voted_with_config(config_func *cfg, raft_id vote, raft_term term);

/* set_randomized_election_timeout takes chance out of it; v in ticks. */
void set_randomized_election_timeout(struct raft *r, int v);

/* raft_tick_n calls r->tick(r) n times. */
void raft_tick_n(struct raft *r, int n);

/* raft_set_log gives r the log that storage holds, all of it uncommitted. */
void raft_set_log(struct raft *r, struct raft_memory_storage *storage);

/* raft_become puts r into state as a node gets there: as a follower of lead in
 * term; as a leader by way of candidate. */
void raft_become(struct raft *r, enum raft_state state, raft_term term, raft_id lead);

/* raft_set_state changes the role and nothing else (not tick, for one). */
void raft_set_state(struct raft *r, enum raft_state state);

/* raft_progress is what leader r knows about member id, who must be one. */
#define raft_progress(r, id) raft_progress_at(__FILE__, __LINE__, (r), (id))
struct progress *raft_progress_at(const char *file, int line, const struct raft *r, raft_id id);

/* raft_apply_simple_conf_change applies the change of one member. */
void raft_apply_simple_conf_change(
	struct raft *r, enum raft_conf_change_type type, raft_id node_id);

/* voter_nodes and learner_nodes list the members of r's configuration, sorted:
 * "[1 2 3]". */
const char *voter_nodes(const struct raft *r);
const char *learner_nodes(const struct raft *r);

/* ---- Entries --------------------------------------------------------------------- */

/* one_entry is an array of one entry with a payload, nil if data is NULL. */
struct raft_entries one_entry(const char *data);
/* repeat_entry has n of them, which share the payload. */
struct raft_entries repeat_entry(const char *data, size_t n);
/* typed_entry is an array of one entry of that type and no payload. */
struct raft_entries typed_entry(enum raft_entry_type type);

/* index_terms makes entries from index first on, one for each of the terms
 * given: index_terms(1, 1, 2, 2). (index(1).terms(1, 2, 2) of the original.) */
#define index_terms(first, ...)                                                                    \
	index_terms_of((first), (raft_term[]){__VA_ARGS__},                                        \
		sizeof((raft_term[]){__VA_ARGS__}) / sizeof(raft_term))
struct raft_entries *index_terms_of(raft_index first, const raft_term *terms, size_t n);

/* ents_copy makes a second array, to go into a message. */
struct raft_entries ents_copy(const struct raft_entries *ents);

/* entry_set_data gives e a payload, nil if data is NULL. */
void entry_set_data(struct raft_entry *e, const char *data);
/* entry_data is e's payload as a string; NULL if it is nil. */
const char *entry_data(const struct raft_entry *e);

/* must_append_entry appends one entry to a leader's log, with that payload (nil
 * if data is NULL); must_append_entries appends copies of ents. */
void must_append_entry(struct raft *r, const char *data);
void must_append_entries(struct raft *r, const struct raft_entries *ents);

/* storage_append appends ents to storage. */
void storage_append(struct raft_memory_storage *storage, const struct raft_entries *ents);

/* all_entries gives those of r's log; raft_unstable_ents those that are not in
 * storage yet. */
const struct raft_entries *all_entries(struct raft *r);
const struct raft_entries *raft_unstable_ents(struct raft *r);

/* next_ents moves what is unstable to storage and lets all that is committed be
 * applied. Returns: what was to be applied. */
const struct raft_entries *next_ents(struct raft *r, struct raft_memory_storage *storage);

/* ---- Snapshots --------------------------------------------------------------------- */

/* new_test_snapshot stands for the entry (index, term), with a configuration:
 * new_test_snapshot(11, 11, with_peers(1, 2)). */
#define new_test_snapshot(index, term, ...)                                                        \
	new_test_snapshot_with_conf((index), (term), &(struct raft_conf_state){__VA_ARGS__})
struct raft_snapshot *new_test_snapshot_with_conf(
	raft_index index, raft_term term, const struct raft_conf_state *cs);

/* ---- Messages ------------------------------------------------------------------------ */

/* MSG is a message: MSG(.from = 2, .to = 1, .type = MSG_APP_RESP, .index = 3). */
#define MSG(...) ((struct raft_message){__VA_ARGS__})

/* Local messages of node id to itself. */
struct raft_message msg_hup(raft_id id);
struct raft_message msg_beat(raft_id id);
/* msg_prop proposes one entry with that payload; nil if data is NULL. */
struct raft_message msg_prop(raft_id id, const char *data);
/* msg_read_index asks node id for a read index on behalf of itself. */
struct raft_message msg_read_index(raft_id id, const char *ctx);

/* raft_step_msg is raft_step() with the message by value, which it consumes. */
enum raft_error raft_step_msg(struct raft *r, struct raft_message m);

/* context_is tells whether c holds the string want. */
bool context_is(const struct raft_context *c, const char *want);

/* raft_read_messages takes what r has to send, once all that had to be made
 * stable before has been (raft_advance_messages_after_append). The messages in
 * the list may be moved out of it. */
struct raft_messages *raft_read_messages(struct raft *r);

/* expect_one_message is the only message that r has to send. */
#define expect_one_message(r) expect_one_message_at(__FILE__, __LINE__, (r))
struct raft_message *expect_one_message_at(const char *file, int line, struct raft *r);

/* raft_advance_messages_after_append pretends that all unstable state has become
 * stable: messages that waited for it leave, to others and to r itself. */
void raft_advance_messages_after_append(struct raft *r);

/* raft_take_messages_after_append takes those messages out before they leave. */
struct raft_messages *raft_take_messages_after_append(struct raft *r);

/* raft_step_or_send steps the messages to r itself and queues the others; msgs is
 * empty then, also on error. Returns: the first error of a step, which ends it. */
enum raft_error raft_step_or_send(struct raft *r, struct raft_messages *msgs);

/* accept_and_reply is the answer of a follower that takes the MsgApp m. */
struct raft_message accept_and_reply(const struct raft_message *m);

/* commit_noop_entry lets the followers of a new leader accept its empty entry. */
void commit_noop_entry(struct raft *r, struct raft_memory_storage *storage);

/* ---- Logs as text ---------------------------------------------------------------------- */

/* ltoa describes a log: last index, applied, and each entry on a line. */
const char *ltoa(struct raft_log *l);
/* ltoa_of is the ltoa of a new log with these entries (new_memory_storage_of). */
const char *ltoa_of(const struct raft_entries *ents);
/* diffu is empty if a and b are equal; else the lines in which they differ, with
 * - and +. */
const char *diffu(const char *a, const char *b);

#include "raft/rafttest/raft_testing_network.h"

#endif
