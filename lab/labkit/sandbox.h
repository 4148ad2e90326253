/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandbox: what the process of a test may do. A step of Raft computes, allocates
 * memory and perhaps prints; it opens no file, starts no process, talks to nobody.
 *
 * System calls are filtered by seccomp, with a program of a few dozen instructions
 * that is put together here: libseccomp would do it more comfortably, but it would be
 * one package more between a student and the first passed step. Behind the filter
 * stand resource limits, for what it cannot count and for systems without it.
 *
 * Off in sanitized programs, which need far more memory and system calls of their own.
 */
#ifndef LAB_SANDBOX_H
#define LAB_SANDBOX_H

/* lab_sandbox closes the sandbox around the calling process, for good. A system call
 * that is not allowed raises SIGSYS. */
void lab_sandbox(void);

/* lab_sandbox_time gives a process in the sandbox so many seconds of processor time from
 * now on; elsewhere it does nothing. */
void lab_sandbox_time(double seconds);

/* lab_syscall_name names a system call as a student knows it: "open", "fork"; NULL if
 * it is none of those. */
const char *lab_syscall_name(int nr);

#endif
