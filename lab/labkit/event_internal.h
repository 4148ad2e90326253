/* SPDX-License-Identifier: Apache-2.0 */
/* What the frame of a test needs to know of events. */
#ifndef LAB_EVENT_INTERNAL_H
#define LAB_EVENT_INTERNAL_H

/* lab_event_cut_off: the test ends here. If that is in the middle of an event, it is
 * the departure from the reference; how says what happened. For crash handlers. */
void lab_event_cut_off(const char *how);

/* lab_event_forget is for the beginning of a phase. */
void lab_event_forget(void);

#endif
