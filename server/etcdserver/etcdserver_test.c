/* SPDX-License-Identifier: Apache-2.0 */
/* A member inside the test's own process: calls go in as a front gives them. */
#include "server/etcdserver/etcdserver.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/etcdserver/internal.h"
#include "server/testdir.h"
#include "server/v3rpc/service.h"

static char *dir;
static struct config config;
static struct etcdserver *server;
static struct arena arena;

static void setup(void)
{
	char *data;

	log_threshold = LOG_ERROR;
	dir = testdir_make();
	data = xasprintf("--data-dir=%s/data", dir);
	char *argv[] = {"etcd", data, NULL};
	EXPECT(config_parse(&config, 2, argv, NULL));
	config.log_level = LOG_ERROR;
	free(data);
	arena_init(&arena);
}

static void start(void)
{
	const char *error = etcdserver_open(&config, &server);

	if (error)
		FAIL("%s", error);
	etcdserver_start(server);
}

static void stop(void)
{
	etcdserver_stop(server);
	EXPECT(etcdserver_close(server));
}

static void teardown(void)
{
	config_free(&config);
	arena_free(&arena);
	testdir_remove(dir);
}

struct test_call {
	struct rpc_call call;
	sem_t done;
};

static void on_done(struct rpc_call *call)
{
	sem_post(&((struct test_call *)call)->done);
}

static const struct rpc_method *method(const char *name)
{
	for (size_t i = 0; i < rpc_methods_len; i++)
		if (strcmp(rpc_methods[i].name, name) == 0)
			return &rpc_methods[i];
	FAIL("no method %s", name);
	return NULL;
}

static void begin(struct test_call *c, const char *name, const void *request, size_t len)
{
	memset(c, 0, sizeof *c);
	sem_init(&c->done, 0, 0);
	c->call.request = request;
	c->call.request_len = len;
	c->call.done = on_done;
	rpc_call_start(server, method(name), &c->call, &arena);
}

static enum rpc_error end(struct test_call *c)
{
	while (sem_wait(&c->done) != 0)
		;
	sem_destroy(&c->done);
	free(c->call.response);
	return c->call.error;
}

/* Put{key: "k<n>", value: "v"} */
static size_t put_request(char *buf, int n)
{
	int len = sprintf(buf + 2, "k%d", n);

	buf[0] = 0x0a;
	buf[1] = (char)len;
	memcpy(buf + 2 + len, "\x12\x01v", 3);
	return (size_t)len + 5;
}

static void put_many(int first, int n)
{
	enum { BATCH = 50 };
	static struct test_call calls[BATCH];
	static char requests[BATCH][32];

	for (int i = 0; i < n; i += BATCH) {
		for (int j = 0; j < BATCH && i + j < n; j++)
			begin(&calls[j], "Put", requests[j],
				put_request(requests[j], first + i + j));
		for (int j = 0; j < BATCH && i + j < n; j++)
			EXPECT_EQ(RPC_OK, end(&calls[j]));
	}
}

/* The number of keys, linearizable. */
static int64_t count(void)
{
	static const char all[] = "\x0a\x01\0\x12\x01\0\x48\x01";
	struct test_call c;

	begin(&c, "Range", all, sizeof all - 1);
	while (sem_wait(&c.done) != 0)
		;
	EXPECT_EQ(RPC_OK, c.call.error);
	Etcdserverpb__RangeResponse *r =
		etcdserverpb__range_response__unpack(NULL, c.call.response_len, c.call.response);
	int64_t n = r->count;
	etcdserverpb__range_response__free_unpacked(r, NULL);
	free(c.call.response);
	return n;
}

TEST(etcdserver_put_and_restart)
{
	setup();
	start();
	put_many(0, 120);
	EXPECT_EQ(120, count());
	stop();
	start();
	EXPECT_EQ(120, count());
	put_many(100, 50);
	EXPECT_EQ(150, count());
	struct etcdserver_status st;
	etcdserver_status(server, &st);
	EXPECT_EQ(171, st.revision);
	EXPECT_EQ(3, st.term);
	EXPECT_EQ(st.member_id, st.leader);
	stop();
	teardown();
}

/* Snapshot records bound what a restart reads; memory holds what is not applied. */
TEST(etcdserver_snapshot_records)
{
	struct wal_snapshot *snaps;
	struct wal_fault fault;
	size_t n;

	setup();
	etcdserver_snapshot_count = 100;
	start();
	put_many(0, 3000);
	stop();
	char *wal = xasprintf("%s/data/member/wal", dir);
	EXPECT_EQ(WAL_OK, wal_valid_snapshots(wal, &snaps, &n, &fault));
	EXPECT(n > 10);
	EXPECT(snaps[n - 1].index > 2800);
	free(snaps);
	free(wal);
	start();
	EXPECT(server->apply.snapshot > 2800);
	EXPECT_EQ(3000, count());
	put_many(3000, 2000);
	EXPECT_EQ(5000, count());
	stop();
	start();
	EXPECT_EQ(5000, count());
	stop();
	teardown();
}

/* Calls that come before the threads run, or while there is no leader, wait. */
TEST(etcdserver_calls_wait_for_a_leader)
{
	struct test_call put, get, impatient;
	char request[32];

	setup();
	EXPECT(!etcdserver_open(&config, &server));
	begin(&put, "Put", request, put_request(request, 1));
	begin(&get, "Range", "\x0a\x01k", 3);
	memset(&impatient, 0, sizeof impatient);
	sem_init(&impatient.done, 0, 0);
	impatient.call = (struct rpc_call){.request = (const uint8_t *)"\x0a\x01k",
		.request_len = 3,
		.require_leader = true,
		.done = on_done};
	rpc_call_start(server, method("Range"), &impatient.call, &arena);
	EXPECT_EQ(RPC_NO_LEADER, end(&impatient));
	etcdserver_start(server);
	EXPECT_EQ(RPC_OK, end(&put));
	EXPECT_EQ(RPC_OK, end(&get));
	stop();
	teardown();
}

/* What is under way when the server stops is answered, and what comes after. */
TEST(etcdserver_stop_answers_all_calls)
{
	static struct test_call calls[200];
	char requests[200][32];

	setup();
	start();
	for (int i = 0; i < 200; i++) {
		if (i == 100)
			etcdserver_stop(server);
		if (i % 2)
			begin(&calls[i], "Put", requests[i], put_request(requests[i], i));
		else
			begin(&calls[i], "Range", "\x0a\x01k", 3);
	}
	for (int i = 0; i < 200; i++) {
		enum rpc_error err = end(&calls[i]);
		EXPECT(err == RPC_STOPPED || (err == RPC_OK && i < 100));
	}
	stop();
	teardown();
}

TEST(etcdserver_directory_is_locked)
{
	struct etcdserver *other;

	setup();
	start();
	const char *error = etcdserver_open(&config, &other);
	EXPECT(error && strstr(error, "is in use by another process"));
	stop();
	teardown();
}

TEST(etcdserver_physical_compaction)
{
	struct test_call c;

	setup();
	start();
	put_many(0, 500);
	put_many(0, 500);
	begin(&c, "Compact", "\x08\xe8\x07\x10\x01", 5); /* revision 1000, physical */
	EXPECT_EQ(RPC_OK, end(&c));
	begin(&c, "Compact", "\x08\xe8\x07", 3);
	EXPECT_EQ(RPC_COMPACTED, end(&c));
	begin(&c, "Compact", "\x08\x88\x27", 3); /* revision 5000 */
	EXPECT_EQ(RPC_FUTURE_REV, end(&c));
	EXPECT_EQ(500, count());
	stop();
	teardown();
}

TEST(etcdserver_bad_requests)
{
	struct test_call c;
	static char big[1572864 + 64];

	setup();
	start();
	begin(&c, "Put", "\x0a\x05k", 3);
	EXPECT_EQ(RPC_MALFORMED, end(&c));
	begin(&c, "Put", "", 0);
	EXPECT_EQ(RPC_EMPTY_KEY, end(&c));
	memcpy(big, "\x0a\x01k\x12", 4);
	memcpy(big + 4, "\x80\x80\x60", 3); /* a value of 1572864 bytes */
	begin(&c, "Put", big, 7 + 1572864);
	EXPECT_EQ(RPC_REQUEST_TOO_LARGE, end(&c));
	EXPECT_EQ(0, count());
	stop();
	teardown();
}

/* What is acknowledged has been written, not only handed to the WAL. */
TEST(etcdserver_acknowledged_is_in_the_wal)
{
	static char bytes[1 << 16];
	char *path;
	size_t len;
	FILE *f;

	setup();
	start();
	path = xasprintf("%s/data/member/wal/%016x-%016x.wal", dir, 0, 0);
	for (int i = 100; i < 110; i++) {
		char key[8];

		put_many(i, 1);
		snprintf(key, sizeof key, "k%d", i);
		f = fopen(path, "re");
		EXPECT(f != NULL);
		len = fread(bytes, 1, sizeof bytes, f);
		fclose(f);
		EXPECT(memmem(bytes, len, key, strlen(key)) != NULL);
	}
	free(path);
	stop();
	teardown();
}
