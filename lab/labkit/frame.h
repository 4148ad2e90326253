/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a test: its two phases, its expectations, what it tells a student. */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include "raft/rafttest/runner.h"

/* LAB_TEST defines and registers a test of the lab; see labkit.h. */
#define LAB_TEST(name) RUNNER_TEST(name, 0, &lab_kit)

extern const struct runner_kit lab_kit;

/* LAB_EXPECT ends the test as failed unless cond holds. expected and seen are
 * texts for the student, made by SAY() or the functions of words.h; they are only
 * made on failure. The message is "expected: ...\nseen: ...". */
#define LAB_EXPECT(cond, expected, seen)                                                           \
	do {                                                                                       \
		if (!(cond))                                                                       \
			lab_fail(__FILE__, __LINE__, (expected), (seen));                          \
	} while (0)

/* lab_fail is a LAB_EXPECT that does not hold. Helper functions that look on behalf
 * of a test pass on where the test asked. */
_Noreturn void lab_fail(const char *file, int line, const char *expected, const char *seen);

/* lab_about says in a sentence what happens in the test; it is each test's first
 * statement. lab_think asks the student one question, which never gives the answer
 * away. Both can be called again: what was said last before a failure counts. */
void lab_about(const char *text);
void lab_think(const char *question);

enum lab_phase {
	LAB_REFERENCE = 1, /* all blanks have the reference's text; the kit records */
	LAB_STUDENT = 2,   /* some have the student's; the kit compares */
};

/* lab_phase tells in which phase the test is. Tests must do the same in both, so
 * this is for the kit itself. */
enum lab_phase lab_phase(void);

#endif
