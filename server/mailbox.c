/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mailbox.h"

#include <time.h>

void mailbox_init(struct mailbox *mb)
{
	pthread_condattr_t attr;

	*mb = (struct mailbox){0};
	mb->tail = &mb->head;
	pthread_mutex_init(&mb->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&mb->arrived, &attr);
	pthread_condattr_destroy(&attr);
}

void mailbox_destroy(struct mailbox *mb)
{
	pthread_mutex_destroy(&mb->lock);
	pthread_cond_destroy(&mb->arrived);
}

void mailbox_send_list(struct mailbox *mb, struct mail *first)
{
	if (!first)
		return;
	struct mail *last = first;
	while (last->next)
		last = last->next;
	pthread_mutex_lock(&mb->lock);
	*mb->tail = first;
	mb->tail = &last->next;
	bool wake = mb->sleeping;
	mb->sleeping = false;
	pthread_mutex_unlock(&mb->lock);
	if (wake)
		pthread_cond_signal(&mb->arrived);
}

void mailbox_send(struct mailbox *mb, struct mail *m)
{
	m->next = NULL;
	mailbox_send_list(mb, m);
}

struct mail *mailbox_take(struct mailbox *mb, uint64_t deadline_ns)
{
	struct timespec ts = {.tv_sec = (time_t)(deadline_ns / 1000000000),
		.tv_nsec = (long)(deadline_ns % 1000000000)};

	pthread_mutex_lock(&mb->lock);
	while (!mb->head && deadline_ns) {
		mb->sleeping = true;
		if (deadline_ns == UINT64_MAX)
			pthread_cond_wait(&mb->arrived, &mb->lock);
		else if (pthread_cond_timedwait(&mb->arrived, &mb->lock, &ts) != 0)
			break;
	}
	mb->sleeping = false;
	struct mail *first = mb->head;
	mb->head = NULL;
	mb->tail = &mb->head;
	pthread_mutex_unlock(&mb->lock);
	return first;
}
