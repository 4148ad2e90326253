/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: all that happens to a node. Each is recorded in the first phase of a test
 * and compared in the second (departure.h).
 */
#ifndef LAB_EVENT_H
#define LAB_EVENT_H

#include "raft/raft_internal.h"
#include "raft/rafttest/runner.h"

/* lab_tick lets a tick pass at the node. */
void lab_tick(struct raft *r);

/* lab_step gives the message to raft_step(), which takes over what it holds. */
enum raft_error lab_step(struct raft *r, struct raft_message m);

/* lab_propose steps a MsgProp of n entries, "a", "b", ... */
enum raft_error lab_propose(struct raft *r, int n);

/* LAB_DO runs a statement that calls a function of raft with r directly; what is
 * that function's name: LAB_DO(r, "raft_become_candidate", raft_become_candidate(r)). */
#define LAB_DO(r, what, ...)                                                                       \
	do {                                                                                       \
		lab_event_do((r), (what));                                                         \
		__VA_ARGS__;                                                                       \
		lab_event_end();                                                                   \
	} while (0)

/* LAB_TRY is LAB_DO for one expression that may end in raft_panicf() or abort(). It
 * is true unless it did; runner_panic_message() then has the reason. */
#define LAB_TRY(r, what, expression)                                                               \
	(sigsetjmp(*runner_panic_arm(), 1) == 0                                                    \
			? (lab_event_do((r), (what)), (void)(expression), lab_event_end(),         \
				  runner_panic_disarm(), true)                                     \
			: (runner_panic_disarm(), lab_event_end(), false))

/* --- for the kit itself ---------------------------------------------------------------- */

/* What kind of thing happens. */
enum lab_event_kind {
	LAB_EVENT_TICK,  /* a tick passes */
	LAB_EVENT_STEP,  /* a message is stepped */
	LAB_EVENT_DO,    /* a function is called */
	LAB_EVENT_SAVED, /* what was to be saved is saved; the node hears from itself */
};

/* An event begins; it ends by lab_event_end(), or with the process. net_tick is how
 * many ticks the node's net has seen; -1 without a net. */
void lab_event_begin(struct raft *r, enum lab_event_kind kind, int net_tick,
	const struct raft_message *m, const char *what);
void lab_event_do(struct raft *r, const char *what);
void lab_event_end(void);

#endif
