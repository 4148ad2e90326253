/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The record: what came of each event in the first phase of a test, to be read again
 * in the second. It lies in memory of its own, which nobody can write to then: what a
 * crash handler says is read from here.
 */
#ifndef LAB_RECORD_H
#define LAB_RECORD_H

#include "lab/labkit/seen.h"

/* What came of one event. */
struct lab_outcome {
	uint64_t event; /* a hash: events are the same if these are */
	struct lab_seen node;
	uint64_t nmsgs;
	/* New in the outbox, in order of receivers. */
	struct lab_seen_message msgs[];
};

/* lab_record_start forgets all, for the first phase; lab_record_replay goes to the
 * beginning, for the second. */
void lab_record_start(void);
void lab_record_replay(void);

/* lab_record_room is a place for an outcome with so many messages, all zeros; it is
 * kept by lab_record_keep(). NULL: the record is full. */
struct lab_outcome *lab_record_room(uint64_t nmsgs);
void lab_record_keep(struct lab_outcome *o);

/* lab_record_next is the outcome to compare with next, NULL at the end;
 * lab_record_advance goes on to the one after it. */
const struct lab_outcome *lab_record_next(void);
void lab_record_advance(void);

#endif
