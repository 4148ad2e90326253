/* SPDX-License-Identifier: Apache-2.0 */
#include "raft/rafttest/raft_testing_network.h"

#include <stdlib.h>
#include <string.h>

struct raft raft_testing_nop_stepper;

/* network_adopt makes v the peer of that id in a cluster of so many. */
static void network_adopt(struct raft *v, raft_id id, size_t size)
{
	struct tracker_config *config = &v->trk.config;
	struct raft_ids learners = config->learners;
	int max_inflight = v->trk.max_inflight;
	uint64_t max_inflight_bytes = v->trk.max_inflight_bytes;

	v->id = id;
	tracker_free(&v->trk);
	tracker_init(&v->trk, max_inflight, max_inflight_bytes);
	for (raft_id i = 1; i <= size; i++) {
		struct progress pr = {.id = i, .is_learner = raft_ids_has(&learners, i)};

		inflights_init(&pr.inflights, max_inflight, max_inflight_bytes);
		raft_ids_add(pr.is_learner ? &config->learners : &config->voters.v[0], i);
		progress_map_put(&v->trk.progress, &pr);
	}
	raft_reset(v, v->term);
}

static struct raft *network_make(struct network *nt, config_func *cfg, raft_id id)
{
	struct raft_conf_state cs = {0};
	struct raft_config c;

	for (raft_id i = 1; i <= nt->size; i++)
		raft_ids_add(&cs.voters, i);
	nt->storage[id] = new_test_memory_storage_with_conf(&cs);
	c = new_test_config(id, 10, 1, nt->storage[id]);
	if (cfg)
		cfg(&c);
	return new_raft(&c);
}

struct network *new_network_of(config_func *cfg, struct raft *const *peers, size_t size)
{
	struct network *nt = raft_calloc(1, sizeof(*nt));

	raft_testing_defer(free, nt);
	EXPECT(size <= NETWORK_MAX_PEERS);
	nt->size = size;
	nt->rand_state = 1;
	for (size_t j = 0; j < size; j++) {
		raft_id id = j + 1;

		if (peers[j] == NOP_STEPPER)
			continue;
		if (peers[j])
			network_adopt(peers[j], id, size);
		nt->peers[id] = peers[j] ? peers[j] : network_make(nt, cfg, id);
	}
	return nt;
}

static void network_deliver(struct network *nt, struct raft_message *m)
{
	struct raft *p;
	char *text;

	if (m->to < 1 || m->to > nt->size)
		FAIL("message to %llu, who is not in the network", m->to);
	text = raft_describe_message(m, NULL);
	fprintf(stderr, "%s\n", text);
	free(text);

	p = nt->peers[m->to];
	if (!p) {
		raft_message_free(m);
		return;
	}
	raft_step(p, m);
	raft_advance_messages_after_append(p);
}

void network_send_all(struct network *nt, struct raft_message *msgs, size_t n)
{
	struct raft_messages queue = {0};

	for (size_t i = 0; i < n; i++)
		raft_messages_push(&queue, &msgs[i]);
	for (uint32_t head = 0; head < queue.len; head++) {
		struct raft_message m = raft_message_move(&queue.v[head]);
		struct raft *p = m.to <= nt->size ? nt->peers[m.to] : NULL;

		network_deliver(nt, &m);
		if (p)
			network_filter(nt, &p->msgs, &queue);
	}
	raft_messages_free(&queue);
}

void network_send(struct network *nt, struct raft_message m)
{
	network_send_all(nt, &m, 1);
}

/* xorshift64*: as good as needed for losing messages. In [0, 1). */
static double network_random(struct network *nt)
{
	uint64_t x = nt->rand_state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	nt->rand_state = x;
	return (double)((x * 0x2545f4914f6cdd1dULL) >> 11) / (double)(1ULL << 53);
}

static bool network_drops(struct network *nt, struct raft_message *m)
{
	if (nt->ignorem[m->type])
		return true;
	/* Hups never go over the network. */
	EXPECT(m->type != MSG_HUP);
	if (m->from <= nt->size && m->to <= nt->size &&
		network_random(nt) < nt->dropm[m->from][m->to])
		return true;
	return nt->msg_hook && !nt->msg_hook(nt, m);
}

void network_filter(struct network *nt, struct raft_messages *msgs, struct raft_messages *out)
{
	for (uint32_t i = 0; i < msgs->len; i++) {
		if (!network_drops(nt, &msgs->v[i]))
			raft_messages_push(out, &msgs->v[i]);
	}
	raft_messages_clear(msgs);
}

void network_drop(struct network *nt, raft_id from, raft_id to, double perc)
{
	nt->dropm[from][to] = perc;
}

void network_cut(struct network *nt, raft_id one, raft_id other)
{
	network_drop(nt, one, other, 1);
	network_drop(nt, other, one, 1);
}

void network_isolate(struct network *nt, raft_id id)
{
	for (raft_id i = 1; i <= nt->size; i++) {
		if (i != id)
			network_cut(nt, id, i);
	}
}

void network_ignore(struct network *nt, enum raft_message_type type)
{
	nt->ignorem[type] = true;
}

void network_recover(struct network *nt)
{
	memset(nt->dropm, 0, sizeof(nt->dropm));
	memset(nt->ignorem, 0, sizeof(nt->ignorem));
}
