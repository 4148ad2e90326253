/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Departures: the first moment at which the student's Raft does something else than
 * the reference. There are two: that of anything that is recorded, which is what the
 * notes tell; and that of behaviour, which leaves out the election clock and the
 * functions for messages and ticks, because nobody outside the node can see them before
 * they lead to something.
 *
 * Messages are compared receiver by receiver: their order matters to each of them,
 * not between them.
 */
#ifndef LAB_DEPARTURE_H
#define LAB_DEPARTURE_H

#include "lab/labkit/record.h"

struct lab_departure {
	struct lab_text event;     /* "node 3 receives MsgPreVote 2->3 term 5" */
	struct lab_text reference; /* "node 3 sends MsgPreVoteResp 3->2 term 5 yes" */
	struct lab_text yours;     /* "node 3 sends MsgPreVoteResp 3->2 term 4 yes" */
};

/* lab_departure_forget is for the beginning of a phase. */
void lab_departure_forget(void);

/* lab_departure_compare takes in what came of an event in the second phase, against
 * the record; event is its text, made only when it is needed. */
void lab_departure_compare(const struct lab_outcome *yours, void (*event)(struct lab_text *text));

/* lab_departure is the first departure, lab_departure_of_behaviour that of behaviour;
 * NULL if there was none so far. */
const struct lab_departure *lab_departure(void);
const struct lab_departure *lab_departure_of_behaviour(void);

/* lab_departure_cut_off notes as the departure that the test ended in the middle of
 * an event; before is what the node was when the event began, how the words for what
 * happened. For crash handlers: allocates nothing. */
void lab_departure_cut_off(uint64_t event_hash, void (*event)(struct lab_text *text),
	const struct lab_seen *before, const char *how);

#endif
