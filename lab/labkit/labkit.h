/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the lab are made of.
 *
 *     LAB_TEST(e3_candidate_enters_the_next_term)
 *     {
 *             struct raft *r = lab_node(1, 3, 3, NULL, 0);
 *
 *             lab_about(SAY("Node 1, in term 3, becomes a candidate.",
 *                     "节点 1 在任期 3 成为 candidate。"));
 *             lab_think(SAY("Which term does an election belong to?", "一次选举属于哪个任期？"));
 *             LAB_DO(r, "raft_become_candidate", raft_become_candidate(r));
 *             LAB_EXPECT(r->term == 4,
 *                     SAY("the candidate raises its term by one, from 3 to 4",
 *                             "candidate 把任期加一，从 3 到 4"),
 *                     lab_state_of(r));
 *     }
 *
 * A test belongs to the step, or to the part of the lab, that its name begins with:
 * e3_..., election_...
 *
 * raft.c is compiled with two texts in each blank, the reference's and the
 * student's, and a mask chooses among them while the program runs. A LAB_TEST runs
 * its body twice: first with the reference everywhere, then with the student's text
 * in the blanks that RAFTLAB_STUDENT names. What nodes do is recorded in the first
 * run and compared in the second, so that a failed test can say at which moment the
 * student's Raft departs from the reference, and how. Only what goes through the
 * kit is recorded: lab_tick, lab_step, lab_propose, LAB_DO, lab_net_*; so tests use
 * these, never r->tick(r) or raft_step().
 *
 *     frame.h      LAB_TEST, LAB_EXPECT, lab_about, lab_think
 *     words.h      SAY, and words for messages, logs, nodes
 *     node.h       one node, in a state made by hand
 *     event.h      what happens to a node: lab_tick, lab_step, LAB_DO, ...
 *     net.h        nodes, and messages between them, in logical time
 *     schedule.h   random lives of a net
 *     departure.h  how what is recorded is compared
 *     mask.h       which text runs in which blank
 *     sandbox.h    what the process of a test may do
 *
 * Tests never free what they make: each ends with its process.
 */
#ifndef LAB_LABKIT_H
#define LAB_LABKIT_H

#include "lab/labkit/event.h"
#include "lab/labkit/frame.h"
#include "lab/labkit/net.h"
#include "lab/labkit/node.h"
#include "lab/labkit/schedule.h"
#include "lab/labkit/words.h"

#endif
