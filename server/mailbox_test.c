/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mailbox.h"

#include "raft/rafttest/runner.h"
#include "server/util.h"

enum { SENDERS = 4, EACH = 20000 };

struct letter {
	struct mail mail;
	int sender, number;
};

static struct mailbox mb;
static struct letter letters[SENDERS][EACH];

static void *send_all(void *arg)
{
	int sender = (int)(long)arg;

	for (int i = 0; i < EACH; i++) {
		letters[sender][i].sender = sender;
		letters[sender][i].number = i;
		mailbox_send(&mb, &letters[sender][i].mail);
	}
	return NULL;
}

/* Nothing is lost, and what one thread sends arrives in order. */
TEST(mailbox_many_senders)
{
	pthread_t threads[SENDERS];
	int next[SENDERS] = {0}, total = 0;

	mailbox_init(&mb);
	for (long i = 0; i < SENDERS; i++)
		pthread_create(&threads[i], NULL, send_all, (void *)i);
	while (total < SENDERS * EACH) {
		struct mail *m = mailbox_take(&mb, util_mono_ns() + 5000000000);
		EXPECT(m != NULL);
		for (; m; m = m->next) {
			struct letter *l = mail_of(m, struct letter, mail);
			EXPECT_EQ(next[l->sender], l->number);
			next[l->sender]++;
			total++;
		}
	}
	for (int i = 0; i < SENDERS; i++)
		pthread_join(threads[i], NULL);
	EXPECT(!mailbox_take(&mb, 0));
	mailbox_destroy(&mb);
}

TEST(mailbox_take_waits_until_the_deadline)
{
	mailbox_init(&mb);
	uint64_t start = util_mono_ns();
	EXPECT(!mailbox_take(&mb, start + 30000000));
	EXPECT(util_mono_ns() - start >= 30000000);
	EXPECT(!mailbox_take(&mb, start)); /* already past */
	mailbox_destroy(&mb);
}
