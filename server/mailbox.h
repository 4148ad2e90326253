/* SPDX-License-Identifier: Apache-2.0 */
/* mailbox: how threads hand work to each other: many senders, one receiver.
 *
 * The receiver takes all that has come at once, so what arrives while it works
 * becomes its next batch: that is where group commit comes from. A sender wakes
 * the receiver only when it sleeps. Mails are members of what they carry;
 * sending never allocates and never fails. */
#ifndef SERVER_MAILBOX_H
#define SERVER_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mail {
	struct mail *next;
	int kind; /* the receiver's own numbering */
};

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct mail *head, **tail;
	bool sleeping;
};

/* mail_of gives the structure that a mail is a member of. */
#define mail_of(m, type, member) ((type *)(void *)((char *)(m)-offsetof(type, member)))

void mailbox_init(struct mailbox *mb);
void mailbox_destroy(struct mailbox *mb);

/* mailbox_send puts m at the end. Any thread.
 * Ownership: what m is part of is the receiver's from now on. */
void mailbox_send(struct mailbox *mb, struct mail *m);

/* mailbox_send_list puts a list of mails, linked by next and ending in NULL,
 * at the end, with one wake-up. first may be NULL. */
void mailbox_send_list(struct mailbox *mb, struct mail *first);

/* mailbox_take gives all that has come, oldest first; it waits for something
 * until deadline_ns (of util_mono_ns; 0: doesn't wait, UINT64_MAX: for ever).
 *
 * Ownership: the mails are the caller's; read next before you give one away.
 * Returns:   NULL if nothing came. */
struct mail *mailbox_take(struct mailbox *mb, uint64_t deadline_ns);

#endif
