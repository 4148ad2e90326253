/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operation of libraft costs: nanoseconds and allocations.
 *
 *	raft_bench [--json FILE] [--rounds N] [PATTERN...]
 *
 * Clusters in memory and in one thread, through RawNode alone: for each Ready,
 * entries and hard state go to a MemoryStorage, messages straight to the node
 * they are meant for, committed entries are counted; until nobody has anything
 * left to do. All of that is in the numbers, as are making each proposal's
 * payload and compacting the logs. Nothing is encoded. A benchmark whose count
 * of applied entries, elections or reads is not what it must be, or that allocates
 * where raft promises not to, stops the program.
 *
 * --json FILE writes the numbers as JSON as well; with "-" instead of the table.
 * A PATTERN is a part of the name of the benchmarks to run.
 */
#include "raft/raft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- Counting allocations ----------------------------------------------- */

static unsigned long long allocations;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif

/* The program's own malloc takes the place of libc's, which stays reachable under
 * its inner name. A sanitizer does the same, so then nothing is counted. */
#if !defined(SANITIZED) && defined(__GLIBC__)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	allocations++;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	allocations++;
	return __libc_realloc(p, size);
}
#endif

/* ---- A cluster ---------------------------------------------------------- */

#define MAX_MEMBERS 8

/* One entry in so many has the logs compacted: often enough that they stay in the
 * cache, seldom enough not to matter. */
#define COMPACT_EVERY 512

struct node {
	struct raft_rawnode *rn;
	struct raft_memory_storage *ms;
	raft_index applied;
	raft_index compacted;
	unsigned long long entries; /* with a payload, applied */
	unsigned long long reads;   /* read states given */
};

struct cluster {
	size_t members;
	size_t payload;  /* bytes */
	size_t inflight; /* proposals made before the first is worked on */
	struct node node[MAX_MEMBERS];
	size_t leader;               /* index in node */
	unsigned long long messages; /* from node to node */
	unsigned long long proposed;
};

static void die(const char *what)
{
	fprintf(stderr, "raft_bench: %s\n", what);
	exit(1);
}

static void must(enum raft_error err)
{
	if (err)
		die(raft_strerror(err));
}

static void silent(struct raft_logger *logger, enum raft_log_level level, const char *msg)
{
	(void)logger;
	(void)level;
	(void)msg;
}

static struct raft_logger no_logger = {.level = RAFT_LOG_NONE, .log = silent};

/* apply counts committed entries, having looked at them as an application would. */
static void apply(struct cluster *c, struct node *n, const struct raft_ready *rd)
{
	for (size_t i = 0; i < rd->committed_entries_len; i++) {
		const struct raft_entry *e = &rd->committed_entries[i];
		if (e->index != n->applied + 1)
			die("an entry was applied out of order");
		n->applied = e->index;
		if (e->len == 0)
			continue;
		if (e->len != c->payload || *(const char *)e->data != 'x')
			die("a payload has changed");
		n->entries++;
	}
}

/* work does all that a node has ready. Returns: whether there was anything. */
static bool work(struct cluster *c, struct node *n)
{
	if (!raft_rawnode_has_ready(n->rn))
		return false;
	const struct raft_ready *rd = raft_rawnode_ready(n->rn);
	if (rd->entries_len)
		must(raft_memory_storage_append(n->ms, rd->entries, rd->entries_len));
	if (!raft_hard_state_empty(rd->hard_state))
		raft_memory_storage_set_hard_state(n->ms, rd->hard_state);
	for (size_t i = 0; i < rd->messages_len; i++) {
		struct raft_message *m = &rd->messages[i];
		c->messages++;
		must(raft_rawnode_step(c->node[m->to - 1].rn, m));
	}
	apply(c, n, rd);
	n->reads += rd->read_states_len;
	raft_rawnode_advance(n->rn);
	return true;
}

/* settle works until nobody has anything left to do, then compacts. */
static void settle(struct cluster *c)
{
	bool any;
	do {
		any = false;
		for (size_t i = 0; i < c->members; i++)
			any |= work(c, &c->node[i]);
	} while (any);
	for (size_t i = 0; i < c->members; i++) {
		struct node *n = &c->node[i];
		if (n->applied >= n->compacted + COMPACT_EVERY) {
			must(raft_memory_storage_compact(n->ms, n->applied));
			n->compacted = n->applied;
		}
	}
}

/* node_start begins with a log whose first entry is a snapshot of the
 * configuration, so that no membership change is in the way. */
static void node_start(struct node *n, raft_id id, size_t members, int election_tick)
{
	struct raft_snapshot_metadata md = {.index = 1, .term = 1};
	for (size_t i = 0; i < members; i++)
		md.conf_state.voters.id[md.conf_state.voters.len++] = i + 1;
	struct raft_snapshot *snap = raft_snapshot_new(&md, NULL);
	n->ms = raft_memory_storage_new();
	must(raft_memory_storage_apply_snapshot(n->ms, snap));
	raft_snapshot_unref(snap);
	n->applied = n->compacted = 1;

	struct raft_config config = {
		.id = id,
		.election_tick = election_tick,
		.heartbeat_tick = 1,
		.storage = raft_memory_storage_base(n->ms),
		.applied = 1,
		.max_size_per_msg = 1 << 20,
		.max_inflight_msgs = 256,
		.logger = &no_logger,
		.seed = 1,
	};
	must(raft_rawnode_new(&config, &n->rn));
}

/* elect makes node i the leader, by an election. */
static void elect(struct cluster *c, size_t i)
{
	must(raft_rawnode_campaign(c->node[i].rn));
	settle(c);
	c->leader = i;
	if (raft_rawnode_basic_status(c->node[i].rn).soft_state.raft_state != RAFT_STATE_LEADER)
		die("the election was lost");
}

static struct cluster *cluster_new(size_t members, size_t payload)
{
	struct cluster *c = calloc(1, sizeof(*c));
	if (!c)
		die("out of memory");
	c->members = members;
	c->payload = payload;
	/* Ticks without end must not make a follower campaign. */
	for (size_t i = 0; i < members; i++)
		node_start(&c->node[i], i + 1, members, 1 << 29);
	elect(c, 0);
	return c;
}

static void cluster_free(struct cluster *c)
{
	for (size_t i = 0; i < c->members; i++) {
		raft_rawnode_free(c->node[i].rn);
		raft_memory_storage_free(c->node[i].ms);
	}
	free(c);
}

/* ---- The operations ----------------------------------------------------- */

static struct raft_rawnode *leader(struct cluster *c)
{
	return c->node[c->leader].rn;
}

static void expect_applied(struct cluster *c)
{
	for (size_t i = 0; i < c->members; i++)
		if (c->node[i].entries != c->proposed)
			die("not all proposals were applied everywhere");
}

/* run_propose makes c->inflight proposals at a time, one entry in each. */
static void run_propose(struct cluster *c, unsigned long long ops)
{
	char payload[256];
	memset(payload, 'x', sizeof(payload));
	for (unsigned long long i = 0; i < ops; i += c->inflight) {
		for (size_t k = 0; k < c->inflight; k++)
			must(raft_rawnode_propose(leader(c), payload, c->payload));
		settle(c);
	}
	c->proposed += ops;
	expect_applied(c);
}

#define BATCH 64

/* run_propose_batch makes one MsgProp of BATCH entries at a time. */
static void run_propose_batch(struct cluster *c, unsigned long long ops)
{
	for (unsigned long long i = 0; i < ops; i += BATCH) {
		struct raft_message m = {.type = MSG_PROP, .from = c->leader + 1};
		/* As a server has it that collects requests: one buffer for all. */
		struct raft_buf *buf = raft_buf_new(BATCH * c->payload);
		memset(buf->data, 'x', buf->len);
		for (size_t k = 0; k < BATCH; k++)
			raft_entries_push(&m.entries, &(struct raft_entry){
							      .buf = buf,
							      .data = buf->data + k * c->payload,
							      .len = (uint32_t)c->payload,
						      });
		raft_buf_unref(buf);
		must(raft_rawnode_step(leader(c), &m));
		settle(c);
	}
	c->proposed += ops;
	expect_applied(c);
}

/* tick_leader ticks the leader; after every so many ticks its heartbeats are taken
 * out and dropped. */
static void tick_leader(struct cluster *c, unsigned long long ops, unsigned long long every)
{
	unsigned long long heartbeats = 0;
	for (unsigned long long i = 0; i < ops; i += every) {
		for (unsigned long long k = 0; k < every; k++)
			raft_rawnode_tick(leader(c));
		heartbeats += raft_rawnode_ready(leader(c))->messages_len;
		raft_rawnode_advance(leader(c));
	}
	if (heartbeats != ops * (c->members - 1))
		die("a heartbeat is missing");
	c->messages += heartbeats;
}

/* run_tick_leader is about the tick itself. */
static void run_tick_leader(struct cluster *c, unsigned long long ops)
{
	tick_leader(c, ops, BATCH);
}

/* run_tick_leader_ready is about what an idle leader costs its application. */
static void run_tick_leader_ready(struct cluster *c, unsigned long long ops)
{
	tick_leader(c, ops, 1);
}

static void run_tick_follower(struct cluster *c, unsigned long long ops)
{
	/* Begins anew, so that the clock never gets as far as an election. */
	must(raft_rawnode_step(
		c->node[1].rn, &(struct raft_message){
				       .type = MSG_HEARTBEAT,
				       .from = 1,
				       .to = 2,
				       .term = raft_rawnode_basic_status(leader(c)).hard_state.term,
			       }));
	for (unsigned long long i = 0; i < ops; i++)
		raft_rawnode_tick(c->node[1].rn);
	settle(c);
	if (raft_rawnode_basic_status(c->node[1].rn).soft_state.lead != 1)
		die("the follower has lost its leader");
}

/* run_election has the next node campaign, up to the new leader's first entry
 * being applied everywhere. */
static void run_election(struct cluster *c, unsigned long long ops)
{
	raft_index applied = c->node[0].applied;
	for (unsigned long long i = 0; i < ops; i++)
		elect(c, (c->leader + 1) % c->members);
	for (size_t i = 0; i < c->members; i++)
		if (c->node[i].applied != applied + ops)
			die("a leader's first entry was not applied everywhere");
}

static void run_read_index(struct cluster *c, unsigned long long ops)
{
	unsigned long long reads = c->node[c->leader].reads;
	for (unsigned long long i = 0; i < ops; i++) {
		raft_rawnode_read_index(leader(c), &i, sizeof(i));
		settle(c);
	}
	if (c->node[c->leader].reads != reads + ops)
		die("a read was not answered");
}

/* ---- Measuring ---------------------------------------------------------- */

struct bench {
	const char *name;
	size_t members;
	size_t payload;
	size_t inflight;
	unsigned messages; /* from node to node, per operation; 0: not checked */
	bool no_allocs;    /* there must be none */
	void (*run)(struct cluster *c, unsigned long long ops);
};

static const struct bench benches[] = {
	{"propose, 3 nodes, one at a time", 3, 16, 1, 8, false, run_propose},
	{"propose, 3 nodes, one at a time", 3, 256, 1, 8, false, run_propose},
	{"propose, 3 nodes, 64 in one MsgProp, per entry", 3, 16, 0, 0, false, run_propose_batch},
	{"propose, 3 nodes, 64 in one MsgProp, per entry", 3, 256, 0, 0, false, run_propose_batch},
	{"propose, 3 nodes, 64 in flight, per entry", 3, 16, 64, 0, false, run_propose},
	{"propose, 3 nodes, 64 in flight, per entry", 3, 256, 64, 0, false, run_propose},
	{"propose, 1 node", 1, 16, 1, 0, false, run_propose},
	{"propose, 1 node", 1, 256, 1, 0, false, run_propose},
	{"propose, 5 nodes, one at a time", 5, 16, 1, 16, false, run_propose},
	{"propose, 5 nodes, one at a time", 5, 256, 1, 16, false, run_propose},
	{"tick of a leader, 3 nodes", 3, 0, 0, 2, true, run_tick_leader},
	{"tick of a leader, 7 nodes", 7, 0, 0, 6, true, run_tick_leader},
	{"tick of a leader and its Ready, 3 nodes", 3, 0, 0, 2, true, run_tick_leader_ready},
	{"tick of a leader and its Ready, 7 nodes", 7, 0, 0, 6, true, run_tick_leader_ready},
	{"tick of a follower", 3, 0, 0, 0, true, run_tick_follower},
	{"election, 3 nodes", 3, 0, 0, 0, false, run_election},
	{"ReadIndex, 3 nodes", 3, 0, 0, 4, false, run_read_index},
};

struct result {
	double ns, allocs, messages; /* per operation */
};

/* Time that this thread had the processor: other programs are not in it. */
static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double time_run(const struct bench *b, struct cluster *c, unsigned long long ops)
{
	double start = now_ns();
	b->run(c, ops);
	return now_ns() - start;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

#define MAX_ROUNDS 101
#define ROUND_NS 20e6

/* measure runs b for rounds rounds and takes the median. */
static struct result measure(const struct bench *b, int rounds)
{
	struct cluster *c = cluster_new(b->members, b->payload);
	double ns[MAX_ROUNDS];
	unsigned long long ops = BATCH;

	c->inflight = b->inflight;
	while (time_run(b, c, ops) < ROUND_NS)
		ops *= 2;
	unsigned long long allocations_before = allocations, messages_before = c->messages;
	for (int i = 0; i < rounds; i++)
		ns[i] = time_run(b, c, ops) / (double)ops;
	qsort(ns, (size_t)rounds, sizeof(ns[0]), compare_doubles);

	double all = (double)ops * rounds;
	struct result r = {
		.ns = ns[rounds / 2],
		.allocs = (double)(allocations - allocations_before) / all,
		.messages = (double)(c->messages - messages_before) / all,
	};
	if (b->messages && c->messages - messages_before != b->messages * ops * (unsigned)rounds)
		die("the nodes took another number of messages than expected");
	if (b->no_allocs && allocations != allocations_before)
		die("there was an allocation where none may be");
	cluster_free(c);
	return r;
}

static void print_row(FILE *f, const struct bench *b, struct result r)
{
	char payload[32] = "-";
	if (b->payload)
		snprintf(payload, sizeof(payload), "%zu B", b->payload);
	fprintf(f, "%-48s %7s %10.1f %10.3f %10.2f\n", b->name, payload, r.ns, r.allocs,
		r.messages);
	fflush(f);
}

static void print_json(FILE *f, const struct bench *b, struct result r, bool first)
{
	fprintf(f,
		"%s\n  {\"name\": \"%s\", \"nodes\": %zu, \"payload_bytes\": %zu, "
		"\"ns_per_op\": %.1f, \"allocs_per_op\": %.4f, \"messages_per_op\": %.4f}",
		first ? "" : ",", b->name, b->members, b->payload, r.ns, r.allocs, r.messages);
}

static bool wanted(const struct bench *b, char **patterns, int n)
{
	for (int i = 0; i < n; i++)
		if (strstr(b->name, patterns[i]))
			return true;
	return n == 0;
}

int main(int argc, char **argv)
{
	const char *json = NULL;
	int rounds = 9, i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
			json = argv[++i];
		} else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
			rounds = atoi(argv[++i]);
		} else {
			fprintf(stderr,
				"usage: raft_bench [--json FILE] [--rounds N] [PATTERN...]\n");
			return strcmp(argv[i], "--help") == 0 ? 0 : 2;
		}
	}
	if (rounds < 1 || rounds > MAX_ROUNDS)
		die("--rounds goes from 1 to 101");

	bool json_only = json && strcmp(json, "-") == 0;
	FILE *out = NULL;
	if (json) {
		out = json_only ? stdout : fopen(json, "w");
		if (!out)
			die("cannot write the JSON file");
		fprintf(out, "[");
	}
	if (!json_only)
		printf("%-48s %7s %10s %10s %10s\n", "", "payload", "ns/op", "allocs/op",
			"msgs/op");
	bool first = true;
	for (size_t k = 0; k < sizeof(benches) / sizeof(benches[0]); k++) {
		const struct bench *b = &benches[k];
		if (!wanted(b, argv + i, argc - i))
			continue;
		struct result r = measure(b, rounds);
		if (!json_only)
			print_row(stdout, b, r);
		if (out)
			print_json(out, b, r, first);
		first = false;
	}
	if (out) {
		fprintf(out, "\n]\n");
		if (fflush(out) != 0 || ferror(out))
			die("cannot write the JSON file");
	}
	return 0;
}
