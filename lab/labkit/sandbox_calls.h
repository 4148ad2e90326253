/* SPDX-License-Identifier: Apache-2.0 */
/* System calls: which a test may make whatever their arguments, and their names. */
#ifndef LAB_SANDBOX_CALLS_H
#define LAB_SANDBOX_CALLS_H

#include <stddef.h>

/* What memory, time, printing, jumping out of a signal handler, and the end of the
 * program need; none of them reaches beyond the process. */
extern const int lab_calls_allowed[];
extern const size_t lab_calls_allowed_len;

#endif
