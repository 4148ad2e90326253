/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mask: which blanks run the student's text. raft.c, as the grader compiles it,
 * has both texts in each blank and says at its end
 *
 *     const char *const lab_blank_ids[] = {"e1", ..., NULL};
 *     unsigned long long lab_students_blanks = 0;
 *
 * where bit i lets the student's text of lab_blank_ids[i] run. A program linked with
 * a plain raft.c has neither: then there is one text, and both phases run it.
 */
#ifndef LAB_MASK_H
#define LAB_MASK_H

#include <stdbool.h>

/* lab_mask_students is the mask that RAFTLAB_STUDENT asks for: ids with commas between
 * them; "": none; unset: all. Returns: false if it names a blank that there is not,
 * which is then said on stderr. */
bool lab_mask_students(unsigned long long *mask);

/* lab_mask_swap sets the mask. Returns: the one before. */
unsigned long long lab_mask_swap(unsigned long long mask);

/* lab_mask_intact tells whether the mask is as it was set: a text that writes to it
 * wants to be judged as something else than it is. */
bool lab_mask_intact(void);

#endif
