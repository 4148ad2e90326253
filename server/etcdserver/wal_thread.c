/* SPDX-License-Identifier: Apache-2.0 */
/* The WAL thread: makes what raft wants saved durable, and says so. All that
 * has arrived while the last sync ran goes to the disk together. */
#include <stdlib.h>

#include "server/etcdserver/internal.h"
#include "server/log.h"
#include "server/util.h"

enum { RETRY_SECONDS = 1, RETRY_LOOKS = 20 };

/* A WAL that failed knows no more what is on the disk. Going on would risk to
 * acknowledge what is not there; a restart reads what is. */
static _Noreturn void give_up(const struct wal_fault *fault)
{
	log_fatal(
		"cannot write the WAL; stopping, so that nothing is acknowledged that is not saved",
		LOG_STR("error", fault->text));
}

/* raft is being written by students: what it hands out may make no sense. That
 * must not get into the log, which would be of no use any more even when raft is
 * right. */
static void refuse(struct wal_thread *w, const struct wal_fault *fault)
{
	if (!w->refused)
		log_error("raft wants an entry saved that is out of order; it is dropped, and so "
			  "are those that come after it",
			LOG_STR("error", fault->text),
			LOG_STR("hint", "in a copy of the lab, the blank Replication Step1 in "
					"raft/raft.c has to be filled in"));
	w->refused = true;
}

/* Returns: false if it cannot be saved. */
static bool append(struct wal_thread *w, const struct raft_message *m, bool *sync)
{
	struct wal_fault fault;
	struct raft_hard_state hs = {m->term, m->vote, m->commit};
	bool has_state = !raft_hard_state_empty(hs);
	enum wal_error err =
		wal_append(w->wal, has_state ? &hs : NULL, m->entries.v, m->entries.len, &fault);

	if (err == WAL_ERR_ORDER)
		refuse(w, &fault);
	else if (err != WAL_OK)
		give_up(&fault);
	if (err != WAL_OK)
		return false;
	if (has_state ? raft_must_sync(hs, w->saved, m->entries.len) : m->entries.len > 0)
		*sync = true;
	if (has_state)
		w->saved = hs;
	return true;
}

/* Waits before another try, unless the server is about to stop. */
static void rest(const struct etcdserver *s)
{
	for (int i = 0; i < RETRY_LOOKS && !s->stopped; i++)
		nanosleep(&(struct timespec){.tv_nsec = RETRY_SECONDS * 1000000000l / RETRY_LOOKS},
			NULL);
}

/* Tries until it works: while the disk is full nothing is acknowledged, and
 * nothing is lost. Returns: false if the server stops before that. */
static bool flush(struct etcdserver *s)
{
	struct wal_fault fault;
	enum wal_error err;

	while ((err = wal_flush(s->wal.wal, true, &fault)) != WAL_OK) {
		if (err != WAL_ERR_IO)
			give_up(&fault);
		atomic_store(&s->wal_failing, true);
		if (s->stopped)
			return false;
		log_error("cannot write the WAL; trying again", LOG_STR("error", fault.text),
			LOG_I64("retry-seconds", RETRY_SECONDS));
		rest(s);
	}
	atomic_store_explicit(&s->wal_failing, false, memory_order_relaxed);
	return true;
}

static void save_snapshot(struct wal_thread *w, struct snapshot_mark *mark)
{
	struct wal_fault fault;
	size_t removed = 0;
	enum wal_error err = wal_save_snapshot(w->wal, mark->at, &fault);

	if (err == WAL_OK) {
		wal_release_to(w->wal, mark->at.index);
		err = wal_purge(w->wal, MAX_WALS, &removed, &fault);
	}
	if (err == WAL_OK)
		log_info("saved snapshot record", LOG_U64("snapshot-index", mark->at.index),
			LOG_U64("removed-wal-files", removed));
	else if (err == WAL_ERR_IO)
		log_warn("cannot save snapshot record; the WAL stays longer",
			LOG_STR("error", fault.text));
	else
		give_up(&fault);
	free(mark);
}

void *etcdserver_wal_main(void *arg)
{
	struct etcdserver *s = arg;
	struct wal_thread *w = &s->wal;
	bool stop = false;

	pthread_setname_np(pthread_self(), "wal");
	while (!stop) {
		struct mail *next, *saved = NULL, **saved_tail = &saved;
		bool sync = false;
		for (struct mail *mail = mailbox_take(&w->inbox, UINT64_MAX); mail; mail = next) {
			next = mail->next;
			if (mail->kind == MAIL_STOP) {
				stop = true;
			} else if (mail->kind == MAIL_SNAPSHOT) {
				save_snapshot(w, mail_of(mail, struct snapshot_mark, mail));
			} else {
				bool ok = append(w, &mail_of(mail, struct work, mail)->m, &sync);
				mail->kind = ok ? MAIL_SAVED : MAIL_NOT_SAVED;
				mail->next = NULL;
				*saved_tail = mail;
				saved_tail = &mail->next;
			}
		}
		/* A commit index alone need not be on disk: it is known again as soon
		 * as there is a leader. It goes out with the next entries. */
		if (sync && !flush(s))
			for (struct mail *mail = saved; mail; mail = mail->next)
				mail->kind = MAIL_NOT_SAVED;
		mailbox_send_list(&s->raft.inbox, saved);
	}
	return NULL;
}
